// SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
// SPDX-License-Identifier: MIT

// node tests/browser/frames.mjs SITE URL [URL...]
// Prints the texts of frames on a page of another site, as JSON; what may not be framed has none.

import { launch } from "./chromium.mjs";

const [site, ...urls] = process.argv.slice(2);
const browser = await launch();
const page = await browser.newPage();
const query = new URLSearchParams(urls.map((url) => ["url", url]));
await page.goto(`${site}/?${query}`, { waitUntil: "load" });
const texts = [];
for (const element of await page.$$("iframe")) {
  const frame = await element.contentFrame();
  const allowed = frame.url().startsWith("http");
  texts.push(allowed ? await frame.locator("main").innerText() : "");
}
await browser.close();
console.log(JSON.stringify(texts));
