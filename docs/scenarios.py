# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""The scenarios that prove definitions: what each shows, its test, and the metrics it counts."""

from typing import NamedTuple

ENGINE = "tests/aggregations/test_scenarios.py"
"""Asks the engine, on real servers, what the tests of the oracle ask the oracle."""
ORACLE = "tests/oracle/test_oracle.py"
LIVE = "tests/aggregations/test_live.py"
LIVES = "tests/aggregations/test_lives.py"
RANDOM = "tests/aggregations/test_random_histories.py"
ROUTES = "tests/ledger/test_routes.py"
MANY = "tests/ledger/test_many.py"
TROUBLE = "tests/ledger/test_failures.py"
BOUNDARIES = "tests/aggregations/test_failures.py"
RUNS = "tests/aggregations/test_runs.py"
LEASES = "tests/aggregations/test_leases.py"
VISITS = "tests/exchange/visits/test_counting.py"
REPORTED = "tests/exchange/matomo/surfaces/test_counting.py"
KILL = "tests/kill/test_workers.py"
DIMENSION = "tests/operations/test_dimension.py"


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
    "A6": Scenario(
        "A deletion takes a record, its work and its files away; its owner stays one uploader "
        "while another record of hers is there.",
        *(ORACLE, "test_a6_deletion"),
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
    "A10": Scenario(
        "Of two versions one is deleted: one record less, and no work less.",
        *(ORACLE, "test_a10_one_version_deleted"),
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
    "A14": Scenario(
        "Ten thousand and fifty records join on one day, and all are counted.",
        *(ORACLE, "test_a14_many_records_join_on_one_day"),
    ),
    "A15": Scenario(
        "The largest twenty of 1,500 subjects are right, ties by id, whatever the hash seed.",
        *(ORACLE, "test_a15_many_subjects"),
    ),
    "A16": Scenario(
        "An affiliation of a creator and of a contributor counts once for the record.",
        *(ORACLE, "test_a16_and_a17_affiliations_and_names"),
    ),
    "A17": Scenario(
        "An affiliation or a funder without an id counts under its name.",
        *(ORACLE, "test_a16_and_a17_affiliations_and_names"),
    ),
    "A18": Scenario(
        "What is removed and then deleted is subtracted once.",
        *(ORACLE, "test_a18_removed_then_deleted"),
    ),
    "A19": Scenario(
        "What is deleted and then purged from the index of records is subtracted once.",
        *(LIVES, "test_a_purged_record_is_subtracted_once"),
    ),
    "A20": Scenario(
        "What joins a sub-community joins its parent community, too: one entry each.",
        *(ROUTES, "test_sub_community"),
    ),
    "A21": Scenario(
        "A record that was deleted before statistics were built comes on its day and leaves on "
        "its tombstone's.",
        *(LIVES, "test_a_record_that_was_deleted_before_statistics_were_built"),
    ),
    "A22": Scenario(
        "Joining by an accepted review is one entry; the tests beside it show the other ways.",
        *(ROUTES, "test_accepted_review"),
    ),
    "A23": Scenario(
        "A deleted community answers as unknown; restored it is complete, the days between "
        "included.",
        *(LIVES, "test_a_deleted_community_is_unknown_and_complete_when_it_is_restored"),
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
    "V7": Scenario(
        "An event that is indexed five days late corrects its day and all that follows, as a "
        "rebuild would.",
        *(LIVES, "test_an_event_that_is_indexed_five_days_late"),
    ),
    "V8": Scenario(
        "A view counts for the communities that the record belonged to at its second.",
        *(ORACLE, "test_v8_membership_of_the_moment"),
    ),
    "V9": Scenario(
        "The largest countries of a snapshot are those of all days together; ties by id.",
        *(ORACLE, "test_v9_largest_countries"),
    ),
    "V10": Scenario(
        "A download through the repository's own page counts for the record's communities.",
        *(LIVE, "test_a_visit_reaches_the_delta"),
    ),
    "V11": Scenario(
        "A viewed record with a funder and an affiliation: one item each, with id and label.",
        *(LIVE, "test_items_have_labels_of_the_vocabularies"),
    ),
    "V12": Scenario(
        "The last second of a year and a 29 February: no day is lost, sums go on over the "
        "year's end.",
        *(ORACLE, "test_v12_edges_of_years"),
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
    "V17": Scenario(
        "Visits to pages of communities count for the community and the repository, once for each "
        "hour and day where they are unique; those of robots do not count.",
        *(VISITS, "test_a_visit_counts_for_its_community_and_the_repository"),
        ("visits", "unique_visits", "visit_visitors"),
    ),
    "V18": Scenario(
        "A reported download counts for its record, its work and their communities in that second, "
        "one of a work as a whole where any version was; what else is reported does not count.",
        *(
            REPORTED,
            "test_a_reported_download_counts_for_its_record_its_work_and_their_communities",
        ),
        ("reported_downloads",),
    ),
    "E1": Scenario(
        "Runs that are killed at any moment and repeated leave the same documents as a rebuild.",
        *(KILL, "test_killed_runs"),
    ),
    "E2": Scenario(
        "Random histories: every stored delta, and snapshots around changes, equal a count made "
        "for the test by other means, whether aggregated piece by piece or at once.",
        *(RANDOM, "test_piece_by_piece_equals_oracle_and_rebuild", DISTINCT),
    ),
    "E3": Scenario(
        "Snapshots of successive days differ by the delta between them; the test beside it "
        "adds up subcounts and scopes.",
        *(ORACLE, "test_snapshots_differ_by_deltas"),
    ),
    "E4": Scenario(
        "What is refused of one community holds up nobody, is kept with its reason and made up "
        "for.",
        *(BOUNDARIES, "test_a_refused_scope_holds_up_nobody_and_is_made_up_for"),
    ),
    "E5": Scenario(
        "While our index is blocked, closed or missing, actions of users succeed, send us no "
        "request, and lose nothing.",
        *(TROUBLE, "test_our_index_is_of_no_concern_to_users"),
    ),
    "E6": Scenario(
        "A transaction that rolls back leaves no entry.",
        *(ROUTES, "test_rollback_leaves_nothing"),
    ),
    "E7": Scenario(
        "The same change recorded by two workers at once is one entry.",
        *(TROUBLE, "test_two_workers_record_a_change_once"),
    ),
    "E8": Scenario(
        "A record of fifty communities is edited, gets a version and is deleted, and thousands "
        "of records join at once: requests grow with neither.",
        *(MANY, "test_many_records_join_at_once"),
    ),
    "E9": Scenario(
        "An idle run makes at most five requests, whatever the number of communities and days.",
        *(RUNS, "test_an_idle_run_makes_at_most_five_requests"),
    ),
    "E10": Scenario(
        "The lease of a killed process runs out; whoever had it cannot overwrite what was read "
        "later.",
        *(LEASES, "test_the_lease_of_a_killed_process_runs_out"),
    ),
    "E11": Scenario(
        "A dimension is added: what is stored stays readable, and a rebuild fills the past.",
        *(DIMENSION, "test_a_dimension_that_was_added_is_filled_in"),
    ),
    "E12": Scenario(
        "The metadata of thousands of records change at once: requests grow by the thousand.",
        *(MANY, "test_the_metadata_of_many_records_change_at_once"),
    ),
    "E13": Scenario(
        "What is published before setup is counted after it.",
        *(TROUBLE, "test_records_published_before_setup_are_counted_after_it"),
    ),
}
