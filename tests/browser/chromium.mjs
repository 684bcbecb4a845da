// SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
// SPDX-License-Identifier: MIT

// The browser of the tests, and what they do with its pages: CHROMIUM names it, and BROWSER_PERSON
// who is signed in, as email and password with a space between them.

import { chromium } from "playwright-core";

const HEIGHT = 900;
const ARGUMENTS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--disable-dev-shm-usage",
];

/** Start the browser. */
export const launch = () =>
  chromium.launch({
    executablePath: process.env.CHROMIUM || "/usr/bin/chromium",
    args: ARGUMENTS,
  });

async function signIn(context, base) {
  const [email, password] = process.env.BROWSER_PERSON.split(" ");
  const answer = await context.request.post(`${base}/login/`, {
    form: { email, password },
    maxRedirects: 0,
  });
  if (answer.status() !== 302) throw new Error(`signing in: ${answer.status()}`);
}

/** Return an empty page that shares nothing with others but the browser. */
export async function fresh(browser, base, { width = 1280, ...options } = {}) {
  const viewport = { width, height: HEIGHT };
  const context = await browser.newContext({ viewport, ...options });
  if (process.env.BROWSER_PERSON) await signIn(context, base);
  return context.newPage();
}

/** Open an address on a fresh page. */
export async function opened(browser, url, options) {
  const page = await fresh(browser, new URL(url).origin, options);
  await page.goto(url, { waitUntil: "networkidle" });
  return page;
}

/** Return a function that waits until nothing is asked of the server any more. */
export function watched(page) {
  let open = 0;
  page.on("request", () => (open += 1));
  ["requestfinished", "requestfailed"].forEach((name) =>
    page.on(name, () => (open -= 1))
  );
  return async () => {
    do {
      await page.waitForTimeout(100);
    } while (open > 0);
    await page.waitForFunction(() => !document.querySelector("[aria-busy=true]"));
  };
}

/** Choose an entry of the menu that holds it. */
export async function choose(page, place, selector) {
  const menu = page.locator(`${place} details`, { has: page.locator(selector) });
  await menu.locator("summary").first().click();
  await menu.locator(selector).first().click();
}

/** Return what sticks out of the window; tables may be scrolled, and what is closed has no place. */
export const overflow = (scope) =>
  [...document.querySelectorAll(`${scope} *`)]
    .filter((element) => element.getBoundingClientRect().right > window.innerWidth + 1)
    .filter((element) => !element.closest("details:not([open]), .scrolled"))
    .map((element) => `${element.tagName} ${element.getAttribute("class") || ""}`);
