// SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
// SPDX-License-Identifier: MIT

const METRIC = "metric";
const OF_CHART = [METRIC, "interval", "cumulative", "dimension"];
const OF_TABLES = ["table", "page", "sort"];

const parameters = (query) => new URLSearchParams(query.replace(/^\?/, ""));

/** Return a query with its question mark; nothing where it says nothing. */
function printed(found) {
  const text = String(found);
  return text && `?${text}`;
}

/** Tell whether a link leads to another state of this page. */
export const isState = (href) => href.startsWith("?");

/** Return the address of a view model. */
export function joined(url, query) {
  const rest = query.replace(/^\?/, "");
  return rest ? url + (url.includes("?") ? "&" : "?") + rest : url;
}

/** Return the query of a form's fields, without what is empty. */
export function queryOf(form) {
  const filled = [...new FormData(form)].filter(([, value]) => value);
  return printed(new URLSearchParams(filled));
}

/** Return the query of a link that was made for one metric, when another is shown by now. */
export function withMetric(query, made, shown, unsaid) {
  const found = parameters(query);
  if (made === shown || (found.get(METRIC) || unsaid) !== made) {
    return printed(found);
  }
  found.delete(METRIC);
  if (shown !== unsaid) {
    found.set(METRIC, shown);
  }
  return printed(found);
}

function changed(before, after) {
  const [old, now] = [parameters(before), parameters(after)];
  const keys = new Set([...old.keys(), ...now.keys()]);
  const same = (key) => String(old.getAll(key)) === String(now.getAll(key));
  return [...keys].filter((key) => !same(key));
}

/** Return what a step from one query to another asks for: the chart, the tables or all panels. */
export function affected(before, after) {
  const keys = changed(before, after);
  const within = (own) => keys.length > 0 && keys.every((key) => own.includes(key));
  if (within(OF_CHART)) {
    return "chart";
  }
  return within(OF_TABLES) ? "tables" : "all";
}
