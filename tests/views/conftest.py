# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Pages without servers: an application that only translates, a fixed day, a fake service."""

from datetime import date
from pathlib import Path

import pytest
from flask import Flask
from invenio_i18n import InvenioI18N
from werkzeug.datastructures import MultiDict

from invenio_usage_stats import config
from invenio_usage_stats.services.scopes import REPOSITORY
from invenio_usage_stats.views import address, series
from invenio_usage_stats.views.layout import Appearance
from invenio_usage_stats.views.panels import period
from invenio_usage_stats.views.viewmodel import view_model

from .fake import FakeService

TODAY = date(2026, 11, 21)
TRANSLATIONS = Path(config.__file__).parent / "translations"


@pytest.fixture
def light_app():
    """Return an application that knows our settings and languages, and nothing else."""
    application = Flask("light", instance_path="/nonexistent")
    for name in dir(config):
        if name.startswith("STATS_DASHBOARD_"):
            application.config[name] = getattr(config, name)
    application.config["I18N_LANGUAGES"] = [(code, code) for code in ("de", "fr", "es", "sv")]
    application.secret_key = "light"
    application.config["I18N_TRANSLATIONS_PATHS"] = [str(TRANSLATIONS)]
    InvenioI18N(application)
    return application


@pytest.fixture
def on_a_day(monkeypatch):
    """Let it be the same day in every run."""
    for module in (address, period, series):
        monkeypatch.setattr(module, "today", lambda: TODAY)


@pytest.fixture
def build(light_app, on_a_day):
    """Return a function that builds the view model of a query string's parameters."""

    def built(service=None, kind="global", changes=None, **args):
        with light_app.test_request_context():
            appearance = Appearance.of(kind, changes)
            service = service or FakeService()
            return view_model(service, REPOSITORY, appearance, MultiDict(args))

    return built
