// SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
// SPDX-License-Identifier: MIT

import { i18next } from "@translations/invenio_usage_stats/i18next";
import PropTypes from "prop-types";
import React, { useContext } from "react";
import Overridable from "react-overridable";

import { componentOf, kindId } from "../components_map";
import { PanelMenu } from "../controls/PanelMenu";
import { Why } from "../controls/Why";
import { names } from "../lib/text";
import { panelShape } from "../shapes";
import { ViewContext } from "../state/context";
import { Guard } from "./Guard";

const BARE = ["period", "card"];
const NO_TABLES = [...BARE, "chart", "map"];

const waits = (asked, panel) =>
  asked === "all" ||
  (asked === "chart" && panel.kind === "chart") ||
  (asked === "tables" && !NO_TABLES.includes(panel.kind));

function Retry({ text }) {
  const { retry, failed, view } = useContext(ViewContext);
  return (
    <p className="usage-stats-problem">
      {text}{" "}
      {failed ? (
        <button type="button" className="ui tiny basic button" onClick={retry}>
          {i18next.t("Try again")}
        </button>
      ) : (
        <a className="ui tiny basic button" href={view.query || "?"}>
          {i18next.t("Try again")}
        </a>
      )}
    </p>
  );
}

Retry.propTypes = { text: PropTypes.string.isRequired };

function Unknown({ panel: { kind } }) {
  return (
    <p className="usage-stats-why">
      {i18next.t("There is no component for panels of the kind {{kind}}.", { kind })}
    </p>
  );
}

Unknown.propTypes = { panel: panelShape.isRequired };

/** Draw what a panel is about: with the component of its name, of its kind, or an instance's. */
function Content({ panel }) {
  const { view, metric, level } = useContext(ViewContext);
  const props = { panel, view, metric, level };
  const Component = componentOf(panel);
  return (
    <Guard panel={panel}>
      <Overridable id={`InvenioUsageStats.${panel.name}.layout`} {...props}>
        <Overridable id={kindId(panel.kind)} {...props}>
          {Component ? <Component {...props} /> : <Unknown {...props} />}
        </Overridable>
      </Overridable>
    </Guard>
  );
}

Content.propTypes = { panel: panelShape.isRequired };

function titleOf(panel, series) {
  return panel.title || (panel.kind === "chart" && series ? series.title : "");
}

function Framed({ panel, busy, failure }) {
  const { level, view, metric } = useContext(ViewContext);
  const Heading = `h${level}`;
  const title = titleOf(panel, view.series[metric]);
  return (
    <section
      className={names(
        `ui segment usage-stats-panel usage-stats-${panel.kind}`,
        panel.columns && "usage-stats-table"
      )}
      id={panel.id}
      aria-labelledby={`${panel.id}-title`}
      aria-busy={busy}
    >
      <header>
        <Heading className="ui small header" id={`${panel.id}-title`}>
          {title}
        </Heading>
        <PanelMenu panel={panel} title={title} />
      </header>
      {failure && <Retry text={i18next.t("These are the earlier numbers.")} />}
      {panel.error && <Retry text={panel.error} />}
      {panel.why && <Why of={panel} />}
      {!panel.error && !panel.why && <Content panel={panel} />}
    </section>
  );
}

Framed.propTypes = {
  panel: panelShape.isRequired,
  busy: PropTypes.bool.isRequired,
  failure: PropTypes.bool.isRequired,
};

/** Show a panel: its title, its menu, and why it may be without an answer. */
export function Panel({ panel }) {
  const { asked, failed } = useContext(ViewContext);
  const busy = waits(asked, panel);
  const failure = Boolean(failed) && waits(failed.asked, panel);
  if (!BARE.includes(panel.kind)) {
    return <Framed panel={panel} busy={busy} failure={failure} />;
  }
  const css = names("usage-stats-bare", `usage-stats-${panel.kind}-frame`);
  return (
    <div className={css} id={panel.id} aria-busy={busy}>
      {panel.error ? <Retry text={panel.error} /> : <Content panel={panel} />}
    </div>
  );
}

Panel.propTypes = { panel: panelShape.isRequired };
