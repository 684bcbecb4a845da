# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""The extension."""

from typing import Any

from flask import Flask
from werkzeug.utils import cached_property

from . import config
from .aggregations.aggregators import configuration
from .aggregations.templates import SHAPES
from .catalog import DIMENSIONS, METRICS, Catalog, added_dimensions
from .catalog.base import REPORTS
from .catalog.labels import Labels
from .ledger import recorder
from .ledger.components import (
    CommunityAcceptedEventComponent,
    RecordCommunityEventComponent,
    RecordCommunityEventTrackingComponent,
)
from .proxies import EXTENSION

EXCHANGE_TASKS = "invenio_usage_stats.exchange.tasks"
TASKS = ("refresh", "aggregate", "reconcile", "visits")
BEAT_ENTRIES = {name: f"usage-stats-{name}" for name in TASKS}
"""The entries of Celery's beat, by the task that they start."""
COUNTER_BEAT_ENTRIES = {
    name: f"usage-stats-counter-{name}" for name in config.USAGE_STATS_COUNTER_SCHEDULE
}
"""The same of what runs with ``USAGE_STATS_COUNTER`` only."""
USERS_BEAT_ENTRY = "usage-stats-users"
"""The entry of what runs with ``USAGE_STATS_PER_USER`` only."""
MATOMO_BEAT_ENTRY = "usage-stats-matomo"
"""The entry of what runs with ``USAGE_STATS_MATOMO`` only."""
OLD_UI_CONFIG = "STATS_DASHBOARD_CONFIG"
COMPONENTS = {
    "RDM_RECORDS_SERVICE_COMPONENTS": RecordCommunityEventComponent,
    "RDM_RECORD_COMMUNITIES_SERVICE_COMPONENTS": RecordCommunityEventTrackingComponent,
    "REQUESTS_EVENTS_SERVICE_COMPONENTS": CommunityAcceptedEventComponent,
}
SIDE_BAR = "APP_RDM_DETAIL_SIDE_BAR_TEMPLATES"
RECORD_CARD = "invenio_usage_stats/record_card.html"
METRICS_BOX = "invenio_app_rdm/records/details/side_bar/metrics.html"


class InvenioUsageStats:
    """Add statistics to an application."""

    def __init__(self, app: Flask | None = None) -> None:
        self.recorder_failures = 0
        self.catalog = Catalog(METRICS, DIMENSIONS)
        """The metrics and dimensions, those of the application among them."""
        if app is not None:
            self.init_app(app)

    def init_app(self, app: Flask) -> None:
        """Register everything with an application."""
        self.init_config(app)
        self._add_components(app)
        self._add_to_invenio_stats(app)
        self._add_schedule(app)
        self._mark_programs(app)
        self._add_record_card(app)
        recorder.register()
        app.extensions[EXTENSION] = self

    def init_config(self, app: Flask) -> None:
        """Set the defaults of our settings, and make the catalog of them."""
        if OLD_UI_CONFIG in app.config:
            app.logger.warning("%s is called STATS_DASHBOARD_UI_CONFIG now.", OLD_UI_CONFIG)
            app.config.setdefault("STATS_DASHBOARD_UI_CONFIG", app.config[OLD_UI_CONFIG])
        for name in dir(config):
            if name.startswith(("USAGE_STATS_", "STATS_DASHBOARD_")):
                app.config.setdefault(name, getattr(config, name))
        added = added_dimensions(app.config["USAGE_STATS_DIMENSIONS"])
        off = () if app.config["USAGE_STATS_MATOMO"] else (REPORTS,)
        self.catalog = Catalog(METRICS, (*DIMENSIONS, *added), off)

    @cached_property
    def labels(self) -> Labels:
        """Return the labels of values, cached for the life of the process."""
        from .exchange.matomo.consumers import titles

        return Labels({"consumers": titles})

    @cached_property
    def timelines(self) -> Any:
        """Return the timelines of records, kept for the life of the process."""
        from .aggregations.usage.timelines import Timelines

        return Timelines(self.catalog)

    @cached_property
    def service(self) -> Any:
        """Return the service that answers every question for numbers."""
        from .services import UsageStatsService

        return UsageStatsService(self.catalog)

    def count_recorder_failure(self) -> None:
        """Count a change that could not be recorded with its transaction."""
        self.recorder_failures += 1

    def _add_components(self, app: Flask) -> None:
        """Append our service components to what is configured, or to the defaults."""
        from invenio_rdm_records.services.components import DefaultRecordsComponents
        from invenio_requests.config import REQUESTS_EVENTS_SERVICE_COMPONENTS

        defaults = {
            "RDM_RECORDS_SERVICE_COMPONENTS": DefaultRecordsComponents,
            "REQUESTS_EVENTS_SERVICE_COMPONENTS": REQUESTS_EVENTS_SERVICE_COMPONENTS,
        }
        for key, component in COMPONENTS.items():
            present = list(app.config.get(key) or defaults.get(key, ()))
            if component not in present:
                app.config[key] = [*present, component]

    def _add_record_card(self, app: Flask) -> None:
        """Add the card to the side bar of landing pages, below the repository's own numbers."""
        templates = list(app.config.get(SIDE_BAR) or ())
        if "record" in app.config["USAGE_STATS_CARDS"] and RECORD_CARD not in templates:
            place = templates.index(METRICS_BOX) + 1 if METRICS_BOX in templates else 0
            app.config[SIDE_BAR] = [*templates[:place], RECORD_CARD, *templates[place:]]

    def _add_to_invenio_stats(self, app: Flask) -> None:
        """Add our event, aggregations and queries; entries of the instance win."""
        from .exchange.visits.events import configuration as visits
        from .queries import configuration as queries

        shape = bool(app.config.get("STATS_REGISTER_INDEX_TEMPLATES"))
        ours = {
            "STATS_AGGREGATIONS": configuration(SHAPES[shape]),
            "STATS_QUERIES": queries(),
        }
        if app.config["USAGE_STATS_VISITS"]:
            ours["STATS_EVENTS"] = visits(SHAPES[shape])
        for key, entries in ours.items():
            app.config[key] = {**entries, **(app.config.get(key) or {})}

    def _mark_programs(self, app: Flask) -> None:
        """Have events marked that programs cause, if anything is counted by user."""
        if app.config["USAGE_STATS_PER_USER"]:
            from .exchange.reports.users.automated import marking

            app.config["STATS_EVENTS"] = marking(app.config.get("STATS_EVENTS") or {})

    def _add_schedule(self, app: Flask) -> None:
        """Add our tasks to Celery's beat; entries of the instance win."""
        wanted = schedules(app.config["USAGE_STATS_SCHEDULE"])
        ours = _entries("invenio_usage_stats.tasks", BEAT_ENTRIES, wanted)
        if app.config["USAGE_STATS_COUNTER"]:
            wanted = counter_schedules(app.config["USAGE_STATS_COUNTER_SCHEDULE"])
            ours |= _entries(EXCHANGE_TASKS, COUNTER_BEAT_ENTRIES, wanted)
        if app.config["USAGE_STATS_PER_USER"]:
            users = {"users": app.config["USAGE_STATS_PER_USER_SCHEDULE"]}
            ours |= _entries(EXCHANGE_TASKS, {"users": USERS_BEAT_ENTRY}, users)
        if app.config["USAGE_STATS_MATOMO"]:
            reported = {"reported": app.config["USAGE_STATS_MATOMO_SCHEDULE"]}
            ours |= _entries(EXCHANGE_TASKS, {"reported": MATOMO_BEAT_ENTRY}, reported)
        schedule = app.config.get("CELERY_BEAT_SCHEDULE") or {}
        app.config["CELERY_BEAT_SCHEDULE"] = {**ours, **schedule}


def _entries(module: str, names: dict[str, str], wanted: dict[str, Any]) -> dict[str, Any]:
    """Return the entries of Celery's beat for the tasks of a module that have a schedule."""
    return {
        names[task]: {"task": f"{module}.{task}", "schedule": when}
        for task, when in wanted.items()
        if when is not None and task in names
    }


def counter_schedules(setting: dict[str, Any]) -> dict[str, Any]:
    """Return the schedule of each task that runs with ``USAGE_STATS_COUNTER`` only."""
    return {**config.USAGE_STATS_COUNTER_SCHEDULE, **setting}


def schedules(setting: Any) -> dict[str, Any]:
    """Return the schedule of each task; a schedule alone stands for ``aggregate``."""
    own = setting if isinstance(setting, dict) else {"aggregate": setting}
    return {**config.USAGE_STATS_SCHEDULE, **own}
