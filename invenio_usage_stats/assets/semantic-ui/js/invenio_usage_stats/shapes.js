// SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
// SPDX-License-Identifier: MIT

import PropTypes from "prop-types";

export const pointShape = PropTypes.shape({
  label: PropTypes.string.isRequired,
  text: PropTypes.string.isRequired,
  x: PropTypes.number.isRequired,
  y: PropTypes.number.isRequired,
  partial: PropTypes.bool.isRequired,
});

export const seriesShape = PropTypes.shape({
  label: PropTypes.string.isRequired,
  title: PropTypes.string.isRequired,
  summary: PropTypes.string.isRequired,
  points: PropTypes.arrayOf(pointShape).isRequired,
  ticks: PropTypes.arrayOf(PropTypes.object).isRequired,
  marks: PropTypes.arrayOf(PropTypes.object).isRequired,
  geometry: PropTypes.object.isRequired,
});

export const cellShape = PropTypes.shape({
  column: PropTypes.string.isRequired,
  value: PropTypes.number.isRequired,
  text: PropTypes.string.isRequired,
  share: PropTypes.number.isRequired,
  percent: PropTypes.string.isRequired,
});

export const rowShape = PropTypes.shape({
  id: PropTypes.string.isRequired,
  label: PropTypes.string.isRequired,
  cells: PropTypes.arrayOf(cellShape).isRequired,
});

export const panelShape = PropTypes.shape({
  name: PropTypes.string.isRequired,
  kind: PropTypes.oneOf(["period", "card", "chart", "table"]).isRequired,
  css: PropTypes.string.isRequired,
});

export const metricShape = PropTypes.shape({
  id: PropTypes.string.isRequired,
  choose: PropTypes.func.isRequired,
  keep: PropTypes.func.isRequired,
  parameter: PropTypes.string,
});
