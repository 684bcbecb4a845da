// SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
// SPDX-License-Identifier: MIT

import PropTypes from "prop-types";
import React from "react";

import { pointShape, seriesShape } from "../shapes";

const share = (number) => `${number}%`;

function Lines({ series }) {
  const { ticks, geometry } = series;
  return (
    <>
      {ticks.map((tick) => (
        <line
          key={tick.value}
          className="grid"
          x1="0"
          x2="100%"
          y1={share(tick.at)}
          y2={share(tick.at)}
        />
      ))}
      <line
        className="zero"
        x1="0"
        x2="100%"
        y1={share(geometry.zero)}
        y2={share(geometry.zero)}
      />
    </>
  );
}

Lines.propTypes = { series: seriesShape.isRequired };

function Cursor({ point }) {
  return (
    <>
      <line
        className="cursor"
        x1={share(point.x)}
        x2={share(point.x)}
        y1="0"
        y2="100%"
      />
      <circle className="cursor" cx={share(point.x)} cy={share(point.y)} r="5" />
    </>
  );
}

Cursor.propTypes = { point: pointShape.isRequired };

/** Draw a series with the geometry that the server computed. */
export const Plot = React.forwardRef(function Plot({ series, point }, ref) {
  const { area, line, tails } = series.geometry;
  return (
    <svg
      className="plot"
      role="img"
      aria-label={series.summary}
      width="100%"
      height="200"
      ref={ref}
    >
      <Lines series={series} />
      <svg viewBox="0 0 1000 200" preserveAspectRatio="none" width="100%" height="100%">
        <path className="area" d={area} />
        <path className="line" d={line} />
        <path className="tail" d={tails} />
      </svg>
      <Cursor point={point} />
    </svg>
  );
});

Plot.propTypes = {
  series: seriesShape.isRequired,
  point: pointShape.isRequired,
};

/** Draw the labels of the time axis. */
export function Time({ marks }) {
  return (
    <svg className="time" width="100%" height="20" aria-hidden="true">
      {marks.map((mark, n) => (
        <text
          key={mark.at}
          x={share(mark.at)}
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

Time.propTypes = { marks: PropTypes.arrayOf(PropTypes.object).isRequired };
