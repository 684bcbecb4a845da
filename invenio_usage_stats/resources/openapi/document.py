# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""The whole document."""

from typing import Any

from flask import current_app

from ... import __version__
from ...catalog import Catalog
from .annual import annual_paths, annual_schemas
from .exchange import exchange_paths, exchange_schemas
from .parameters import query_parameters
from .parts import error_responses
from .questions import question_paths
from .reports import report_paths, report_schemas
from .schemas import answer_schemas, error_schema
from .shares import share_paths, share_schemas
from .sushi import sushi_paths, sushi_schemas

VERSION = "3.1.0"


def document(
    catalog: Catalog,
    config: Any,
    shares: Any,
    reports: Any,
    annual: Any,
    exchange: Any = None,
    sushi: Any = None,
) -> dict[str, Any]:
    """Return the description of all questions, share links, reports and what others are told.

    The others are the configurations of the resources; the last two may be none.
    """
    return {
        "openapi": VERSION,
        "info": {
            "title": "Usage statistics",
            "version": __version__,
            "description": "What a repository and its communities hold, and how it is used.",
        },
        "servers": [{"url": current_app.config["SITE_API_URL"]}],
        "paths": {
            **question_paths(config),
            **share_paths(shares),
            **report_paths(reports),
            **annual_paths(annual),
            **(exchange_paths(exchange) if exchange else {}),
            **(sushi_paths(sushi) if sushi else {}),
        },
        "components": {
            "parameters": query_parameters(catalog, config.formats),
            "schemas": {
                **answer_schemas(catalog),
                **share_schemas(config.questions),
                **report_schemas(),
                **annual_schemas(catalog),
                **(exchange_schemas() if exchange else {}),
                **(sushi_schemas() if sushi else {}),
                "error": error_schema(),
            },
            "responses": error_responses(),
        },
    }
