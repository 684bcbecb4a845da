// SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
// SPDX-License-Identifier: MIT

import { i18next } from "@translations/invenio_usage_stats/i18next";
import PropTypes from "prop-types";
import React, { useState } from "react";

/** Show how to ask for the same numbers from a program, to be copied. */
export function Snippet({ label, text }) {
  const [copied, setCopied] = useState(false);
  const copy = () => navigator.clipboard.writeText(text).then(() => setCopied(true));
  return (
    <details className="usage-stats-snippet">
      <summary>{i18next.t("Copy as {{language}}", { language: label })}</summary>
      {/* long lines are scrolled with the keyboard, too */}
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <pre tabIndex="0">
        <code>{text}</code>
      </pre>
      {navigator.clipboard && (
        <button type="button" className="ui tiny basic button" onClick={copy}>
          <span role="status">{copied ? i18next.t("Copied") : i18next.t("Copy")}</span>
        </button>
      )}
    </details>
  );
}

Snippet.propTypes = {
  label: PropTypes.string.isRequired,
  text: PropTypes.string.isRequired,
};
