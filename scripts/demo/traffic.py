# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Send real page views and file downloads over HTTP, as several browsers.

traffic.py [BASE_URL] [VIEWS] [DOWNLOADS]
"""

import argparse
import http.cookiejar
import json
import random
import urllib.request

AGENTS = [
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36"
    " (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36",
    "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 14_5) AppleWebKit/605.1.15"
    " (KHTML, like Gecko) Version/17.5 Safari/605.1.15",
]
ROBOT = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"


def visitor(agent):
    """Return a browser with cookies of its own."""
    opener = urllib.request.build_opener(
        urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
    )
    opener.addheaders = [
        ("User-Agent", agent),
        ("Accept", "text/html,*/*"),
        ("Referer", "https://search.example.org/"),
    ]
    return opener


def main():
    """Read the command line and send the traffic."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("base", nargs="?", default="http://127.0.0.1:5000")
    parser.add_argument("views", nargs="?", type=int, default=30)
    parser.add_argument("downloads", nargs="?", type=int, default=15)
    options = parser.parse_args()
    rnd = random.Random()
    people = [visitor(agent) for agent in AGENTS for _ in range(3)]
    hits = json.load(people[0].open(f"{options.base}/api/records?size=25"))["hits"]["hits"]
    for _ in range(options.views):
        rnd.choice(people).open(f"{options.base}/records/{rnd.choice(hits)['id']}").read()
    sent = 0
    for _ in range(options.downloads):
        hit = rnd.choice([h for h in hits if h["files"].get("entries")])
        key = rnd.choice(list(hit["files"]["entries"]))
        rnd.choice(people).open(f"{options.base}/records/{hit['id']}/files/{key}?download=1").read()
        sent += 1
    visitor(ROBOT).open(f"{options.base}/records/{hits[0]['id']}").read()
    print(
        f"{options.views} views, {sent} downloads and one robot's view (which must not count)"
        f" sent to {options.base}"
    )


if __name__ == "__main__":
    main()
