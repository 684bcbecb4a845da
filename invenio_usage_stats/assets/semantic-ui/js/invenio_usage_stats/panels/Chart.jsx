// SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
// SPDX-License-Identifier: MIT

import { i18next } from "@translations/invenio_usage_stats/i18next";
import PropTypes from "prop-types";
import React, { useRef, useState } from "react";

import { Ends, Legend, Scale, Time } from "../charts/Axes";
import { Numbers } from "../charts/Numbers";
import { Plot } from "../charts/Plot";
import { lastComplete, Reader, usePointer } from "../charts/Reader";
import { Remarks } from "../charts/Remarks";
import { Choices } from "../controls/Choices";
import { Explain } from "../controls/Explain";
import { Switch } from "../controls/Menu";
import { Why } from "../controls/Why";
import { names } from "../lib/text";
import { panelShape, seriesShape, viewShape } from "../shapes";

function Controls({ controls: { interval = [], cumulative = [], dimension } }) {
  return (
    <div className="controls">
      {interval.length > 1 && (
        <Choices label={i18next.t("Interval")} choices={interval} />
      )}
      {cumulative.length > 1 && (
        <Choices label={i18next.t("Per period or cumulative")} choices={cumulative} />
      )}
      {dimension && <Switch of={dimension} />}
    </div>
  );
}

Controls.propTypes = { controls: PropTypes.object.isRequired };

function Drawing({ id, series }) {
  const [index, setIndex] = useState(() => lastComplete(series.columns));
  const plot = useRef(null);
  usePointer(plot, series.columns, setIndex);
  const named = !series.bars && series.lines.length > 1;
  return (
    <>
      <Legend series={series} />
      <div className={names("frame", named && "named")}>
        <Scale ticks={series.ticks} />
        <Plot id={id} series={series} index={index} ref={plot} />
        <Ends series={series} />
        <Time marks={series.marks} />
        <Reader series={series} index={index} onRead={setIndex} />
      </div>
    </>
  );
}

Drawing.propTypes = { id: PropTypes.string.isRequired, series: seriesShape.isRequired };

/** Show the series of the chosen metric, a cursor to read it, and its numbers as a table. */
export function Chart({ panel, view, metric }) {
  const series = view.series[metric];
  const first = series && series.columns[0];
  return (
    <>
      <Controls controls={panel.controls || {}} />
      {first ? (
        // another number of intervals is another place to start reading
        <Drawing
          key={`${first.label} ${series.columns.length}`}
          id={panel.id}
          series={series}
        />
      ) : (
        <p>{i18next.t("No numbers in this period.")}</p>
      )}
      {first && <Remarks series={series} />}
      {first && series.why && <Why of={series} />}
      {first && <Numbers series={series} />}
      {panel.explain && metric === view.metric && <Explain explain={panel.explain} />}
    </>
  );
}

Chart.propTypes = {
  panel: panelShape.isRequired,
  view: viewShape.isRequired,
  metric: PropTypes.string.isRequired,
};
