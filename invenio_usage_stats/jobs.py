# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Job types for the administration's page of jobs, where invenio-jobs is installed."""

from typing import Any

from flask_babel import lazy_pgettext
from invenio_i18n import lazy_gettext as _
from invenio_jobs.jobs import JobType
from marshmallow import Schema, ValidationError, fields, pre_load

from . import tasks
from .errors import InvalidQueryError
from .exchange import tasks as exchange_tasks
from .reader.periods import parse_day


def _is_day(value: str) -> None:
    """Refuse what is no day."""
    try:
        parse_day("day", value)
    except InvalidQueryError as error:
        raise ValidationError(error.reason) from error


class UsageStatsRebuildSchema(Schema):
    """Be the arguments of a rebuild."""

    job_arg_schema = fields.String(
        metadata={"type": "hidden"},
        dump_default="UsageStatsRebuildSchema",
        load_default="UsageStatsRebuildSchema",
    )
    first_day = fields.String(
        required=True,
        validate=_is_day,
        metadata={"title": _("First day"), "description": _("A UTC day such as 2026-01-31.")},
    )
    last_day = fields.String(
        validate=_is_day,
        metadata={"title": _("Last day"), "description": _("Left out: up to the last one.")},
    )
    scope = fields.String(
        metadata={
            "title": lazy_pgettext("statistics", "Community"),
            "description": _("Its id or slug, or global; left out: all."),
        },
    )

    @pre_load
    def leave_out(self, data: dict[str, Any], **_others: Any) -> dict[str, Any]:
        """Take fields that a form sends empty as left out."""
        return {name: value for name, value in data.items() if value != ""}


class RebuildJob(JobType):
    """Write the documents of given days anew."""

    id = "usage_stats_rebuild"
    title = _("Usage statistics: rebuild of given days")
    description = _("Writes the numbers of given days anew, while readers read.")
    task = tasks.rebuild
    arguments_schema = UsageStatsRebuildSchema

    @classmethod
    def build_task_arguments(
        cls,
        job_obj: Any,
        since: Any = None,
        first_day: str | None = None,
        last_day: str | None = None,
        scope: str | None = None,
        **_others: Any,
    ) -> dict[str, str | None]:
        """Return what the task takes; when the job ran last does not matter."""
        return {"since": first_day, "until": last_day, "scope": scope}


def _job(name: str, task: Any, title: Any, description: Any) -> type[JobType]:
    """Return a job type without arguments."""
    return JobType.create(
        job_cls_name=f"UsageStats{name.title().replace('_', '')}Job",
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
BackfillJob = _job(
    "backfill",
    tasks.begin_backfill,
    _("Usage statistics: backfill"),
    _("Aggregates everything that is not there yet, month by month."),
)
CounterJob = _job(
    "counter",
    exchange_tasks.count,
    _("Usage statistics: counting by the Code of Practice"),
    _("Counts the open months, and closes those that are over."),
)
CounterSendJob = _job(
    "counter_send",
    exchange_tasks.send,
    _("Usage statistics: reports for DataCite"),
    _("Sends the reports of closed months that DataCite does not have yet."),
)
JOBS = (
    RefreshJob,
    AggregateJob,
    ReconcileJob,
    BackfillJob,
    RebuildJob,
    CounterJob,
    CounterSendJob,
)
