// SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
// SPDX-License-Identifier: MIT

/** Fill the place of a card; where there are no numbers, what is not needed goes away. */
export async function fill(place) {
  const html = await load(place.dataset.usageStatsCard);
  if (html) {
    place.innerHTML = html;
  } else {
    place.remove();
  }
}

async function load(url) {
  try {
    const response = await fetch(url, { credentials: "same-origin" });
    return response.ok && !response.redirected ? await response.text() : "";
  } catch (error) {
    return "";
  }
}

document.querySelectorAll("[data-usage-stats-card]").forEach((place) => fill(place));
