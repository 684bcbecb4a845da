// SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
// SPDX-License-Identifier: MIT

import { useEffect, useState } from "react";

import { metricOf, withMetric } from "./url";

/** Hold the metric of the chart; the address shows it, and the back button undoes a choice. */
export function useMetric(view) {
  const [id, setId] = useState(view.metric);

  useEffect(() => {
    const restore = () => setId(metricOf(window.location.search, view));
    window.addEventListener("popstate", restore);
    return () => window.removeEventListener("popstate", restore);
  }, [view]);

  const parameter = id === view.default_metric ? null : id;
  return {
    id,
    parameter,
    keep: (href) => withMetric(href, parameter),
    choose: (metric, href) => {
      if (metric !== id) {
        window.history.pushState(null, "", href);
        setId(metric);
      }
    },
  };
}
