// SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
// SPDX-License-Identifier: MIT

import PropTypes from "prop-types";
import React from "react";

import { names } from "../lib/text";
import { orderShape } from "../shapes";

const arrow = <span className="order" aria-hidden="true" />;

function Head({ href, onClick, children }) {
  if (href) {
    return <a href={href}>{children}</a>;
  }
  return onClick ? (
    <button type="button" onClick={onClick}>
      {children}
    </button>
  ) : (
    <span>{children}</span>
  );
}

Head.propTypes = {
  href: PropTypes.string,
  onClick: PropTypes.func,
  children: PropTypes.node.isRequired,
};

Head.defaultProps = { href: null, onClick: null };

/** Show a head of a column: a link ranks anew, a button sorts the rows where they are all. */
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
      <Head href={href} onClick={sortBy && (() => sortBy(name))}>
        {label}
        {arrow}
      </Head>
    </th>
  );
}

Column.propTypes = {
  name: PropTypes.oneOfType([PropTypes.string, PropTypes.number]).isRequired,
  label: PropTypes.string.isRequired,
  href: PropTypes.string,
  current: PropTypes.bool,
  order: orderShape,
  sortBy: PropTypes.func,
};

Column.defaultProps = { href: null, current: false, order: null, sortBy: null };
