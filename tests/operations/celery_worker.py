# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""A worker of Celery with one process, which waits for nothing for long."""

import os
from datetime import timedelta

from invenio_app.factory import create_app
from invenio_db import db

from invenio_usage_stats import tasks
from invenio_usage_stats.aggregations.running import leases

from ..conftest import settings

PREFIX = "USAGE_STATS_TEST_PREFIX"
OPTIONS = ("--concurrency=1", "--loglevel=INFO", "--without-gossip", "--without-mingle")


def main() -> None:
    """Work until the end."""
    leases.TTL, leases.BEAT = timedelta(seconds=2), timedelta(seconds=0.4)
    own = {
        "SEARCH_INDEX_PREFIX": os.environ[PREFIX],
        "CELERY_TASK_ALWAYS_EAGER": False,
        "USAGE_STATS_THROTTLE": 0.3,
    }
    app = create_app(**settings() | own)
    with app.app_context():
        db.engine.dispose()
    # not earlier: tasks that are looked at before there is an application never have one
    tasks.backfill_part.default_retry_delay = 3
    app.extensions["flask-celeryext"].celery.worker_main(["worker", *OPTIONS])


if __name__ == "__main__":
    main()
