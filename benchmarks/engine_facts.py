# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Loading the facts of records, against reading them from the repository's own index."""

from collections.abc import Iterator
from random import Random
from typing import Any

from engine_bench import Bench, Line, Load, costs, spread
from engine_calls import load_facts
from engine_measure import Variant, ratio
from engine_records import Repository, indexed, recid, uuid_of
from invenio_rdm_records.records import RDMRecord

from invenio_usage_stats.indices import full_name, refresh, scroll, terms_batches
from invenio_usage_stats.ledger.facts import RecordView, facts_of
from invenio_usage_stats.proxies import current_usage_stats

FIELDS = (
    *("id", "access", "files.entries", "custom_fields.journal:journal", "parent.id"),
    *("parent.access.owned_by", "parent.communities.ids"),
    *("metadata.resource_type", "metadata.languages", "metadata.rights", "metadata.funding"),
    *("metadata.creators.affiliations", "metadata.contributors.affiliations"),
    *("metadata.subjects", "metadata.publisher", "metadata.publication_date"),
)
BATCH = 2_000


def _index() -> str:
    """Return the full name of the repository's own index of records."""
    return full_name(RDMRecord.index._name.removeprefix(full_name("")))


def _write(bench: Bench, repository: Repository) -> float:
    """Write all records as the repository has them; return the bytes of one."""
    index, records = _index(), repository.records()
    size = bench.raw.write((index, str(uuid_of(recid(r.number))), indexed(r)) for r in records)
    refresh(index)
    return size / repository.count


def _read(recids: list[str], **body: object) -> int:
    """Read records from the repository's own index; return how many."""
    index = _index()
    queries = terms_batches("id", recids, BATCH)
    return sum(1 for query in queries for _ in scroll(index, query, **body))


def _take(recids: list[str]) -> int:
    """Read records from the repository's own index and take the facts from them."""
    index, dimensions = _index(), current_usage_stats.catalog.of_record()
    hits = (hit for query in terms_batches("id", recids, BATCH) for hit in scroll(index, query))
    sources = (hit["_source"] for hit in hits)
    return sum(1 for source in sources if facts_of(_view(source), dimensions))


def _view(source: dict[str, Any]) -> RecordView:
    """Return the view of a record as the repository's own index has it."""
    files = ((entry["key"], entry["size"]) for entry in source["files"]["entries"])
    return RecordView(source, source["parent"], files)


def measure_facts(bench: Bench) -> Iterator[Line]:
    """Yield how many records are loaded per second."""
    count = bench.scale.facts
    repository = bench.repository(Load(0, 1_000, count))
    size = _write(bench, repository)
    recids = [recid(number) for number in range(count)]
    Random(bench.seed).shuffle(recids)
    if _read(recids) != count:
        raise SystemExit("Records are missing from the repository's own index.")
    variants = {
        "facts": Variant(lambda: load_facts(recids)),
        "whole": Variant(lambda: _read(recids)),
        "fields": Variant(lambda: _read(recids, _source=FIELDS)),
        "facts taken": Variant(lambda: _take(recids)),
    }
    found = bench.clock.interleaved(variants, bench.runs)
    walls = {name: [cost.wall for cost in runs] for name, runs in found.items()}
    best = min(("whole", "fields"), key=lambda name: sorted(walls[name])[bench.runs // 2])
    faster = ratio(walls[best], walls["facts"])
    note = f"{spread(faster)}; {count:,} records of {size / 1e3:.1f} kB"
    note += "".join(f"; {costs(name, runs)}" for name, runs in found.items())
    what = f"records/s, of the repository's own index ({best})"
    yield Line("facts", what, faster.value, "x", 4, least=True, note=note)
    taken = ratio(walls["facts taken"], walls["facts"])
    what = "records/s, of taking facts from the repository's own index"
    yield Line("facts", what, taken.value, "x", note=spread(taken))
    rates = ratio([count] * bench.runs, walls["facts"])
    yield Line("facts", "records/s", rates.value, "", note=spread(rates))
