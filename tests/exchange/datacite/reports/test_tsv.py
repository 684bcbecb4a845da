# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""The report as a table (CoP RD tables 7.2 and 7.3)."""

from datetime import UTC, datetime

import pytest

from invenio_usage_stats.exchange.datacite.reports.tsv import line

from .test_sushi import BOTH, SUSHI

COLUMNS = [
    *("Dataset_Title", "Publisher", "Publisher_ID", "Creators", "Publication_Date"),
    *("Dataset_Version", "DOI", "Other_ID", "URI", "YOP", "Access_Method", "Metric_Type"),
    "Reporting_Period_Total",
]


def ask(client, **parameters):
    """Return the rows of the header and those of the table."""
    query = {**BOTH, "format": "tsv", **parameters}
    response = client.get(f"{SUSHI}/reports/dsr", query_string=query)
    assert response.mimetype == "text/tab-separated-values"
    rows = [text.split("\t") for text in response.text.split("\n")]
    assert rows.pop() == [""]
    return rows[:11], rows[11:]


def test_header(visitor, counted):
    head, _ = ask(visitor, access_method="Regular", yop="2018-2020")
    assert head == [
        ["Report_Name", "Dataset Master Report"],
        ["Report_ID", "DSR"],
        ["Release", "RD1"],
        [
            "Metric_Types",
            "Total_Dataset_Investigations; Unique_Dataset_Investigations; "
            "Total_Dataset_Requests; Unique_Dataset_Requests",
        ],
        ["Report_Filters", "Access_Method=Regular; YOP=2018-2020"],
        ["Report_Attributes", ""],
        [
            "Exceptions",
            "3040: Partial Data Returned (usage has not been processed for all of 2026-02)",
        ],
        ["Reporting_Period", "begin_date=2026-01-01; end_date=2026-02-28"],
        ["Created", datetime.now(UTC).date().isoformat()],
        ["Created_By", "test.library"],
        [""],
    ]


def test_rows(visitor, counted):
    _, (columns, *rows) = ask(visitor, version="1.0")
    assert columns == [*COLUMNS, "Jan-2026", "Feb-2026"]
    known = ["Ice cores", "Press", "client-id:test.library", "Silva, Eva", "2020-06-01", "1.0"]
    known += ["10.5072/ice.1", "", "https://doi.org/10.5072/ice.1", "2020"]
    assert rows == [
        [*known, "Regular", "Total_Dataset_Investigations", "12", "5", "7"],
        [*known, "Regular", "Unique_Dataset_Investigations", "8", "4", "4"],
        [*known, "Regular", "Total_Dataset_Requests", "2", "2", "0"],
        [*known, "Regular", "Unique_Dataset_Requests", "1", "1", "0"],
        [*known, "Machine", "Total_Dataset_Investigations", "3", "3", "0"],
        [*known, "Machine", "Unique_Dataset_Investigations", "1", "1", "0"],
        [*known, "Machine", "Total_Dataset_Requests", "3", "3", "0"],
        [*known, "Machine", "Unique_Dataset_Requests", "1", "1", "0"],
    ]


def test_without_months(visitor, counted):
    head, (columns, *rows) = ask(visitor, exclude_monthly_details="true")
    assert head[5] == ["Report_Attributes", "Exclude_Monthly_Details=True"]
    assert columns == COLUMNS
    assert {len(row) for row in rows} == {len(COLUMNS)}


def test_without_use(visitor, counted):
    head, rows = ask(visitor, yop="1999")
    assert head[6][1].endswith("3030: No Usage Available for Requested Dates")
    assert len(rows) == 1


def test_is_a_file(visitor, counted):
    accept = {"Accept": "text/tab-separated-values"}
    response = visitor.get(f"{SUSHI}/reports/dsr", query_string=BOTH, headers=accept)
    assert response.headers["Content-Disposition"] == (
        'attachment; filename="dsr-2026-01-2026-02.tsv"'
    )


def test_other_formats(visitor, counted):
    assert visitor.get(f"{SUSHI}/reports/dsr?format=xml").status_code == 400
    headers = {"Accept": "application/xml"}
    assert visitor.get(f"{SUSHI}/reports/dsr", headers=headers).status_code == 406


@pytest.mark.parametrize(
    ("value", "cell"),
    [("two\twords\nand more", "two words and more"), ("=1+1", "'=1+1"), (3, "3"), ("ä", "ä")],
)
def test_cells_hold_no_breaks_and_no_formulas(value, cell):
    assert line(["before", value]) == f"before\t{cell}\n"
