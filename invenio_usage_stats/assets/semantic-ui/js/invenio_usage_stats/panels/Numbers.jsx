// SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
// SPDX-License-Identifier: MIT

import { i18next } from "@translations/invenio_usage_stats/i18next";
import React, { useState } from "react";

import { seriesShape } from "../shapes";

function SeriesTable({ series }) {
  return (
    <table className="ui very basic very compact unstackable table">
      <thead>
        <tr>
          <th scope="col">{i18next.t("Period")}</th>
          <th scope="col" className="number">
            {series.label}
          </th>
        </tr>
      </thead>
      <tbody>
        {series.points.map((point) => (
          <tr key={point.label}>
            <th scope="row">
              {point.label} {point.partial && i18next.t("(incomplete)")}
            </th>
            <td className="number">{point.text}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

SeriesTable.propTypes = { series: seriesShape.isRequired };

/** Offer the numbers of a chart as a table, which is built when it is opened. */
export function Numbers({ series }) {
  const [open, setOpen] = useState(false);
  return (
    <details onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{i18next.t("Show the numbers")}</summary>
      {open && <SeriesTable series={series} />}
    </details>
  );
}

Numbers.propTypes = { series: seriesShape.isRequired };
