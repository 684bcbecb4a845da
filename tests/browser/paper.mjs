// SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
// SPDX-License-Identifier: MIT

// node tests/browser/paper.mjs BASE PATH [PATH...]
// Looks at pages in the width of a phone, and prints them to paper. Prints as JSON what sticks out
// of the phone, and how many sheets there are with how many drawn bytes on the emptiest.

import { inflateSync } from "node:zlib";
import { launch, opened, overflow } from "./chromium.mjs";

const PHONE = 360;
const PAGE = /\/Type\s*\/Page\b[^]*?\/Contents (\d+) 0 R/g;
const END = "\nendstream";

/** Return how much is drawn on each sheet of a PDF. */
function sheets(pdf) {
  const text = pdf.toString("latin1");
  return [...text.matchAll(PAGE)].map(([, id]) => {
    const begin = text.indexOf("stream\n", text.indexOf(`\n${id} 0 obj`)) + 7;
    return inflateSync(pdf.subarray(begin, text.indexOf(END, begin))).length;
  });
}

async function look(browser, url) {
  const phone = await opened(browser, url, { width: PHONE });
  const out = await phone.evaluate(overflow, ".usage-stats");
  const width = await phone.evaluate(() => document.documentElement.scrollWidth);
  await phone.context().close();
  const page = await opened(browser, url);
  const pdf = await page.pdf({ format: "A4", path: process.env.BROWSER_PDF });
  await page.context().close();
  return { url, out, width, sheets: sheets(pdf) };
}

const [base, ...paths] = process.argv.slice(2);
const browser = await launch();
const reports = [];
for (const path of paths) {
  reports.push(await look(browser, base + path));
}
await browser.close();
console.log(JSON.stringify(reports));
