// SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
// SPDX-License-Identifier: MIT

import { i18next } from "@translations/invenio_usage_stats/i18next";
import PropTypes from "prop-types";
import React, { useEffect, useRef, useState } from "react";

import { metricShape, panelShape, pointShape, seriesShape } from "../shapes";
import { Numbers } from "./Numbers";
import { Plot, Time } from "./Plot";

function lastComplete(points) {
  const whole = points.map((point) => !point.partial).lastIndexOf(true);
  return whole < 0 ? points.length - 1 : whole;
}

function usePointer(plot, count, onRead) {
  useEffect(() => {
    const target = plot.current;
    const read = (event) => {
      const { left, width } = target.getBoundingClientRect();
      const place = Math.round(((event.clientX - left) / width) * (count - 1));
      onRead(Math.min(Math.max(place, 0), count - 1));
    };
    target.addEventListener("pointermove", read);
    return () => target.removeEventListener("pointermove", read);
  }, [plot, count, onRead]);
}

function Reader({ points, index, onRead }) {
  const point = points[index];
  const text = `${point.label}: ${point.text}`;
  return (
    <div className="reading">
      <p>
        {text} {point.partial && i18next.t("(incomplete)")}
      </p>
      <input
        type="range"
        min="0"
        max={points.length - 1}
        value={index}
        aria-label={i18next.t("Read the chart")}
        aria-valuetext={text}
        onChange={(event) => onRead(Number(event.target.value))}
      />
    </div>
  );
}

Reader.propTypes = {
  points: PropTypes.arrayOf(pointShape).isRequired,
  index: PropTypes.number.isRequired,
  onRead: PropTypes.func.isRequired,
};

/** Show the series of the chosen metric, a cursor to read it, and its numbers as a table. */
export function Chart({ panel, series, metric, level }) {
  const shown = series[metric.id];
  const [index, setIndex] = useState(() => lastComplete(shown.points));
  const plot = useRef(null);
  usePointer(plot, shown.points.length, setIndex);
  const Heading = `h${level}`;
  return (
    <figure className="ui segment usage-stats-chart">
      <figcaption>
        <Heading className="ui small header">{panel.title || shown.title}</Heading>
      </figcaption>
      <div className="frame">
        <div className="scale" aria-hidden="true">
          {[...shown.ticks].reverse().map((tick) => (
            <span key={tick.value}>{tick.text}</span>
          ))}
        </div>
        <Plot series={shown} point={shown.points[index]} ref={plot} />
        <Time marks={shown.marks} />
        <Reader points={shown.points} index={index} onRead={setIndex} />
      </div>
      <Numbers series={shown} />
    </figure>
  );
}

Chart.propTypes = {
  panel: panelShape.isRequired,
  series: PropTypes.objectOf(seriesShape).isRequired,
  metric: metricShape.isRequired,
  level: PropTypes.number.isRequired,
};
