// SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
// SPDX-License-Identifier: MIT

import { i18next } from "@translations/invenio_usage_stats/i18next";
import React, { useEffect, useState } from "react";

import { seriesShape } from "../shapes";

const NO_VALUE = "–";

function SeriesTable({ series: { title, columns, lines } }) {
  return (
    // long tables are scrolled with the keyboard, too
    // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <div className="scrolled" role="region" aria-label={title} tabIndex="0">
      <table
        className="ui very basic very compact unstackable table"
        aria-label={title}
      >
        <thead>
          <tr>
            <th scope="col">{i18next.t("Period")}</th>
            {lines.map((line) => (
              <th scope="col" className="number" key={line.role + line.id}>
                {line.label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {columns.map((column, n) => (
            <tr key={column.x}>
              <th scope="row">
                {column.label} {column.partial && i18next.t("(incomplete)")}
              </th>
              {lines.map(({ id, role, values }) => (
                <td className="number" key={role + id}>
                  {values[n] ? values[n].text : NO_VALUE}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

SeriesTable.propTypes = { series: seriesShape.isRequired };

/** Offer the numbers of a chart as a table, which is built when it is opened or printed. */
export function Numbers({ series }) {
  const [open, setOpen] = useState(false);
  useEffect(() => {
    const print = () => setOpen(true);
    window.addEventListener("beforeprint", print);
    return () => window.removeEventListener("beforeprint", print);
  }, []);
  return (
    <details
      className="numbers"
      onToggle={(event) => setOpen(event.currentTarget.open)}
    >
      <summary>{i18next.t("Show the numbers")}</summary>
      {open && <SeriesTable series={series} />}
    </details>
  );
}

Numbers.propTypes = { series: seriesShape.isRequired };
