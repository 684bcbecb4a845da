# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""The application of the measurements: a real InvenioRDM with a database and indices of its own."""

import ast
import os
from collections.abc import Iterator
from contextlib import contextmanager
from tempfile import TemporaryDirectory
from typing import Any

import sqlalchemy as sa
from flask import Flask

SERVERS = ("SQLALCHEMY_DATABASE_URI", "SEARCH_HOSTS", "CACHE_REDIS_URL", "BROKER_URL")
MAPPINGS = ("rdmrecords", "communities", "users", "vocabularies", "names", "subjects")
MAPPINGS += ("affiliations", "funders", "awards", "requests", "requestevents")


def servers() -> dict[str, str]:
    """Return where the servers are.

    Raises ``SystemExit`` unless the environment says it of each of them: nothing is guessed, so
    that no repository in use is measured by mistake.
    """
    missing = [name for name in SERVERS if not os.environ.get(name)]
    if missing:
        raise SystemExit(f"Say which servers to use: {', '.join(missing)} not set.")
    return {name: os.environ[name] for name in SERVERS}


def own_name() -> str:
    """Return the name of this run's database, which is the prefix of its indices too."""
    return f"usagebench{os.getpid()}"


def _settings(name: str) -> dict[str, Any]:
    """Return the configuration of the instance."""
    given = servers()
    redis = given["CACHE_REDIS_URL"]
    uri = sa.engine.make_url(given["SQLALCHEMY_DATABASE_URI"]).set(database=name)
    return {
        "SECRET_KEY": "only-for-measurements-0123456789-0123456789",
        "DATACITE_ENABLED": False,
        "SITE_UI_URL": "http://localhost",
        "SITE_API_URL": "http://localhost/api",
        "TRUSTED_HOSTS": ["localhost"],
        "SQLALCHEMY_DATABASE_URI": uri.render_as_string(hide_password=False),
        "SEARCH_HOSTS": ast.literal_eval(given["SEARCH_HOSTS"]),
        "SEARCH_CLIENT_CONFIG": {"timeout": 300},
        "SEARCH_INDEX_PREFIX": f"{name}-",
        "SEARCH_MAPPINGS": list(MAPPINGS),
        "BROKER_URL": given["BROKER_URL"],
        "CELERY_BROKER_URL": given["BROKER_URL"],
        "CELERY_TASK_ALWAYS_EAGER": True,
        "CELERY_CACHE_BACKEND": "memory",
        "CELERY_RESULT_BACKEND": "cache",
        "CACHE_REDIS_URL": redis,
        "ACCOUNTS_SESSION_REDIS_URL": redis,
        "COMMUNITIES_IDENTITIES_CACHE_REDIS_URL": redis,
        "RATELIMIT_STORAGE_URI": redis,
    }


def application_on(name: str, instance: str, **changes: Any) -> Flask:
    """Return an application on this database and these indices; ``changes``: of its settings."""
    os.environ["INVENIO_INSTANCE_PATH"] = instance
    from invenio_app.factory import create_app

    application = create_app(**{**_settings(name), **changes})
    application.logger.setLevel("WARNING")
    return application


@contextmanager
def attached(name: str, **changes: Any) -> Iterator[Flask]:
    """Be in the context of an application on this database and these indices."""
    with TemporaryDirectory() as instance:
        application = application_on(name, instance, **changes)
        with application.app_context():
            yield application


@contextmanager
def repository(name: str, **changes: Any) -> Iterator[Flask]:
    """Be in the context of an empty repository that is set up, and remove it in the end."""
    _database("CREATE", name)
    try:
        with attached(name, **changes) as application:
            try:
                _set_up()
                yield application
            finally:
                _clean_up()
    finally:
        _database("DROP", name)


def _database(verb: str, name: str) -> None:
    """Create or drop the database."""
    url = sa.engine.make_url(servers()["SQLALCHEMY_DATABASE_URI"]).set(database="postgres")
    engine = sa.create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        force = " WITH (FORCE)" if verb == "DROP" else ""
        connection.execute(sa.text(f'{verb} DATABASE "{name}"{force}'))
    engine.dispose()


def _set_up() -> None:
    """Create tables and indices."""
    from invenio_db import db
    from invenio_search import current_search

    from invenio_usage_stats.operations.setup import setup

    db.create_all()
    list(current_search.put_templates())
    list(current_search.create())
    list(setup())


def _clean_up() -> None:
    """Delete all indices and templates of this run."""
    from invenio_search import current_search_client

    from invenio_usage_stats.indices import full_name
    from invenio_usage_stats.readiness import uses_composable_templates

    indices = current_search_client.indices
    indices.delete(index=full_name("*"))
    composable = uses_composable_templates()
    delete = indices.delete_index_template if composable else indices.delete_template
    delete(name=full_name("*"))
