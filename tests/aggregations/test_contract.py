# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""The contract: names of indices and fields, and the catalog in every projection of it."""

import json
from collections import Counter
from datetime import date
from pathlib import Path

import msgspec
import pytest
from invenio_stats.proxies import current_stats

from invenio_usage_stats.aggregations import aggregators, templates
from invenio_usage_stats.aggregations.documents import Documents, delta_header
from invenio_usage_stats.aggregations.records.states import (
    RecordDelta,
    RecordState,
    pack,
    unpack,
)
from invenio_usage_stats.aggregations.reports import encoded
from invenio_usage_stats.aggregations.sheets.sheet import REPORTS, VISITS, Sheet, Usage
from invenio_usage_stats.aggregations.templates.generator import files, properties
from invenio_usage_stats.aggregations.usage.cells import CellTable
from invenio_usage_stats.aggregations.usage.rendering import UsageRenderer
from invenio_usage_stats.catalog import DIMENSIONS, METRICS, Catalog
from invenio_usage_stats.errors import CatalogError
from invenio_usage_stats.indices import EVENTS, PRODUCTS, full_name

RECORD_DELTA = (
    "by_resource_type by_access_right by_language by_license by_file_type by_affiliation "
    "by_affiliation_creator by_affiliation_contributor by_funder by_award by_subject by_keyword "
    "by_publisher by_periodical"
)
RECORD_SNAPSHOT = (
    "all_resource_types all_access_rights all_languages all_licenses all_file_types "
    "top_affiliations top_affiliations_creator top_affiliations_contributor top_funders "
    "top_awards top_subjects top_keywords top_publishers top_periodicals"
)
USAGE_DELTA = (
    "by_resource_types by_access_rights by_languages by_licenses by_file_types by_affiliations "
    "by_funders by_awards by_subjects by_keywords by_publishers by_periodicals by_countries "
    "by_referrers"
)
USAGE_SNAPSHOT = (
    "all_resource_types all_access_rights all_languages all_licenses all_file_types "
    "top_affiliations top_funders top_awards top_subjects top_keywords top_publishers "
    "top_periodicals top_countries top_referrers"
)
CATALOG = Catalog(METRICS, DIMENSIONS)


class _Label:
    def __call__(self, dimension, key):
        return key

    def prefetch(self, dimension, keys):
        pass


@pytest.fixture
def documents() -> Documents:
    return Documents(CATALOG, _Label(), 20)


def test_fields_of_breakdowns(documents):
    built = (
        (documents.record_delta(RecordDelta()), RECORD_DELTA),
        (documents.record_snapshot(RecordState()), RECORD_SNAPSHOT),
        (documents.usage_delta(Usage(documents.columns)), USAGE_DELTA),
        (documents.usage_snapshot(Usage(documents.columns)), USAGE_SNAPSHOT),
    )
    for document, fields in built:
        assert sorted(document["subcounts"]) == sorted(fields.split())


def test_every_number_is_mapped(documents):
    visits = {metric.field: 1 for metric in CATALOG.visits}
    reports = encoded(Counter({(1, 2, "ilastik"): 3}))
    sections = {VISITS: msgspec.msgpack.encode(visits), REPORTS: reports}
    sheet = Sheet(documents.columns, sections)
    built = {
        ("records", "delta"): documents.record_delta(RecordDelta()),
        ("records", "snapshot"): documents.record_snapshot(RecordState()),
        ("usage", "delta"): documents.usage_delta(Usage(documents.columns, [sheet])),
        ("usage", "snapshot"): documents.usage_snapshot(Usage(documents.columns, [sheet])),
    }
    assert "by_consumers" in built["usage", "delta"]["subcounts"]
    assert "top_consumers" in built["usage", "snapshot"]["subcounts"]
    for product in PRODUCTS:
        mapped = properties(product)
        for field, value in built[product.family, product.kind].items():
            assert field in mapped
            _check_mapped(mapped[field], value)


def _check_mapped(mapping: dict, value) -> None:
    if mapping.get("enabled") is False or not isinstance(value, dict):
        return
    assert set(mapping["properties"]) == set(value)
    for name, inner in value.items():
        _check_mapped(mapping["properties"][name], inner)


def test_template_files_are_current():
    root = Path(templates.__file__).parent
    for path, text in files().items():
        assert (root / path).read_text() == text, "run python -m ...aggregations.templates"
    present = {str(path.relative_to(root)) for path in root.glob("*/os-v2/*.json")}
    assert present == set(files())


def test_both_shapes_hold_the_same():
    for path, text in files().items():
        if path.startswith("legacy/"):
            legacy = json.loads(text)
            composable = json.loads(files()[path.replace("legacy/", "composable/")])
            assert composable["index_patterns"] == legacy.pop("index_patterns")
            assert composable["template"] == legacy
            codec = "default" if EVENTS in path else "best_compression"
            assert legacy["settings"]["index"]["codec"] == codec
            assert legacy["mappings"]["dynamic"] == "strict"


def test_names_of_indices(app):
    assert {product.alias for product in PRODUCTS} == {
        *(
            f"stats-community-records-{kind}-{basis}"
            for kind in ("delta", "snapshot")
            for basis in ("added", "created", "published")
        ),
        "stats-community-usage-delta",
        "stats-community-usage-snapshot",
    }


def test_aggregators_are_registered(app):
    names = {product.name for product in PRODUCTS} | {aggregators.EVENTS_AGGREGATION}
    assert names <= set(current_stats.aggregations)
    classes = {type(_make(name)).__name__ for name in names}
    assert len(classes) == 9


def _make(name: str):
    aggregation = current_stats.aggregations[name]
    return aggregation.cls(name=name, **aggregation.params)


def test_states_survive_packing():
    state = RecordState({"a": {"b": (1, 2, 3, 4, 5, -6)}})
    assert unpack(pack(state)) == state
    assert pack(state) == pack(unpack(pack(state)))
    assert unpack(pack(state).rstrip("=")) == state


def test_text_of_an_empty_day_is_the_empty_document(documents):
    renderer = UsageRenderer(documents, CellTable(CATALOG), documents.columns)
    (text,) = renderer.delta("global", date(2024, 1, 1), [], {})
    expected = documents.usage_delta(Usage(documents.columns))
    assert json.loads(text) == {**delta_header("global", date(2024, 1, 1)), **expected}


def test_no_name_stands_twice():
    with pytest.raises(CatalogError, match="views"):
        Catalog([*METRICS, next(m for m in METRICS if m.id == "views")], DIMENSIONS)


def test_full_names_carry_the_prefix(app):
    assert full_name("stats-community-events").startswith(app.config["SEARCH_INDEX_PREFIX"])
