// SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
// SPDX-License-Identifier: MIT

import { takeOver } from "./takeOver";

document.querySelectorAll(".usage-stats-dashboard").forEach(takeOver);
