// SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
// SPDX-License-Identifier: MIT

const NS = "http://www.w3.org/2000/svg";
const SCALE = 2;
const MARGIN = 16;
const TITLE = 28;
const FONT = ["font-family", "font-size", "font-weight"];
const STYLES = [
  ...FONT,
  "display",
  "fill",
  "fill-opacity",
  "opacity",
  "stroke",
  "stroke-dasharray",
  "stroke-linecap",
  "stroke-linejoin",
  "stroke-width",
  "text-anchor",
  "vector-effect",
  "visibility",
];
/** What is for use on the page, or says the same in words: pictures are without it. */
const BESIDE = "a, button, details, form, header, input, ol, p, table, .controls";

function svgOf(name, attributes) {
  const node = document.createElementNS(NS, name);
  Object.entries(attributes).forEach(([key, value]) => node.setAttribute(key, value));
  return node;
}

/** Copy styles that apply to a node into the attributes of another. */
function freeze(node, copy, names) {
  const style = getComputedStyle(node);
  names.forEach((name) => {
    const value = style.getPropertyValue(name);
    if (value) copy.setAttribute(name, value);
  });
}

function drawingOf(svg, { left, top, width, height }) {
  const copy = svg.cloneNode(true);
  const copies = [copy, ...copy.querySelectorAll("*")];
  [svg, ...svg.querySelectorAll("*")].forEach((node, n) =>
    freeze(node, copies[n], STYLES)
  );
  copy.querySelectorAll(".cursor").forEach((node) => node.remove());
  // countries are links on the page
  copy.querySelectorAll("a").forEach((node) => node.removeAttribute("href"));
  const place = { x: left, y: top, width, height, overflow: "visible" };
  Object.entries(place).forEach(([name, value]) => copy.setAttribute(name, value));
  return copy;
}

function textOf(node, { left, top, height }) {
  const copy = svgOf("text", { x: left, y: top + height / 2, dy: "0.35em" });
  freeze(node.parentElement, copy, FONT);
  copy.setAttribute("fill", getComputedStyle(node.parentElement).color);
  copy.textContent = node.textContent.trim();
  return copy;
}

function rectOf(node) {
  if (node.getBoundingClientRect) return node.getBoundingClientRect();
  const range = document.createRange();
  range.selectNodeContents(node);
  return range.getBoundingClientRect();
}

function textsOf(element) {
  const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  const found = [];
  while (walker.nextNode()) {
    found.push(walker.currentNode);
  }
  return found.filter(
    ({ data, parentElement }) =>
      data.trim() && !parentElement.closest(`svg, style, ${BESIDE}`)
  );
}

/** Return the outermost SVGs and the texts beside them, with where they are. */
function piecesOf(element) {
  const svgs = [...element.querySelectorAll("svg")].filter(
    (svg) => !svg.parentElement.closest(`svg, ${BESIDE}`)
  );
  return [...svgs, ...textsOf(element)]
    .map((node) => ({ node, rect: rectOf(node) }))
    .filter(({ rect }) => rect.width > 0);
}

function backgroundOf(element) {
  const { backgroundColor } = getComputedStyle(element);
  const none =
    !backgroundColor || /^(transparent|rgba\(.*, 0\))$/.test(backgroundColor);
  if (!none) return backgroundColor;
  return element.parentElement ? backgroundOf(element.parentElement) : "white";
}

function headOf(element, title) {
  const head = svgOf("text", { "x": MARGIN, "y": TITLE, "font-weight": "bold" });
  freeze(element, head, ["font-family"]);
  head.setAttribute("fill", getComputedStyle(element).color);
  head.textContent = title;
  return head;
}

/** Return where a piece is, and the texts of a drawing, which may reach beyond it. */
const rectsOf = ({ node, rect }) =>
  node.matches ? [rect, ...[...node.querySelectorAll("text")].map(rectOf)] : [rect];

function boxOf(pieces) {
  const rects = pieces.flatMap(rectsOf).filter(({ width }) => width > 0);
  const edge = (side, pick) => pick(...rects.map((rect) => rect[side]));
  const left = edge("left", Math.min) - MARGIN;
  const top = edge("top", Math.min) - MARGIN - TITLE;
  const width = Math.ceil(edge("right", Math.max) + MARGIN - left);
  const height = Math.ceil(edge("bottom", Math.max) + MARGIN - top);
  return { left, top, width, height };
}

/** Return what an element shows as one SVG that needs no style sheet, under a title. */
export function drawing(element, title) {
  const pieces = piecesOf(element);
  const { left, top, width, height } = boxOf(pieces);
  const picture = svgOf("svg", { width, height, viewBox: `0 0 ${width} ${height}` });
  picture.append(svgOf("rect", { width, height, fill: backgroundOf(element) }));
  picture.append(headOf(element, title));
  pieces.forEach(({ node, rect }) => {
    const place = {
      left: rect.left - left,
      top: rect.top - top,
      width: rect.width,
      height: rect.height,
    };
    picture.append(node.matches ? drawingOf(node, place) : textOf(node, place));
  });
  return picture;
}

async function painted(blob, { width, height }) {
  const image = new Image();
  image.src = URL.createObjectURL(blob);
  try {
    await image.decode();
    const canvas = document.createElement("canvas");
    canvas.width = width * SCALE;
    canvas.height = height * SCALE;
    canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
    return await new Promise((resolve) => canvas.toBlob(resolve, "image/png"));
  } finally {
    URL.revokeObjectURL(image.src);
  }
}

function download(blob, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

/** Save what an element shows as a file: `svg`, or `png` in twice the size. */
export async function savePicture(element, name, type, title) {
  const picture = drawing(element, title);
  const text = new XMLSerializer().serializeToString(picture);
  const svg = new Blob([text], { type: "image/svg+xml" });
  const size = {
    width: picture.getAttribute("width"),
    height: picture.getAttribute("height"),
  };
  download(type === "svg" ? svg : await painted(svg, size), `${name}.${type}`);
}
