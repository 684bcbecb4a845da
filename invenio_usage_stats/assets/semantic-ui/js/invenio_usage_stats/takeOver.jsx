// SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
// SPDX-License-Identifier: MIT

import PropTypes from "prop-types";
import React, { useLayoutEffect } from "react";
import { OverridableContext, overrideStore } from "react-overridable";

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

/** Keep open what a reader opened before the scripts came. */
function reopen(from, to) {
  const [old, now] = [from, to].map((part) => part.querySelectorAll("details"));
  if (old.length === now.length) {
    old.forEach((details, n) => (now[n].open = details.open));
  }
}

/** Put the interactive dashboard in the place of the server's, which stays until it is drawn. */
export function takeOver(container) {
  const view = JSON.parse(container.dataset.dashboard);
  const level = Number(container.dataset.level);
  const stage = document.createElement("div");
  const ready = () => {
    reopen(container, stage);
    container.replaceChildren(stage);
  };
  mount(
    <OverridableContext.Provider value={overrideStore.getAll()}>
      <Announced onReady={ready}>
        <Dashboard view={view} level={level} />
      </Announced>
    </OverridableContext.Provider>,
    stage
  );
}
