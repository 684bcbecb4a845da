// SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
// SPDX-License-Identifier: MIT

import PropTypes from "prop-types";
import React from "react";

import { switchShape } from "../shapes";

/** Show what opens under a short text: a `<details>`, which works without scripts, too. */
export function Menu({ label, text, icon, children }) {
  return (
    <details className="usage-stats-menu">
      <summary>
        {icon ? (
          <>
            <i className={`${icon} icon`} aria-hidden="true" />
            <span className="usage-stats-hidden">{label}: </span>
          </>
        ) : (
          <span className="label">{label}:</span>
        )}
        {text}
        <i className="dropdown icon" aria-hidden="true" />
      </summary>
      <div className="popup">{children}</div>
    </details>
  );
}

Menu.propTypes = {
  label: PropTypes.string.isRequired,
  text: PropTypes.string.isRequired,
  icon: PropTypes.string,
  children: PropTypes.node.isRequired,
};

Menu.defaultProps = { icon: null };

/** Offer many states of the page, of which one is current. */
export function Switch({ of: { label, choices } }) {
  const current = choices.find((choice) => choice.current);
  return (
    <Menu label={label} text={current ? current.label : ""}>
      <ul>
        {choices.map((choice) => (
          <li key={choice.label}>
            <a href={choice.href} aria-current={choice.current ? "true" : undefined}>
              {choice.label}
            </a>
          </li>
        ))}
      </ul>
    </Menu>
  );
}

Switch.propTypes = { of: switchShape.isRequired };
