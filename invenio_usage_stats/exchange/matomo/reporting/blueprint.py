# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""The address of reports: ``/index.php``, and the front page where the API is asked for."""

from flask import Blueprint, Flask, Response, request, request_started, session

from ....resources.blueprints import guarded
from ..scrubbing import scrub
from ..switching import is_on, refuse_when_off
from .answering import API, MODULE, answer
from .away import HANDLERS

NAME = "usage_stats_matomo_reports"
PREFIX = "USAGE_STATS_MATOMO_PREFIX"
FRONT = "/"


def create_matomo_reports_blueprint(app: Flask) -> Blueprint:
    """Return the blueprint of reports."""
    prefix = app.config[PREFIX].rstrip("/")
    blueprint = Blueprint(NAME, __name__)
    rules = ("/index.php", FRONT) if prefix else ("/index.php",)
    for rule in rules:
        blueprint.add_url_rule(prefix + rule, "answer", answer, methods=["GET", "POST"])
    blueprint.before_request(refuse_when_off)
    blueprint.before_request(hide_tokens)
    blueprint.after_request(keep_no_session)
    for error, handler in HANDLERS.items():
        blueprint.register_error_handler(error, handler)
    if not prefix:
        request_started.connect(lead_from_front_page, app)
    return guarded(blueprint)


def hide_tokens() -> None:
    """Take tokens out of what web servers write into their logs; the question is read already."""
    scrub(request.environ)


def keep_no_session(response: Response) -> Response:
    """Keep no session of who asks, and set no cookie; something else begins one each time."""
    session.modified = False
    return response


def lead_from_front_page(app: Flask, **_details: object) -> None:
    """Let our view answer where the front page's address is asked for the API.

    The request goes on as if it had come to our own address, before anything has looked at it.
    """
    if request.path == FRONT and is_on() and _asks_api():
        (rule,) = app.url_map.iter_rules(f"{NAME}.answer")
        request.url_rule, request.view_args, request.routing_exception = rule, {}, None


def _asks_api() -> bool:
    """Tell whether a request is for the API; a form tells it, too, which the page never gets."""
    form = request.form if request.method == "POST" else {}
    return API in (request.args.get(MODULE), form.get(MODULE))
