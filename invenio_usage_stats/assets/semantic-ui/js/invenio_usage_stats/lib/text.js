// SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
// SPDX-License-Identifier: MIT

const LABEL = 20;

/** Return a label that fits beside a chart. */
export const short = (label) =>
  label.length > LABEL ? `${label.slice(0, LABEL - 1).trimEnd()}…` : label;

/** Return a number as per cent for SVG. */
export const percent = (number) => `${number}%`;

/** Return class names without those that do not apply. */
export const names = (...given) => given.filter(Boolean).join(" ");
