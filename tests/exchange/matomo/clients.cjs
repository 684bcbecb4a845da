// SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
// SPDX-License-Identifier: MIT

// node tests/exchange/matomo/clients.cjs BASE LITERAL DOI
// Sends the literal address by fetch, and the DOI by the tracker of npm: alone, and twice in bulk.

const MatomoTracker = require("matomo-tracker");

const [base, literal, doi] = process.argv.slice(2);

/** Wait until a single hit is answered: the tracker itself tells of failures only. */
const single = (tracker, told) =>
  new Promise((resolve, reject) => {
    const { get } = tracker.agent;
    tracker.agent = {
      ...tracker.agent,
      get: (url, done) =>
        get(url, (answer) => {
          done(answer);
          answer.resume();
          resolve(answer.statusCode);
        }),
    };
    tracker.on("error", reject);
    tracker.track(told);
  });

(async () => {
  const answer = await fetch(`${base}${literal}`);
  const tracker = new MatomoTracker(1, `${base}/matomo.php`);
  const hit = { url: base, download: doi, ua: "node-client/1.0" };
  const alone = await single(tracker, { ...hit });
  const bulk = await new Promise((resolve) => tracker.trackBulk([{ ...hit }, { ...hit }], resolve));
  console.log(JSON.stringify([answer.status, alone, JSON.parse(bulk)]));
})();
