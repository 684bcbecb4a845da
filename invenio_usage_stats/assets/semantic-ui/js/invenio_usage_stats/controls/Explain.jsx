// SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
// SPDX-License-Identifier: MIT

import PropTypes from "prop-types";
import React from "react";

/** Show how a number came about, step by step. */
export function Explain({ explain: { title, steps } }) {
  return (
    <details className="explain">
      <summary>{title}</summary>
      <dl>
        {steps.map(({ label, value, text }) => (
          <React.Fragment key={label}>
            <dt>
              {label} <b>{value}</b>
            </dt>
            <dd>{text}</dd>
          </React.Fragment>
        ))}
      </dl>
    </details>
  );
}

Explain.propTypes = {
  explain: PropTypes.shape({ title: PropTypes.string, steps: PropTypes.array })
    .isRequired,
};
