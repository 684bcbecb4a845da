// SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
// SPDX-License-Identifier: MIT

import PropTypes from "prop-types";
import React from "react";

import { names, percent } from "../lib/text";
import { lineShape, seriesShape } from "../shapes";
import { Events, Gaps } from "./Remarks";

function Grid({ series }) {
  const level = (className, at, key) => (
    <line
      key={key}
      className={className}
      x1="0"
      x2="100%"
      y1={percent(at)}
      y2={percent(at)}
    />
  );
  return (
    <>
      {series.ticks.map((tick) => level("grid", tick.at, tick.value))}
      {level("zero", series.zero, "zero")}
    </>
  );
}

Grid.propTypes = { series: seriesShape.isRequired };

function Line({ of: { role, place, line, tails, area } }) {
  return (
    <g className={names(role, `place-${place}`)}>
      {area && <path className="area" d={area} />}
      <path className="line" d={line} />
      {tails && <path className="tail" d={tails} />}
    </g>
  );
}

Line.propTypes = { of: lineShape.isRequired };

function Bars({ bars, lines }) {
  const roleOf = (id) => (lines.find((line) => line.id === id) || {}).role;
  return bars.map(({ id, place, rects }) => (
    <g className={names(roleOf(id), `place-${place}`)} key={id}>
      {rects.map(({ x, width, y, height }) => (
        <rect
          key={x}
          className="bar"
          x={percent(x)}
          width={percent(width)}
          y={percent(y)}
          height={percent(height)}
        />
      ))}
    </g>
  ));
}

Bars.propTypes = {
  bars: PropTypes.array.isRequired,
  lines: PropTypes.arrayOf(lineShape).isRequired,
};

function Cursor({ series, index }) {
  const x = percent(series.columns[index].x);
  const dots = series.bars ? [] : series.lines;
  return (
    <g className="cursor">
      <line x1={x} x2={x} y1="0" y2="100%" />
      {dots.map(
        ({ id, role, place, values }) =>
          values[index] && (
            <circle
              key={role + id}
              className={names(role, `place-${place}`)}
              cx={x}
              cy={percent(values[index].y)}
              r="5"
            />
          )
      )}
    </g>
  );
}

Cursor.propTypes = {
  series: seriesShape.isRequired,
  index: PropTypes.number.isRequired,
};

/** Draw a series with the geometry that the server computed; the first line lies on top. */
export const Plot = React.forwardRef(function Plot({ id, series, index }, ref) {
  return (
    <svg
      className="plot"
      role="img"
      aria-label={series.summary}
      width="100%"
      height="240"
      ref={ref}
    >
      <Grid series={series} />
      <Gaps id={id} gaps={series.gaps || []} />
      {series.bars ? (
        <Bars bars={series.bars} lines={series.lines} />
      ) : (
        <svg
          viewBox="0 0 1000 200"
          preserveAspectRatio="none"
          width="100%"
          height="100%"
        >
          {[...series.lines].reverse().map((line) => (
            <Line key={line.role + line.id} of={line} />
          ))}
        </svg>
      )}
      <Events events={series.events || []} />
      <Cursor series={series} index={index} />
    </svg>
  );
});

Plot.propTypes = {
  id: PropTypes.string.isRequired,
  series: seriesShape.isRequired,
  index: PropTypes.number.isRequired,
};
