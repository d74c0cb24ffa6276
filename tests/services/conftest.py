"""Real servers for the tests of this folder, on SQLite and on MariaDB."""

import secrets
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from typing import Any

import pytest

from tests.servers import AppServer, MariaDB, Memcached
from tests.servers.app import GRANIAN

StartApp = Callable[..., AppServer]
StartProduction = Callable[..., AppServer]


def _starter(stack: ExitStack, tmp_path_factory: pytest.TempPathFactory) -> StartApp:
    def start(settings: dict[str, str] | None = None, **options: Any) -> AppServer:
        folder = tmp_path_factory.mktemp("app")
        stack.callback(shutil.rmtree, folder / "data", ignore_errors=True)
        return stack.enter_context(AppServer(folder, settings, **options))

    return start


@pytest.fixture
def start_app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StartApp]:
    """Give a function that starts a server for one test."""
    with ExitStack() as stack:
        yield _starter(stack, tmp_path_factory)


@pytest.fixture(scope="module")
def start_shared_app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StartApp]:
    """Give a function that starts a server for the tests of one module."""
    with ExitStack() as stack:
        yield _starter(stack, tmp_path_factory)


def _database(request: pytest.FixtureRequest) -> dict[str, str]:
    if request.param == "sqlite":
        return {}
    mariadb: MariaDB = request.getfixturevalue("mariadb")
    return {"database_url": mariadb.create_database()}


@pytest.fixture(params=["sqlite", "mariadb"])
def database(request: pytest.FixtureRequest) -> dict[str, str]:
    """Give the settings of an empty database, of each kind in turn."""
    return _database(request)


@pytest.fixture(scope="module", params=["sqlite", "mariadb"])
def shared_database(request: pytest.FixtureRequest) -> dict[str, str]:
    """Give the settings of a database for the tests of one module, of each kind in turn."""
    return _database(request)


def _production(start_app: StartApp, mariadb: MariaDB, memcached: Memcached) -> StartProduction:
    def start(settings: dict[str, str], command: Sequence[str] | None = None) -> AppServer:
        memcached.flush()  # what it knows is of another database
        own = {
            "secret": secrets.token_hex(),
            "limits": "off",  # all that tests send comes from one address
            "database_url": mariadb.create_database(),
            "memcached_servers": memcached.address,
        }
        return start_app({**own, **settings}, ini="production.ini", serve=command or GRANIAN)

    return start


@pytest.fixture
def start_production(start_app: StartApp, mariadb: MariaDB, memcached: Memcached) -> StartProduction:
    """Give a function that starts production.ini with a database of its own: (settings, command)."""
    return _production(start_app, mariadb, memcached)


@pytest.fixture(scope="module")
def start_shared_production(
    start_shared_app: StartApp, mariadb: MariaDB, memcached: Memcached
) -> StartProduction:
    """Give a function that starts production.ini for the tests of one module."""
    return _production(start_shared_app, mariadb, memcached)


@pytest.fixture
def production(start_production: StartProduction) -> AppServer:
    """Give the service of production.ini."""
    return start_production({})
