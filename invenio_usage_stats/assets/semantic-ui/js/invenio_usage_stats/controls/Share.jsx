// SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
// SPDX-License-Identifier: MIT

import { i18next } from "@translations/invenio_usage_stats/i18next";
import PropTypes from "prop-types";
import React from "react";

import { Menu } from "./Menu";
import { Snippet } from "./Snippet";

const entries = (share) =>
  [
    [share.href, i18next.t("Link to this view")],
    [share.fixed, i18next.t("Link with fixed dates")],
    [share.report, i18next.t("Report for print")],
    [share.xlsx, i18next.t("Download XLSX"), true],
    [share.csv, i18next.t("Download CSV"), true],
    [share.api, i18next.t("API request")],
    [share.embed, i18next.t("Embed")],
    [share.share_links, i18next.t("Share links")],
  ].filter(([href]) => href);

/** Offer the view as links, files and requests. */
export function Share({ share }) {
  return (
    <Menu
      label={i18next.t("Share")}
      text={i18next.t("Share and export")}
      icon="share alternate"
    >
      <ul>
        {entries(share).map(([href, label, download]) => (
          <li key={label}>
            <a href={href} download={download}>
              {label}
            </a>
          </li>
        ))}
      </ul>
      {(share.snippets || []).map((snippet) => (
        <Snippet key={snippet.label} {...snippet} />
      ))}
    </Menu>
  );
}

Share.propTypes = { share: PropTypes.object.isRequired };
