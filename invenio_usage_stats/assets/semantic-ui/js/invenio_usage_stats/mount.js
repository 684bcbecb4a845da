// SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
// SPDX-License-Identifier: MIT

import ReactDOM from "react-dom";

/** Render an element, with React 16 as with React 18. */
export function mount(element, container) {
  if (ReactDOM.createRoot) {
    ReactDOM.createRoot(container).render(element);
  } else {
    ReactDOM.render(element, container);
  }
}
