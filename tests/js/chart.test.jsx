// SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
// SPDX-License-Identifier: MIT

import { lastComplete, nearest, reading } from "@js/invenio_usage_stats/charts/Reader";
import { act, cleanup, fireEvent, screen, within } from "@testing-library/react";
import { panelOf, show, view, withPanel } from "./setup";

const series = view.series[view.metric];
const plot = () => screen.getByRole("img");
const slider = () => screen.getByRole("slider", { name: "Read the chart" });
const LINE = { id: "", role: "main", place: 0, line: "", end: null };
const TWO = {
  columns: [
    { label: "October", x: 0, partial: false },
    { label: "November", x: 100, partial: true },
  ],
  lines: [
    { ...LINE, label: "this period", values: [{ text: "1,282", y: 5 }, null] },
    {
      ...LINE,
      role: "earlier",
      label: "previous",
      values: [{ text: "1,026", y: 9 }, null],
    },
  ],
};

beforeEach(() => window.history.replaceState(null, "", "/stats"));
afterEach(cleanup);

describe("reading", () => {
  it("says interval, lines and values in words", () => {
    expect(reading(TWO, 0)).toBe("October: this period 1,282, previous 1,026");
    expect(reading({ ...TWO, lines: [TWO.lines[0]] }, 0)).toBe("October: 1,282");
    expect(reading(TWO, 1)).toContain("(incomplete)");
  });

  it("starts at the last complete interval", () => {
    expect(lastComplete(TWO.columns)).toBe(0);
    expect(lastComplete([{ partial: true }, { partial: true }])).toBe(1);
  });

  it("finds the interval that lies under the pointer", () => {
    expect(nearest(TWO.columns, 40)).toBe(0);
    expect(nearest(TWO.columns, 140)).toBe(1);
  });
});

describe("the chart", () => {
  it("says what it shows", () => {
    show();
    expect(plot().getAttribute("aria-label")).toBe(series.summary);
    expect(slider().getAttribute("aria-valuetext")).toBe(
      reading(series, lastComplete(series.columns))
    );
  });

  it("is read with the slider", () => {
    show();
    fireEvent.change(slider(), { target: { value: "2" } });
    expect(slider().getAttribute("aria-valuetext")).toBe(reading(series, 2));
    const x = plot().querySelector(".cursor circle").getAttribute("cx");
    expect(x).toBe(`${series.columns[2].x}%`);
  });

  it("lists its numbers when they are asked for", () => {
    show();
    const details = screen.getByText("Show the numbers").closest("details");
    expect(within(details).queryByRole("table")).toBeNull();
    details.open = true;
    fireEvent(details, new Event("toggle"));
    const rows = within(details).getAllByRole("row");
    expect(rows).toHaveLength(series.columns.length + 1);
    series.lines.forEach(({ values }, n) => {
      const texts = rows.slice(1).map((row) => row.children[n + 1].textContent);
      expect(texts).toEqual(values.map((value) => (value ? value.text : "–")));
    });
  });

  it("lists its numbers on paper", () => {
    show();
    const details = screen.getByText("Show the numbers").closest("details");
    act(() => window.dispatchEvent(new Event("beforeprint")));
    const rows = details.querySelectorAll("tbody tr");
    expect(rows).toHaveLength(series.columns.length);
  });

  it("has a slider as wide as its columns, and none for one", () => {
    show();
    expect(slider().style.width).toBe("calc(100% + 16px)");
    cleanup();
    const [column] = series.columns;
    const lines = series.lines.map((line) => ({
      ...line,
      values: line.values.slice(0, 1),
    }));
    const one = { ...series, columns: [column], lines };
    show({ ...view, series: { ...view.series, [view.metric]: one } });
    expect(screen.queryByRole("slider")).toBeNull();
    expect(screen.getByText(column.label, { selector: "strong" })).toBeTruthy();
  });

  it("names several lines beside their ends and in a legend", () => {
    const lines = [
      ...series.lines.slice(0, 1),
      { ...series.lines[0], id: "b", label: "Other" },
    ];
    const model = {
      ...view,
      series: { ...view.series, [view.metric]: { ...series, lines } },
    };
    const { container } = show(model);
    expect(container.querySelectorAll(".ends text")).toHaveLength(2);
    expect(container.querySelectorAll(".legend li")).toHaveLength(2);
  });

  it("stacks bars, hatches gaps and numbers what changed", () => {
    const bars = [
      { id: "a", label: "A", place: 1, rects: [{ x: 1, width: 5, y: 50, height: 50 }] },
    ];
    const gaps = [{ x: 10, width: 5, text: "No data in May." }];
    const events = [{ x: 50, text: "Another list of robots." }];
    const changed = { ...series, bars, gaps, events };
    const { container } = show({
      ...view,
      series: { ...view.series, [view.metric]: changed },
    });
    expect(container.querySelectorAll("rect.bar")).toHaveLength(1);
    expect(container.querySelector("rect[fill^='url(#']")).not.toBeNull();
    expect(container.querySelector(".event text").textContent).toBe("1");
    expect(container.textContent).toContain("No data in May.");
    expect(container.textContent).toContain("Another list of robots.");
  });

  it("says why it is not split, and where it would be", () => {
    const way = { label: "Show the last quarter", href: "?period=last-quarter" };
    const unsplit = { ...series, why: "At most 92 days.", way };
    show({ ...view, series: { ...view.series, [view.metric]: unsplit } });
    expect(screen.getByText(/At most 92 days/)).not.toBeNull();
    const link = screen.getByRole("link", { name: way.label });
    expect(link.getAttribute("href")).toBe(way.href);
  });

  it("opens what was asked for: how its number came about, or why that is not known", () => {
    const explain = { title: "How", steps: [], why: "No longer stored." };
    const { container } = show(withPanel(panelOf("chart").id, { explain }));
    expect(container.querySelector("details.explain").open).toBe(true);
    expect(container.textContent).toContain("No longer stored.");
  });

  it("has no controls that do nothing", () => {
    const chart = panelOf("chart");
    const { container } = show(withPanel(chart.id, { controls: {}, menu: [] }));
    expect(container.querySelector(".controls").children).toHaveLength(0);
  });
});
