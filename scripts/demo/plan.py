# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""The plan: which records there are, in which communities, and when everything happened.

The same seed and day give the same plan. Moments are seconds before the plan's end (today,
00:00 UTC) during two years; the newest are small.
"""

import random
from dataclasses import dataclass, field

from . import words

SEED = 2026
DAYS = 730
PARENTS = 300
DAY = 86400


@dataclass
class Membership:
    """A record's time in one community."""

    slug: str
    mode: str  # review, include or bulk
    joined: int
    left: int | None = None


@dataclass
class Version:
    """One version of a record."""

    published: int
    metadata: dict
    custom_fields: dict
    files: list = field(default_factory=list)  # (name, size)


@dataclass
class Planned:
    """One record with its versions, memberships and end."""

    key: int
    owner: str
    kind: str  # open, restricted, embargoed or metadata-only
    versions: list
    memberships: list
    edited: int | None = None
    deleted: int | None = None
    restored: int | None = None
    reason: str | None = None


def pick(rnd, weighted):
    """Return one of ``[(value, weight), ...]``."""
    return rnd.choices([v for v, _ in weighted], weights=[w for _, w in weighted])[0]


def moment(rnd, oldest, newest=0):
    """Return a moment in working hours between two ages."""
    day = rnd.randrange(max(newest // DAY, 0), max(oldest // DAY, newest // DAY + 1))
    return day * DAY + DAY - rnd.randrange(7 * 3600, 20 * 3600)


def creators(rnd):
    """Return one to four people, with and without affiliation."""
    people = []
    for given, family in rnd.sample(
        words.NAMES, rnd.choices([1, 2, 3, 4], weights=[3, 4, 2, 1])[0]
    ):
        person = {"person_or_org": {"type": "personal", "given_name": given, "family_name": family}}
        affiliation = pick(rnd, words.AFFILIATIONS)
        if affiliation:
            person["affiliations"] = [affiliation]
        people.append(person)
    return people


def metadata(rnd, key, slug, type_, year):
    """Return the metadata of a first version."""
    topic = rnd.choice(words.TOPICS[slug])
    years = [year, year, year, year - 1, rnd.randint(2014, year)]
    data = {
        "title": f"{topic} {rnd.randint(1998, 2026)}, part {key + 1}",
        "resource_type": {"id": type_},
        "publication_date": f"{rnd.choice(years)}-{rnd.randint(1, 9):02d}",
        "publisher": pick(rnd, words.PUBLISHERS),
        "creators": creators(rnd),
        "description": f"<p>{topic}, described for the demonstration. Record {key + 1}.</p>",
        "subjects": [{"id": f"FOS:{s}"} for s in rnd.sample(words.SUBJECTS[slug], 1)]
        + [{"subject": k} for k in rnd.sample(words.KEYWORDS, rnd.randint(0, 3))],
    }
    if rnd.random() < 0.9:
        data["languages"] = [{"id": pick(rnd, words.LANGUAGES)}]
    rights = pick(rnd, words.RIGHTS)
    if rights:
        data["rights"] = [{"id": rights}]
    funding = pick(rnd, words.FUNDING)
    if funding:
        data["funding"] = [funding]
    if rnd.random() < 0.25:
        data["contributors"] = [{**c, "role": {"id": "datacurator"}} for c in creators(rnd)[:1]]
    return data


def file_list(rnd, type_):
    """Return names and sizes that fit the resource type."""
    if type_.startswith("publication") or type_ in ("presentation", "poster", "lesson"):
        names = [("paper.pdf", 40_000, 900_000)]
        if rnd.random() < 0.2:
            names.append(("supplement.zip", 5_000, 200_000))
    elif type_.startswith("image"):
        names = [(f"picture-{n + 1}.png", 20_000, 300_000) for n in range(rnd.randint(1, 3))]
    elif type_ == "software":
        names = [("source.zip", 30_000, 400_000), ("README.md", 400, 3_000)]
    elif type_ == "video":
        names = [("recording.mp4", 500_000, 1_500_000)]
    else:
        names = rnd.choice([
            [("data.csv", 5_000, 600_000)],
            [("data.csv", 5_000, 300_000), ("notes.txt", 500, 5_000)],
            [("data.zip", 20_000, 900_000)],
            [("table.csv", 2_000, 50_000), ("codebook.pdf", 30_000, 200_000)],
            [("data.json", 5_000, 200_000)],
        ])  # fmt: skip
    return [(name, rnd.randint(low, high)) for name, low, high in names]


def versions_of(rnd, key, slug, kind, first, year):
    """Return one version, sometimes two or three."""
    type_ = pick(rnd, words.TYPES)
    data = metadata(rnd, key, slug, type_, year)
    custom = {}
    if type_ == "publication-article":
        custom = {
            "journal:journal": {
                **rnd.choice(words.JOURNALS),
                "volume": str(rnd.randint(1, 40)),
                "pages": "1-12",
            }
        }
    files = [] if kind == "metadata-only" else file_list(rnd, type_)
    versions = [Version(first, data, custom, files)]
    if rnd.random() < 0.1:
        age = first
        for number in range(rnd.choice([1, 1, 1, 2])):
            if age < 20 * DAY:
                break
            age = moment(rnd, age - 5 * DAY, DAY)
            more = {**data, "version": f"v{number + 2}"}
            versions.append(Version(age, more, custom, [(n, s + 1000) for n, s in files]))
    return versions


def memberships_of(rnd, slug, first, may_leave):
    """Return the community of publication, and sometimes a second one that is joined later."""
    if slug is None:
        return []
    mode = rnd.choices(["review", "include", "bulk"], weights=[45, 10, 45])[0]
    joined = first if mode == "review" else max(first - rnd.randrange(60, 5 * DAY), 1)
    members = [Membership(slug, mode, joined)]
    if slug != "health-cohort" and rnd.random() < 0.15 and first > 15 * DAY:
        public = [
            c[0] for c in words.COMMUNITIES if c[6] == "public" and c[4] is None and c[0] != slug
        ]
        other = rnd.choice(public)
        if other != parents().get(slug):
            members.append(
                Membership(other, rnd.choice(["include", "bulk"]), moment(rnd, first - DAY, DAY))
            )
    if rnd.random() < 0.06 and may_leave:
        last = members[-1]
        if last.joined > 10 * DAY:
            last.left = moment(rnd, last.joined - 5 * DAY, DAY)
    return members


def parents():
    """Return the slug of the parent community by slug."""
    return {c[0]: c[4] for c in words.COMMUNITIES if c[4]}


def make(count=PARENTS, seed=SEED, this_year=2026):
    """Return all planned records, oldest first."""
    chooser = random.Random(seed)
    slugs = [c[0] for c in words.COMMUNITIES] + [None]
    weights = [c[5] for c in words.COMMUNITIES] + [4]
    # More and more is published: ages follow a gently rising rate.
    ages = sorted((int(DAYS * (1 - chooser.random() ** 0.75)) for _ in range(count)), reverse=True)
    plans = []
    for key, age in enumerate(ages):
        rnd = random.Random(f"{seed}-{key}")
        first = age * DAY + DAY - rnd.randrange(7 * 3600, 20 * 3600)
        slug = rnd.choices(slugs, weights=weights)[0]
        kind = rnd.choices(
            ["open", "metadata-only", "restricted", "embargoed"], weights=[76, 13, 8, 3]
        )[0]
        if slug == "health-cohort":
            kind = "restricted"
        plan = Planned(
            key=key,
            owner=rnd.choice(words.USERS),
            kind=kind,
            versions=versions_of(rnd, key, slug, kind, first, this_year - age // 365),
            memberships=[],
        )
        plan.memberships = memberships_of(rnd, slug, first, len(plan.versions) == 1)
        newest = min([plan.versions[-1].published] + [m.left or m.joined for m in plan.memberships])
        chance = rnd.random()
        if chance < 0.08 and newest > 20 * DAY and len(plan.versions) == 1:
            plan.deleted = moment(rnd, newest - 5 * DAY, 5 * DAY)
            plan.reason = rnd.choice(["spam", "retracted", "duplicate"])
            if chance < 0.025 and plan.deleted > 6 * DAY:
                plan.restored = plan.deleted - 3 * DAY
        elif chance > 0.96 and newest > 10 * DAY:
            plan.edited = moment(rnd, newest - DAY, DAY)
        plans.append(plan)
    return plans
