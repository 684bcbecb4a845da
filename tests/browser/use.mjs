// SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
// SPDX-License-Identifier: MIT

// node tests/browser/use.mjs BASE PATH
// Uses a dashboard as a reader does: another metric, back, another period. Prints what it saw as JSON.

import { launch } from "./chromium.mjs";

const [base, path] = process.argv.slice(2);
const browser = await launch();
const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });

/** Return the query of the URL and the metric whose card is pressed. */
async function state() {
  const pressed = page.locator('.usage-stats-card[aria-pressed="true"] [data-metric]');
  return {
    query: new URL(page.url()).search,
    pressed: await pressed.first().getAttribute("data-metric"),
  };
}

await page.goto(base + path, { waitUntil: "networkidle" });
const first = await state();
await page.locator('.usage-stats-card [data-metric="downloads"]').click();
const chosen = await state();
await page.goBack();
const back = await state();
await page.goForward();
await page.reload({ waitUntil: "networkidle" });
const reloaded = await state();
await page.locator('a[href*="period=30d"]').first().click();
await page.waitForLoadState("networkidle");
const month = await state();
await browser.close();
console.log(JSON.stringify({ first, chosen, back, reloaded, month }, null, 2));
