// SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
// SPDX-License-Identifier: MIT

import { componentOf } from "@js/invenio_usage_stats/components_map";
import { render, screen } from "@testing-library/react";
import React from "react";
import { expect, test } from "vitest";

test("a panel that the instance has added is shown as the server drew it", () => {
  const panel = { name: "Loans", kind: "own", html: "<p>12 loans of <b>north</b></p>" };
  const Component = componentOf(panel);
  render(<Component panel={panel} />);
  expect(screen.getByText("north").closest("p").textContent).toBe("12 loans of north");
});
