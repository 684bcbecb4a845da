# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Celery tasks of what the configuration may switch off: each runs only while it is on."""

from datetime import timedelta

from celery import shared_task
from flask import current_app

from .counter.consumer import process as store_events
from .counter.monthly import count_open
from .datacite.hub import sending
from .matomo import counts
from .matomo import switching as matomo
from .matomo.taking import process as store_reported
from .reports.users import store, switching
from .reports.users.consumer import process as count_by_user
from .switch import is_on

PATIENCE = timedelta(minutes=4)
"""How long one task stores events, so that it is over when beat starts the next one."""


@shared_task(ignore_result=True)
def process() -> None:
    """Store the events that wait."""
    if is_on():
        store_events(PATIENCE)


@shared_task(ignore_result=True)
def count() -> None:
    """Count open months that have anything new, and close those that are over."""
    if is_on():
        count_open()


@shared_task(ignore_result=True)
def send() -> None:
    """Send the reports of closed months that the hub does not have yet, where that is wanted."""
    if current_app.config["USAGE_STATS_COUNTER_SEND"]:
        sending.send_due()


@shared_task(ignore_result=True)
def users() -> None:
    """Count by user what waits, and delete the days that need not be kept."""
    if switching.is_on():
        count_by_user(PATIENCE)
        store.remove_outdated()


@shared_task(ignore_result=True)
def reported() -> None:
    """Store what was reported and waits, and make new communities sites if that is wanted."""
    if matomo.is_on():
        matomo.number_communities()
        store_reported(PATIENCE)
        counts.forget_outdated()
