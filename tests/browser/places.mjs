// SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
// SPDX-License-Identifier: MIT

// node tests/browser/places.mjs BASE RECORD
// Looks at the map of the world with and without scripts and chooses a country on it, then at the card
// on the landing page of a record. Prints what it saw as JSON.

import { launch, opened } from "./chromium.mjs";

const [base, record] = process.argv.slice(2);
const MAP = `${base}/stats?tab=audience`;
const browser = await launch();

/** Return the countries that a page draws, with their numbers and shades. */
const drawn = () =>
  [...document.querySelectorAll(".usage-stats-map .world > *")]
    .filter((element) => element.querySelector("title"))
    .map((element) => [
      element.getAttribute("class"),
      element.querySelector("title").textContent,
    ]);

const PLAIN = { javaScriptEnabled: false };
const plain = await opened(browser, MAP, PLAIN);
const page = await opened(browser, MAP);
const map = { plain: await plain.evaluate(drawn), live: await page.evaluate(drawn) };
const shape = page.locator(".usage-stats-map .world a:has(path)").first();
const wanted = await shape.getAttribute("href");
await shape.dispatchEvent("click", { button: 0, bubbles: true, cancelable: true });
await page.waitForSelector(".usage-stats-pills li");
const chosen = await page.evaluate(() => window.location.search);

const landing = await opened(browser, `${base}/records/${record}`);
const card = await landing.evaluate(() => ({
  numbers: [...document.querySelectorAll(".usage-stats-compact .value")].map(
    (element) => element.textContent.trim()
  ),
  link: document.querySelector(".usage-stats-compact a").getAttribute("href"),
}));
const bare = await opened(browser, `${base}/records/${record}`, PLAIN);
const link = await bare.evaluate(() =>
  document.querySelector(".usage-stats-compact a").getAttribute("href")
);

await browser.close();
console.log(JSON.stringify({ map, wanted, chosen, card, link }));
