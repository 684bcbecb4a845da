// SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
// SPDX-License-Identifier: MIT

import { i18next } from "@translations/invenio_usage_stats/i18next";
import PropTypes from "prop-types";
import React from "react";

import { panelShape, rowShape } from "../shapes";
import { useRows } from "../state/useRows";

const FILTER_FROM = 6;

function Line({ row }) {
  return (
    <tr>
      <th scope="row">
        <div className="value">
          <span className="label">{row.label}</span>
          <svg className="share" width="100%" height="4" aria-hidden="true">
            <rect className="whole" width="100%" height="4" />
            <rect className="part" width={`${row.cells[0].share}%`} height="4" />
          </svg>
          <small>{row.cells[0].percent}</small>
        </div>
      </th>
      {row.cells.map((cell) => (
        <td className="number" key={cell.column}>
          {cell.text}
        </td>
      ))}
    </tr>
  );
}

Line.propTypes = { row: rowShape.isRequired };

function Column({ name, label, order, sortBy }) {
  const sorted = order && order.column === name;
  const direction = sorted && (order.descending ? "descending" : "ascending");
  return (
    <th
      scope="col"
      className={name === "label" ? undefined : "number"}
      aria-sort={direction || undefined}
    >
      <button type="button" onClick={() => sortBy(name)}>
        {label}
        <span className="order" aria-hidden="true" />
      </button>
    </th>
  );
}

Column.propTypes = {
  name: PropTypes.oneOfType([PropTypes.string, PropTypes.number]).isRequired,
  label: PropTypes.string.isRequired,
  order: PropTypes.object,
  sortBy: PropTypes.func.isRequired,
};

Column.defaultProps = { order: null };

function Filter({ title, value, onChange }) {
  return (
    <input
      type="search"
      className="filter"
      value={value}
      placeholder={i18next.t("Filter")}
      aria-label={i18next.t("Filter: {{title}}", { title })}
      onChange={(event) => onChange(event.target.value)}
    />
  );
}

Filter.propTypes = {
  title: PropTypes.string.isRequired,
  value: PropTypes.string.isRequired,
  onChange: PropTypes.func.isRequired,
};

function Values({ panel, table }) {
  return (
    <table
      className="ui very basic very compact unstackable table"
      aria-label={panel.title}
    >
      <thead>
        <tr>
          <Column name="label" label={i18next.t("Value")} {...table} />
          {panel.columns.map((column, n) => (
            <Column key={column.id} name={n} label={column.label} {...table} />
          ))}
        </tr>
      </thead>
      <tbody>
        {table.rows.map((row) => (
          <Line key={row.id} row={row} />
        ))}
      </tbody>
      {panel.missing && (
        <tfoot>
          <Line row={panel.missing} />
        </tfoot>
      )}
    </table>
  );
}

Values.propTypes = {
  panel: panelShape.isRequired,
  table: PropTypes.object.isRequired,
};

/** Show the largest values of a dimension, to be sorted and filtered. */
export function Table({ panel, level }) {
  const table = useRows(panel.rows);
  const Heading = `h${level}`;
  const some = panel.rows.length > 0 || panel.missing;
  return (
    <section className="ui segment usage-stats-table">
      <div className="top">
        <Heading className="ui small header">{panel.title}</Heading>
        {panel.rows.length >= FILTER_FROM && (
          <Filter title={panel.title} value={table.filter} onChange={table.setFilter} />
        )}
      </div>
      {some ? (
        <Values panel={panel} table={table} />
      ) : (
        <p>{i18next.t("No values in this period.")}</p>
      )}
      {panel.count && <p className="note">{panel.count}</p>}
    </section>
  );
}

Table.propTypes = { panel: panelShape.isRequired, level: PropTypes.number.isRequired };
