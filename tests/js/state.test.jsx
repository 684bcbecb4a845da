// SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
// SPDX-License-Identifier: MIT

import {
  affected,
  isState,
  joined,
  queryOf,
  withMetric,
} from "@js/invenio_usage_stats/state/url";
import { arrange, nextOrder } from "@js/invenio_usage_stats/state/useRows";

const ROWS = ["Beta", "alpha", "Gamma"].map((label, n) => ({
  label,
  cells: [{ value: n }, { value: n === 1 ? null : -n }],
}));
const labels = (rows) => rows.map((row) => row.label);

describe("the address", () => {
  it("is this page's where it only has a query", () => {
    expect(isState("?period=30d")).toBe(true);
    expect(isState("/stats?period=30d")).toBe(false);
  });

  it("joins the address of the view model", () => {
    expect(joined("/stats/view", "?period=30d")).toBe("/stats/view?period=30d");
    expect(joined("/stats/view?of=x", "?period=30d")).toBe(
      "/stats/view?of=x&period=30d"
    );
    expect(joined("/stats/view", "?")).toBe("/stats/view");
  });

  it("keeps the metric that is shown by now", () => {
    expect(withMetric("?period=30d", "views", "downloads", "views")).toBe(
      "?period=30d&metric=downloads"
    );
    expect(withMetric("?metric=downloads", "downloads", "views", "views")).toBe("");
    expect(withMetric("?period=30d", "views", "views", "views")).toBe("?period=30d");
  });

  it("keeps a metric that a link chooses itself", () => {
    expect(withMetric("?metric=traffic", "views", "downloads", "views")).toBe(
      "?metric=traffic"
    );
  });

  it("takes what a form says, without what is empty", () => {
    const form = document.createElement("form");
    form.innerHTML =
      '<input name="tab" value="b"><input name="filter" value="a:1"><input name="filter" value="b:2"><input name="until" value="">';
    expect(queryOf(form)).toBe("?tab=b&filter=a%3A1&filter=b%3A2");
  });

  it("tells what a step asks for", () => {
    expect(affected("?interval=day", "?interval=week&dimension=x")).toBe("chart");
    expect(affected("", "?table=x&page=2")).toBe("tables");
    expect(affected("?filter=a:1", "?filter=a:1&filter=b:2")).toBe("all");
    expect(affected("", "")).toBe("all");
  });
});

describe("rows", () => {
  it("stay as delivered until they are sorted", () => {
    expect(labels(arrange(ROWS, "", null))).toEqual(["Beta", "alpha", "Gamma"]);
  });

  it("are filtered whatever the case", () => {
    expect(labels(arrange(ROWS, " ALPHA ", null))).toEqual(["alpha"]);
  });

  it("are sorted by text and by any number, both ways; what is withheld comes last", () => {
    const by = (column, descending) =>
      labels(arrange(ROWS, "", { column, descending }));
    expect(by("label", false)).toEqual(["alpha", "Beta", "Gamma"]);
    expect(by(0, true)).toEqual(["Gamma", "alpha", "Beta"]);
    expect(by(1, true)).toEqual(["Beta", "Gamma", "alpha"]);
  });

  it("start with the largest number, or the first letter", () => {
    expect(nextOrder(null, 0)).toEqual({ column: 0, descending: true });
    expect(nextOrder(null, "label")).toEqual({ column: "label", descending: false });
    expect(nextOrder({ column: 0, descending: true }, 0).descending).toBe(false);
  });
});
