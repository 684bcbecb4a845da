// SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
// SPDX-License-Identifier: MIT

const OPEN = "details.usage-stats-menu[open]";

/** Close the open menus of a dashboard, but for one that holds an element. */
export function closeMenus(root, except = null) {
  root.querySelectorAll(OPEN).forEach((menu) => {
    if (!menu.contains(except)) {
      menu.open = false;
    }
  });
}

/** Open what hides the target of a link within the page. */
export function openTarget(root, link) {
  const target = link && root.querySelector(link.getAttribute("href"));
  const details = target && target.closest("details");
  if (details) {
    closeMenus(root);
    details.open = true;
  }
}

/** Close menus by a click beside them and by the Escape key; return how to stop that. */
export function watchMenus(root) {
  const beside = (event) => closeMenus(root, event.target);
  const escape = (event) => {
    const menu = event.key === "Escape" && root.querySelector(OPEN);
    if (menu) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  };
  document.addEventListener("click", beside);
  document.addEventListener("keydown", escape);
  return () => {
    document.removeEventListener("click", beside);
    document.removeEventListener("keydown", escape);
  };
}
