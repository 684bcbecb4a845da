// SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
// SPDX-License-Identifier: MIT

import PropTypes from "prop-types";
import React from "react";

import { Card } from "./panels/Card";
import { Chart } from "./panels/Chart";
import { Period } from "./panels/Period";
import { Table } from "./panels/Table";
import { panelShape, seriesShape } from "./shapes";
import { useMetric } from "./state/useMetric";

const PANELS = { card: Card, chart: Chart, period: Period, table: Table };

/** Show the rows of panels of a view model. */
export function Dashboard({ view, level }) {
  const metric = useMetric(view);
  return view.rows.map((row) => (
    <div className="ui grid usage-stats-row" key={row.id}>
      {row.panels.map((panel) => {
        const Panel = PANELS[panel.kind];
        return (
          <div className={panel.css} key={panel.name}>
            <Panel panel={panel} series={view.series} metric={metric} level={level} />
          </div>
        );
      })}
    </div>
  ));
}

Dashboard.propTypes = {
  view: PropTypes.shape({
    metric: PropTypes.string.isRequired,
    default_metric: PropTypes.string.isRequired,
    series: PropTypes.objectOf(seriesShape).isRequired,
    rows: PropTypes.arrayOf(
      PropTypes.shape({
        id: PropTypes.string.isRequired,
        panels: PropTypes.arrayOf(panelShape).isRequired,
      })
    ).isRequired,
  }).isRequired,
  level: PropTypes.number.isRequired,
};
