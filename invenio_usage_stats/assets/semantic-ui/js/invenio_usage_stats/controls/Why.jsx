// SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
// SPDX-License-Identifier: MIT

import PropTypes from "prop-types";
import React from "react";

import { linkShape } from "../shapes";

/** Say why there is no answer, and show the way to one. */
export function Why({ of: { why, way } }) {
  return (
    <p className="usage-stats-why">
      {why} {way && <a href={way.href}>{way.label}</a>}
    </p>
  );
}

Why.propTypes = {
  of: PropTypes.shape({ why: PropTypes.string.isRequired, way: linkShape }).isRequired,
};
