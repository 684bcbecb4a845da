// SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
// SPDX-License-Identifier: MIT

import { i18next } from "@translations/invenio_usage_stats/i18next";
import PropTypes from "prop-types";
import React from "react";

import { panelShape } from "../shapes";
import { Pictures } from "./Pictures";

const DRAWN = ["chart", "map"];

/** Offer what a panel is defined as, and its numbers as files and as a request. */
export function PanelMenu({ panel, title }) {
  const { definition, menu } = panel;
  const links = menu || [];
  if (!definition && links.length === 0) {
    return null;
  }
  return (
    <details className="usage-stats-menu corner">
      <summary>
        <i className="ellipsis horizontal icon" aria-hidden="true" />
        <span className="usage-stats-hidden">
          {i18next.t("{{title}}: definition and export", { title })}
        </span>
      </summary>
      <div className="popup">
        {definition && <p>{definition}</p>}
        {DRAWN.includes(panel.kind) && !panel.why && !panel.error && (
          <Pictures title={title} />
        )}
        {links.length > 0 && (
          <ul>
            {links.map(({ label, href, download }) => (
              <li key={label}>
                <a href={href} download={download || undefined}>
                  {label}
                </a>
              </li>
            ))}
          </ul>
        )}
      </div>
    </details>
  );
}

PanelMenu.propTypes = { panel: panelShape.isRequired, title: PropTypes.string };
PanelMenu.defaultProps = { title: "" };
