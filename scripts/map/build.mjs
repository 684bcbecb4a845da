// SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
// SPDX-License-Identifier: MIT

/**
 * Write the countries of the world as ready-made SVG shapes; the result is committed.
 *
 *   npm ci && npm run map
 *
 * Natural Earth's shapes (1:50 million, public domain) are simplified and projected here, so that
 * neither browser nor server needs to know anything about maps. `shapes` holds a path of whole,
 * relative coordinates for each ISO code; `dots` the middle of what would be too small to see.
 */

import { geoCentroid, geoEqualEarth, geoPath } from "d3-geo";
import codes from "i18n-iso-countries/codes.json" with { type: "json" };
import { writeFileSync } from "node:fs";
import { feature } from "topojson-client";
import { filter, filterWeight, presimplify, simplify } from "topojson-simplify";
import atlas from "world-atlas/countries-50m.json" with { type: "json" };

const TARGET = "invenio_usage_stats/assets/semantic-ui/js/invenio_usage_stats/charts/world.json";
const WIDTH = 1000;
const MARGIN = 4;
const WEIGHT = 0.07; // square degrees that a corner must span to be kept
const POLE = "AQ"; // hardly anybody reads there, and its shape would take a tenth of the map
const SMALLEST = 6; // square units; what is smaller becomes a dot

const ALPHA2 = new Map(codes.map(([alpha2, , numeric]) => [numeric, alpha2]));

// shapes without an ISO number; those of none are drawn for no country
const UNNUMBERED = {
  "Kosovo": "XK",
  "Somaliland": "SO",
  "N. Cyprus": "CY",
  "Indian Ocean Ter.": "AU",
  "Ashmore and Cartier Is.": "AU",
  "Siachen Glacier": "",
};

// polygons that Natural Earth counts as their state's, but that have an ISO code of their own
const APART = {
  FR: {
    GF: [-55, 2, -51, 6],
    GP: [-62, 15.7, -61, 16.6],
    MQ: [-61.3, 14.3, -60.7, 15],
    RE: [55, -21.5, 56, -20.8],
    YT: [44.9, -13.1, 45.4, -12.5],
  },
  NO: { SJ: [-10, 70.5, 40, 82] },
  NL: { BQ: [-70, 11, -62, 18] },
};

const whole = feature(atlas, atlas.objects.countries).features;
const inhabited = {
  type: "FeatureCollection",
  features: whole.filter((country) => codeOf(country) !== POLE),
};
const projection = geoEqualEarth().fitWidth(WIDTH, inhabited);
const HEIGHT = Math.ceil(geoPath(projection).bounds(inhabited)[1][1]) + MARGIN;

/** Return the code of a shape; none for what is no country's. */
function codeOf({ id, properties }) {
  const code = id === undefined ? UNNUMBERED[properties.name] : ALPHA2.get(id);
  if (code === undefined) {
    throw new Error(`Nobody knows the code of ${properties.name} (${id}).`);
  }
  return code;
}

/** Return the code that a polygon of a state has for itself. */
function codeOfPart(code, polygon) {
  const [x, y] = geoCentroid({ type: "Polygon", coordinates: polygon });
  const own = Object.entries(APART[code] || {});
  const found = own.find(([, [w, s, e, n]]) => x > w && x < e && y > s && y < n);
  return found ? found[0] : code;
}

/** Return the polygons of each code. */
function byCode(countries) {
  const found = new Map();
  countries.forEach((country) => {
    const { type, coordinates } = country.geometry;
    const polygons = type === "Polygon" ? [coordinates] : coordinates;
    polygons.forEach((polygon) => {
      const code = codeOfPart(codeOf(country), polygon);
      found.set(code, [...(found.get(code) || []), polygon]);
    });
  });
  return found;
}

/** Return projected rings of whole coordinates. */
function rings(geometry) {
  const found = [];
  const add = (x, y) => found[found.length - 1].push([Math.round(x), Math.round(y)]);
  geoPath(projection, {
    moveTo: (x, y) => found.push([]) && add(x, y),
    lineTo: add,
    closePath: () => {},
  })(geometry);
  return found.map(tidy).filter((ring) => ring.length > 2);
}

/** Return a ring without points that repeat, or lie on a line between their neighbours. */
function tidy(ring) {
  const distinct = ring.filter(([x, y], n) => {
    const [u, v] = ring.at(n - 1);
    return x !== u || y !== v;
  });
  return distinct.filter(([x, y], n) => {
    const [a, b] = distinct.at(n - 1);
    const [c, d] = distinct[(n + 1) % distinct.length];
    return (x - a) * (d - y) !== (y - b) * (c - x);
  });
}

/** Return the area within a ring. */
function area(ring) {
  const sum = ring.reduce((total, [x, y], n) => {
    const [u, v] = ring.at(n - 1);
    return total + u * y - x * v;
  }, 0);
  return Math.abs(sum) / 2;
}

/** Return rings as one path, each point relative to the one before. */
function pathOf(all) {
  let [x, y] = [0, 0];
  return all
    .map((ring) => {
      const steps = ring.map(([u, v], n) => {
        const step = [u - x, v - y];
        [x, y] = [u, v];
        return pair(step, n > 0);
      });
      [x, y] = ring[0];
      return `m${steps.join("")}z`;
    })
    .join("");
}

/** Return two numbers with the least that separates them. */
function pair([x, y], apart) {
  return `${apart && x >= 0 ? " " : ""}${x}${y < 0 ? "" : " "}${y}`;
}

/** Return the middle of the largest polygon, at the edge of the map if it lies beyond. */
function middle(polygons) {
  const shapes = polygons.map((coordinates) => ({ type: "Polygon", coordinates }));
  const sizes = shapes.map((shape) => geoPath(projection).area(shape));
  const largest = shapes[sizes.indexOf(Math.max(...sizes))];
  const [x, y] = projection(geoCentroid(largest)).map(Math.round);
  return [x, Math.min(y, HEIGHT - MARGIN)];
}

const topology = simplify(presimplify(atlas), WEIGHT);
const small = filter(topology, filterWeight(topology, WEIGHT));
const drawn = byCode(feature(small, small.objects.countries).features.filter((f) => f.geometry));

const [shapes, dots] = [{}, {}];
[...byCode(whole)].sort().forEach(([code, polygons]) => {
  const coordinates = drawn.get(code) || [];
  const all = rings({ type: "MultiPolygon", coordinates });
  if (code !== POLE && all.reduce((sum, ring) => sum + area(ring), 0) >= SMALLEST) {
    shapes[code] = pathOf(all);
  } else if (code) {
    dots[code] = middle(polygons);
  }
});

writeFileSync(TARGET, `${JSON.stringify({ width: WIDTH, height: HEIGHT, shapes, dots })}\n`);
console.log(`${Object.keys(shapes).length} shapes, ${Object.keys(dots).length} dots`);
