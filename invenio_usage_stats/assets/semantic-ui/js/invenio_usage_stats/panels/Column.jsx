// SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
// SPDX-License-Identifier: MIT

import PropTypes from "prop-types";
import React from "react";

import { names } from "../lib/text";
import { orderShape } from "../shapes";

const arrow = <span className="order" aria-hidden="true" />;

/** Show a head of a column that sorts: all values by a link, else the rows that are there. */
export function Column({ name, label, href, current, order, sortBy }) {
  const mine = order && order.column === name;
  const descending = mine ? order.descending : current && !order;
  const direction = (mine || descending) && (descending ? "descending" : "ascending");
  return (
    <th
      scope="col"
      className={names(name !== "label" && "number") || undefined}
      aria-sort={direction || undefined}
    >
      {href ? (
        <a href={href}>
          {label}
          {arrow}
        </a>
      ) : (
        <button type="button" onClick={() => sortBy(name)}>
          {label}
          {arrow}
        </button>
      )}
    </th>
  );
}

Column.propTypes = {
  name: PropTypes.oneOfType([PropTypes.string, PropTypes.number]).isRequired,
  label: PropTypes.string.isRequired,
  href: PropTypes.string,
  current: PropTypes.bool,
  order: orderShape,
  sortBy: PropTypes.func.isRequired,
};

Column.defaultProps = { href: null, current: false, order: null };
