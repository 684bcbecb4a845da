// SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
// SPDX-License-Identifier: MIT

// node tests/browser/policy.mjs BASE PATH [PATH...]
// Opens pages under the content security policy that their server sends, uses those that have a
// dashboard, and prints as JSON what the browser refused, and the pictures that were saved.

import { readFileSync } from "node:fs";
import { choose, fresh, launch, watched } from "./chromium.mjs";

const FILTER = '.usage-stats-table a.label[href*="filter="]';
const OURS = ".usage-stats, .usage-stats-compact, [id^=usage-stats]";

/** Keep what a page refuses from its first moment on. */
function listen(ours) {
  window.refused = [];
  document.addEventListener("securitypolicyviolation", (event) => {
    const { target, effectiveDirective, blockedURI, sourceFile } = event;
    const inside = Boolean(target.closest && target.closest(ours));
    window.refused.push({
      directive: effectiveDirective,
      blocked: blockedURI,
      source: sourceFile,
      ours: inside || /usage-stats/.test(blockedURI + sourceFile),
      element: (target.outerHTML || "").slice(0, 200),
    });
  });
}

/** Save what the chart draws, and return how its file begins; or what the page says instead. */
async function picture(page, place, type) {
  const menu = page.locator(`${place} details.corner`).first();
  if ((await menu.getAttribute("open")) === null)
    await menu.locator("summary").first().click();
  const button = menu.locator("button", { hasText: `Save as ${type}` });
  const saved = page.waitForEvent("download").then(async (file) => ({
    name: file.suggestedFilename(),
    begin: readFileSync(await file.path()).toString("latin1", 0, 4),
  }));
  const failed = page
    .waitForSelector(`${place} [role=alert]`)
    .then((element) => element.innerText().then((alert) => ({ alert })));
  await button.click();
  const first = await Promise.race([saved, failed]);
  [saved, failed].forEach((other) => other.catch(() => null));
  return first;
}

/** Use a dashboard as a reader does. */
async function use(page, quiet) {
  const go = async (action) => {
    await action;
    await quiet();
  };
  await go(page.locator(".usage-stats-card [aria-pressed=false]").first().click());
  const pictures = [];
  for (const type of ["SVG", "PNG"]) {
    pictures.push(await picture(page, ".usage-stats-chart", type));
  }
  await page.keyboard.press("Escape");
  await go(page.locator(".usage-stats-chart input[type=range]").press("ArrowLeft"));
  if (await page.locator(FILTER).count())
    await go(page.locator(FILTER).first().click());
  await go(choose(page, ".usage-stats-toolbar", 'a[href*="compare=year"]'));
  return { pictures, filters: await page.locator(".usage-stats-pills li").count() };
}

async function visit(browser, base, path) {
  const page = await fresh(browser, base);
  await page.addInitScript(listen, OURS);
  const errors = [];
  page.on("pageerror", ({ message }) => errors.push(message));
  const quiet = watched(page);
  const response = await page.goto(base + path, { waitUntil: "networkidle" });
  const report = { path, status: response.status(), errors };
  report.policy = response.headers()["content-security-policy"];
  if (await page.locator(".usage-stats-card [aria-pressed]").count()) {
    report.used = await use(page, quiet);
  }
  report.refused = await page.evaluate(() => window.refused);
  await page.context().close();
  return report;
}

const [base, ...paths] = process.argv.slice(2);
const browser = await launch();
const reports = [];
for (const path of paths) {
  reports.push(await visit(browser, base, path));
}
await browser.close();
console.log(JSON.stringify(reports, null, 2));
