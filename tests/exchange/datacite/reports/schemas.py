# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""What reports must look like: all that the hub of DataCite permits, and nothing else.

The reports that harvesters get may say volumes, too.
"""

from copy import deepcopy

from jsonschema import Draft202012Validator
from pycountry import countries

METRICS = (
    "total-dataset-investigations",
    "unique-dataset-investigations",
    "total-dataset-requests",
    "unique-dataset-requests",
)
TEXT = {"type": "string"}
FILLED = {"type": "string", "minLength": 1}
DAY = {"type": "string", "pattern": r"^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$"}
COUNT = {"type": "integer", "minimum": 1}


def thing(required: dict, optional: dict | None = None) -> dict:
    """Return an object with these fields and no others."""
    fields = {**required, **(optional or {})}
    return {
        "type": "object",
        "properties": fields,
        "required": [*required],
        "additionalProperties": False,
    }


def several(item: dict, **bounds: int) -> dict:
    return {"type": "array", "items": item, **bounds}


def typed(*kinds: str) -> dict:
    return several(thing({"type": {"enum": kinds}, "value": FILLED}))


PERIOD = thing({"begin-date": DAY, "end-date": DAY})
PAIRS = several(thing({"name": TEXT, "value": TEXT}))
EXCEPTION = thing(
    {
        "code": {"type": "integer"},
        "severity": {"enum": ["fatal", "error", "warning"]},
        "message": FILLED,
    },
    {"help-url": TEXT, "data": TEXT},
)
HEADER = thing(
    {
        "report-name": {"const": "dataset report"},
        "report-id": {"const": "dsr"},
        "release": {"const": "rd1"},
        "created": DAY,
        "created-by": FILLED,
        "reporting-period": PERIOD,
        "report-filters": PAIRS,
        "report-attributes": PAIRS,
        "exceptions": several(EXCEPTION),
    }
)
COUNTRIES = {
    "type": "object",
    "propertyNames": {"enum": sorted(country.alpha_2.lower() for country in countries)},
    "additionalProperties": COUNT,
    "minProperties": 1,
}
INSTANCE = thing(
    {
        "access-method": {"enum": ["regular", "machine"]},
        "metric-type": {"enum": METRICS},
        "count": COUNT,
    },
    {"country-counts": COUNTRIES},
)
DATASET = thing(
    {
        "dataset-title": TEXT,
        "dataset-id": typed("doi", "DOI", "proprietary", "uri"),
        "platform": FILLED,
        "publisher": TEXT,
        "publisher-id": typed("isni", "orcid", "grid", "urn", "client-id"),
        "data-type": {"const": "dataset"},
        "yop": {"type": "string", "pattern": r"^\d{4}$"},
        "uri": TEXT,
        "performance": several(
            thing({"period": PERIOD, "instance": several(INSTANCE, minItems=1, maxItems=8)}),
            minItems=1,
        ),
    },
    {
        "dataset-contributors": typed("name", "orcid", "isni"),
        "dataset-dates": typed("pub-date", "first-accessed-online", "proprietary"),
        "dataset-attributes": typed("dataset-version", "dataset_type", "proprietary"),
    },
)
HUB_REPORT = thing({"report-header": HEADER, "report-datasets": several(DATASET)})
"""What the hub takes: one month."""
HUB_REPORT["properties"]["report-datasets"]["items"]["properties"]["performance"]["maxItems"] = 1

HARVESTED = deepcopy(HUB_REPORT)
"""What harvesters get."""
_PERFORMANCE = HARVESTED["properties"]["report-datasets"]["items"]["properties"]["performance"]
del _PERFORMANCE["maxItems"]
_PERFORMANCE["items"]["properties"]["instance"]["items"]["properties"]["volume"] = {
    "type": "number",
    "minimum": 0,
}

STATUS = thing(
    {"description": FILLED, "serviceactive": {"const": True}, "alerts": several({})},
    {"registryurl": TEXT, "note": TEXT},
)
REPORTS = several(
    thing(
        {
            "report-name": FILLED,
            "report-id": {"const": "dsr"},
            "release": {"const": "rd1"},
            "report-description": FILLED,
            "path": FILLED,
            "report-filters": several(FILLED),
            "report-attributes": several(FILLED),
        }
    ),
    minItems=1,
)


def problems(schema: dict, document: object) -> list[str]:
    """Return what is wrong with a document."""
    errors = Draft202012Validator(schema).iter_errors(document)
    return [f"{error.json_path}: {error.message}" for error in errors]
