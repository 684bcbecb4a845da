// SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
// SPDX-License-Identifier: MIT

import PropTypes from "prop-types";
import React from "react";

import { metricShape, panelShape, seriesShape } from "../shapes";

function Spark({ series }) {
  const { area, line, tails } = series.geometry;
  return (
    <svg
      className="spark"
      viewBox="0 0 1000 200"
      preserveAspectRatio="none"
      aria-hidden="true"
    >
      <path className="area" d={area} />
      <path className="line" d={line + tails} />
    </svg>
  );
}

Spark.propTypes = { series: seriesShape.isRequired };

/** Show a headline number; a button where the chart can show its metric. */
export function Card({ panel, series, metric }) {
  const content = (
    <>
      <span className="title">{panel.title}</span>{" "}
      <span className="value" data-metric={panel.metric}>
        {panel.short}
      </span>
      {panel.notes.map((note) => (
        <span className="note" key={note}>
          {" "}
          {note}
        </span>
      ))}
      {series[panel.metric] && <Spark series={series[panel.metric]} />}
    </>
  );
  if (!panel.href) {
    return <div className="ui segment usage-stats-card">{content}</div>;
  }
  const current = metric.id === panel.metric;
  return (
    <button
      type="button"
      className={`ui segment usage-stats-card${current ? " active" : ""}`}
      aria-pressed={current}
      onClick={() => metric.choose(panel.metric, panel.href)}
    >
      {content}
    </button>
  );
}

Card.propTypes = {
  panel: panelShape.isRequired,
  series: PropTypes.objectOf(seriesShape).isRequired,
  metric: metricShape.isRequired,
};
