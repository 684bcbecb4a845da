// SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
// SPDX-License-Identifier: MIT

import { isState, queryOf } from "../state/url";

const plain = (event) =>
  event.button === 0 &&
  !(event.metaKey || event.ctrlKey || event.shiftKey || event.altKey);

/** Return the link to another state of the page that was clicked; the rest is the browser's. */
export function clickedLink(event) {
  const link = event.target.closest("a[href]");
  if (!link || event.defaultPrevented || !plain(event)) {
    return null;
  }
  const href = link.getAttribute("href");
  const elsewhere = link.hasAttribute("target") || link.hasAttribute("download");
  return elsewhere || !isState(href) ? null : href;
}

/** Return the query of a form that changes the state of the page. */
export function submittedQuery(event) {
  const form = event.target;
  const own = form.method === "get" && !form.hasAttribute("action");
  return own && !event.defaultPrevented ? queryOf(form) : null;
}
