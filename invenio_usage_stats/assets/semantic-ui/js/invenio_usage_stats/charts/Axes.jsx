// SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
// SPDX-License-Identifier: MIT

import PropTypes from "prop-types";
import React from "react";

import { names, percent, short } from "../lib/text";
import { lineShape, seriesShape } from "../shapes";

/** Show the labels of the value axis. */
export function Scale({ ticks }) {
  return (
    <div className="scale" aria-hidden="true">
      {[...ticks].reverse().map((tick) => (
        <span key={tick.value}>{tick.text}</span>
      ))}
    </div>
  );
}

Scale.propTypes = { ticks: PropTypes.array.isRequired };

/** Draw the labels of the time axis. */
export function Time({ marks }) {
  return (
    <svg className="time" width="100%" height="20" aria-hidden="true">
      {marks.map((mark, n) => (
        <text
          key={mark.at}
          x={percent(mark.at)}
          y="15"
          textAnchor={mark.anchor}
          className={n % 2 ? "minor" : undefined}
        >
          {mark.text}
        </text>
      ))}
    </svg>
  );
}

Time.propTypes = { marks: PropTypes.array.isRequired };

const several = (series) => series.lines.length > 1;

/** Name the lines where they end. */
export function Ends({ series }) {
  const ended = series.lines.filter(({ end }) => end);
  if (series.bars || !several(series)) {
    return null;
  }
  return (
    <svg className="ends" width="100%" height="240" aria-hidden="true">
      {ended.map(({ id, role, place, label, end }) => (
        <text
          key={role + id}
          className={names(role, `place-${place}`)}
          x="0"
          y={percent(end.at === undefined ? end.y : end.at)}
          dy="4"
        >
          {short(label)}
        </text>
      ))}
    </svg>
  );
}

Ends.propTypes = { series: seriesShape.isRequired };

function Key({ line: { role, place, label } }) {
  return (
    <li className={names(role, `place-${place}`)}>
      <svg width="20" height="12" aria-hidden="true">
        <line className="line" x1="0" x2="20" y1="6" y2="6" />
      </svg>
      {label}
    </li>
  );
}

Key.propTypes = { line: lineShape.isRequired };

/** Name bars, and lines where there is no room at their ends. */
export function Legend({ series }) {
  if (!several(series)) {
    return null;
  }
  return (
    <ul className={names("legend", !series.bars && "narrow")}>
      {series.lines.map((line) => (
        <Key key={line.role + line.id} line={line} />
      ))}
    </ul>
  );
}

Legend.propTypes = { series: seriesShape.isRequired };
