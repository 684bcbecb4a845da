# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Job types for the administration's page of jobs, where invenio-jobs is installed."""

from typing import Any

from invenio_i18n import lazy_gettext as _
from invenio_jobs.jobs import JobType

from . import tasks


def _job(name: str, task: Any, title: Any, description: Any) -> type[JobType]:
    """Return a job type without arguments."""
    return JobType.create(
        job_cls_name=f"UsageStats{name.title()}Job",
        arguments_schema=None,
        id_=f"usage_stats_{name}",
        task=task,
        title=title,
        description=description,
    )


RefreshJob = _job(
    "refresh",
    tasks.refresh,
    _("Usage statistics: today"),
    _("Brings the numbers of the present day up to date."),
)
AggregateJob = _job(
    "aggregate",
    tasks.aggregate,
    _("Usage statistics: all changed days"),
    _("Aggregates every day that has changed since the last run."),
)
ReconcileJob = _job(
    "reconcile",
    tasks.reconcile,
    _("Usage statistics: nightly comparison"),
    _("Compares ledger and counts with the repository, and repairs what differs."),
)
JOBS = (RefreshJob, AggregateJob, ReconcileJob)
