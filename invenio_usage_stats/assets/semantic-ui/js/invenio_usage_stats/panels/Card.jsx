// SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
// SPDX-License-Identifier: MIT

import { i18next } from "@translations/invenio_usage_stats/i18next";
import PropTypes from "prop-types";
import React, { useContext } from "react";

import { Sparkline } from "../charts/Sparkline";
import { PanelMenu } from "../controls/PanelMenu";
import { names } from "../lib/text";
import { panelShape, viewShape } from "../shapes";
import { ViewContext } from "../state/context";

function Change({ change }) {
  if (change.none) {
    return <span className="note">{change.none}</span>;
  }
  return (
    <span className="change">
      <span aria-hidden="true">
        <strong>{change.text}</strong>{" "}
        {change.previous && (
          <span className="note">
            {i18next.t("from {{number}}", { number: change.previous })}
          </span>
        )}
      </span>
      <span className={change.previous ? "usage-stats-hidden" : "note"}>
        {change.sentence}
      </span>
    </span>
  );
}

Change.propTypes = { change: PropTypes.object.isRequired };

function Content({ panel, series }) {
  return (
    <>
      <span className="title">{panel.title}</span>{" "}
      <span className="value" data-metric={panel.metric}>
        {panel.short}
      </span>{" "}
      {panel.why && <span className="note">{panel.why}</span>}
      {panel.change && <Change change={panel.change} />}
      {(panel.notes || []).map((note) => (
        <span className="note" key={note}>
          {" "}
          {note}
        </span>
      ))}
      {series && <Sparkline spark={series.spark} />}
    </>
  );
}

Content.propTypes = { panel: panelShape.isRequired, series: PropTypes.object };
Content.defaultProps = { series: null };

/** Show a headline number; a button where the chart can show its metric. */
export function Card({ panel, view, metric }) {
  const { choose } = useContext(ViewContext);
  const current = Boolean(panel.href) && metric === panel.metric;
  const content = <Content panel={panel} series={view.series[panel.metric]} />;
  return (
    <div className={names("ui segment usage-stats-card", current && "active")}>
      {panel.href ? (
        <button
          type="button"
          className="body"
          aria-pressed={current}
          onClick={() => choose(panel.metric, panel.href)}
        >
          {content}
        </button>
      ) : (
        <div className="body">{content}</div>
      )}
      <PanelMenu panel={panel} title={panel.title} />
    </div>
  );
}

Card.propTypes = {
  panel: panelShape.isRequired,
  view: viewShape.isRequired,
  metric: PropTypes.string.isRequired,
};
