// SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
// SPDX-License-Identifier: MIT

import { i18next } from "@translations/invenio_usage_stats/i18next";
import PropTypes from "prop-types";
import React, { useState } from "react";

const save = (target, type, title) =>
  import("../lib/picture").then(({ savePicture }) =>
    savePicture(target.closest(".usage-stats-panel"), fileName(title), type, title)
  );

/** Return a title as a file is called. */
export const fileName = (title) =>
  title.toLocaleLowerCase().replace(/[\s!-/:-@[-`{-~]+/g, "-");

/** Offer what a panel draws as a picture. */
export function Pictures({ title }) {
  const [failed, setFailed] = useState(false);
  const entry = (type, label) => (
    <li key={type}>
      <button
        type="button"
        className="copy"
        onClick={(event) => {
          setFailed(false);
          save(event.currentTarget, type, title).catch(() => setFailed(true));
        }}
      >
        {label}
      </button>
    </li>
  );
  return (
    <>
      <ul>
        {entry("png", i18next.t("Save as PNG"))}
        {entry("svg", i18next.t("Save as SVG"))}
      </ul>
      {failed && (
        <p role="alert">{i18next.t("This browser could not make the picture.")}</p>
      )}
    </>
  );
}

Pictures.propTypes = { title: PropTypes.string.isRequired };
