# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""The scenarios that prove definitions: what each shows, its test, and the metrics it counts."""

from typing import NamedTuple

ENGINE = "tests/aggregations/test_scenarios.py"
"""Asks the engine, on real servers, what the tests of the oracle ask the oracle."""
ORACLE = "tests/oracle/test_oracle.py"
LIVE = "tests/aggregations/test_live.py"
RANDOM = "tests/aggregations/test_random_histories.py"
ROUTES = "tests/ledger/test_routes.py"


class Scenario(NamedTuple):
    """Say what a scenario shows, where its test is, and which metrics it proves."""

    shows: str
    file: str
    test: str
    metrics: tuple[str, ...] = ()


HELD = ("records", "parents", "uploaders", "files", "data_volume")
DISTINCT = (
    *("viewed_records", "viewed_parents"),
    *("downloaded_records", "downloaded_parents", "downloaded_files"),
)
LOADED = (
    *("downloads", "unique_downloads", "download_visitors", "traffic"),
    *("downloaded_records", "downloaded_parents", "downloaded_files"),
)

SCENARIOS = {
    "A1": Scenario(
        "Two records join on one day: both are added, as are their works and files; "
        "their one owner is one uploader.",
        *(ORACLE, "test_a1_added_deltas", HELD),
    ),
    "A2": Scenario(
        "A snapshot holds what was added until then; an owner of two records is one uploader.",
        *(ORACLE, "test_a2_added_snapshots", HELD),
    ),
    "A3": Scenario(
        "Under a file type stand the files of this type only, and the records that have one.",
        *(ORACLE, "test_a3_file_types", ("files", "data_volume")),
    ),
    "A4": Scenario(
        "A record leaves one of two communities: only that one loses it.",
        *(ORACLE, "test_a4_leaving"),
    ),
    "A5": Scenario(
        "It joins again: the days between stay without it (basis added).",
        *(ORACLE, "test_a5_joining_again"),
    ),
    "A7": Scenario(
        "A deletion takes a record away and a restore brings it back, on every basis.",
        *(ORACLE, "test_a7_restore"),
    ),
    "A8": Scenario(
        "A new version is one record more, and no work more.",
        *(ORACLE, "test_a8_new_version", ("records", "parents")),
    ),
    "A9": Scenario(
        "A work leaves when the last of its versions leaves.",
        *(ORACLE, "test_a9_all_versions_leave", ("parents",)),
    ),
    "A11": Scenario(
        "A record becomes restricted: it moves from one access right to the other, its language "
        "is under not given, and totals stay.",
        *(ORACLE, "test_a11_access_changes"),
    ),
    "A12": Scenario(
        "An old record joins: on its day of joining (added), on its day of creation (created).",
        *(ORACLE, "test_a12_an_old_record_joins"),
    ),
    "A13": Scenario(
        "A record counts from its publication date on, past or future, and without one from its "
        "creation day (published).",
        *(ENGINE, "test_publication_dates"),
    ),
    "A18": Scenario(
        "What is removed and then deleted is subtracted once.",
        *(ORACLE, "test_a18_removed_then_deleted"),
    ),
    "A22": Scenario(
        "Joining by an accepted review is one entry; the tests beside it show the other ways.",
        *(ROUTES, "test_accepted_review"),
    ),
    "A24": Scenario(
        "A record leaves and joins again: on the basis created it never left.",
        *(ORACLE, "test_a24_leaving_and_joining_again_on_the_created_basis"),
    ),
    "V1": Scenario(
        "Three views between 00:00:00 and 23:59:59, two visitors: all belong to the day.",
        *(ORACLE, "test_v1_views_at_the_edges_of_a_day"),
        ("views", "unique_views", "view_visitors"),
    ),
    "V2": Scenario(
        "One file twice and another once, in one session: three downloads, two unique, one "
        "visitor, one record, two files, and the bytes of all three.",
        *(ORACLE, "test_v2_downloads", LOADED),
    ),
    "V3": Scenario(
        "One record viewed on three days: one record, one work, three visitor-days.",
        *(ORACLE, "test_v3_visitor_days"),
        ("view_visitors", "viewed_records", "viewed_parents"),
    ),
    "V4": Scenario(
        "Two versions viewed on different days: two records, one work.",
        *(ORACLE, "test_v4_versions_are_one_work", ("viewed_records", "viewed_parents")),
    ),
    "V5": Scenario(
        "Twelve thousand views in a day are twelve thousand, in total and in their country.",
        *(ORACLE, "test_v5_many_views", ("views",)),
    ),
    "V6": Scenario(
        "Downloads count on days without views, and before the first view.",
        *(ORACLE, "test_v6_downloads_without_views", ("downloads",)),
    ),
    "V8": Scenario(
        "A view counts for the communities that the record belonged to at its second.",
        *(ORACLE, "test_v8_membership_of_the_moment"),
    ),
    "V9": Scenario(
        "The largest countries of a snapshot are those of all days together; ties by id.",
        *(ORACLE, "test_v9_largest_countries"),
    ),
    "V13": Scenario(
        "In random histories the events and unique events of each day equal the sums of the "
        "repository's own documents.",
        *(LIVE, "test_totals_agree_with_the_repository"),
        ("views", "unique_views", "downloads", "unique_downloads"),
    ),
    "V14": Scenario(
        "Events of deleted records count as ever; those of unknown records count for the "
        "repository, in no value of a property.",
        *(ORACLE, "test_v14_unknown_and_deleted_records"),
    ),
    "V15": Scenario(
        "A download before the record was published is not counted.",
        *(ORACLE, "test_v15_downloads_of_drafts", ("downloads",)),
    ),
    "V16": Scenario(
        "A referrer counts under its host in lower case; anything else is not given.",
        *(ORACLE, "test_v16_referrers"),
    ),
    "E2": Scenario(
        "Random histories: every stored delta, and snapshots around changes, equal a count made "
        "for the test by other means, whether aggregated piece by piece or at once.",
        *(RANDOM, "test_piece_by_piece_equals_oracle_and_rebuild", DISTINCT),
    ),
}
