// SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
// SPDX-License-Identifier: MIT

import { useState } from "react";

const LABEL = "label";
const DELIVERED = { column: 0, descending: true };

// what is withheld has no value and stands behind all numbers
const number = (cell) => (cell.value === null ? -Infinity : cell.value);

function compare(order) {
  const sign = order.descending ? -1 : 1;
  if (order.column === LABEL) {
    return (a, b) => sign * a.label.localeCompare(b.label);
  }
  return (a, b) =>
    sign *
    Math.sign(number(a.cells[order.column]) - number(b.cells[order.column]) || 0);
}

/** Return the rows that match a text, in an order; without one as they were delivered. */
export function arrange(rows, filter, order) {
  const wanted = filter.trim().toLocaleLowerCase();
  const found = rows.filter((row) => row.label.toLocaleLowerCase().includes(wanted));
  return order ? [...found].sort(compare(order)) : found;
}

/** Return the order after a click on a column: numbers start with the largest. */
export function nextOrder(order, column) {
  const descending =
    order && order.column === column ? !order.descending : column !== LABEL;
  return { column, descending };
}

/** Hold filter and order of a table. */
export function useRows({ rows, columns }) {
  const [filter, setFilter] = useState("");
  const [chosen, setOrder] = useState(null);
  const ranking = columns.map(({ id }) => id).join();
  // another ranking comes in its own order, and may lack the column
  const order = chosen && chosen.ranking === ranking ? chosen : null;
  return {
    rows: arrange(rows, filter, order),
    filter,
    setFilter,
    order,
    sortBy: (column) => setOrder({ ...nextOrder(order || DELIVERED, column), ranking }),
  };
}
