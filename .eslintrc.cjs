// SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
// SPDX-License-Identifier: MIT

module.exports = {
  root: true,
  extends: [
    "@inveniosoftware/eslint-config-invenio",
    "@inveniosoftware/eslint-config-invenio/prettier",
  ],
  parserOptions: { ecmaVersion: 2022 },
  // the view model keeps the spelling of Python
  rules: { camelcase: "off" },
};
