// SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
// SPDX-License-Identifier: MIT

import { Share } from "@js/invenio_usage_stats/controls/Share";
import { cleanup, render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import React from "react";

import { violations } from "./setup";

const share = {
  href: "?metric=downloads",
  fixed: "?since=2026-01-01&until=2026-01-31&metric=downloads",
  api: "https://repository.example/api/usage-stats/global/series?metric=downloads",
  csv: "https://repository.example/series.csv",
  xlsx: null,
  embed: "/stats/embed?metric=downloads",
  report: "/stats/report",
  share_links: "/stats/share?metric=downloads",
  snippets: [{ label: "curl", text: "curl https://repository.example" }],
};
const links = () =>
  screen
    .getAllByRole("link")
    .map((link) => [link.textContent, link.getAttribute("href")]);

beforeEach(() => window.history.replaceState(null, "", "/stats?metric=views"));
afterEach(() => {
  cleanup();
  delete navigator.clipboard;
});

describe("the menu for sharing", () => {
  it("copies whole links", async () => {
    const copied = [];
    const writeText = (text) => Promise.resolve(copied.push(text));
    Object.defineProperty(navigator, "clipboard", {
      value: { writeText },
      configurable: true,
    });
    const { container } = render(<Share share={share} />);
    container.querySelector("details").open = true;
    userEvent.click(screen.getByRole("button", { name: /link to this view/ }));
    userEvent.click(screen.getByRole("button", { name: /fixed dates/ }));
    expect(await screen.findAllByText("Copied")).toHaveLength(2);
    const base = window.location.origin;
    expect(copied).toEqual([
      `${base}/stats?metric=downloads`,
      `${base}/stats?since=2026-01-01&until=2026-01-31&metric=downloads`,
    ]);
    expect(await violations(container)).toEqual([]);
  });

  it("is a list of links where nothing can be copied", () => {
    const { container } = render(<Share share={share} />);
    container.querySelector("details").open = true;
    expect(links()).toEqual([
      ["Copy the link to this view", share.href],
      ["Copy the link with fixed dates", share.fixed],
      ["More ways to share", share.share_links],
      ["Show on another site", "/stats/share?metric=downloads#embed"],
      ["Report of a year", share.report],
      ["Numbers of the chart as CSV", share.csv],
      ["API request for the chart", share.api],
    ]);
  });

  it("offers nothing that there is not", () => {
    const none = { ...share, embed: null, report: null, share_links: null, csv: null };
    const { container } = render(<Share share={none} />);
    container.querySelector("details").open = true;
    expect(links().map(([label]) => label)).toEqual([
      "Copy the link to this view",
      "Copy the link with fixed dates",
      "API request for the chart",
    ]);
  });
});
