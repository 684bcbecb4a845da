// SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
// SPDX-License-Identifier: MIT

import PropTypes from "prop-types";
import React, { useEffect, useRef } from "react";
import Overridable from "react-overridable";

import { Foot } from "./controls/Foot";
import { Notices } from "./controls/Notices";
import { Status } from "./controls/Status";
import { Tabs } from "./controls/Tabs";
import { Toolbar } from "./controls/Toolbar";
import { clickedLink, submittedQuery } from "./lib/intercept";
import { closeMenus, openTarget, watchMenus } from "./lib/menus";
import { names } from "./lib/text";
import { Panel } from "./panels/Panel";
import { viewShape } from "./shapes";
import { ViewContext } from "./state/context";
import { useView } from "./state/useView";

const rowsOf = (view) => [...(view.head || []), ...view.rows];
const hasPeriod = (view) =>
  rowsOf(view).some((row) => row.panels.some((panel) => panel.kind === "period"));

/** Return what tells a panel from another that stood in its place before. */
const keyOf = ({ id, name, dimension, title, pager }) =>
  [id, name, dimension && title, Boolean(pager)].join();

function Rows({ rows }) {
  return rows.map((row) => (
    <div className="ui grid usage-stats-row" key={row.id}>
      {row.panels.map((panel) => (
        <div className={panel.css} key={keyOf(panel)}>
          <Panel panel={panel} />
        </div>
      ))}
    </div>
  ));
}

Rows.propTypes = { rows: PropTypes.array.isRequired };

/** Follow links and forms of a part of the page without leaving it. */
function useLinks(root, go, url) {
  const follow = (event, query) => {
    if (query !== null && url) {
      event.preventDefault();
      closeMenus(root.current);
      go(query);
    }
  };
  return {
    onClick: (event) => {
      openTarget(root.current, event.target.closest("a[href^='#']"));
      follow(event, clickedLink(event));
    },
    onSubmit: (event) => follow(event, submittedQuery(event)),
  };
}

/** Keep the keyboard's place when what had the focus is gone. */
function useFocus(root, view) {
  const first = useRef(true);
  useEffect(() => {
    if (!first.current && document.activeElement === document.body) {
      root.current.focus({ preventScroll: true });
    }
    first.current = false;
  }, [root, view]);
}

/** Show a page of all rows from its head on, wherever the link to it was. */
function useHead(root, view) {
  const [panel] = view.rows.length === 1 ? view.rows[0].panels : [];
  const page = panel && panel.pager ? `${panel.title} ${panel.pager.text}` : "";
  const shown = useRef(page);
  useEffect(() => {
    if (page && page !== shown.current) {
      root.current.querySelector(`[id="${panel.id}"]`).scrollIntoView();
    }
    shown.current = page;
  });
}

function Content({ view }) {
  return (
    <>
      <Notices view={view} />
      {!hasPeriod(view) && (
        <div className="usage-stats-bar">
          <Toolbar view={view} />
        </div>
      )}
      <Rows rows={view.head || []} />
      <Tabs tabs={view.tabs} />
      <Rows rows={view.rows} />
      {view.foot && <Foot foot={view.foot} />}
    </>
  );
}

Content.propTypes = { view: viewShape.isRequired };

/** Show a view model, and the one of every address that its links lead to. */
export function Dashboard({ view: first, level }) {
  const root = useRef(null);
  const state = useView(first);
  const links = useLinks(root, state.go, state.view.view_url);
  useFocus(root, state.view);
  useHead(root, state.view);
  useEffect(() => watchMenus(root.current), []);
  const { view, asked } = state;
  return (
    <ViewContext.Provider value={{ ...state, level }}>
      {/* links and buttons in it are what is used: this only listens */}
      {/* eslint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/no-static-element-interactions */}
      <div
        ref={root}
        tabIndex="-1"
        className={names("usage-stats-live", asked && "asked")}
        {...links}
      >
        <Status />
        <Overridable id="InvenioUsageStats.Dashboard" view={view} level={level}>
          <Content view={view} />
        </Overridable>
      </div>
    </ViewContext.Provider>
  );
}

Dashboard.propTypes = {
  view: viewShape.isRequired,
  level: PropTypes.number.isRequired,
};
