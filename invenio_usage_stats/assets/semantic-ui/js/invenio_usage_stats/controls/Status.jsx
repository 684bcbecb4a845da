// SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
// SPDX-License-Identifier: MIT

import { i18next } from "@translations/invenio_usage_stats/i18next";
import React, { useContext } from "react";

import { ViewContext } from "../state/context";

/** Say once and politely what happens; what failed is said aloud and can be tried again. */
export function Status() {
  const { asked, failed, status, retry } = useContext(ViewContext);
  return (
    <>
      <p role="status" className="usage-stats-hidden">
        {asked ? i18next.t("Loading the numbers.") : status}
      </p>
      {failed && (
        <div className="ui warning message usage-stats-failed" role="alert">
          <p>
            {i18next.t("The numbers could not be loaded. You see the earlier ones.")}{" "}
            {failed.reason}{" "}
            <button type="button" className="ui tiny basic button" onClick={retry}>
              {i18next.t("Try again")}
            </button>
          </p>
        </div>
      )}
    </>
  );
}
