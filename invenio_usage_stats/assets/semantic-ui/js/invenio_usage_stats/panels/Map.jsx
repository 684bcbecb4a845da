// SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
// SPDX-License-Identifier: MIT

import PropTypes from "prop-types";
import React from "react";

import { panelShape } from "../shapes";

/** Show where readers come from, in words. */
export function Map({ panel }) {
  return (
    <ul className="countries">
      {panel.countries.map(({ id, label, text }) => (
        <li key={id}>
          {label} <b>{text}</b>
        </li>
      ))}
    </ul>
  );
}

Map.propTypes = {
  panel: PropTypes.oneOfType([panelShape, PropTypes.object]).isRequired,
};
