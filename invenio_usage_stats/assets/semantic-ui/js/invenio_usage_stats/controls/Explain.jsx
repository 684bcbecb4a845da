// SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
// SPDX-License-Identifier: MIT

import PropTypes from "prop-types";
import React from "react";

import { Why } from "./Why";

/** Show how a number came about, step by step. */
export function Explain({ explain: { title, steps, why } }) {
  return (
    <details className="explain" open>
      <summary>{title}</summary>
      {why && <Why of={{ why }} />}
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
  explain: PropTypes.shape({
    title: PropTypes.string,
    steps: PropTypes.array,
    why: PropTypes.string,
  }).isRequired,
};
