// SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
// SPDX-License-Identifier: MIT

import { joined } from "./state/url";

/** Be the server's own words about why there is no view model. */
export class Refusal extends Error {}

/** Ask the server for the view model of a query; anything else is an error, with its words if any. */
export function ask(url, query, signal) {
  const options = {
    signal,
    credentials: "same-origin",
    headers: { Accept: "application/json" },
  };
  return fetch(joined(url, query), options)
    .then((response) => response.json())
    .then((view) => {
      if (!Array.isArray(view.rows)) {
        throw new Refusal(view.message);
      }
      return view;
    });
}
