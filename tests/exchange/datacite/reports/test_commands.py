# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""The commands: writing a report, sending it, and what was sent."""

import gzip
import json
from functools import partial

import pytest

from invenio_usage_stats.exchange.datacite.hub import parts

from .delivering import BOTH, JANUARY, TOKEN
from .schemas import HUB_REPORT, problems


@pytest.fixture
def run(run):
    """Return a function that runs a command of counting to the standard."""
    return partial(run, "counter")


def test_report_for_the_hub(run, counted, tmp_path):
    code, output = run("report", JANUARY, "--folder", tmp_path)
    (path,) = tmp_path.iterdir()
    assert (code, output.strip()) == (0, str(path))
    report = json.loads(path.read_text())
    assert not problems(HUB_REPORT, report)
    assert [d["dataset-id"][0]["value"] for d in report["report-datasets"]] == BOTH


def test_report_in_parts(run, counted, tmp_path, monkeypatch):
    monkeypatch.setattr(parts, "MOST_DATASETS", 1)
    assert run("report", JANUARY, "--folder", tmp_path)[0] == 0
    paths = sorted(tmp_path.iterdir())
    assert [path.name for path in paths] == ["2026-01-1.json.gz", "2026-01-2.json.gz"]
    first, second = (json.loads(gzip.decompress(path.read_bytes())) for path in paths)
    assert first["report-header"] == second["report-header"]
    assert not problems(HUB_REPORT, first) + problems(HUB_REPORT, second)


def test_report_as_a_table(run, counted, tmp_path):
    assert run("report", JANUARY, "--format", "tsv", "--folder", tmp_path)[0] == 0
    (path,) = tmp_path.iterdir()
    rows = path.read_text().splitlines()
    assert (path.name, rows[1]) == ("dsr-2026-01.tsv", "Report_ID\tDSR")
    assert len(rows) == 12 + 16


def test_send(run, counted, hub):
    code, output = run("send", JANUARY)
    assert code == 0
    assert output.splitlines()[0] == "2026-01: closed, count 1, by 'test.library'"
    assert f"taken as {hub.stored(JANUARY).id}" in output
    code, output = run("sent")
    assert "2026-01 count 1: POST part 1/1, 2 datasets" in output


def test_dry_run(run, counted, hub):
    code, output = run("send", JANUARY, "--dry-run")
    assert (code, output.splitlines()[-1]) == (0, "Nothing was sent.")
    assert hub.requests == []
    assert run("sent") == (0, "")


def test_failures_are_sentences(run, app, counted, hub, monkeypatch):
    monkeypatch.setitem(app.config, TOKEN, "")
    code, output = run("send", JANUARY)
    assert (code, output.splitlines()[-1]) == (
        1,
        "Error: USAGE_STATS_COUNTER_HUB_TOKEN is no JSON web token; ask DataCite for one.",
    )
    code, output = run("send", "2026-09")
    assert (code, output) == (1, "Error: 2026-09 is not counted.\n")
    code, output = run("report", "2026-1")
    assert code == 2
    assert "'2026-1' is not a month such as 2026-01." in output


@pytest.mark.parametrize("command", [("report", JANUARY), ("send", JANUARY), ("sent",)])
def test_nothing_is_done_when_counting_is_off(run, app, counted, monkeypatch, command):
    monkeypatch.setitem(app.config, "USAGE_STATS_COUNTER", False)
    code, output = run(*command)
    assert (code, output) == (1, "Error: USAGE_STATS_COUNTER is off.\n")
