// SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
// SPDX-License-Identifier: MIT

import PropTypes from "prop-types";

const { arrayOf, bool, number, object, objectOf, oneOfType, shape, string } = PropTypes;

export const choiceShape = shape({
  label: string.isRequired,
  href: string.isRequired,
  current: bool.isRequired,
});

export const switchShape = shape({
  label: string.isRequired,
  choices: arrayOf(choiceShape).isRequired,
});

export const linkShape = shape({
  label: string.isRequired,
  href: string.isRequired,
  download: bool,
});

export const lineShape = shape({
  id: string.isRequired,
  label: string.isRequired,
  role: string.isRequired,
  place: number.isRequired,
  values: arrayOf(object).isRequired,
});

export const seriesShape = shape({
  label: string.isRequired,
  title: string.isRequired,
  summary: string.isRequired,
  ticks: arrayOf(object).isRequired,
  marks: arrayOf(object).isRequired,
  zero: number.isRequired,
  columns: arrayOf(
    shape({ label: string.isRequired, x: number.isRequired, partial: bool.isRequired })
  ).isRequired,
  lines: arrayOf(lineShape).isRequired,
  spark: shape({ area: string, line: string }),
});

export const cellShape = shape({
  column: string.isRequired,
  value: number,
  text: string.isRequired,
  share: number.isRequired,
  bar: number,
  percent: string.isRequired,
});

export const rowShape = shape({
  id: string.isRequired,
  label: string.isRequired,
  href: string,
  link: shape({ href: string.isRequired, text: string.isRequired }),
  current: bool,
  cells: arrayOf(cellShape).isRequired,
});

export const panelShape = shape({
  id: string.isRequired,
  name: string.isRequired,
  kind: string.isRequired,
  css: string.isRequired,
  title: string,
  error: string,
  why: string,
  menu: arrayOf(linkShape),
});

/** What a table needs, whether it is a panel or a part of one. */
export const tableShape = shape({
  title: string.isRequired,
  columns: arrayOf(object).isRequired,
  rows: arrayOf(rowShape).isRequired,
  missing: rowShape,
});

export const orderShape = shape({
  column: oneOfType([string, number]).isRequired,
  descending: bool.isRequired,
});

export const viewShape = shape({
  metric: string,
  default_metric: string,
  series: objectOf(seriesShape),
  rows: arrayOf(
    shape({ id: string.isRequired, panels: arrayOf(panelShape).isRequired })
  ).isRequired,
});
