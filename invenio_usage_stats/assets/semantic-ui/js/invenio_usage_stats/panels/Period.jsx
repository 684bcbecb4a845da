// SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
// SPDX-License-Identifier: MIT

import { i18next } from "@translations/invenio_usage_stats/i18next";
import PropTypes from "prop-types";
import React from "react";

import { metricShape, panelShape } from "../shapes";
import { fieldsWithMetric } from "../state/url";

function Choices({ panel, metric }) {
  return (
    <nav aria-label={panel.title}>
      {panel.choices.map((choice) => (
        <a
          key={choice.label}
          className={`ui small basic button${choice.current ? " active" : ""}`}
          href={metric.keep(choice.href)}
          aria-current={choice.current || undefined}
        >
          {choice.label}
        </a>
      ))}
    </nav>
  );
}

Choices.propTypes = { panel: panelShape.isRequired, metric: metricShape.isRequired };

function Day({ name, label, value, latest }) {
  return (
    <label>
      {label}
      <input type="date" name={name} defaultValue={value} max={latest} required />
    </label>
  );
}

Day.propTypes = {
  name: PropTypes.string.isRequired,
  label: PropTypes.string.isRequired,
  value: PropTypes.string.isRequired,
  latest: PropTypes.string.isRequired,
};

/** Show the choice of a period; the chosen metric stays. */
export function Period({ panel, metric }) {
  const { since, until, latest } = panel;
  return (
    <div className="usage-stats-period">
      <p className="chosen">
        <strong>{panel.title}:</strong> {panel.label}
      </p>
      <Choices panel={panel} metric={metric} />
      <form method="get">
        {fieldsWithMetric(panel.hidden, metric.parameter).map(([name, value]) => (
          <input type="hidden" key={name + value} name={name} value={value} />
        ))}
        <Day name="since" label={i18next.t("From")} value={since} latest={latest} />
        <Day name="until" label={i18next.t("to")} value={until} latest={latest} />
        <button type="submit" className="ui small primary button">
          {i18next.t("Apply")}
        </button>
      </form>
    </div>
  );
}

Period.propTypes = { panel: panelShape.isRequired, metric: metricShape.isRequired };
