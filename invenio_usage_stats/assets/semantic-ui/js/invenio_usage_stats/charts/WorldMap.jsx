// SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
// SPDX-License-Identifier: MIT

import PropTypes from "prop-types";
import React from "react";
import world from "./world.json";

const DOT = 3;

function Country({ entry, children }) {
  if (!entry) {
    return <g className="shade-0">{children}</g>;
  }
  const title = <title>{`${entry.label}: ${entry.text}`}</title>;
  const shade = `shade-${entry.class}`;
  return entry.href ? (
    <a className={shade} href={entry.href} tabIndex="-1">
      {title}
      {children}
    </a>
  ) : (
    <g className={shade}>
      {title}
      {children}
    </g>
  );
}

Country.propTypes = { entry: PropTypes.object, children: PropTypes.node.isRequired };
Country.defaultProps = { entry: null };

/**
 * Draw the countries of the world in shades.
 *
 * The table beside it says and links the same: the shapes are for eyes and pointers only.
 */
export default function WorldMap({ countries }) {
  const known = Object.fromEntries(countries.map((entry) => [entry.id, entry]));
  return (
    <svg
      className="world"
      viewBox={`0 0 ${world.width} ${world.height}`}
      aria-hidden="true"
    >
      {Object.entries(world.shapes).map(([id, path]) => (
        <Country key={id} entry={known[id]}>
          <path d={path} />
        </Country>
      ))}
      {Object.entries(world.dots).map(([id, [x, y]]) => (
        <Country key={id} entry={known[id]}>
          <circle cx={x} cy={y} r={DOT} />
        </Country>
      ))}
    </svg>
  );
}

WorldMap.propTypes = { countries: PropTypes.arrayOf(PropTypes.object).isRequired };
