// SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
// SPDX-License-Identifier: MIT

import { i18next } from "@translations/invenio_usage_stats/i18next";
import PropTypes from "prop-types";
import React from "react";

/** Show the filters, each to be taken away. */
export function Pills({ pills, clear }) {
  if (pills.length === 0) {
    return null;
  }
  return (
    <div className="usage-stats-pills">
      <ul aria-label={i18next.t("Filters")}>
        {pills.map((pill) => (
          <li key={pill.label}>
            {pill.href ? (
              <a href={pill.href} aria-label={pill.remove}>
                {pill.label}
                <i className="close icon" aria-hidden="true" />
              </a>
            ) : (
              <span>{pill.label}</span>
            )}
          </li>
        ))}
      </ul>
      {clear && pills.length > 1 && (
        <a href={clear}>{i18next.t("Remove all filters")}</a>
      )}
    </div>
  );
}

Pills.propTypes = {
  pills: PropTypes.arrayOf(
    PropTypes.shape({
      label: PropTypes.string.isRequired,
      href: PropTypes.string,
      remove: PropTypes.string,
    })
  ).isRequired,
  clear: PropTypes.string,
};

Pills.defaultProps = { clear: null };
