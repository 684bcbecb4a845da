// SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
// SPDX-License-Identifier: MIT

import { fileName } from "@js/invenio_usage_stats/controls/Pictures";
import { takeOver } from "@js/invenio_usage_stats/takeOver";
import { act, cleanup, screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import React from "react";
import { overrideStore } from "react-overridable";
import { vi } from "vitest";
import { panelOf, panelsOf, show, view, violations, withPanel } from "./setup";

beforeEach(() => window.history.replaceState(null, "", "/stats"));
afterEach(() => {
  cleanup();
  overrideStore.clear();
});

const ok = (panel) => !panel.error && !panel.why;
const taken = (model) => {
  const container = document.createElement("div");
  container.dataset.dashboard = JSON.stringify(model);
  container.dataset.level = "3";
  container.innerHTML = "<p>from the server</p>";
  act(() => takeOver(container));
  return container;
};

describe("the dashboard", () => {
  it("shows every panel of the view model", () => {
    const { container } = show();
    panelsOf().forEach(({ id }) => {
      expect(container.querySelector(`[id="${id}"]`), id).not.toBeNull();
    });
  });

  it("shows the server's numbers", () => {
    const { container } = show();
    const shown = container.querySelectorAll("[data-metric]");
    expect(shown).toHaveLength(panelsOf().filter((p) => p.kind === "card").length);
    shown.forEach((element) => {
      expect(element.textContent).toBe(panelOf("card", element.dataset.metric).short);
    });
  });

  it("has no accessibility violation", async () => {
    const { container } = show();
    expect(await violations(container)).toEqual([]);
  }, 60_000);

  it("takes the place of the server's panels", () => {
    const container = taken(view);
    expect(container.textContent).not.toContain("from the server");
    expect(container.querySelector("h3")).not.toBeNull();
  });

  it("says what is wrong with an address", () => {
    show({
      ...view,
      rows: [],
      head: [],
      error: "No such period.",
      home: "?",
      foot: null,
    });
    expect(screen.getByRole("alert").textContent).toContain("No such period.");
    expect(
      within(screen.getByRole("alert")).getByRole("link").getAttribute("href")
    ).toBe("?");
  });
});

describe("every state of the page", () => {
  const models = import.meta.glob("./fixtures/*.json", { eager: true });

  it.each(Object.keys(models))("is drawn as the server says: %s", (name) => {
    const errors = vi.spyOn(console, "error");
    const model = models[name].default;
    const { container } = show(model);
    panelsOf(model).forEach(({ id, error, why }) => {
      const panel = container.querySelector(`[id="${id}"]`);
      expect(panel.textContent).toContain(error || why || "");
    });
    expect(errors.mock.calls).toEqual([]);
  });
});

describe("a panel", () => {
  const first = panelsOf().find((panel) => panel.kind === "table" && ok(panel));

  it("says why it has no answer, and the others stay", () => {
    const { container } = show(withPanel(first.id, { why: "Not with this filter." }));
    const panel = container.querySelector(`[id="${first.id}"]`);
    expect(panel.textContent).toContain("Not with this filter.");
    expect(within(panel).queryByRole("table")).toBeNull();
    expect(container.querySelector(".plot")).not.toBeNull();
  });

  it("that failed can be asked for again", () => {
    const { container } = show(withPanel(first.id, { error: "Too much at once." }));
    const panel = container.querySelector(`[id="${first.id}"]`);
    expect(panel.textContent).toContain("Too much at once.");
    expect(within(panel).getByRole("link", { name: "Try again" })).toBeTruthy();
  });

  it("that cannot be drawn says so, and the others stay", () => {
    const errors = vi.spyOn(console, "error").mockImplementation(() => {});
    const Broken = () => {
      throw new TypeError("broken");
    };
    overrideStore.add(`InvenioUsageStats.${first.name}.layout`, Broken);
    const container = taken(view);
    const panel = container.querySelector(`[id="${first.id}"]`);
    expect(panel.textContent).toContain("This panel could not be drawn.");
    expect(container.querySelector(".plot")).not.toBeNull();
    errors.mockRestore();
  });

  it("offers its numbers as files", () => {
    const { container } = show();
    const panel = container.querySelector(`[id="${first.id}"]`);
    first.menu.forEach(({ label, href }) => {
      const link = within(panel).getByText(label);
      expect(link.getAttribute("href")).toBe(href);
    });
  });

  it("can be an instance's own, by its component's name and by its kind", () => {
    const Own = ({ panel }) => <p>own {panel.name}</p>; // eslint-disable-line react/prop-types
    overrideStore.add(`InvenioUsageStats.${first.name}.layout`, Own);
    overrideStore.add("InvenioUsageStats.Gauge", Own);
    const chart = panelOf("chart");
    const model = withPanel(chart.id, { kind: "gauge", name: "MyGauge" });
    const text = taken(model).textContent;
    expect(text).toContain(`own ${first.name}`);
    expect(text).toContain("own MyGauge");
  });
});

describe("a panel of a kind that nobody draws", () => {
  it("says so", () => {
    const { container } = show(withPanel(panelOf("chart").id, { kind: "gauge" }));
    expect(container.textContent).toContain(
      "no component for panels of the kind gauge"
    );
  });
});

describe("a table", () => {
  const found = panelsOf().find((p) => p.kind === "table" && ok(p) && p.missing);
  const more = [0, 1, 2].map((n) => ({
    ...found.rows[0],
    id: `${n}`,
    label: `More ${n}`,
  }));
  const panel = { ...found, rows: [...found.rows, ...more] };
  const model = withPanel(panel.id, { rows: panel.rows });
  const table = () => screen.getByRole("table", { name: panel.title });
  const body = () => within(table()).getAllByRole("rowgroup")[1];

  it("that holds all rows is sorted by a click on a column", () => {
    show(withPanel(panel.id, { rows: panel.rows, all: null }));
    const [column] = panel.columns;
    userEvent.click(within(table()).getByRole("button", { name: column.label }));
    const header = within(table()).getByRole("columnheader", { name: column.label });
    expect(header.getAttribute("aria-sort")).toBe("ascending");
    const least = Math.min(...panel.rows.map((row) => row.cells[0].value));
    const { label } = panel.rows.find((row) => row.cells[0].value === least);
    expect(within(body()).getAllByRole("row")[0].textContent).toContain(label);
  });

  it("that holds the first rows only is ranked anew by the server", () => {
    show(withPanel(panel.id, { rows: panel.rows, all: "?table=x" }));
    expect(within(table()).queryByRole("button")).toBeNull();
    const [, ...others] = panel.columns;
    others.forEach(({ label, href }) => {
      const link = within(table()).getByRole("link", { name: label });
      expect(link.getAttribute("href")).toBe(href);
    });
    expect(
      screen.getByPlaceholderText(`Search these ${panel.rows.length}`)
    ).toBeTruthy();
  });

  it("says that no row has a text", () => {
    show(model);
    const box = screen.getByRole("searchbox", { name: `Search: ${panel.title}` });
    userEvent.type(box, "no such value");
    expect(screen.getByText("None of these rows has this text.")).toBeTruthy();
  });

  it("is searched for a text, and keeps what has no value", () => {
    show(model);
    const [{ label }] = more;
    userEvent.type(
      screen.getByRole("searchbox", { name: `Search: ${panel.title}` }),
      label
    );
    expect(within(body()).getAllByRole("row").length).toBeLessThan(panel.rows.length);
    expect(table().textContent).toContain(label);
    expect(table().textContent).toContain(panel.missing.label);
  });

  it("filters the page by its values", () => {
    show(model);
    const row = panel.rows.find(({ href }) => href);
    const link = within(body()).getByRole("link", { name: row.label });
    expect(link.getAttribute("href")).toBe(row.href);
  });

  it("says that nothing was counted", () => {
    const { container } = show(withPanel(panel.id, { rows: [], missing: null }));
    expect(container.querySelector(`[id="${panel.id}"]`).textContent).toContain(
      "No values in this period."
    );
  });
});

describe("pictures", () => {
  it("are called as what they show", () => {
    expect(fileName("Views per month")).toBe("views-per-month");
    expect(fileName("Aufrufe: Länder")).toBe("aufrufe-länder");
  });

  it("are offered of what is drawn", () => {
    const { container } = show();
    const [menu, ...others] = [...container.querySelectorAll(".usage-stats-panel")]
      .filter((panel) => within(panel).queryByText("Save as PNG"))
      .map((panel) => panel.id);
    expect([menu, others]).toEqual([panelOf("chart").id, []]);
  });
});

describe("menus", () => {
  const opened = () => document.querySelectorAll(".usage-stats-menu[open]").length;

  it("close by a click beside them and by the Escape key", () => {
    const { container } = show();
    const menu = container.querySelector(".usage-stats-menu");
    menu.open = true;
    userEvent.click(menu.querySelector(".popup"));
    expect(opened()).toBe(1);
    userEvent.click(container.querySelector(".plot"));
    expect(opened()).toBe(0);
    menu.open = true;
    userEvent.keyboard("{esc}");
    expect(opened()).toBe(0);
  });

  it("lead to the definition of a number, which opens", () => {
    const { container } = show();
    const link = container.querySelector('a[href^="#definition-"]');
    if (link) {
      userEvent.click(link);
      expect(container.querySelector(".definitions").open).toBe(true);
    }
  });
});
