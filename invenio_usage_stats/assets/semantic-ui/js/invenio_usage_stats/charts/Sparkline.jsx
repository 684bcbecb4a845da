// SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
// SPDX-License-Identifier: MIT

import PropTypes from "prop-types";
import React from "react";

/** Draw the course of a headline number; the chart and its table say the same in words. */
export function Sparkline({ spark }) {
  return (
    <svg
      className="spark"
      viewBox="0 0 1000 200"
      preserveAspectRatio="none"
      aria-hidden="true"
    >
      <path className="area" d={spark.area} />
      <path className="line" d={spark.line} />
    </svg>
  );
}

Sparkline.propTypes = {
  spark: PropTypes.shape({ area: PropTypes.string, line: PropTypes.string }).isRequired,
};
