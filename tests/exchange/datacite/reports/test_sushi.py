# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Harvesting: what there is, what is asked for, and what is said when there is nothing."""

import pytest

from ....trouble import unreachable
from .counted import usage, write_months
from .schemas import HARVESTED, REPORTS, STATUS, problems

BOTH = {"begin_date": "2026-01-01", "end_date": "2026-02-28"}
SUSHI = "/api/sushi"
ALWAYS = 101


def ask(client, path="/reports/dsr", status=200, **parameters):
    """Return a report, which is right in form."""
    response = client.get(f"{SUSHI}{path}", query_string=parameters)
    assert response.status_code == status, response.text
    assert not problems(HARVESTED, response.json)
    return response.json


def codes(report):
    """Return what is said about a report by number, without what is said of each."""
    found = {}
    for one in report["report-header"]["exceptions"]:
        if one["code"] != ALWAYS:
            found.setdefault(one["code"], []).append(one.get("data", ""))
    return {code: ", ".join(data) for code, data in found.items()}


def shown(report):
    """Return numbers by DOI, month, and metric with access method."""
    return {
        (
            dataset["dataset-id"][0]["value"],
            performance["period"]["begin-date"][:7],
            f"{one['metric-type']}-{one['access-method']}",
        ): one["count"]
        for dataset in report["report-datasets"]
        for performance in dataset["performance"]
        for one in performance["instance"]
    }


def dois(report):
    return [dataset["dataset-id"][0]["value"] for dataset in report["report-datasets"]]


class TestPaths:
    def test_status(self, visitor):
        response = visitor.get(f"{SUSHI}/status")
        assert not problems(STATUS, response.json)
        assert response.json["description"] == "Usage of the datasets of A library."

    def test_reports(self, visitor):
        response = visitor.get(f"{SUSHI}/reports")
        assert not problems(REPORTS, response.json)
        (listed,) = response.json
        assert listed["path"].endswith("/api/sushi/reports/dsr")
        assert listed["report-filters"] == [
            *("begin-date", "end-date", "metric-type", "access-method", "yop", "version")
        ]

    def test_reports_are_there_in_any_case(self, visitor, counted):
        assert dois(ask(visitor, "/reports/DSR", **BOTH)) == dois(ask(visitor, **BOTH))

    @pytest.mark.parametrize("path", ["/status", "/reports", "/reports/dsr"])
    def test_nothing_is_there_when_counting_is_off(self, api, visitor, monkeypatch, path):
        monkeypatch.setitem(api.config, "USAGE_STATS_COUNTER", False)
        assert visitor.get(f"{SUSHI}{path}", query_string=BOTH).status_code == 404


class TestReport:
    def test_has_each_version_and_all_together(self, visitor, counted):
        report = ask(visitor, **BOTH)
        assert shown(report) == {
            **_numbers("10.5072/ice.1", "2026-01", (5, 4, 2, 1), (3, 1, 3, 1)),
            **_numbers("10.5072/ice.1", "2026-02", (7, 4, 0, 0)),
            **_numbers("10.5072/second", "2026-02", (1, 1, 1, 1)),
            **_numbers("10.5072/ice", "2026-01", (5, 4, 2, 1), (3, 1, 3, 1)),
            **_numbers("10.5072/ice", "2026-02", (8, 4, 1, 1)),
        }
        versions = [d["dataset-attributes"][0]["value"] for d in report["report-datasets"]]
        assert sorted(versions) == ["1.0", "2", "All"]

    def test_describes_datasets(self, visitor, counted):
        (dataset,) = ask(visitor, **BOTH, version="1.0")["report-datasets"]
        known = {key: value for key, value in dataset.items() if key != "performance"}
        assert known == {
            "dataset-title": "Ice cores",
            "dataset-id": [{"type": "doi", "value": "10.5072/ice.1"}],
            "dataset-contributors": [{"type": "name", "value": "Silva, Eva"}],
            "dataset-dates": [{"type": "pub-date", "value": "2020-06-01"}],
            "dataset-attributes": [{"type": "dataset-version", "value": "1.0"}],
            "platform": "A library",
            "publisher": "Press",
            "publisher-id": [{"type": "client-id", "value": "test.library"}],
            "data-type": "dataset",
            "yop": "2020",
            "uri": "https://doi.org/10.5072/ice.1",
        }

    def test_tells_volumes_in_megabytes_and_known_countries(self, visitor, counted):
        (dataset,) = ask(visitor, **BOTH, version="1.0")["report-datasets"]
        january, february = (p["instance"] for p in dataset["performance"])
        volumes = {i["access-method"]: i["volume"] for i in january if "volume" in i}
        assert volumes == {"regular": 2.5, "machine": 0.00003}
        counts = {i["metric-type"]: i.get("country-counts") for i in february}
        assert counts == {
            "total-dataset-investigations": {"de": 3, "fr": 1},
            "unique-dataset-investigations": None,
        }

    def test_other_types_are_told_of_where_that_is_wanted(self, api, visitor, counted, monkeypatch):
        assert "10.5072/article" not in dois(ask(visitor, **BOTH))
        monkeypatch.setitem(api.config, "USAGE_STATS_COUNTER_RESOURCE_TYPES", [])
        found = dois(ask(visitor, **BOTH))
        assert "10.5072/article" in found
        assert "10.5072/secret" not in found

    def test_months_can_be_put_together(self, visitor, counted):
        report = ask(visitor, **BOTH, version="All", exclude_monthly_details="True")
        (dataset,) = report["report-datasets"]
        (performance,) = dataset["performance"]
        assert performance["period"] == {"begin-date": "2026-01-01", "end-date": "2026-02-28"}
        assert shown(report) == _numbers("10.5072/ice", "2026-01", (13, 8, 3, 2), (3, 1, 3, 1))
        attributes = report["report-header"]["report-attributes"]
        assert attributes == [{"name": "exclude-monthly-details", "value": "true"}]

    def test_many_datasets_are_told_of_in_lots(self, visitor, counted, monkeypatch):
        whole = ask(visitor, **BOTH)
        monkeypatch.setattr("invenio_usage_stats.exchange.datacite.reports.dsr.LOT", 1)
        monkeypatch.setattr("invenio_usage_stats.exchange.datacite.reports.document.PIECE", 1)
        assert ask(visitor, **BOTH) == whole


class TestFilters:
    @pytest.mark.parametrize(
        ("filters", "expected"),
        [
            ({"metric_type": "Total_Dataset_Requests"}, {"total-dataset-requests"}),
            ({"metric-type": "unique-dataset-requests"}, {"unique-dataset-requests"}),
            (
                {"metric_type": "Total_Dataset_Requests|Unique_Dataset_Requests"},
                {"total-dataset-requests", "unique-dataset-requests"},
            ),
        ],
    )
    def test_metrics(self, visitor, counted, filters, expected):
        report = ask(visitor, **BOTH, **filters)
        assert {key[2].rpartition("-")[0] for key in shown(report)} == expected
        assert [one["name"] for one in report["report-header"]["report-filters"]] == ["metric-type"]

    def test_access_methods(self, visitor, counted):
        assert {key[2].rpartition("-")[2] for key in shown(ask(visitor, **BOTH))} == {
            *("regular", "machine")
        }
        report = ask(visitor, **BOTH, access_method="Machine")
        assert {key[2].rpartition("-")[2] for key in shown(report)} == {"machine"}
        assert set(dois(report)) == {"10.5072/ice.1", "10.5072/ice"}

    @pytest.mark.parametrize(
        ("years", "found"),
        [("2020", True), ("2018|2020", True), ("2000-2020", True), ("All", True), ("2021", False)],
    )
    def test_years_of_publication(self, visitor, counted, years, found):
        report = ask(visitor, **BOTH, yop=years)
        assert bool(report["report-datasets"]) == found
        assert (3030 in codes(report)) != found

    def test_versions(self, visitor, counted):
        assert dois(ask(visitor, **BOTH, version="All")) == ["10.5072/ice"]
        assert dois(ask(visitor, **BOTH, version="2")) == ["10.5072/second"]
        assert len(dois(ask(visitor, **BOTH, version="2|1.0"))) == 2


class TestExceptions:
    def test_machine_investigations_are_told_to_be_incomplete(self, visitor, counted):
        for wanted, told in (
            ({}, True),
            ({"access_method": "Regular"}, False),
            ({"metric_type": "Total_Dataset_Requests"}, False),
        ):
            said = ask(visitor, **BOTH, **wanted)["report-header"]["exceptions"]
            assert (ALWAYS in [one["code"] for one in said]) == told

    def test_months_that_are_not_closed(self, visitor, counted):
        report = ask(visitor, **BOTH, access_method="Regular")
        data = "usage has not been processed for all of 2026-02"
        assert codes(report) == {3040: data}
        (said,) = report["report-header"]["exceptions"]
        assert (said["severity"], said["message"]) == ("warning", "Partial Data Returned")
        closed = ask(visitor, begin_date="2026-01", end_date="2026-01")
        assert codes(closed) == {}

    def test_months_that_are_not_counted_yet(self, visitor, counted):
        report = ask(visitor, begin_date="2026-01", end_date="2026-04")
        assert codes(report)[3031] == "2026-03, 2026-04"
        assert report["report-datasets"]
        report = ask(visitor, begin_date="2026-03-01", end_date="2026-12-31")
        assert codes(report) == {3031: "2026-03 to 2026-12"}
        assert report["report-header"]["exceptions"][0]["severity"] == "error"
        assert not report["report-datasets"]

    def test_months_before_the_first(self, visitor, counted):
        report = ask(visitor, begin_date="2025-12-01", end_date="2026-01-31")
        assert codes(report) == {3040: "usage is counted since 2026-01"}
        report = ask(visitor, begin_date="2025-01", end_date="2025-12")
        assert codes(report) == {3030: "usage is counted since 2026-01"}

    def test_months_without_use(self, visitor, library):
        write_months([], closed=["2026-03"], empty=["2026-03"])
        assert [*codes(ask(visitor, begin_date="2026-03", end_date="2026-03"))] == [3030]

    def test_nothing_is_counted_at_all(self, visitor):
        assert [*codes(ask(visitor, **BOTH))] == [3031]

    @pytest.mark.parametrize(
        ("dates", "code", "data"),
        [
            ({}, 3070, "begin_date, end_date"),
            ({"begin_date": "2026-01"}, 3070, "end_date"),
            ({"begin_date": "x", "end_date": "2026-01"}, 3020, "'x' is not a month"),
            ({"begin_date": "2026-13", "end_date": "2026-01"}, 3020, "is not a month"),
            ({"begin_date": "2026-02", "end_date": "2026-01"}, 3020, "2026-02 is after 2026-01"),
            ({"begin_date": "2026-01-02", "end_date": "2026-01-31"}, 3020, "the first day"),
            ({"begin_date": "2026-02-01", "end_date": "2026-02-27"}, 3020, "the last day"),
            ({"begin_date": "0001-02-01", "end_date": "9999-11-30"}, 3020, "are too many"),
        ],
    )
    def test_dates(self, visitor, counted, dates, code, data):
        report = ask(visitor, status=400, **dates)
        assert data in codes(report)[code]
        assert not report["report-datasets"]

    @pytest.mark.parametrize(
        ("parameters", "code"),
        [
            ({"granularity": "Month"}, 3050),
            ({"metric_type": "Searches_Platform"}, 3060),
            ({"access_method": "TDM"}, 3060),
            ({"yop": "twenty"}, 3060),
            ({"yop": "2020-2018"}, 3060),
            ({"version": "All|1.0"}, 3061),
            ({"exclude_monthly_details": "perhaps"}, 3062),
        ],
    )
    def test_what_cannot_be_heeded_is_told_and_left_out(self, visitor, counted, parameters, code):
        report = ask(visitor, **BOTH, **parameters)
        ((name, value),) = parameters.items()
        assert name in codes(report)[code]
        assert code == 3050 or value in codes(report)[code]
        assert report["report-datasets"] == ask(visitor, **BOTH)["report-datasets"]
        assert not report["report-header"]["report-filters"]

    def test_one_of_several_values_can_be_heeded(self, visitor, counted):
        report = ask(visitor, **BOTH, access_method="TDM|Machine")
        assert codes(report)[3060] == "access_method=TDM"
        filters = report["report-header"]["report-filters"]
        assert filters == [{"name": "access-method", "value": "Machine"}]

    def test_credentials_of_harvesters_are_not_needed(self, visitor, counted):
        known = {"customer_id": "1", "requestor_id": "2", "api_key": "3"}
        assert codes(ask(visitor, **BOTH, **known)) == codes(ask(visitor, **BOTH))

    def test_other_reports_and_releases(self, visitor, counted):
        assert codes(ask(visitor, "/reports/tr", 404, **BOTH))[3000] == "tr"
        assert codes(ask(visitor, status=404, **BOTH, release="5"))[3010] == "5"

    def test_a_search_engine_that_is_away(self, api, visitor, counted):
        with api.app_context(), unreachable():
            report = ask(visitor, status=503, **BOTH)
        assert [*codes(report)] == [1000]
        assert ask(visitor, **BOTH)["report-datasets"]

    def test_too_many_requests(self, api, visitor, counted, monkeypatch):
        limits = {"guest": "1 per hour", "user": ""}
        monkeypatch.setitem(api.config, "USAGE_STATS_RATE_LIMIT", limits)
        answers = [visitor.get(f"{SUSHI}/reports/dsr", query_string=BOTH) for _ in range(2)]
        assert answers[-1].status_code == 429, answers[-1].text
        assert codes(answers[-1].json) == {1020: "Too many requests: at most 1 per 1 hour."}
        assert not problems(HARVESTED, answers[-1].json)


def test_old_counts_of_a_month_are_not_told_of(visitor, counted):
    recid = counted.records["first"]
    write_months([("record", usage("2026-01", recid, (1, 1, 0, 0)))], ["2026-01"], generation=2)
    report = ask(visitor, begin_date="2026-01", end_date="2026-01")
    assert shown(report) == _numbers("10.5072/ice.1", "2026-01", (1, 1, 0, 0))


def _numbers(doi, month, regular, machine=(0, 0, 0, 0)):
    """Return numbers as ``shown`` does."""
    counts = usage(month, "any", regular, machine).counts
    return {(doi, month, id_): count for id_, count in counts.items() if count}
