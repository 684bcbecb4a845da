// SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
// SPDX-License-Identifier: MIT

// node tests/browser/use.mjs BASE PATH
// Uses a dashboard as a reader does: another metric, back, another period, a filter, a comparison, a
// file; then the same without scripts. Prints what it saw as JSON.

import { choose, launch, opened, watched } from "./chromium.mjs";

const [base, path] = process.argv.slice(2);
const FILTER = '.usage-stats-table a.label[href*="filter="]';
const browser = await launch();

/** Return what a page shows: its query, the metric of its chart, its numbers and filters. */
const seen = () => {
  const texts = (selector) =>
    [...document.querySelectorAll(selector)].map((element) =>
      element.textContent.trim()
    );
  const current = document.querySelector(
    ".usage-stats-card [aria-pressed=true] [data-metric], .usage-stats-card [aria-current] [data-metric]"
  );
  return {
    query: window.location.search,
    metric: current && current.dataset.metric,
    numbers: texts("[data-metric]"),
    cells: texts(".usage-stats-table td"),
    title: texts(".usage-stats-chart h2"),
    pills: texts(".usage-stats-pills li"),
    changes: texts(".usage-stats-card .change").length,
  };
};

/** Do something and return what the page shows when it has answered. */
async function after(page, quiet, action) {
  await action();
  await quiet();
  return page.evaluate(seen);
}

async function withScripts() {
  const page = await opened(browser, base + path);
  const loads = [];
  page.on(
    "request",
    (request) => request.isNavigationRequest() && loads.push(request.url())
  );
  const quiet = watched(page);
  const report = { first: await page.evaluate(seen) };
  const go = async (name, action) => {
    report[name] = await after(page, quiet, action);
  };
  await go("chosen", () =>
    page.locator('.usage-stats-card [data-metric="downloads"]').click()
  );
  await go("back", () => page.goBack());
  await go("forward", () => page.goForward());
  await go("month", () => page.locator('a[href*="period=30d"]').first().click());
  await go("whole", () => page.locator(".usage-stats-choices a").nth(1).click());
  await go("filtered", () => page.locator(FILTER).first().click());
  report.loads = loads.length;
  await go("reloaded", () => page.reload());
  await go("unfiltered", () => page.locator(".usage-stats-pills a").first().click());
  await go("compared", () =>
    choose(page, ".usage-stats-toolbar", 'a[href*="compare=year"]')
  );
  await go("split", () =>
    choose(page, ".usage-stats-chart .controls", 'a[href*="dimension="]')
  );
  report.csv = await file(page);
  return report;
}

/** Return status, type and first line of a table's CSV file. */
async function file(page) {
  const link = page.locator('.usage-stats-table a[href*="csv"]').first();
  // links to the API name the site's own address, not the one of this server
  const { pathname, search } = new URL(await link.getAttribute("href"), base);
  const response = await page.request.get(base + pathname + search);
  const [head] = (await response.text()).split("\n");
  return { status: response.status(), type: response.headers()["content-type"], head };
}

async function withoutScripts(filtered) {
  const page = await opened(browser, base + path, { javaScriptEnabled: false });
  const first = await plain(page);
  await page.locator(FILTER).first().click();
  await page.waitForLoadState("networkidle");
  const clicked = await plain(page);
  await page.goto(base + path + filtered);
  const same = await plain(page);
  await page.locator("details.usage-stats-menu summary").first().click();
  await page
    .locator("input[name=since]")
    .fill(await page.inputValue("input[name=until]"));
  await page.locator("form button").first().click();
  await page.waitForLoadState("networkidle");
  return { first, clicked, same, day: await plain(page) };
}

// the page's scripts are off, those of this check are not
const plain = (page) => page.evaluate(seen);

const report = await withScripts();
report.plain = await withoutScripts(report.filtered.query);
await browser.close();
console.log(JSON.stringify(report, null, 2));
