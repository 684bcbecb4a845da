// SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
// SPDX-License-Identifier: MIT

import React from "react";

import { viewShape } from "../shapes";
import { Switch } from "./Menu";
import { Pills } from "./Pills";
import { Share } from "./Share";

/** Show the switches and filters of the page, and what can be done with it as a whole. */
export function Toolbar({ view }) {
  const { switches = [], share } = view;
  return (
    <>
      <div className="usage-stats-toolbar">
        {switches.map((entry) => (
          <Switch key={entry.name} of={entry} />
        ))}
        {share && <Share share={share} />}
      </div>
      <Pills pills={view.pills || []} clear={view.clear} />
    </>
  );
}

Toolbar.propTypes = { view: viewShape.isRequired };
