// SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
// SPDX-License-Identifier: MIT

import { i18next } from "@translations/invenio_usage_stats/i18next";
import PropTypes from "prop-types";
import React, { useEffect } from "react";

import { names } from "../lib/text";
import { seriesShape } from "../shapes";

const THUMB = 16;

/** Return the place of the last interval that is over; of the last one if none is. */
export function lastComplete(columns) {
  const whole = columns.map((column) => !column.partial).lastIndexOf(true);
  return whole < 0 ? columns.length - 1 : whole;
}

/** Return the place of the column that lies nearest to a share of the width. */
export function nearest(columns, share) {
  const distances = columns.map(({ x }) => Math.abs(x - share));
  return Math.max(distances.indexOf(Math.min(...distances)), 0);
}

/** Return the lines that have a value at a place. */
const valued = (series, index) => series.lines.filter(({ values }) => values[index]);

/** Return what a chart shows at a place, in words. */
export function reading(series, index) {
  const lines = valued(series, index);
  const { label, partial } = series.columns[index];
  const texts = lines.map((line) =>
    lines.length > 1
      ? i18next.t("{{line}} {{value}}", {
          line: line.label,
          value: line.values[index].text,
        })
      : line.values[index].text
  );
  const text = `${label}: ${texts.join(", ")}`;
  return partial ? `${text} ${i18next.t("(incomplete)")}` : text;
}

/** Return where a slider's thumb stands below the cursor: browsers keep it within the slider. */
function beneath(columns) {
  const [{ x: first }] = columns;
  const { x: last } = columns[columns.length - 1];
  return {
    marginLeft: `calc(${first}% - ${THUMB / 2}px)`,
    width: `calc(${last - first}% + ${THUMB}px)`,
  };
}

/** Let the pointer choose the place that is read. */
export function usePointer(plot, columns, onRead) {
  useEffect(() => {
    const target = plot.current;
    const read = (event) => {
      const { left, width } = target.getBoundingClientRect();
      onRead(nearest(columns, (100 * (event.clientX - left)) / width));
    };
    target.addEventListener("pointermove", read);
    return () => target.removeEventListener("pointermove", read);
  }, [plot, columns, onRead]);
}

/** Show the numbers at a place of the chart, and a slider to choose it. */
export function Reader({ series, index, onRead }) {
  const lines = valued(series, index);
  const { label, partial } = series.columns[index];
  const several = series.columns.length > 1;
  return (
    <div className="reading">
      {several && (
        <input
          type="range"
          style={beneath(series.columns)}
          min="0"
          max={series.columns.length - 1}
          value={index}
          aria-label={i18next.t("Read the chart")}
          aria-valuetext={reading(series, index)}
          onChange={(event) => onRead(Number(event.target.value))}
        />
      )}
      <p aria-hidden={several ? "true" : undefined}>
        <strong>{label}</strong> {partial && i18next.t("(incomplete)")}
        {lines.map(({ id, role, place, label: line, values }) => (
          <span key={role + id} className={names("read", role, `place-${place}`)}>
            {series.lines.length > 1 && `${line} `}
            <b>{values[index].text}</b>
          </span>
        ))}
      </p>
    </div>
  );
}

Reader.propTypes = {
  series: seriesShape.isRequired,
  index: PropTypes.number.isRequired,
  onRead: PropTypes.func.isRequired,
};
