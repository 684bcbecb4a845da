// SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
// SPDX-License-Identifier: MIT

import PropTypes from "prop-types";
import React, { useLayoutEffect } from "react";

import { Dashboard } from "./Dashboard";
import { mount } from "./mount";

function Announced({ children, onReady }) {
  useLayoutEffect(onReady, [onReady]);
  return children;
}

Announced.propTypes = {
  children: PropTypes.node.isRequired,
  onReady: PropTypes.func.isRequired,
};

/** Put the interactive dashboard in the place of the server's, which stays until it is drawn. */
export function takeOver(container) {
  const view = JSON.parse(container.dataset.dashboard);
  const level = Number(container.dataset.level);
  const stage = document.createElement("div");
  mount(
    <Announced onReady={() => container.replaceChildren(stage)}>
      <Dashboard view={view} level={level} />
    </Announced>,
    stage
  );
}
