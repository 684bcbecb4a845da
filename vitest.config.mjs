// SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
// SPDX-License-Identifier: MIT

import path from "node:path";
import { defineConfig } from "vitest/config";

const assets = path.resolve("invenio_usage_stats/assets/semantic-ui");

export default defineConfig({
  // as the Babel preset of Invenio's builds
  esbuild: { loader: "jsx", include: /\.jsx?$/, jsx: "transform" },
  resolve: {
    alias: {
      "@js/invenio_usage_stats": `${assets}/js/invenio_usage_stats`,
      "@translations/invenio_usage_stats": `${assets}/translations/invenio_usage_stats`,
    },
  },
  test: { environment: "jsdom", include: ["tests/js/**/*.test.jsx"], globals: true },
});
