"""Fixtures of services in this process, for the conftest modules that import them."""

import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path

import pytest

from pastebin import services
from pastebin.services.worker_pools import TASKS
from pastebin.workers import Template
from tests.servers import MariaDB, Memcached

from .database import make_sqlite_template, migrate
from .service import Service

StartService = Callable[..., Service]


@pytest.fixture(autouse=True)
def no_settings_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the settings of whoever runs the tests out of them."""
    for name in list(os.environ):
        if name.startswith("PASTEBIN_") and not name.endswith("_EXTENSIONS"):
            monkeypatch.delenv(name)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a migrated, empty SQLite database to be copied."""
    return make_sqlite_template(tmp_path_factory.mktemp("template"))


class SharedTemplate(Template):
    """A template process of several services, none of which ends it."""

    def close(self) -> None:
        """Leave it to the others."""


@pytest.fixture(scope="session", autouse=True)
def shared_template() -> Iterator[None]:
    """Let services of this process fork their workers from one process, which then starts once."""
    template = SharedTemplate(TASKS)
    with pytest.MonkeyPatch.context() as patches:
        patches.setattr(services, "make_template", lambda: template)
        yield
    Template.close(template)


def start_service(template: Path, data: Path, settings: Mapping[str, str]) -> Service:
    """Start a service on a data folder, which gets an empty database if it is new."""
    if not data.exists():
        data.mkdir()
        shutil.copy(template, data)
    return Service(data, settings)


@pytest.fixture
def start(sqlite_template: Path, tmp_path: Path) -> Iterator[StartService]:
    """Give a function that starts a service of one's own: on SQLite, unless the settings say otherwise.

    All services that one test starts share a data folder.
    """
    with ExitStack() as stack:

        def start(**settings: str) -> Service:
            service = start_service(sqlite_template, tmp_path / "data", settings)
            stack.callback(service.close)
            return service

        yield start


@pytest.fixture(scope="module")
def emptied(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[StartService]:
    """Give a function that returns an empty service with such settings, started once for all that want them.

    One with limits is started anew: what it has counted cannot be forgotten.
    """
    started: dict[tuple[tuple[str, str], ...], Service] = {}
    with ExitStack() as stack:

        def start(**settings: str) -> Service:
            key = tuple(sorted(settings.items()))
            if key not in started or settings.get("limits") == "on":
                data = tmp_path_factory.mktemp("service") / "data"
                started[key] = start_service(sqlite_template, data, settings)
                stack.callback(started[key].close)
            started[key].empty()
            return started[key]

        yield start


@pytest.fixture(scope="session")
def sqlite_service(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """Give the service on SQLite that tests use in turn, as starting one for each takes long."""
    service = start_service(sqlite_template, tmp_path_factory.mktemp("sqlite") / "data", {})
    yield service
    service.close()


@pytest.fixture(scope="session")
def mariadb_service(
    mariadb: MariaDB, memcached: Memcached, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Service]:
    """Give the service on MariaDB and memcached that tests use in turn."""
    folder = tmp_path_factory.mktemp("mariadb-service")
    url = mariadb.create_database()
    migrate(folder, url)
    settings = {"database_url": url, "cache": "memcached", "memcached_servers": memcached.address}
    service = Service(folder / "data", settings)
    yield service
    service.close()


@pytest.fixture
def service(sqlite_service: Service) -> Service:
    """Give an empty service on SQLite with its cache in memory."""
    sqlite_service.empty()
    return sqlite_service


@pytest.fixture(params=["sqlite", "mariadb"])
def each_service(request: pytest.FixtureRequest) -> Service:
    """Give an empty service of each kind in turn: SQLite and memory, MariaDB and memcached."""
    service: Service = request.getfixturevalue(f"{request.param}_service")
    service.empty()
    return service
