// SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
// SPDX-License-Identifier: MIT

// node tests/browser/keys.mjs BASE
// Asks the administration page what a rebuild costs, with the keyboard alone: the label of each
// control is what a screen reader says. Prints as JSON the controls on the way, and the answer.

import { launch, opened } from "./chromium.mjs";

const LONG = 60;
const [base] = process.argv.slice(2);
const browser = await launch();
const page = await opened(browser, `${base}/administration/usage-stats`);

/** Return the label and the name of the control that has the focus. */
const focused = () => {
  const element = document.activeElement;
  const label = element.labels && element.labels[0] ? element.labels[0] : element;
  return {
    label: (element.getAttribute("aria-label") || label.textContent).trim(),
    name: element.getAttribute("name"),
  };
};

/** Go on with Tab up to a control. */
async function go(test) {
  const way = [];
  for (let step = 0; step < LONG; step += 1) {
    await page.keyboard.press("Tab");
    way.push(await page.evaluate(focused));
    if (test(way[way.length - 1])) return way;
  }
  throw new Error(`not reached: ${way.map(({ label }) => label).join(", ")}`);
}

await go(({ name }) => name === "since");
await page.keyboard.type("01012020");
const way = await go(({ label }) => label.startsWith("Estimate"));
await Promise.all([page.waitForNavigation(), page.keyboard.press("Enter")]);
const answer = await page.locator("#admin-main-content [role=status]").innerText();
const [order] = (await go(({ label }) => label === "Rebuild now")).slice(-1);
const report = { url: page.url(), way, answer, order };
await browser.close();
console.log(JSON.stringify(report));
