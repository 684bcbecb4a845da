// SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
// SPDX-License-Identifier: MIT

import { Card } from "./panels/Card";
import { Chart } from "./panels/Chart";
import { Map } from "./panels/Map";
import { Own } from "./panels/Own";
import { Period } from "./panels/Period";
import { Table } from "./panels/Table";

/**
 * Components by the name or the kind of a panel.
 *
 * An instance adds its own, or replaces one of these, under the id `InvenioUsageStats.<Kind>` or
 * `InvenioUsageStats.<ComponentName>.layout` of react-overridable.
 */
export const components = {
  card: Card,
  chart: Chart,
  map: Map,
  own: Own,
  period: Period,
  table: Table,
};

/** Return the component of a panel; lists are tables. Of what is unknown there is none. */
export function componentOf({ name, kind, columns }) {
  return components[name] || components[kind] || (columns ? Table : null);
}

/** Return the id of a panel's kind for react-overridable. */
export const kindId = (kind) =>
  `InvenioUsageStats.${kind.charAt(0).toUpperCase()}${kind.slice(1)}`;
