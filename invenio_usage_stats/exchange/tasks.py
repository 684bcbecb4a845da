# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Celery tasks of what is counted by the Code of Practice for Research Data."""

from celery import shared_task
from flask import current_app

from .datacite.hub import sending


@shared_task(ignore_result=True)
def send() -> None:
    """Send the reports of closed months that the hub does not have yet, where that is wanted."""
    if current_app.config["USAGE_STATS_COUNTER_SEND"]:
        sending.send_due()
