// SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
// SPDX-License-Identifier: MIT

import { act, cleanup, fireEvent, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { vi } from "vitest";
import { panelOf, panelsOf, serve, show, view, withPanel } from "./setup";

const other = Object.keys(view.series).find(
  (id) =>
    id !== view.metric && view.series[id].complete !== false && panelOf("card", id).href
);
const card = panelOf("card", other);
const period = panelOf("period");
const named = period.choices.find((choice) => !choice.current);
const titled = (title) =>
  screen.getByRole("button", { name: new RegExp(`^${title}`), pressed: false });
const plot = () => screen.getByRole("img");
const said = () => document.querySelector("p[role=status]").textContent;
const answered = (query, changes = {}) => ({
  ...view,
  query,
  status: "Updated.",
  ...changes,
});
const queryOf = (href) => `?${new URLSearchParams(href.slice(1))}`;

// jsdom cannot leave a page
const stay = (event) => event.target.closest("a") && event.preventDefault();

beforeEach(() => window.addEventListener("click", stay));
beforeEach(() => window.history.replaceState(null, "", "/stats"));
afterEach(() => {
  cleanup();
  window.removeEventListener("click", stay);
  delete global.fetch;
});

const back = (search) =>
  act(() => {
    window.history.replaceState(null, "", `/stats${search}`);
    window.dispatchEvent(new PopStateEvent("popstate"));
  });

describe("choosing a metric", () => {
  it("changes chart and address at once, and asks for the rest", async () => {
    const query = queryOf(card.href);
    const asked = serve({ [query]: answered(query, { metric: other }) });
    show();
    userEvent.click(titled(card.title));
    expect(plot().getAttribute("aria-label")).toBe(view.series[other].summary);
    expect(window.location.search).toBe(query);
    expect(document.querySelector("[aria-busy=true]")).toBeNull();
    expect(asked).toEqual([view.view_url + query]);
    await act(() => new Promise((done) => setTimeout(done, 20)));
    expect(screen.getAllByRole("button", { pressed: true })).toHaveLength(1);
  });

  it("waits where the series lacks lines", async () => {
    const query = queryOf(card.href);
    serve({ [query]: answered(query, { metric: other }) });
    const series = {
      ...view.series,
      [other]: { ...view.series[other], complete: false },
    };
    show({ ...view, series });
    userEvent.click(titled(card.title));
    expect(plot().getAttribute("aria-label")).toBe(view.series[view.metric].summary);
    await waitFor(() => expect(window.location.search).toBe(query));
    expect(plot().getAttribute("aria-label")).toBe(view.series[other].summary);
  });

  it("is undone by the back button without a request", async () => {
    const query = queryOf(card.href);
    const asked = serve({ [query]: answered(query, { metric: other }) });
    show();
    userEvent.click(titled(card.title));
    await act(() => new Promise((done) => setTimeout(done, 20)));
    back("");
    expect(plot().getAttribute("aria-label")).toBe(view.series[view.metric].summary);
    expect(asked).toHaveLength(1);
  });

  it("is undone while the server still answers", async () => {
    const query = queryOf(card.href);
    serve({ [query]: answered(query, { metric: other }) });
    show();
    userEvent.click(titled(card.title));
    back("");
    await act(() => new Promise((done) => setTimeout(done, 20)));
    expect(plot().getAttribute("aria-label")).toBe(view.series[view.metric].summary);
    expect(window.location.search).toBe("");
  });

  it("stays when a link that was made before is followed", () => {
    const asked = serve({});
    show();
    userEvent.click(titled(card.title));
    userEvent.click(screen.getByRole("link", { name: named.label }));
    const last = new URLSearchParams(asked[asked.length - 1].split("?")[1]);
    expect(last.get("metric")).toBe(other);
  });
});

describe("following a link of the page", () => {
  it("keeps the old numbers while it waits, then changes the address", async () => {
    const query = queryOf(named.href);
    const asked = serve({ [query]: answered(query) });
    show();
    userEvent.click(screen.getByRole("link", { name: named.label }));
    expect(document.querySelectorAll("[aria-busy=true]").length).toBeGreaterThan(3);
    expect(document.querySelector("[data-metric]").textContent).toBe(
      panelOf("card").short
    );
    expect(said()).toBe("Loading the numbers.");
    expect(window.location.search).toBe("");
    await waitFor(() => expect(window.location.search).toBe(query));
    expect(asked).toEqual([view.view_url + query]);
    expect(document.querySelector("[aria-busy=true]")).toBeNull();
    expect(said()).toBe("Updated.");
  });

  it("leaves other clicks to the browser", () => {
    const asked = serve({});
    show();
    userEvent.click(screen.getByRole("link", { name: named.label }), { ctrlKey: true });
    expect(asked).toEqual([]);
  });

  it("goes by the form of days, too", async () => {
    const asked = serve({});
    const { container } = show();
    container.querySelector("input[name=since]").value = "2026-01-01";
    userEvent.click(screen.getByText("Apply"));
    const sent = new URLSearchParams(asked[0].split("?")[1]);
    expect(sent.get("since")).toBe("2026-01-01");
    expect(sent.get("until")).toBe(period.until);
    await act(() => new Promise((done) => setTimeout(done, 20)));
  });
});

describe("another part of the page", () => {
  const table = panelsOf().find((panel) => panel.kind === "table" && panel.rows.length);
  const six = [0, 1, 2, 3, 4, 5].map((n) => ({ ...table.rows[0], id: `${n}` }));
  const first = withPanel(table.id, { rows: six, all: null });
  const query = queryOf(named.href);
  const shown = () => document.getElementById(table.id);
  it("has neither order nor search of the one before", async () => {
    const rows = six.map((row) => ({ ...row, cells: row.cells.slice(0, 2) }));
    const columns = table.columns.slice(0, 2);
    const other = { name: "Another", title: "Another", rows, columns, all: null };
    serve({ [query]: { ...withPanel(table.id, other), query, status: "" } });
    show(first);
    const box = () => shown().querySelector("input");
    userEvent.click(shown().querySelector("thead button"));
    fireEvent.change(box(), { target: { value: "no such" } });
    expect(shown().querySelector("tbody tr")).toBeNull();
    userEvent.click(screen.getByText(named.label));
    await waitFor(() => expect(window.location.search).toBe(query));
    expect(box().value).toBe("");
    expect(shown().querySelectorAll("tbody tr")).toHaveLength(rows.length);
    expect(shown().querySelectorAll("[aria-sort]")).toHaveLength(1);
  });

  it("that is all of a table is shown from its head", async () => {
    const scrolled = vi.fn();
    Element.prototype.scrollIntoView = scrolled;
    const pager = { previous: null, next: "?page=2", text: "1 to 6 of 9" };
    serve({
      [query]: { ...view, query, rows: [{ id: "0", panels: [{ ...table, pager }] }] },
    });
    show(first);
    expect(scrolled).not.toHaveBeenCalled();
    userEvent.click(screen.getByText(named.label));
    await waitFor(() => expect(scrolled).toHaveBeenCalled());
    expect(scrolled.mock.instances[0].id).toBe(table.id);
  });
});

describe("a server that does not answer", () => {
  it("is announced once; the old numbers stay and can be tried again", async () => {
    const query = queryOf(named.href);
    const models = {};
    const asked = serve(models);
    show();
    userEvent.click(screen.getByRole("link", { name: named.label }));
    await waitFor(() => expect(screen.getAllByRole("alert")).toHaveLength(1));
    expect(window.location.search).toBe("");
    expect(document.querySelector("[data-metric]").textContent).toBe(
      panelOf("card").short
    );
    models[query] = answered(query);
    userEvent.click(screen.getAllByRole("button", { name: "Try again" })[0]);
    await waitFor(() => expect(window.location.search).toBe(query));
    expect(screen.queryByRole("alert")).toBeNull();
    expect(asked).toHaveLength(2);
  });

  it("is quoted where it says why", async () => {
    const query = queryOf(named.href);
    serve({ [query]: { status: 403, message: "Sign in again." } });
    show();
    userEvent.click(screen.getByRole("link", { name: named.label }));
    await waitFor(() => screen.getByRole("alert"));
    expect(screen.getByRole("alert").textContent).toContain("Sign in again.");
  });

  it("of whom nothing is asked, leaves links to the browser", () => {
    const asked = serve({});
    show({ ...view, view_url: null });
    userEvent.click(screen.getByRole("link", { name: named.label }));
    expect(asked).toEqual([]);
  });
});
