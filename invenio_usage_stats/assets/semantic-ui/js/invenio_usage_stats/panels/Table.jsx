// SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
// SPDX-License-Identifier: MIT

import { i18next } from "@translations/invenio_usage_stats/i18next";
import PropTypes from "prop-types";
import React from "react";

import { percent } from "../lib/text";
import { rowShape, tableShape } from "../shapes";
import { useRows } from "../state/useRows";
import { Column } from "./Column";

const SEARCHED_FROM = 6;

function Label({ row: { label, href, link, current } }) {
  if (href) {
    return (
      <a className="label" href={href} aria-current={current ? "true" : undefined}>
        {label}
        {current && <i className="close icon" aria-hidden="true" />}
      </a>
    );
  }
  return link ? (
    <a className="label" href={link.href}>
      {label}
    </a>
  ) : (
    <span className="label">{label}</span>
  );
}

Label.propTypes = { row: rowShape.isRequired };

function Value({ row }) {
  const [first] = row.cells;
  return (
    <div className="value">
      <svg className="share" width="100%" height="100%" aria-hidden="true">
        <rect
          width={percent(first.bar === undefined ? first.share : first.bar)}
          height="100%"
        />
      </svg>
      <Label row={row} />
      {row.href && row.link && (
        <a className="out" href={row.link.href} aria-label={row.link.text}>
          <i className="external alternate icon" aria-hidden="true" />
        </a>
      )}
      <small>{first.percent}</small>
    </div>
  );
}

Value.propTypes = { row: rowShape.isRequired };

function Line({ row }) {
  return (
    <tr className={row.current ? "current" : undefined}>
      <th scope="row">
        <Value row={row} />
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

function Search({ title, rows, value, onChange }) {
  return (
    <input
      type="search"
      className="filter"
      value={value}
      placeholder={
        rows ? i18next.t("Search these {{rows}}", { rows }) : i18next.t("Search")
      }
      aria-label={i18next.t("Search: {{title}}", { title })}
      onChange={(event) => onChange(event.target.value)}
    />
  );
}

Search.propTypes = {
  title: PropTypes.string.isRequired,
  rows: PropTypes.number,
  value: PropTypes.string.isRequired,
  onChange: PropTypes.func.isRequired,
};

Search.defaultProps = { rows: null };

function Values({ panel, table }) {
  // what is scrolled without links in it is scrolled with the keyboard, too
  const scrolled = panel.rows.some((row) => row.href || row.link)
    ? {}
    : { tabIndex: "0", role: "group" };
  return (
    <div className="scrolled" {...scrolled} aria-label={scrolled.role && panel.title}>
      <table
        className="ui very basic very compact unstackable table"
        aria-label={panel.title}
      >
        <thead>
          <tr>
            <Column name="label" label={panel.label || i18next.t("Value")} {...table} />
            {panel.columns.map((column, n) => (
              <Column
                key={column.id}
                name={n}
                label={column.label}
                href={column.href}
                current={column.current}
                {...table}
              />
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
    </div>
  );
}

Values.propTypes = {
  panel: tableShape.isRequired,
  table: PropTypes.object.isRequired,
};

function Pager({ pager: { previous, next, text } }) {
  return (
    <nav className="pager" aria-label={text}>
      {previous && <a href={previous}>{i18next.t("Previous")}</a>}
      <span>{text}</span>
      {next && <a href={next}>{i18next.t("Next")}</a>}
    </nav>
  );
}

Pager.propTypes = { pager: PropTypes.object.isRequired };

/** Tell whether a table holds all rows that there are: others are ranked by the server only. */
const isWhole = ({ all, pager }) => !all && !(pager && (pager.previous || pager.next));

/** Show the largest values of a dimension or the first of a list, to be sorted and searched. */
export function Table({ panel }) {
  const { sortBy, ...table } = useRows(panel);
  const { back, count, note, all, pager } = panel;
  const whole = isWhole(panel);
  if (panel.rows.length === 0 && !panel.missing) {
    return (
      <p className="usage-stats-why">
        {panel.empty || i18next.t("No values in this period.")}
      </p>
    );
  }
  return (
    <>
      {back && <a href={back.href}>{back.label}</a>}
      {panel.rows.length >= SEARCHED_FROM && (
        <Search
          title={panel.title}
          rows={whole ? null : panel.rows.length}
          value={table.filter}
          onChange={table.setFilter}
        />
      )}
      <Values panel={panel} table={whole ? { ...table, sortBy } : table} />
      <p className="usage-stats-why" role="status">
        {table.filter &&
          table.rows.length === 0 &&
          i18next.t("None of these rows has this text.")}
      </p>
      {(count || all || note) && (
        <p className="note">
          {count} {all && <a href={all}>{i18next.t("Show all")}</a>} {note}
        </p>
      )}
      {pager && <Pager pager={pager} />}
    </>
  );
}

Table.propTypes = { panel: tableShape.isRequired };
