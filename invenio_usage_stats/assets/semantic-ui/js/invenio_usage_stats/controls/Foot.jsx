// SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
// SPDX-License-Identifier: MIT

import { i18next } from "@translations/invenio_usage_stats/i18next";
import PropTypes from "prop-types";
import React from "react";

/** Show what the numbers mean and how fresh they are. */
export function Foot({ foot }) {
  const { definitions, notes, as_of } = foot;
  return (
    <footer className="usage-stats-foot">
      <p className="as-of">
        {as_of || i18next.t("The numbers have not been computed yet.")}
      </p>
      {notes.map((note) => (
        <p key={note}>{note}</p>
      ))}
      {definitions.length > 0 && (
        <details className="definitions">
          <summary>{i18next.t("What the numbers mean")}</summary>
          <dl>
            {definitions.map(({ id, label, text }) => (
              <React.Fragment key={id}>
                <dt id={id}>{label}</dt>
                <dd>{text}</dd>
              </React.Fragment>
            ))}
          </dl>
        </details>
      )}
    </footer>
  );
}

Foot.propTypes = {
  foot: PropTypes.shape({
    definitions: PropTypes.array.isRequired,
    notes: PropTypes.array.isRequired,
    as_of: PropTypes.string,
  }).isRequired,
};
