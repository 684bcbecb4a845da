// SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
// SPDX-License-Identifier: MIT

// node tests/browser/modes.mjs BASE PATH
// Reads a dashboard with bars as readers do who choose colours, want no motion, read from right to
// left, use no pointer, print, or click fast. Prints as JSON what they met.

import { launch, opened, overflow } from "./chromium.mjs";

const LONG = 80;
const CLICKS = 7;
const [base, path] = process.argv.slice(2);
const browser = await launch();

/** Open the dashboard and wait until its scripts have drawn it. */
async function show(options) {
  const page = await opened(browser, base + path, options);
  await page.waitForSelector("input[type=range]");
  return page;
}

/** Return the colours of what is chosen, and how bars look by their place. */
const colours = () => {
  const style = (selector, ...names) =>
    [...document.querySelectorAll(selector)].map((element) =>
      names.map((name) => getComputedStyle(element)[name])
    );
  const bars = [...document.querySelectorAll(".plot g[class*=place-]")].map((group) =>
    getComputedStyle(group.querySelector(".bar"))
  );
  return {
    chosen: style(
      ".usage-stats-choices [aria-current]",
      "color",
      "backgroundColor",
      "forcedColorAdjust"
    ),
    bars: bars.map(({ fill, strokeDasharray }) => `${fill} ${strokeDasharray}`),
  };
};

/** Return how much of the tables cannot be seen without scrolling. */
const cut = () =>
  [...document.querySelectorAll(".usage-stats .scrolled")].reduce(
    (sum, { scrollHeight, clientHeight }) => sum + scrollHeight - clientHeight,
    0
  );

const moving = () =>
  [...document.querySelectorAll(".usage-stats *")].filter(
    (element) => !/^0s(, 0s)*$/.test(getComputedStyle(element).transitionDuration)
  ).length;

async function chosen() {
  const page = await show({ forcedColors: "active" });
  return page.evaluate(colours);
}

async function still() {
  const page = await show({ reducedMotion: "reduce" });
  return page.evaluate(moving);
}

async function mirrored() {
  const page = await show();
  await page.evaluate(() => document.documentElement.setAttribute("dir", "rtl"));
  return page.evaluate(overflow, ".usage-stats");
}

/** Go to the slider with Tab, and one interval back. */
async function read() {
  const page = await show();
  const said = () => page.evaluate(() => document.activeElement.ariaValueText);
  for (let step = 0; step < LONG && !(await said()); step += 1) {
    await page.keyboard.press("Tab");
  }
  const last = await said();
  await page.keyboard.press("ArrowLeft");
  return { last, before: await said(), shown: await page.innerText(".reading p") };
}

/** Return what stands on paper. */
async function printed() {
  const page = await show();
  await page.emulateMedia({ media: "print" });
  await page.evaluate(() => window.dispatchEvent(new Event("beforeprint")));
  const texts = (selector) => page.locator(selector).allInnerTexts();
  return {
    chosen: await texts(".usage-stats-chosen li"),
    heads: await texts(".usage-stats-table thead th"),
    numbers: await page.locator(".numbers tbody tr:visible").count(),
    cut: await page.evaluate(cut),
    controls: await page.locator(".usage-stats summary:visible").count(),
  };
}

/** Return how many milliseconds pass from a click to the next frame, in the median. */
async function speed() {
  const page = await show();
  const times = await page.evaluate(async (clicks) => {
    const found = [];
    const cards = document.querySelectorAll(".usage-stats-card button");
    for (let n = 1; n <= clicks; n += 1) {
      const start = performance.now();
      cards[n % 2].click();
      await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
      found.push(performance.now() - start);
    }
    return found.sort((a, b) => a - b);
  }, CLICKS);
  return times[Math.floor(CLICKS / 2)];
}

const report = {
  colours: await chosen(),
  moving: await still(),
  overflow: await mirrored(),
  read: await read(),
  paper: await printed(),
  speed: await speed(),
};
await browser.close();
console.log(JSON.stringify(report));
