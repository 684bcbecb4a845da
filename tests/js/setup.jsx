// SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
// SPDX-License-Identifier: MIT

import view from "./fixtures/dashboard.json";
import axe from "axe-core";

export { view };

/** Return a panel of the fixture by kind, and by what it is about. */
export function panelOf(kind, id) {
  const panels = view.rows.flatMap((row) => row.panels);
  return panels.find(
    (panel) => panel.kind === kind && (!id || panel.id === id || panel.metric === id)
  );
}

/** Return ids of accessibility rules that an element violates; jsdom computes no colours. */
export async function violations(element) {
  const rules = { "color-contrast": { enabled: false }, "region": { enabled: false } };
  const results = await axe.run(element, { rules });
  return results.violations.map((violation) => violation.id);
}
