// SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
// SPDX-License-Identifier: MIT

import { fill } from "@js/invenio_usage_stats/recordCard";
import { vi } from "vitest";

const answering = (answer) => vi.fn(() => Promise.resolve(answer));
const answer = (changes) => ({
  ok: true,
  redirected: false,
  text: () => Promise.resolve("<p>12 views</p>"),
  ...changes,
});

function place() {
  document.body.innerHTML =
    '<section><div data-usage-stats-card="/records/a/stats/card"></div><a href="/x">All</a></section>';
  return document.querySelector("div");
}

afterEach(() => vi.unstubAllGlobals());

describe("the place of a card", () => {
  it("is filled with the server's numbers", async () => {
    const fetched = answering(answer());
    vi.stubGlobal("fetch", fetched);
    await fill(place());
    expect(fetched.mock.calls[0][0]).toBe("/records/a/stats/card");
    expect(document.querySelector("div").textContent).toBe("12 views");
  });

  it.each([
    ["there are no numbers", answering(answer({ ok: false }))],
    ["the reader is asked to sign in", answering(answer({ redirected: true }))],
    ["the network is away", vi.fn(() => Promise.reject(new TypeError("away")))],
  ])("goes away when %s, and the link stays", async (_why, fetched) => {
    vi.stubGlobal("fetch", fetched);
    await fill(place());
    expect(document.querySelector("div")).toBeNull();
    expect(document.querySelector("a")).not.toBeNull();
  });
});
