// SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
// SPDX-License-Identifier: MIT

import { i18next } from "@translations/invenio_usage_stats/i18next";
import React from "react";

import { viewShape } from "../shapes";

/** Show what a reader must know before the numbers. */
export function Notices({ view }) {
  return (
    <>
      {view.error && (
        <div className="ui error message" role="alert">
          <p>
            {i18next.t("The address asks for something that is not there.")}{" "}
            {view.error}
          </p>
          <p>
            <a href={view.home}>{i18next.t("Show the last 12 months")}</a>
          </p>
        </div>
      )}
      {(view.notices || []).map(({ kind, text }) => (
        <div className={`ui ${kind} message`} key={text}>
          <p>{text}</p>
        </div>
      ))}
    </>
  );
}

Notices.propTypes = { view: viewShape.isRequired };
