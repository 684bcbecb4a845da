// SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
// SPDX-License-Identifier: MIT

import de from "./de/translations.json";
import en from "./en/translations.json";
import es from "./es/translations.json";
import fr from "./fr/translations.json";
import sv from "./sv/translations.json";

export const translations = {
  de: { translation: de },
  en: { translation: en },
  es: { translation: es },
  fr: { translation: fr },
  sv: { translation: sv },
};
