// SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
// SPDX-License-Identifier: MIT

import { Dashboard } from "@js/invenio_usage_stats/Dashboard";
import { render } from "@testing-library/react";
import axe from "axe-core";
import React from "react";
import { vi } from "vitest";
import view from "./fixtures/dashboard.json";

export { view };

/** Return all panels of a view model. */
export const panelsOf = (model = view) =>
  [...(model.head || []), ...model.rows].flatMap((row) => row.panels);

/** Return a panel of the fixture by kind, and by what it is about. */
export const panelOf = (kind, id) =>
  panelsOf().find(
    (panel) =>
      panel.kind === kind && (!id || panel.dimension === id || panel.metric === id)
  );

/** Return a view model with one panel changed. */
export function withPanel(id, changes, model = view) {
  const changed = (rows) =>
    (rows || []).map((row) => ({
      ...row,
      panels: row.panels.map((p) => (p.id === id ? { ...p, ...changes } : p)),
    }));
  return { ...model, head: changed(model.head), rows: changed(model.rows) };
}

/** Show a dashboard. */
export const show = (model = view) => render(<Dashboard view={model} level={2} />);

/** Let the server answer with view models by query; return the addresses that are asked for. */
export function serve(models) {
  const asked = [];
  global.fetch = vi.fn((url, { signal }) => {
    asked.push(url);
    const query = url.includes("?") ? url.slice(url.indexOf("?")) : "";
    return new Promise((resolve, reject) => {
      const answer = () =>
        query in models
          ? resolve({ json: () => Promise.resolve(models[query]) })
          : reject(new TypeError("Failed to fetch"));
      signal.addEventListener("abort", () => reject(new DOMException("aborted")));
      setTimeout(answer, 5);
    });
  });
  return asked;
}

/** Return ids of accessibility rules that an element violates; jsdom computes no colours. */
export async function violations(element) {
  const rules = { "color-contrast": { enabled: false }, "region": { enabled: false } };
  const results = await axe.run(element, { rules });
  return results.violations.map((violation) => violation.id);
}
