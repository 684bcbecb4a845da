// SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
// SPDX-License-Identifier: MIT

import { i18next } from "@translations/invenio_usage_stats/i18next";
import PropTypes from "prop-types";
import React from "react";

import { names } from "../lib/text";
import { choiceShape } from "../shapes";

/** Show the parts of a dashboard as links. */
export function Tabs({ tabs }) {
  if (!tabs || tabs.length < 2) {
    return null;
  }
  return (
    <nav
      className="ui secondary pointing menu usage-stats-tabs"
      aria-label={i18next.t("Parts of the statistics")}
    >
      {tabs.map((tab) => (
        <a
          key={tab.label}
          className={names("item", tab.current && "active")}
          href={tab.href}
          aria-current={tab.current ? "page" : undefined}
        >
          {tab.label}
        </a>
      ))}
    </nav>
  );
}

Tabs.propTypes = { tabs: PropTypes.arrayOf(choiceShape) };
Tabs.defaultProps = { tabs: [] };
