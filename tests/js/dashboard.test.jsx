// SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
// SPDX-License-Identifier: MIT

import { Dashboard } from "@js/invenio_usage_stats/Dashboard";
import { takeOver } from "@js/invenio_usage_stats/takeOver";
import {
  act,
  cleanup,
  fireEvent,
  render,
  screen,
  within,
} from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import React from "react";
import { panelOf, view, violations } from "./setup";

const show = () => render(<Dashboard view={view} level={2} />);
const cards = () => screen.getAllByRole("button", { pressed: true });
const plot = () => screen.getByRole("img");

beforeEach(() => window.history.replaceState(null, "", "/stats"));
afterEach(cleanup);

describe("the dashboard", () => {
  it("shows every panel of the view model", () => {
    const { container } = show();
    const count = (kind) =>
      view.rows.flatMap((r) => r.panels).filter((p) => p.kind === kind);
    expect(container.querySelectorAll(".usage-stats-card")).toHaveLength(
      count("card").length
    );
    expect(container.querySelectorAll(".usage-stats-table")).toHaveLength(
      count("table").length
    );
    expect(container.querySelectorAll(".usage-stats-chart")).toHaveLength(1);
  });

  it("shows the server's numbers", () => {
    const { container } = show();
    container.querySelectorAll("[data-metric]").forEach((element) => {
      expect(element.textContent).toBe(panelOf("card", element.dataset.metric).short);
    });
  });

  it("has no accessibility violation", async () => {
    const { container } = show();
    expect(await violations(container)).toEqual([]);
  }, 30_000);

  it("takes the place of the server's panels", () => {
    const container = document.createElement("div");
    container.dataset.dashboard = JSON.stringify(view);
    container.dataset.level = "3";
    container.innerHTML = "<p>from the server</p>";
    act(() => takeOver(container));
    expect(container.textContent).not.toContain("from the server");
    expect(container.querySelector("h3")).not.toBeNull();
  });
});

describe("choosing a metric", () => {
  it("changes the chart and the address", () => {
    show();
    userEvent.click(screen.getByRole("button", { name: /^Downloads/, pressed: false }));
    expect(cards()).toHaveLength(1);
    expect(cards()[0].textContent).toContain("Downloads");
    expect(plot().getAttribute("aria-label")).toBe(view.series.downloads.summary);
    expect(window.location.search).toBe("?metric=downloads");
  });

  it("stays when the period changes", () => {
    show();
    userEvent.click(screen.getByRole("button", { name: /^Downloads/, pressed: false }));
    const link = screen.getByRole("link", { name: "30 days" });
    expect(link.getAttribute("href")).toBe("?period=30d&metric=downloads");
    expect(document.querySelector("input[name=metric]").value).toBe("downloads");
  });

  it("is undone by the back button", () => {
    show();
    userEvent.click(screen.getByRole("button", { name: /^Downloads/, pressed: false }));
    act(() => {
      window.history.replaceState(null, "", "/stats");
      window.dispatchEvent(new PopStateEvent("popstate"));
    });
    expect(plot().getAttribute("aria-label")).toBe(view.series[view.metric].summary);
  });
});

describe("the chart", () => {
  it("starts at the last complete interval and says what it shows", () => {
    show();
    const { points } = view.series[view.metric];
    const slider = screen.getByRole("slider", { name: "Read the chart" });
    const whole = points.filter((point) => !point.partial);
    const last = whole[whole.length - 1];
    expect(slider.getAttribute("aria-valuetext")).toBe(`${last.label}: ${last.text}`);
  });

  it("is read with the slider", () => {
    show();
    const slider = screen.getByRole("slider", { name: "Read the chart" });
    fireEvent.change(slider, { target: { value: "2" } });
    const point = view.series[view.metric].points[2];
    expect(screen.getByText(`${point.label}: ${point.text}`)).toBeTruthy();
    expect(plot().querySelector("circle").getAttribute("cx")).toBe(`${point.x}%`);
  });

  it("lists its numbers when they are asked for", () => {
    show();
    const details = screen.getByText("Show the numbers").closest("details");
    expect(within(details).queryByRole("table")).toBeNull();
    details.open = true;
    fireEvent(details, new Event("toggle"));
    const rows = within(details).getAllByRole("row");
    expect(rows).toHaveLength(view.series[view.metric].points.length + 1);
  });
});

describe("a table", () => {
  const { id, title } = view.rows
    .flatMap((r) => r.panels)
    .find((p) => p.kind === "table");
  const table = () => screen.getByRole("table", { name: title });
  const body = () => within(table()).getAllByRole("rowgroup")[1];

  it("is sorted by a click on a column", () => {
    show();
    const panel = panelOf("table", id);
    const [column] = panel.columns;
    userEvent.click(within(table()).getByRole("button", { name: column.label }));
    userEvent.click(within(table()).getByRole("button", { name: column.label }));
    const header = within(table()).getByRole("columnheader", { name: column.label });
    expect(header.getAttribute("aria-sort")).toBe("ascending");
    const last = panel.rows[panel.rows.length - 1];
    expect(within(body()).getAllByRole("row")[0].textContent).toContain(last.label);
  });

  it("is filtered by a text, and keeps what has no value", () => {
    show();
    userEvent.type(
      screen.getByRole("searchbox", { name: `Filter: ${title}` }),
      "value 3"
    );
    expect(within(body()).getAllByRole("row")).toHaveLength(1);
    expect(table().textContent).toContain("Not given");
  });
});
