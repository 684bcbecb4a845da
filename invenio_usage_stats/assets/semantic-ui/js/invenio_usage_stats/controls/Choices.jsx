// SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
// SPDX-License-Identifier: MIT

import PropTypes from "prop-types";
import React from "react";

import { choiceShape } from "../shapes";

/** Offer a few states of the page as links beside each other. */
export function Choices({ label, choices }) {
  return (
    <nav className="usage-stats-choices" aria-label={label}>
      {choices.map((choice) => (
        <a
          key={choice.label}
          href={choice.href}
          aria-current={choice.current ? "true" : undefined}
        >
          {choice.label}
        </a>
      ))}
    </nav>
  );
}

Choices.propTypes = {
  label: PropTypes.string.isRequired,
  choices: PropTypes.arrayOf(choiceShape).isRequired,
};
