# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""One real InvenioRDM for the whole run: PostgreSQL, OpenSearch, Redis, RabbitMQ.

run-tests.sh starts the servers and says where they are. Every run has a database and an index
prefix of its own; both are removed at its end.
"""

import ast
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask_webpackext.manifest import JinjaManifest, JinjaManifestLoader

PREFIX = f"test{os.getpid()}-"
LANE = os.environ.get("PYTEST_XDIST_WORKER", "")
"""The name of this process where several share the tests (``gw0``, ``gw1``)."""
OWN = "USAGE_STATS_TEST_LANE"
CACHES = (
    "CACHE_REDIS_URL",
    "ACCOUNTS_SESSION_REDIS_URL",
    "COMMUNITIES_IDENTITIES_CACHE_REDIS_URL",
    "RATELIMIT_STORAGE_URI",
    "CELERY_RESULT_BACKEND",
)
MANY = "1000000 per hour"
MAPPINGS = [
    "rdmrecords",
    "communities",
    "communitymembers",
    "requests",
    "requestevents",
    "users",
    "groups",
    "vocabularies",
    "domains",
    "affiliations",
    "funders",
    "awards",
    "names",
    "subjects",
]


def _keep_to_own_lane() -> None:
    """Give a process beside others a database, caches and queues of its own."""
    place = int(LANE.removeprefix("gw"))
    os.environ["SQLALCHEMY_DATABASE_URI"] += f"_{LANE}"
    for name in filter(os.environ.get, CACHES):
        url, _, number = os.environ[name].rpartition("/")
        os.environ[name] = f"{url}/{int(number) + len(CACHES) * place}"
    if place:
        for name in ("BROKER_URL", "CELERY_BROKER_URL"):
            os.environ[name] = os.environ[name].removesuffix("/") + LANE


if LANE and OWN not in os.environ:
    # workers that tests start have this environment already
    os.environ[OWN] = LANE
    _keep_to_own_lane()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--long", action="store_true", help="also run what takes hours")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if not config.getoption("--long"):
        items[:] = [item for item in items if "long" not in item.keywords]


class _NoAssets(JinjaManifest):
    """Answer nothing for every bundle, so that pages render without built assets."""

    def __getitem__(self, key: str) -> str:
        return ""

    def __getattr__(self, name: str) -> str:
        return ""


class _NoAssetsLoader(JinjaManifestLoader):
    def load(self, filepath: str) -> JinjaManifest:
        return _NoAssets()


def _environment(name: str) -> str:
    if name not in os.environ:
        pytest.exit(f"{name} is not set: run the tests by ./run-tests.sh", returncode=2)
    return os.environ[name]


def settings() -> dict:
    """Return the configuration of the tests' instance."""
    redis = _environment("CACHE_REDIS_URL")
    static = os.environ.get("USAGE_STATS_TEST_STATIC")
    return {
        "SECRET_KEY": "only-for-tests-0123456789-0123456789",
        "TESTING": True,
        "WTF_CSRF_ENABLED": False,
        "REST_CSRF_ENABLED": False,
        "DATACITE_ENABLED": False,
        "SITE_UI_URL": "http://localhost",
        "SITE_API_URL": "http://localhost/api",
        "TRUSTED_HOSTS": ["localhost", "127.0.0.1"],
        "APP_DEFAULT_SECURE_HEADERS": {"force_https": False, "content_security_policy": {}},
        "SESSION_COOKIE_SECURE": False,
        "SQLALCHEMY_DATABASE_URI": _environment("SQLALCHEMY_DATABASE_URI"),
        "SEARCH_HOSTS": ast.literal_eval(_environment("SEARCH_HOSTS")),
        "SEARCH_INDEX_PREFIX": PREFIX,
        "SEARCH_MAPPINGS": MAPPINGS,
        "BROKER_URL": _environment("BROKER_URL"),
        "CELERY_BROKER_URL": _environment("BROKER_URL"),
        "CELERY_TASK_ALWAYS_EAGER": True,
        "CELERY_TASK_EAGER_PROPAGATES": True,
        "CELERY_CACHE_BACKEND": "memory",
        "CELERY_RESULT_BACKEND": "cache",
        "CACHE_REDIS_URL": redis,
        "ACCOUNTS_SESSION_REDIS_URL": os.environ.get("ACCOUNTS_SESSION_REDIS_URL", redis),
        "COMMUNITIES_IDENTITIES_CACHE_REDIS_URL": os.environ.get(
            "COMMUNITIES_IDENTITIES_CACHE_REDIS_URL", redis
        ),
        "RATELIMIT_STORAGE_URI": os.environ.get("RATELIMIT_STORAGE_URI", redis),
        "RATELIMIT_ENABLED": True,
        "RATELIMIT_GUEST_USER": MANY,
        "RATELIMIT_AUTHENTICATED_USER": MANY,
        "RATELIMIT_PER_ENDPOINT": {},
        "USAGE_STATS_RATE_LIMIT": {"guest": "", "user": ""},
        "USAGE_STATS_CARDS": ["record", "community"],
        "RDM_USER_MODERATION_ENABLED": False,
        "ACCOUNTS_DEFAULT_USERS_VERIFIED": True,
        "MAIL_SUPPRESS_SEND": True,
        **_external_dois(),
        **({} if static else {"WEBPACKEXT_MANIFEST_LOADER": _NoAssetsLoader}),
    }


def _external_dois() -> dict:
    """Return what lets records, and all versions as one, have DOIs that others registered."""
    from invenio_rdm_records import config
    from invenio_rdm_records.services.pids.providers import ExternalPIDProvider

    external = {"providers": ["external"], "required": False, "is_enabled": lambda _app: True}
    records, parents = config.RDM_PERSISTENT_IDENTIFIERS, config.RDM_PARENT_PERSISTENT_IDENTIFIERS
    return {
        "RDM_PERSISTENT_IDENTIFIERS": {**records, "doi": {**records["doi"], **external}},
        "RDM_PARENT_PERSISTENT_IDENTIFIERS": {"doi": {**parents["doi"], **external}},
        "RDM_PARENT_PERSISTENT_IDENTIFIER_PROVIDERS": [ExternalPIDProvider("external", "doi")],
    }


@pytest.fixture(scope="session")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator:
    """Return the application, set up like an operator's."""
    from invenio_search import current_search_client

    instance = tmp_path_factory.mktemp("instance")
    os.environ["INVENIO_INSTANCE_PATH"] = str(instance)
    static = os.environ.get("USAGE_STATS_TEST_STATIC")
    if static:
        (instance / "static").symlink_to(Path(static))
    config = settings()
    _fresh_database(config["SQLALCHEMY_DATABASE_URI"])
    from invenio_app.factory import create_app

    application = create_app(**config)
    with application.app_context():
        _set_up(instance)
        yield application
        current_search_client.indices.delete(index=f"{PREFIX}*")
        current_search_client.indices.delete_template(name=f"{PREFIX}*")


def _fresh_database(uri: str) -> None:
    url = sa.engine.make_url(uri)
    engine = sa.create_engine(url.set(database="postgres"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(sa.text(f'DROP DATABASE IF EXISTS "{url.database}"'))
        connection.execute(sa.text(f'CREATE DATABASE "{url.database}"'))
    engine.dispose()


def _set_up(instance: Path) -> None:
    """Create tables, indices and the vocabularies that records need.

    What the run before has cached is forgotten: it had other users under the same ids.
    """
    from invenio_cache import current_cache
    from invenio_db import db
    from invenio_files_rest.models import Location
    from invenio_search import current_search
    from invenio_stats import current_stats

    from invenio_usage_stats.operations.setup import setup

    from .content import create_vocabularies

    current_cache.clear()
    db.create_all()
    list(current_search.put_templates())
    list(current_search.create())
    list(setup())
    for event in current_stats.events.values():
        event.queue.queue.declare()
        list(event.queue.consume())
    db.session.add(Location(name="tests", uri=str(instance / "data"), default=True))
    db.session.commit()
    create_vocabularies()


@pytest.fixture(scope="session")
def api(app):
    """Return the application under ``/api``, which has a configuration of its own."""
    layer = app.wsgi_app
    while not hasattr(layer, "mounts"):
        layer = layer.app
    return layer.mounts["/api"]


@pytest.fixture(scope="module")
def lost_connections(app, api) -> Iterator[None]:
    """Drop the connections that tests have had ended, so that no later test is given one."""
    from invenio_db import db

    yield
    for application in (app, api):
        with application.app_context():
            db.engine.dispose()


@pytest.fixture
def clean(app) -> None:
    """Start with an empty ledger and without documents or events."""
    from .world import wipe

    wipe()


@contextmanager
def browsing(app, person=None) -> Iterator:
    """Give a client of its own, signed in as a person.

    Requests share the application context that is pushed, and with it the identity: so each
    client needs a fresh one.
    """
    with app.app_context(), app.test_client() as test_client:
        if person is not None:
            data = {"email": person.email, "password": person.password}
            assert test_client.post("/login/", data=data).status_code == 302
        yield test_client


@pytest.fixture
def client(app):
    """Return a client without a session."""
    with browsing(app) as test_client:
        yield test_client


@pytest.fixture
def run(app) -> Callable[..., tuple[int, str]]:
    """Return a function that runs one of our commands and returns exit code and output."""
    from invenio_app.cli import cli

    runner = app.test_cli_runner()

    def invoke(*arguments: object) -> tuple[int, str]:
        result = runner.invoke(cli, ["usage-stats", *map(str, arguments)])
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result.exit_code, result.output

    return invoke


@pytest.fixture(scope="session")
def people(app) -> dict:
    """Return users by name: an uploader, an owner of communities, a stranger."""
    from .content import create_user

    return {name: create_user(app, name) for name in ("uploader", "owner", "stranger")}
