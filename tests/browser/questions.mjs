// SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
// SPDX-License-Identifier: MIT

// node tests/browser/questions.mjs BASE
// Clicks from the dashboard of the repository to the answers of the five questions that the guide
// for readers begins with. Prints as JSON the clicks and what then can be read.

import { choose, launch, opened, watched } from "./chromium.mjs";

const [base] = process.argv.slice(2);
const browser = await launch();
const chosen = (place, selector) => (page) => choose(page, place, selector);
const clicked = (selector) => (page) => page.locator(selector).first().click();
const period = (name) => clicked(`.usage-stats-choices a[href*="period=${name}"]`);
const tab = (name) => clicked(`.usage-stats-tabs a[href*="tab=${name}"]`);

/** What is clicked for each question, and what then holds the answer. A menu takes two clicks. */
const QUESTIONS = {
  "growing": [
    [1, period("5y")],
    [1, clicked(".usage-stats-card [data-metric=records]")],
    [1, clicked('.usage-stats-chart a[href*="cumulative"]')],
    ".usage-stats-chart h2, .usage-stats-card",
  ],
  "most used": [
    [1, period("last-quarter")],
    [1, tab("records")],
    ".usage-stats-table h2, .usage-stats-choices [aria-current]",
  ],
  "from where": [[1, tab("audience")], ".usage-stats-map h2, .usage-stats-table h2"],
  "this year and the last": [
    [1, period("ytd")],
    [2, chosen(".usage-stats-toolbar", 'a[href*="compare=year"]')],
    ".usage-stats-choices [aria-current], .usage-stats-toolbar summary",
  ],
  "report": [
    [2, chosen(".usage-stats-bar", 'a[href*="/report"]')],
    ".usage-stats-report h1, .usage-stats-report h2",
  ],
};

const reports = {};
for (const [question, steps] of Object.entries(QUESTIONS)) {
  const page = await opened(browser, `${base}/stats`);
  const quiet = watched(page);
  let clicks = 0;
  for (const [number, step] of steps.slice(0, -1)) {
    await step(page);
    await quiet();
    clicks += number;
  }
  const texts = await page.locator(steps[steps.length - 1]).allInnerTexts();
  reports[question] = { clicks, texts, url: page.url().slice(base.length) };
  if (process.env.BROWSER_PICTURES)
    await page.screenshot({
      path: `${process.env.BROWSER_PICTURES}/${clicks}-${question}.png`,
      fullPage: true,
    });
  await page.context().close();
}
await browser.close();
console.log(JSON.stringify(reports, null, 2));
