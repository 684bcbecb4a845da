// SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
// SPDX-License-Identifier: MIT

import WorldMap from "@js/invenio_usage_stats/charts/WorldMap";
import world from "@js/invenio_usage_stats/charts/world.json";
import { cleanup, render, waitFor } from "@testing-library/react";
import React from "react";
import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import audience from "./fixtures/audience.json";
import { panelsOf, show, violations } from "./setup";

const FILE =
  "invenio_usage_stats/assets/semantic-ui/js/invenio_usage_stats/charts/world.json";
const BUDGET = 15_000;

const COUNTRIES = [
  {
    id: "DE",
    label: "Germany",
    text: "1,234",
    class: 5,
    href: "?filter=countries%3ADE",
  },
  { id: "MT", label: "Malta", text: "7", class: 1, href: null },
  { id: "A1", label: "A1", text: "3", class: 1, href: null },
];

afterEach(cleanup);

describe("the map of the world", () => {
  const draw = () => render(<WorldMap countries={COUNTRIES} />).container;

  it("draws every country, those with numbers in their shade", () => {
    const container = draw();
    const all = Object.keys(world.shapes).length + Object.keys(world.dots).length;
    expect(container.querySelectorAll("path, circle")).toHaveLength(all);
    expect(container.querySelector(".shade-5 path").getAttribute("d")).toBe(
      world.shapes.DE
    );
    expect(container.querySelectorAll(".shade-1 circle")).toHaveLength(1);
    expect(container.querySelectorAll(".shade-0")).toHaveLength(all - 2);
  });

  it("names them with their numbers", () => {
    const titles = [...draw().querySelectorAll("title")].map((t) => t.textContent);
    expect(titles.sort()).toEqual(["Germany: 1,234", "Malta: 7"]);
  });

  it("links those that can be chosen, by pointer only: the table links them, too", () => {
    const links = draw().querySelectorAll("a");
    expect(links).toHaveLength(1);
    expect(links[0].getAttribute("href")).toBe("?filter=countries%3ADE");
    expect(links[0].getAttribute("tabindex")).toBe("-1");
  });

  it("has no accessibility violation", async () => {
    expect(await violations(draw())).toEqual([]);
  });
});

describe("the panel of the map", () => {
  const map = panelsOf(audience).find((panel) => panel.kind === "map");

  it("draws the countries of the server, and the table of the same numbers", async () => {
    const { container } = show(audience);
    await waitFor(() => expect(container.querySelector("svg.world")).not.toBeNull());
    const drawn = [...container.querySelectorAll(".world title")].map(
      (title) => title.textContent
    );
    expect(drawn).toHaveLength(map.countries.length);
    const section = container.querySelector(".usage-stats-map");
    const rows = [...section.querySelectorAll("tbody tr")];
    expect(rows.length).toBeGreaterThan(0);
    rows.forEach((row) => {
      const [label, number] = [".label", ".number"].map(
        (part) => row.querySelector(part).textContent
      );
      expect(drawn).toContain(`${label}: ${number}`);
    });
  });

  it("says what the shades mean, and what is not known", () => {
    const { container } = show(audience);
    const legend = [...container.querySelectorAll(".legend li")].map((li) =>
      li.textContent.trim()
    );
    map.legend.forEach((entry) => expect(legend).toContain(entry.text));
    expect(container.textContent).toContain(map.unknown);
  });
});

describe("the file of shapes", () => {
  it("is small enough to be loaded for a map", () => {
    expect(gzipSync(readFileSync(FILE)).length).toBeLessThan(BUDGET);
  });

  it("has a shape or a dot for every country of readers", () => {
    const codes = [...Object.keys(world.shapes), ...Object.keys(world.dots)];
    expect(codes.length).toBeGreaterThan(230);
    expect(new Set(codes).size).toBe(codes.length);
    const some = ["DE", "US", "SG", "MT", "XK", "TW", "PS", "GF", "VA", "HK"];
    some.forEach((code) => expect(codes).toContain(code));
  });

  it("has whole coordinates within its box", () => {
    Object.values(world.shapes).forEach((path) =>
      expect(path).toMatch(/^(m-?\d+[ -]\d+([ -]+\d+)+z)+$/)
    );
    Object.values(world.dots).forEach(([x, y]) => {
      expect(x).toBeGreaterThanOrEqual(0);
      expect(x).toBeLessThanOrEqual(world.width);
      expect(y).toBeGreaterThanOrEqual(0);
      expect(y).toBeLessThanOrEqual(world.height);
    });
  });
});
