# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Each question of each kind of scope."""

from typing import Any

from .parameters import DESCRIPTIONS
from .parts import SAME, answered, errors, in_path, template
from .schemas import ref

SUMMARIES = {
    "totals": "The numbers of a period",
    "series": "Numbers over time",
    "top": "Rankings",
    "snapshot": "The state at the end of a period",
    "schema": "What can be asked",
    "explain": "How a number came about",
}
SCOPES = {
    "global": "the repository",
    "community": "a community, by UUID or slug",
    "record": "a record",
    "user": "everything that the caller owns, whose id is 'me'",
}
ERRORS = (400, 401, 403, 406, 422, 429, 503)


def question_paths(config: Any) -> dict[str, Any]:
    """Return the addresses of questions with what can be asked and answered."""
    return {
        f"{config.url_prefix}{template(config.routes[kind])}/{question}": {
            "get": _operation(kind, question, config)
        }
        for kind in SCOPES
        for question in config.questions
    }


def _operation(kind: str, question: str, config: Any) -> dict[str, Any]:
    """Return one question of one kind of scope."""
    scope = [] if kind == "global" else [in_path("scope_id", f"Which is {SCOPES[kind]}.")]
    return {
        "operationId": f"{kind}_{question}",
        "summary": f"{SUMMARIES.get(question, question)} of {SCOPES[kind]}",
        "parameters": [*scope, *({"$ref": f"#/components/parameters/{n}"} for n in DESCRIPTIONS)],
        "responses": {"200": answered(ref(question), config), "304": SAME, **errors(ERRORS)},
    }
