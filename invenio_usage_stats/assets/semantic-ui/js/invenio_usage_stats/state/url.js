// SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
// SPDX-License-Identifier: MIT

const KEY = "metric";

/** Return the metric that a query string names; the default where it has no series. */
export function metricOf(search, view) {
  const wanted = new URLSearchParams(search).get(KEY);
  return wanted in view.series ? wanted : view.default_metric;
}

/** Return a relative URL with another metric, or without one. */
export function withMetric(href, metric) {
  const parameters = new URLSearchParams(href.replace(/^\?/, ""));
  if (metric) {
    parameters.set(KEY, metric);
  } else {
    parameters.delete(KEY);
  }
  return `?${parameters}`;
}

/** Return the hidden fields of a form with another metric, or without one. */
export function fieldsWithMetric(fields, metric) {
  const others = fields.filter(([name]) => name !== KEY);
  return metric ? [...others, [KEY, metric]] : others;
}
