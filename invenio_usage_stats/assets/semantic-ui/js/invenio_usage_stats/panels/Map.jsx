// SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
// SPDX-License-Identifier: MIT

import { i18next } from "@translations/invenio_usage_stats/i18next";
import PropTypes from "prop-types";
import React, { Suspense } from "react";

import { panelShape } from "../shapes";
import { Table } from "./Table";

function NoMap() {
  return <p>{i18next.t("The map could not be loaded. The table has its numbers.")}</p>;
}

const WorldMap = React.lazy(() =>
  import("../charts/WorldMap").catch(() => ({ default: NoMap }))
);

function Legend({ entries }) {
  return (
    <ul className="legend">
      {entries.map((entry) => (
        <li key={entry.class}>
          <svg width="16" height="12" aria-hidden="true">
            <rect className={`shade-${entry.class}`} width="16" height="12" />
          </svg>{" "}
          {entry.text}
        </li>
      ))}
    </ul>
  );
}

Legend.propTypes = { entries: PropTypes.arrayOf(PropTypes.object).isRequired };

/** Show countries in shades, and beside them the table of the same numbers. */
export function Map({ panel }) {
  return (
    <div className="beside">
      <figure>
        <p>{panel.summary}</p>
        <Suspense fallback={<div className="world" />}>
          <WorldMap countries={panel.countries} />
        </Suspense>
        <figcaption>
          <Legend entries={panel.legend} />
          <p className="note">
            {panel.unknown} {panel.note}
          </p>
        </figcaption>
      </figure>
      <div>
        <Table panel={{ ...panel, ...panel.table }} />
      </div>
    </div>
  );
}

Map.propTypes = { panel: panelShape.isRequired };
