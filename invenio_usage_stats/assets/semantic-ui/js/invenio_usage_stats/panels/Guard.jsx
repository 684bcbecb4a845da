// SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
// SPDX-License-Identifier: MIT

import { i18next } from "@translations/invenio_usage_stats/i18next";
import PropTypes from "prop-types";
import React from "react";

import { panelShape } from "../shapes";

/** Keep a component that fails from taking the other panels with it, until it has other numbers. */
export class Guard extends React.Component {
  static getDerivedStateFromProps({ panel }, state) {
    return panel === state.panel ? null : { panel, failed: false };
  }

  static getDerivedStateFromError() {
    return { failed: true };
  }

  constructor(props) {
    super(props);
    this.state = { panel: props.panel, failed: false };
  }

  render() {
    const { failed } = this.state;
    const { children } = this.props;
    return failed ? (
      <p className="usage-stats-problem">
        {i18next.t("This panel could not be drawn.")}
      </p>
    ) : (
      children
    );
  }
}

Guard.propTypes = { panel: panelShape.isRequired, children: PropTypes.node.isRequired };
