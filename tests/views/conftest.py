# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Pages over a counted world, and an application that only translates."""

from pathlib import Path

import pytest
from flask import Flask, g
from invenio_access.permissions import system_identity
from invenio_i18n import InvenioI18N, force_locale
from werkzeug.datastructures import MultiDict

from invenio_usage_stats import config
from invenio_usage_stats.proxies import current_usage_stats
from invenio_usage_stats.services.scopes import REPOSITORY, anonymous
from invenio_usage_stats.views.layouts.layout import Appearance
from invenio_usage_stats.views.model.viewmodel import view_model

from ..resources.conftest import house, visitor  # noqa: F401  (their fixtures are ours, too)
from ..services.counting import Counted, counted_world

SEED = 907
TRANSLATIONS = Path(config.__file__).parent / "translations"
SINCE, UNTIL = "2024-02-24", "2024-04-09"
"""Days of the world, with as many before them."""


@pytest.fixture
def light_app():
    """Return an application that knows our settings and languages, and nothing else."""
    application = Flask("light", instance_path="/nonexistent")
    for name in dir(config):
        if name.startswith(("STATS_DASHBOARD_", "USAGE_STATS_")):
            application.config[name] = getattr(config, name)
    application.config["I18N_LANGUAGES"] = [(code, code) for code in ("de", "fr", "es", "sv")]
    application.secret_key = "light"
    application.config["I18N_TRANSLATIONS_PATHS"] = [str(TRANSLATIONS)]
    InvenioI18N(application)
    return application


@pytest.fixture(scope="module")
def world(app) -> Counted:
    """Load a world of a hundred days of 2024, and return its direct count."""
    return counted_world(SEED, operations=90, days=100, events=900)


@pytest.fixture
def build(app, world):
    """Return a function that builds the view model of a query string's parameters.

    Without a period it is that of the world's last weeks.
    """

    def built(kind="global", changes=None, scope=REPOSITORY, language="en", inside=False, **args):
        if not {"period", "since", "until"} & set(args):
            args |= {"since": SINCE, "until": UNTIL}
        with app.test_request_context(), force_locale(language):
            g.identity = system_identity if inside else anonymous()
            appearance = Appearance.of(kind, changes)
            service = current_usage_stats.service
            return view_model(service, scope, appearance, MultiDict(args))

    return built


def panels(view, kind):
    """Return the panels of a kind."""
    rows = [*view["head"], *view["rows"]]
    return [panel for row in rows for panel in row["panels"] if panel["kind"] == kind]


def layout(*names, **props):
    """Return the change that lets a dashboard have some components only."""
    components = [{"component": name, **props} for name in names]
    return {
        "layout": {"tabs": [{"name": "one", "rows": [{"name": "r", "components": components}]}]}
    }
