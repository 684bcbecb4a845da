// SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
// SPDX-License-Identifier: MIT

import { drawing, savePicture } from "@js/invenio_usage_stats/lib/picture";
import { waitFor } from "@testing-library/react";

const PANEL = `
  <style>.line { stroke: rgb(11, 107, 181); fill: none } .minor { display: none }</style>
  <figure class="panel">
    <header><h2>Views per month</h2></header>
    <p class="controls"><a href="?interval=day">Day</a></p>
    <div class="frame">
      <div class="scale"><span>20 K</span></div>
      <svg class="plot" width="100%" height="200">
        <svg viewBox="0 0 1000 200"><path class="line" d="M0,0L10,10"/></svg>
        <g class="cursor"><line x1="0" x2="0"/></g>
      </svg>
      <svg class="time"><text class="minor">Jan</text><text>Feb</text></svg>
      <div class="reading"><p>January: 5</p></div>
    </div>
    <details><summary>Numbers</summary></details>
  </figure>`;
const MAP = `
  <section class="panel">
    <div class="beside">
      <figure>
        <svg class="world"><a href="?filter=DE"><path fill="red" d="M0,0"/></a></svg>
        <figcaption>
          <ul class="legend"><li><svg><rect/></svg> 1–5</li></ul><p class="note">Schematic.</p>
        </figcaption>
      </figure>
      <table><tr><th><a href="?filter=DE">Germany</a></th><td>5<svg></svg></td></tr></table>
    </div>
  </section>`;
const RECT = { left: 100, top: 50, right: 500, bottom: 250, width: 400, height: 200 };
const panel = () => document.querySelector(".panel");

beforeEach(() => {
  document.body.innerHTML = PANEL;
  Element.prototype.getBoundingClientRect = () => RECT;
  Range.prototype.getBoundingClientRect = () => RECT;
});

describe("a picture of a chart", () => {
  it("holds its drawings where they are, with the styles that they have", () => {
    const picture = drawing(panel(), "Views");
    const [plot, time] = picture.querySelectorAll(":scope > svg");
    expect(plot.getAttribute("width")).toBe("400");
    expect(plot.getAttribute("x")).toBe("16");
    expect(time.textContent).toBe("JanFeb");
    const line = picture.querySelector("path");
    expect(line.getAttribute("stroke")).toBe("rgb(11, 107, 181)");
    expect(picture.querySelector(".minor").getAttribute("display")).toBe("none");
  });

  it("holds the texts beside the drawings, and its title", () => {
    const texts = drawing(panel(), "Views").querySelectorAll(":scope > text");
    expect([...texts].map((text) => text.textContent)).toEqual(["Views", "20 K"]);
  });

  it("is without what is for use on the page", () => {
    const picture = drawing(panel(), "Views");
    expect(picture.querySelector(".cursor")).toBeNull();
    expect(picture.textContent).not.toMatch(/Day|January|Numbers/);
  });

  it("is as wide as the texts in its drawings", () => {
    const wide = { ...RECT, right: 600, width: 500 };
    SVGElement.prototype.getBoundingClientRect = function () {
      return this.localName === "text" ? wide : RECT;
    };
    const width = drawing(panel(), "Views").getAttribute("width");
    delete SVGElement.prototype.getBoundingClientRect;
    expect(width).toBe("532");
  });

  it("of a map has its countries and its legend", () => {
    document.body.innerHTML = MAP;
    const picture = drawing(panel(), "Visitors");
    expect(picture.querySelectorAll("path")).toHaveLength(1);
    expect(picture.querySelector("[href]")).toBeNull();
    const texts = [...picture.querySelectorAll(":scope > text")];
    expect(texts.map((text) => text.textContent)).toEqual(["Visitors", "1–5"]);
    expect(picture.querySelectorAll(":scope > svg")).toHaveLength(2);
  });

  it("is on the background of the page", () => {
    const fill = () => drawing(panel(), "").querySelector("rect").getAttribute("fill");
    expect(fill()).toBe("white");
    document.body.style.backgroundColor = "rgb(10, 20, 30)";
    expect(fill()).toBe("rgb(10, 20, 30)");
    document.body.style.backgroundColor = "";
  });
});

describe("saving a picture", () => {
  const saved = [];
  const blobs = [];

  beforeEach(() => {
    saved.length = blobs.length = 0;
    URL.createObjectURL = (blob) => `blob:${blobs.push(blob)}`;
    URL.revokeObjectURL = () => {};
    HTMLAnchorElement.prototype.click = function () {
      saved.push(this.download);
    };
  });

  it("gives an SVG that is a document of its own", async () => {
    await savePicture(panel(), "views", "svg", "Views & more");
    expect(saved).toEqual(["views.svg"]);
    expect(blobs[0].type).toBe("image/svg+xml");
    const text = await new Promise((resolve) => {
      const reader = new FileReader();
      reader.onload = () => resolve(reader.result);
      reader.readAsText(blobs[0]);
    });
    const parsed = new DOMParser().parseFromString(text, "image/svg+xml");
    expect(parsed.documentElement.localName).toBe("svg");
    expect(parsed.querySelector("text").textContent).toBe("Views & more");
  });

  it("gives a PNG in twice the size", async () => {
    const png = new Blob(["png"], { type: "image/png" });
    const drawn = [];
    Image.prototype.decode = () => Promise.resolve();
    HTMLCanvasElement.prototype.getContext = () => ({
      drawImage: (...given) => drawn.push(given),
    });
    HTMLCanvasElement.prototype.toBlob = (done) => done(png);
    await savePicture(panel(), "views", "png", "Views");
    await waitFor(() => expect(saved).toEqual(["views.png"]));
    expect(blobs[1]).toBe(png);
    expect(drawn[0].slice(3)).toEqual([2 * (400 + 32), 2 * (200 + 32 + 28)]);
  });

  it("fails when the picture cannot be drawn", async () => {
    Image.prototype.decode = () => Promise.reject(new Error("broken"));
    await expect(savePicture(panel(), "views", "png", "")).rejects.toThrow("broken");
    expect(saved).toEqual([]);
  });
});
