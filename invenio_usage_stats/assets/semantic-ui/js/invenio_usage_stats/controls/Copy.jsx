// SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
// SPDX-License-Identifier: MIT

import { i18next } from "@translations/invenio_usage_stats/i18next";
import PropTypes from "prop-types";
import React, { useState } from "react";

const whole = (href) => new URL(href, window.location.href).href;

/** Offer a link of the view to be copied; where browsers cannot, as a link. */
export function CopyLink({ href, label }) {
  const [copied, setCopied] = useState(false);
  const copy = () =>
    navigator.clipboard.writeText(whole(href)).then(() => setCopied(true));
  if (!navigator.clipboard) {
    return <a href={href}>{label}</a>;
  }
  return (
    <button type="button" className="copy" onClick={copy}>
      {label}
      <span role="status">{copied && i18next.t("Copied")}</span>
    </button>
  );
}

CopyLink.propTypes = {
  href: PropTypes.string.isRequired,
  label: PropTypes.string.isRequired,
};
