// SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
// SPDX-License-Identifier: MIT

import { useCallback, useEffect, useRef, useState } from "react";

import { ask, Refusal } from "../api";
import { affected, withMetric } from "./url";

const KEPT = 20;

const search = () => window.location.search;
const push = (query) =>
  window.history.pushState(null, "", window.location.pathname + query);
const printed = (query) => (query === "?" ? "" : query);

/** Remember view models by their query, so that the back button needs no request. */
function useKnown(first) {
  const known = useRef(new Map([[search(), first]]));
  return {
    get: (query) => known.current.get(query),
    put: (query, view) => {
      known.current.delete(query);
      known.current.set(query, view);
      if (known.current.size > KEPT) {
        known.current.delete(known.current.keys().next().value);
      }
    },
  };
}

/** Answer the back button until the component goes. */
function usePopState(restore) {
  const latest = useRef(restore);
  latest.current = restore;
  useEffect(() => {
    const listener = () => latest.current(search());
    window.addEventListener("popstate", listener);
    return () => window.removeEventListener("popstate", listener);
  }, []);
}

/**
 * Hold the view model of the address.
 *
 * `asked` says what waits for the server (`chart`, `tables`, `all`), `failed` that it did not
 * answer; the old numbers stay in both cases.
 */
export function useView(first) {
  const start = { view: first, metric: first.metric, query: search(), status: "" };
  const [state, setState] = useState({ ...start, asked: null, failed: null });
  const known = useKnown(first);
  const request = useRef(null);

  const forget = useCallback(() => {
    if (request.current) {
      request.current.abort();
      request.current = null;
    }
  }, []);
  useEffect(() => forget, [forget]);

  // what was chosen at once was announced at once
  const show = (view, query, quietly = false) =>
    setState((old) => ({
      view,
      query,
      metric: view.metric,
      status: quietly ? old.status : view.status,
      asked: null,
      failed: null,
    }));

  const load = (query, { asked, pushes }) => {
    forget();
    const controller = new AbortController();
    request.current = controller;
    setState((old) => ({ ...old, asked, failed: null }));
    const settle = (then) => (result) => {
      if (request.current === controller) {
        request.current = null;
        then(result);
      }
    };
    const done = (view) => {
      const canonical = view.error ? query : printed(view.query);
      if (pushes) {
        push(canonical);
      }
      known.put(canonical, view);
      show(view, canonical, asked === null);
    };
    const fail = (error) => {
      const reason = error instanceof Refusal ? error.message : "";
      setState((old) => ({
        ...old,
        asked: null,
        failed: { query, pushes, asked, reason },
      }));
    };
    ask(first.view_url, query, controller.signal).then(settle(done), settle(fail));
  };

  const made = (href) =>
    withMetric(href, state.view.metric, state.metric, state.view.default_metric);

  const go = (href) => {
    const query = made(href);
    load(query, { asked: affected(state.query, query), pushes: true });
  };

  const choose = (metric, href) => {
    const query = printed(href);
    if (metric === state.metric) {
      return;
    }
    const { complete } = state.view.series[metric] || { complete: false };
    if (complete === false) {
      load(query, { asked: "chart", pushes: true });
      return;
    }
    push(query);
    setState((old) => ({
      ...old,
      metric,
      query,
      status: old.view.series[metric].summary,
    }));
    load(query, { asked: null, pushes: false });
  };

  usePopState((query) => {
    if (query === state.query) {
      return;
    }
    const view = known.get(query);
    if (view) {
      forget();
      show(view, query);
    } else {
      load(query, { asked: "all", pushes: false });
    }
  });

  const retry = () => state.failed && load(state.failed.query, state.failed);

  return { ...state, go, choose, retry };
}
