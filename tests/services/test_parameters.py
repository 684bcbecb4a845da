# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Parameters of questions: what they mean, and what is said of those that mean nothing."""

from datetime import date

import pytest
from flask import current_app
from werkzeug.datastructures import MultiDict

from invenio_usage_stats.errors import InvalidQueryError
from invenio_usage_stats.proxies import current_usage_stats
from invenio_usage_stats.reader.periods import Period, earlier
from invenio_usage_stats.services.query import Query

from .asking import read


@pytest.mark.parametrize(
    ("parameters", "named", "word"),
    [
        ({"metric": "beauty"}, "metric", "views"),
        ({"metric": "views,beauty"}, "metric", "views"),
        ({"period": "12x"}, "period", "ytd"),
        ({"period": "12m\n"}, "period", "ytd"),
        ({"period": "year:\u0662\u0660\u0662\u0665"}, "period", "ytd"),
        ({"since": "yesterday"}, "since", "2026-01-31"),
        ({"since": "2026-02-30"}, "since", "2026-01-31"),
        ({"since": "2026-01-31banana"}, "since", "2026-01-31"),
        ({"since": "20260131"}, "since", "2026-01-31"),
        ({"until": "2026-W05-1"}, "until", "2026-01-31"),
        ({"since": "2026-01-31T10:00:00"}, "since", "2026-01-31"),
        ({"since": "2024-02-01", "until": "2024-01-01"}, "since", "after"),
        ({"since": "9000-01-01", "until": "9000-01-02"}, "since", "future"),
        ({"period": "30d", "until": "2024-01-01"}, "period", "one of them"),
        ({"interval": "hour"}, "interval", "week"),
        ({"cumulative": "perhaps"}, "cumulative", "true"),
        ({"basis": "born"}, "basis", "published"),
        ({"level": "file"}, "level", "parent"),
        ({"compare": "tomorrow"}, "compare", "previous"),
        ({"dimension": "colours"}, "dimension", "languages"),
        ({"filter": "colours:red"}, "filter", "languages"),
        ({"filter": "languages"}, "filter", "<value>"),
        ({"filter": "uploaders:1"}, "filter", "languages"),
        ({"size": "0"}, "size", "100"),
        ({"size": "101"}, "size", "100"),
        ({"size": "many"}, "size", ""),
        ({"page": "0"}, "page", "1"),
        ({"locale": "<script>"}, "locale", "language"),
        ({"locale": "xx"}, "locale", "language"),
        ({"colour": "red"}, "colour", "metric"),
        ({"interval": ["day", "week"]}, "interval", "more than once"),
    ],
)
def test_what_is_wrong_is_named_with_what_is_allowed(app, parameters, named, word):
    with pytest.raises(InvalidQueryError) as raised:
        read(**parameters)
    assert raised.value.parameter == named
    assert word in str(raised.value)


def test_parameters_are_repeated_or_separated_by_commas(app):
    parameters = MultiDict(
        [("metric", "views,downloads"), ("metric", "records"), ("filter", "subjects:a:b,c")]
    )
    query = Query.read(parameters, current_usage_stats.catalog)
    assert query.metrics == ("views", "downloads", "records")
    assert query.filters == (("subjects", "a:b,c"),)
    assert query.to_dict()["filter"] == ["subjects:a:b,c"]
    assert (query.size, query.page, query.name) == (10, 1, "12m")
    assert read(metric="").metrics == ()


@pytest.mark.parametrize(
    ("start", "since", "until"),
    [
        ("01-01", "2023-01-01", "2023-12-31"),
        ("07-01", "2023-07-01", "2024-06-30"),
        ("03-01", "2023-03-01", "2024-02-29"),
    ],
)
def test_financial_years(app, monkeypatch, start, since, until):
    monkeypatch.setitem(current_app.config, "USAGE_STATS_YEAR_START", start)
    period = read(period="fy:2023").span(None)
    assert [day.isoformat() for day in period.bounds] == [since, until]


def test_earlier_periods():
    march = Period(date(2024, 3, 1), date(2024, 3, 31))
    assert earlier(march, "previous") == Period(date(2024, 1, 30), date(2024, 2, 29))
    assert earlier(march, "year") == Period(date(2023, 3, 1), date(2023, 3, 31))
    leap = Period(date(2024, 2, 29), date(2024, 2, 29))
    assert earlier(leap, "year") == Period(date(2023, 2, 28), date(2023, 2, 28))
