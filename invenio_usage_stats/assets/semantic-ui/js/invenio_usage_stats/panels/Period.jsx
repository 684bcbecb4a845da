// SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
// SPDX-License-Identifier: MIT

import { i18next } from "@translations/invenio_usage_stats/i18next";
import PropTypes from "prop-types";
import React from "react";

import { Choices } from "../controls/Choices";
import { Menu } from "../controls/Menu";
import { Toolbar } from "../controls/Toolbar";
import { panelShape, viewShape } from "../shapes";

function Day({ name, label, value, earliest, latest }) {
  return (
    <label>
      {label}
      <input
        type="date"
        name={name}
        key={value}
        defaultValue={value}
        min={earliest}
        max={latest}
        required
      />
    </label>
  );
}

Day.propTypes = {
  name: PropTypes.string.isRequired,
  label: PropTypes.string.isRequired,
  value: PropTypes.string.isRequired,
  earliest: PropTypes.string.isRequired,
  latest: PropTypes.string.isRequired,
};

function Dates({ panel }) {
  return (
    <form method="get">
      {panel.hidden.map(([name, value]) => (
        <input type="hidden" key={name + value} name={name} value={value} />
      ))}
      <Day
        name="since"
        label={i18next.t("From")}
        value={panel.since}
        earliest={panel.earliest}
        latest={panel.latest}
      />
      <Day
        name="until"
        label={i18next.t("to")}
        value={panel.until}
        earliest={panel.earliest}
        latest={panel.latest}
      />
      <button type="submit" className="ui small primary button">
        {i18next.t("Apply")}
      </button>
      {panel.fixed && <a href={panel.fixed}>{i18next.t("Fix these dates")}</a>}
      <p className="note">{i18next.t("Days are UTC days.")}</p>
    </form>
  );
}

Dates.propTypes = { panel: panelShape.isRequired };

/** Say on paper what is chosen in the menus, which are not printed. */
function Chosen({ panel, switches }) {
  const chosen = switches.map(({ label, choices }) => [
    label,
    (choices.find(({ current }) => current) || {}).label,
  ]);
  return (
    <ul className="usage-stats-chosen">
      {[[panel.title, panel.label], ...chosen].map(([label, value]) => (
        <li key={label}>
          {label}: <b>{value}</b>
        </li>
      ))}
    </ul>
  );
}

Chosen.propTypes = { panel: panelShape.isRequired, switches: PropTypes.array };
Chosen.defaultProps = { switches: [] };

/** Show the choice of a period by name or by its days, and the switches of the page. */
export function Period({ panel, view }) {
  return (
    <div className="usage-stats-bar">
      <Choices label={panel.title} choices={panel.choices} />
      <Menu label={panel.title} text={panel.label} icon="calendar alternate outline">
        <Dates panel={panel} />
      </Menu>
      <Toolbar view={view} />
      <Chosen panel={panel} switches={view.switches} />
    </div>
  );
}

Period.propTypes = { panel: panelShape.isRequired, view: viewShape.isRequired };
