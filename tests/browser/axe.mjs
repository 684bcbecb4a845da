// SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
// SPDX-License-Identifier: MIT

// node tests/browser/axe.mjs BASE PATH [PATH...]
// Prints what a browser finds on pages of a running instance, as JSON; 1 is the exit status where
// a page breaks a rule. AXE_SCOPE names the part of a page that is checked:
// the site's own header and footer are not ours.

import { createRequire } from "node:module";
import { fresh, launch, overflow } from "./chromium.mjs";

const AXE = createRequire(import.meta.url).resolve("axe-core/axe.min.js");
const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];
const WIDTHS = [1280, 320];
const SCOPE = process.env.AXE_SCOPE || "main";
// inactive controls need no contrast, and the theme's say so by their class alone
const INACTIVE = ".ui.disabled.button";

/** Return the headline numbers by metric. */
const headlines = () =>
  Object.fromEntries(
    [...document.querySelectorAll("[data-metric]")].map((element) => [
      element.dataset.metric,
      element.textContent.trim(),
    ])
  );

/** Return how far the page moved while it loaded, as browsers measure it. */
const shift = () =>
  new Promise((resolve) => {
    new PerformanceObserver((list) =>
      resolve(list.getEntries().reduce((sum, entry) => sum + entry.value, 0))
    ).observe({ type: "layout-shift", buffered: true });
    setTimeout(() => resolve(0), 500);
  });

/** Open an address and collect what its scripts complain about. */
async function visited(browser, url, options) {
  const page = await fresh(browser, new URL(url).origin, options);
  const errors = [];
  page.on("pageerror", (error) => errors.push(error.message));
  page.on(
    "console",
    (message) => message.type() === "error" && errors.push(message.text())
  );
  const response = await page.goto(url, { waitUntil: "networkidle" });
  return { page, errors, status: response.status() };
}

async function violations(page) {
  await page.addScriptTag({ path: AXE });
  const run = ([include, exclude, values]) =>
    window.axe.run({ include, exclude }, { runOnly: { type: "tag", values } });
  const { violations: found } = await page.evaluate(run, [SCOPE, INACTIVE, RULES]);
  return found.map(({ id, nodes }) => ({ id, nodes: nodes.map((node) => node.html) }));
}

async function withScripts(browser, url, width) {
  // only axe needs to bypass the policy: it is injected as a script
  const options = { width, bypassCSP: true };
  const { page, errors, status } = await visited(browser, url, options);
  const report = {
    width,
    status,
    errors,
    headlines: await page.evaluate(headlines),
    overflow: await page.evaluate(overflow, SCOPE),
    scrollWidth: await page.evaluate(() => document.documentElement.scrollWidth),
    interactive: await page.locator(".usage-stats-card [aria-pressed]").count(),
    shift: await page.evaluate(shift),
    violations: await violations(page),
  };
  await page.context().close();
  return report;
}

async function withoutScripts(browser, url) {
  const options = { javaScriptEnabled: false };
  const { page, status } = await visited(browser, url, options);
  // the page's scripts are off, those of this check are not
  const report = { status, headlines: await page.evaluate(headlines) };
  await page.context().close();
  return report;
}

async function check(browser, url) {
  const plain = await withoutScripts(browser, url);
  const runs = [];
  for (const width of WIDTHS) {
    runs.push(await withScripts(browser, url, width));
  }
  const numbers = JSON.stringify(plain.headlines);
  const equal = runs.every((run) => JSON.stringify(run.headlines) === numbers);
  return { url, plain, equal, runs };
}

const passed = ({ equal, runs }) =>
  equal &&
  runs.every(
    (run) => !run.violations.length && !run.errors.length && !run.overflow.length
  );

const [base, ...paths] = process.argv.slice(2);
const browser = await launch();
const reports = [];
for (const path of paths) {
  reports.push(await check(browser, base + path));
}
await browser.close();
console.log(JSON.stringify(reports, null, 2));
process.exitCode = reports.every(passed) ? 0 : 1;
