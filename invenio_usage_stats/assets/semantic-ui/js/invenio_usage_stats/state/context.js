// SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
// SPDX-License-Identifier: MIT

import { createContext } from "react";

/** What every part of a dashboard may need: see `useView`, and the level of headings. */
export const ViewContext = createContext({});
