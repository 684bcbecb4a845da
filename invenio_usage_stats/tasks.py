# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Celery tasks."""

from celery import shared_task

from .aggregations.runs import aggregate as run


@shared_task(ignore_result=True)
def aggregate() -> None:
    """Bring all products up to date."""
    run()
