// SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
// SPDX-License-Identifier: MIT

import PropTypes from "prop-types";
import React from "react";

/** Show a panel that the instance has added as its own template has drawn it on the server. */
export function Own({ panel }) {
  return <div dangerouslySetInnerHTML={{ __html: panel.html }} />;
}

Own.propTypes = {
  panel: PropTypes.shape({ html: PropTypes.string.isRequired }).isRequired,
};
