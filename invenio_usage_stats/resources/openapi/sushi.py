# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Reports that are harvested (CoP RD section 11)."""

from typing import Any

from ...exchange.counter.metrics import ACCESS_METHODS, METRICS
from ...exchange.datacite.reports import dsr, question
from .parts import data, errors, in_path, template
from .schemas import ADDRESS, DAY, TEXT, TRUTH, WHOLE, Schema, by_name, choice, having, many, ref

REPORT = "sushi_report"
REFUSED = (400, 404, 429, 503)
"""Statuses of answers that are reports, too, unless the request reaches no report."""
PAIRS = many(having(name=TEXT, value=TEXT))
TYPED = many(having(type=TEXT, value=TEXT))


def sushi_paths(config: Any) -> dict[str, Any]:
    """Return the addresses; ``config``: that of the resource."""
    routes = {name: config.url_prefix + template(rule) for name, rule in config.routes.items()}
    return {
        routes["status"]: _get("status", "Whether reports can be had", _json(ref("sushi_status"))),
        routes["reports"]: _get("reports", "Which reports there are", _json(ref("sushi_reports"))),
        routes["report"]: _report(config),
    }


def sushi_schemas() -> dict[str, Schema]:
    """Return what answers are."""
    listed = dict.fromkeys(("report-name", "report-id", "release", "report-description"), TEXT)
    named = dict.fromkeys(("report-filters", "report-attributes"), many(TEXT))
    return {
        "sushi_status": having(description=TEXT, serviceactive=TRUTH, alerts=many(TEXT)),
        "sushi_reports": many(having(**listed, path=ADDRESS, **named)),
        REPORT: having(**{"report-header": _header(), "report-datasets": many(_dataset())}),
    }


def _json(schema: Schema) -> dict[str, Any]:
    """Return what a good answer is."""
    return data(schema, "The answer.")


def _get(
    name: str, summary: str, answer: dict[str, Any], parameters: tuple[Schema, ...] = ()
) -> dict[str, Any]:
    """Return an operation."""
    either = {"anyOf": [ref(REPORT), ref("error")]}
    refused = data(either, "A report without datasets, whose header says why, or an error.")
    return {
        "get": {
            "operationId": f"sushi_{name}",
            "summary": summary,
            "parameters": list(parameters),
            "responses": {
                "200": answer,
                **{str(code): refused for code in REFUSED},
                **errors([406]),
            },
        }
    }


def _report(config: Any) -> dict[str, Any]:
    """Return the operation that answers with a report."""
    dates = [_in_query(name, required=True) for name in question.DATES]
    filters = [_in_query(name) for name in (*question.FILTERS, question.DETAILS, question.RELEASE)]
    asked = (in_path("report_id", f"Which report: {dsr.ID}."), *dates, *filters)
    mimetypes = dict.fromkeys(config.response_handlers, TEXT)
    schemas = {**mimetypes, config.default_accept_mimetype: ref(REPORT)}
    content = {mimetype: {"schema": schema} for mimetype, schema in schemas.items()}
    return _get("report", "A report", {"description": "The report.", "content": content}, asked)


def _in_query(name: str, *, required: bool = False) -> Schema:
    """Return a parameter of a report."""
    return {"name": name, "in": "query", "required": required, "schema": TEXT}


def _header() -> Schema:
    """Return the schema of a report's header."""
    remark = having(
        {"data": TEXT}, code=WHOLE, severity=TEXT, message=TEXT, **{"help-url": ADDRESS}
    )
    texts = dict.fromkeys(("report-name", "report-id", "release", "created-by"), TEXT)
    pairs = dict.fromkeys(("report-filters", "report-attributes"), PAIRS)
    period = {"reporting-period": _period()}
    return having(**texts, created=DAY, **period, **pairs, exceptions=many(remark))


def _dataset() -> Schema:
    """Return the schema of a dataset with its use."""
    texts = dict.fromkeys(("dataset-title", "platform", "publisher", "data-type", "yop"), TEXT)
    typed = dict.fromkeys(("dataset-id", "publisher-id", "dataset-attributes"), TYPED)
    optional = dict.fromkeys(("dataset-contributors", "dataset-dates"), TYPED)
    performance = many(having(period=_period(), instance=many(_instance())))
    return having(optional, **texts, **typed, uri=ADDRESS, performance=performance)


def _instance() -> Schema:
    """Return the schema of one number."""
    optional = {"country-counts": by_name(WHOLE), "volume": {"type": "number"}}
    named = {"access-method": choice(ACCESS_METHODS), "metric-type": choice(m.id for m in METRICS)}
    return having(optional, **named, count={**WHOLE, "minimum": 1})


def _period() -> Schema:
    """Return the schema of a period."""
    return having(**dict.fromkeys(("begin-date", "end-date"), DAY))
