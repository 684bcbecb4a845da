// SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
// SPDX-License-Identifier: MIT

import PropTypes from "prop-types";
import React from "react";

import { percent } from "../lib/text";
import { seriesShape } from "../shapes";

/** Hatch the days without data. */
export function Gaps({ id, gaps }) {
  if (gaps.length === 0) {
    return null;
  }
  const hatch = `${id}-hatch`;
  return (
    <>
      <pattern
        id={hatch}
        width="8"
        height="8"
        patternUnits="userSpaceOnUse"
        patternTransform="rotate(45)"
      >
        <line className="hatch" y2="8" />
      </pattern>
      {gaps.map(({ x, width }) => (
        <rect
          key={x}
          x={percent(x)}
          width={percent(width)}
          height="100%"
          fill={`url(#${hatch})`}
        />
      ))}
    </>
  );
}

Gaps.propTypes = { id: PropTypes.string.isRequired, gaps: PropTypes.array.isRequired };

/** Mark the days from which on something is counted in another way. */
export function Events({ events }) {
  return events.map(({ x, text }, n) => (
    <g className="event" key={text}>
      <line x1={percent(x)} x2={percent(x)} y1="0" y2="100%" />
      <circle cx={percent(x)} cy="9" r="8" />
      <text x={percent(x)} y="13" textAnchor="middle">
        {n + 1}
      </text>
    </g>
  ));
}

Events.propTypes = { events: PropTypes.array.isRequired };

/** Say in words what is hatched and marked in the chart. */
export function Remarks({ series: { gaps = [], events = [] } }) {
  return (
    <>
      {events.length > 0 && (
        <ol className="note">
          {events.map(({ text }) => (
            <li key={text}>{text}</li>
          ))}
        </ol>
      )}
      {gaps.map(({ text }) => (
        <p className="note" key={text}>
          {text}
        </p>
      ))}
    </>
  );
}

Remarks.propTypes = { series: seriesShape.isRequired };
