# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Events, DOIs and the usage of records, in the shapes of DataCite."""

from collections.abc import Callable, Iterable
from typing import Any

from ...exchange.counter.metrics import ACCESS_METHODS, IDS
from ...exchange.datacite.dialects import NEWER, camel, hyphens
from ...exchange.datacite.filters import ALLOWED
from ...exchange.datacite.paging import PARAMETERS
from .parts import SAME, data, errors, in_path, template
from .schemas import (
    ADDRESS,
    MOMENT,
    NUMBER,
    TEXT,
    WHOLE,
    Schema,
    by_name,
    choice,
    having,
    many,
    nullable,
    ref,
)

Spelling = Callable[[str], str | None]
DIALECTS: dict[str, Spelling] = {"events": hyphens, "events_2": camel}
"""The names of the schemas of events, and how each spells names."""
MONTH: Schema = {"type": "string", "pattern": r"^\d{4}-\d{2}$"}
WORK: Schema = {"type": "integer", "minimum": 1}
LISTING = (400, 406, 422, 429, 503)
READING = (400, 404, 406, 429, 503)
OWN = (400, 401, 403, 406, 429, 503)


def exchange_paths(config: Any) -> dict[str, Any]:
    """Return the addresses; ``config``: that of the resource."""
    routes = {name: config.url_prefix + template(rule) for name, rule in config.routes.items()}
    recid, doi = in_path("recid", "Which record."), in_path("doi", "Which DOI, in any case.")
    usage = "All usage of a record"
    dois = ("query", *PARAMETERS)
    events = [name for name in ALLOWED if name != "format"]
    return {
        routes["events"]: _get("events", "Usage as events", _events(config), LISTING, events),
        routes["dois"]: _get("dois", "Records by DOI", _told("dois"), LISTING, dois),
        routes["doi"]: _get("doi", "A record by DOI", _told("doi"), READING, in_address=doi),
        routes["usage"]: _get("usage", usage, _told("usage"), OWN, in_address=recid),
    }


def exchange_schemas() -> dict[str, Schema]:
    """Return what answers are."""
    return {
        **{name: _list(_event(spell), _meta(spell)) for name, spell in DIALECTS.items()},
        "doi": having(data=_doi()),
        "dois": _list(_doi(), having({"page": WHOLE}, **_years(), total=WHOLE, totalPages=WHOLE)),
        "usage": _usage(),
    }


def _get(
    name: str,
    summary: str,
    answer: Schema,
    codes: Iterable[int],
    asked: Iterable[str] = (),
    in_address: Schema | None = None,
) -> dict[str, Any]:
    """Return an operation; ``asked``: its parameters."""
    query = [{"name": one, "in": "query", "schema": TEXT} for one in asked]
    return {
        "get": {
            "operationId": f"exchange_{name}",
            "summary": summary,
            "parameters": [in_address, *query] if in_address else query,
            "responses": {"200": answer, "304": SAME, **errors(codes)},
        }
    }


def _told(name: str) -> Schema:
    """Return what an answer in JSON is."""
    return data(ref(name), "The answer.")


def _events(config: Any) -> Schema:
    """Return what events are, in each dialect."""
    content = {
        mimetype: {"schema": ref("events_2" if "version" in mimetype else "events")}
        for mimetype in config.response_handlers
    }
    return {"description": "The answer.", "content": content}


def _object(spell: Spelling, optional: dict[str, Schema], **required: Schema) -> Schema:
    """Return the schema of an object with names as a dialect spells them."""
    named = {spell(name): schema for name, schema in required.items()}
    more = {spell(name): schema for name, schema in optional.items()}
    return having(more, **{name: schema for name, schema in named.items() if name is not None})


def _list(item: Schema, meta: Schema) -> Schema:
    """Return the schema of a page of items."""
    return having(data=many(item), meta=meta, links=having({"next": ADDRESS}, self=ADDRESS))


def _event(spell: Spelling) -> Schema:
    """Return the schema of an event."""
    names = dict.fromkeys(("subj_id", "obj_id", "license"), ADDRESS)
    names |= dict.fromkeys(("occurred_at", "timestamp"), MOMENT)
    names |= dict.fromkeys(("source_id", "source_token", "message_action"), TEXT)
    names |= dict.fromkeys(NEWER, nullable(TEXT))
    attributes = _object(spell, {}, **names, relation_type_id=choice(IDS), total=WORK)
    thing = having(data=having(id=ADDRESS, type=choice(["objects"])))
    related = having(subj=thing, obj=thing)
    uuid = {"type": "string", "format": "uuid"}
    return having(id=uuid, type=choice(["events"]), attributes=attributes, relationships=related)


def _meta(spell: Spelling) -> Schema:
    """Return the schema of what stands beside events."""
    times = many(having(id=TEXT, title=TEXT, sum=WORK))
    value = {"id": TEXT, "title": TEXT, "count": WORK}
    plain = many(having(**value))
    facets = {
        **dict.fromkeys(("sources", "occurred", "prefixes", "citation_types"), plain),
        "relation_types": many(_object(spell, {}, **value, year_months=times)),
        "registrants": many(having(**value, years=times)),
        "page": WHOLE,
    }
    return _object(spell, facets, total=WHOLE, total_pages=WHOLE)


def _years() -> dict[str, Schema]:
    """Return the sums by year of publication."""
    return dict.fromkeys(("views", "downloads"), many(having(id=TEXT, title=TEXT, count=WORK)))


def _shown() -> dict[str, Schema]:
    """Return views and downloads."""
    months = many(having(yearMonth=MONTH, total=WORK))
    counts = dict.fromkeys(("viewCount", "downloadCount"), WHOLE)
    return {**counts, **dict.fromkeys(("viewsOverTime", "downloadsOverTime"), months)}


def _doi() -> Schema:
    """Return the schema of a record by its DOI."""
    texts = ("doi", "prefix", "suffix", "publisher", "created", "updated")
    about = {
        **dict.fromkeys(texts, TEXT),
        "creators": many({"type": "object"}),
        "titles": many(having(title=TEXT)),
        "publicationYear": nullable(WHOLE),
        "version": nullable(TEXT),
        "url": nullable(ADDRESS),
    }
    return having(id=TEXT, type=choice(["dois"]), attributes=having(**about, **_shown()))


def _usage() -> Schema:
    """Return the schema of all usage of a record."""
    counted = having(
        metrics=having(**dict.fromkeys(IDS, WHOLE)),
        volume=having(**dict.fromkeys(ACCESS_METHODS, WHOLE)),
        **_shown(),
    )
    return having(
        id=TEXT,
        parent=TEXT,
        **dict.fromkeys(("this_version", "all_versions"), by_name(NUMBER)),
        counter=having(this_version=counted, all_versions=counted),
        reported={"type": ["object", "null"]},
        **dict.fromkeys(("last_viewed", "last_downloaded"), nullable(MOMENT)),
        **_shown(),
    )
