// SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
// SPDX-License-Identifier: MIT

import { i18next } from "@translations/invenio_usage_stats/i18next";
import PropTypes from "prop-types";
import React from "react";

import { CopyLink } from "./Copy";
import { Menu } from "./Menu";
import { Snippet } from "./Snippet";

const given = (entries) => entries.filter(([href]) => href);

const copied = (share) =>
  given([
    [share.href, i18next.t("Copy the link to this view")],
    [share.fixed, i18next.t("Copy the link with fixed dates")],
  ]);

const linked = (share) =>
  given([
    [share.share_links, i18next.t("More ways to share")],
    [share.embed && `${share.share_links}#embed`, i18next.t("Show on another site")],
    [share.report, i18next.t("Report of a year")],
    [share.workbook, i18next.t("All numbers of this view as XLSX"), true],
    [share.xlsx, i18next.t("Numbers of the chart as XLSX"), true],
    [share.csv, i18next.t("Numbers of the chart as CSV"), true],
    [share.api, i18next.t("API request for the chart")],
  ]);

/** Offer the view as links, files and requests. */
export function Share({ share }) {
  return (
    <Menu
      label={i18next.t("Share")}
      text={i18next.t("Share and export")}
      icon="share alternate"
    >
      <ul>
        {copied(share).map(([href, label]) => (
          // what was copied is another link by then
          <li key={label + href}>
            <CopyLink href={href} label={label} />
          </li>
        ))}
        {linked(share).map(([href, label, download]) => (
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
