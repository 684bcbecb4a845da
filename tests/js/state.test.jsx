// SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
// SPDX-License-Identifier: MIT

import {
  fieldsWithMetric,
  metricOf,
  withMetric,
} from "@js/invenio_usage_stats/state/url";
import { arrange, nextOrder } from "@js/invenio_usage_stats/state/useRows";

const VIEW = { series: { views: {}, downloads: {} }, default_metric: "views" };
const ROWS = ["Beta", "alpha", "Gamma"].map((label, n) => ({
  label,
  cells: [{ value: n }, { value: -n }],
}));
const labels = (rows) => rows.map((row) => row.label);

describe("the address", () => {
  it("names the metric, the default otherwise", () => {
    expect(metricOf("?metric=downloads", VIEW)).toBe("downloads");
    expect(metricOf("?metric=unknown", VIEW)).toBe("views");
    expect(metricOf("", VIEW)).toBe("views");
  });

  it("keeps everything else when the metric changes", () => {
    expect(withMetric("?period=30d", "downloads")).toBe("?period=30d&metric=downloads");
    expect(withMetric("?period=30d&metric=downloads", null)).toBe("?period=30d");
    expect(withMetric("?", null)).toBe("?");
  });

  it("gives forms the same fields", () => {
    const fields = [
      ["tab", "b"],
      ["metric", "views"],
    ];
    expect(fieldsWithMetric(fields, "downloads")).toEqual([
      ["tab", "b"],
      ["metric", "downloads"],
    ]);
    expect(fieldsWithMetric(fields, null)).toEqual([["tab", "b"]]);
  });
});

describe("rows", () => {
  it("stay as delivered until they are sorted", () => {
    expect(labels(arrange(ROWS, "", null))).toEqual(["Beta", "alpha", "Gamma"]);
  });

  it("are filtered whatever the case", () => {
    expect(labels(arrange(ROWS, " ALPHA ", null))).toEqual(["alpha"]);
  });

  it("are sorted by text and by any number, both ways", () => {
    const by = (column, descending) =>
      labels(arrange(ROWS, "", { column, descending }));
    expect(by("label", false)).toEqual(["alpha", "Beta", "Gamma"]);
    expect(by(0, true)).toEqual(["Gamma", "alpha", "Beta"]);
    expect(by(1, true)).toEqual(["Beta", "alpha", "Gamma"]);
  });

  it("start with the largest number, or the first letter", () => {
    expect(nextOrder(null, 0)).toEqual({ column: 0, descending: true });
    expect(nextOrder(null, "label")).toEqual({ column: "label", descending: false });
    expect(nextOrder({ column: 0, descending: true }, 0).descending).toBe(false);
  });
});
