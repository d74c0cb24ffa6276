"""A database that was restored or made anew gives ids again: no link ever leads to another's file."""

import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.engine import Engine

from pastebin.models import Base
from pastebin.services import cache_generation
from pastebin.services.files import SHAPE
from tests.inprocess import Service, contents, migrate

TABLES = ("PasteFile", "Content", "ServiceState", "Invalidation")


class Dump:
    """A copy of a service's database, as it was when this was made."""

    def __init__(self, service: Service, folder: Path) -> None:
        self.engine: Engine = service.registry.services.engine
        self.path = folder / "dump.sqlite"
        if self.engine.dialect.name == "sqlite":
            self._copy(self.engine.url.database, self.path)
        else:
            self._run(*(step for name in TABLES for step in _copied(name, f"dump_{name}")))

    def restore(self) -> None:
        """Put it back, while the service runs."""
        if self.engine.dialect.name == "sqlite":
            self._copy(self.path, self.engine.url.database)
        else:
            self._run(*(step for name in TABLES for step in _copied(f"dump_{name}", name)))

    def drop(self) -> None:
        """Leave nothing behind in the database."""
        if self.engine.dialect.name != "sqlite":
            self._run(*(f"DROP TABLE IF EXISTS dump_{name}" for name in TABLES))

    @staticmethod
    def _copy(source: Any, target: Any) -> None:
        with closing(sqlite3.connect(source)) as old, closing(sqlite3.connect(target)) as new:
            old.backup(new)

    def _run(self, *statements: str) -> None:
        with self.engine.begin() as connection:
            for statement in statements:
                connection.execute(text(statement))


def _copied(source: str, target: str) -> list[str]:
    return [
        f"DROP TABLE IF EXISTS {target}",
        f"CREATE TABLE {target} LIKE {source}",
        f"INSERT INTO {target} SELECT * FROM {source}",
    ]


@pytest.fixture(autouse=True)
def sequential(each_service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have short links mean ids: a drawn number is not given again anyway."""
    monkeypatch.setattr(each_service.registry.services.uploads, "_is_drawing", False)


@pytest.fixture
def dump(each_service: Service, tmp_path: Path) -> Iterator[Callable[[], Dump]]:
    """Give a function that dumps the service's database."""
    made: list[Dump] = []

    def dump() -> Dump:
        made.append(Dump(each_service, tmp_path))
        return made[-1]

    yield dump
    for one in made:
        one.drop()


@pytest.fixture
def another(each_service: Service) -> Iterator[Callable[[], Service]]:
    """Give a function that starts another process's service on the same database."""
    started: list[Service] = []

    def start() -> Service:
        settings = each_service.registry.services.settings
        given = {
            "short_links": "sequential",
            "cache": settings.cache,
            "memcached_servers": " ".join(settings.memcached_servers),
        }
        started.append(Service(each_service.data, {**given, "database_url": settings.database_url}))
        return started[-1]

    yield start
    for service in started:
        service.close()


def opened(service: Service, said: dict[str, str]) -> str:
    """Open a short link and the page, as often as it takes to be cached; return where the link leads."""
    for _ in range(2):
        location = service.ask(said["url_s"]).location
        service.ask(said["url_p"])
    return str(location)


def wait_for_others() -> None:
    """Wait as long as another process may take to notice."""
    time.sleep(cache_generation.ID_SECONDS + 0.05)


def test_a_short_link_given_again_after_a_restore_leads_to_the_new_file(
    each_service: Service, dump: Callable[[], Dump], another: Callable[[], Service]
) -> None:
    kept = each_service.upload(b"kept", "kept.txt").json
    other, older = another(), dump()
    lost = each_service.upload(b"somebody's", "lost.txt").json
    for service in (each_service, other):
        assert opened(service, lost) == lost["url_p"]
    older.restore()
    new = each_service.upload(b"of another", "new.txt").json
    assert new["url_s"] == lost["url_s"]
    assert opened(each_service, new) == new["url_p"]
    wait_for_others()
    late = another()
    for service in (each_service, other, late):
        assert opened(service, new) == new["url_p"]
        assert opened(service, kept) == kept["url_p"]
        assert service.ask(new["url_d"]).body == b"of another"
        assert service.ask(lost["url_p"]).status_int == 404


def test_who_only_looks_on_notices_too(
    each_service: Service, dump: Callable[[], Dump], another: Callable[[], Service]
) -> None:
    """The process that takes the upload never saw the files of the database that was lost."""
    older = dump()
    lost = each_service.upload(b"somebody's", "lost.txt").json
    opened(each_service, lost)
    older.restore()
    wait_for_others()
    new = another().upload(b"of another", "new.txt").json
    assert new["url_s"] == lost["url_s"]
    assert opened(each_service, new) == new["url_p"]


def test_a_service_that_starts_after_a_restore_knows_nothing_of_what_was_lost(
    each_service: Service, dump: Callable[[], Dump], another: Callable[[], Service]
) -> None:
    kept = each_service.upload(b"kept", "kept.txt").json
    older = dump()
    lost = each_service.upload(b"somebody's", "lost.txt").json
    opened(each_service, lost)
    older.restore()
    late = another()
    assert opened(late, kept) == kept["url_p"]
    assert late.ask(lost["url_p"]).status_int == 404
    assert late.ask(lost["url_s"]).status_int == 404


def test_a_database_made_anew_has_no_file_of_the_old_one(
    each_service: Service, another: Callable[[], Service]
) -> None:
    other = another()
    lost = each_service.upload(b"somebody's", "lost.txt").json
    for service in (each_service, other):
        opened(service, lost)
    engine = each_service.registry.services.engine
    Base.metadata.drop_all(engine)
    with engine.begin() as connection:
        connection.execute(text("DROP TABLE alembic_version"))
    migrate(each_service.data, each_service.registry.services.settings.database_url)
    new = each_service.upload(b"of another", "new.txt").json
    assert new["url_s"] == lost["url_s"]
    assert opened(each_service, new) == new["url_p"]
    wait_for_others()
    for service in (each_service, other):
        assert opened(service, new) == new["url_p"]
        assert service.ask(lost["url_p"]).status_int == 404


def test_values_of_another_version_are_looked_up_anew(each_service: Service) -> None:
    """As a version with one more field, or one less, would write them under the very same key."""
    filehash = each_service.filehash(b"text", "a.txt")
    each_service.ask(f"/p/{filehash}")
    services = each_service.registry.services
    value = asdict(services.files.by_hash(filehash))
    for other in ({**value, "owner": 1}, {"id": 1}, {}):
        services.cache.set(f"file:{filehash}", other)
        assert each_service.ask(f"/d/{filehash}").body == b"text"
    assert SHAPE in services.cache.full_key("x")


def test_what_is_looked_up_stays_cached_while_files_come_in(each_service: Service) -> None:
    """A new id is no reason to forget the others."""
    said = each_service.upload(b"first", "a.txt").json
    opened(each_service, said)
    with each_service.statements() as statements:
        for number in range(5):
            each_service.upload(b"%d" % number, "b.txt")
            each_service.ask(said["url_p"])
    assert [one for one in statements if "filehash = " in one] == []


def test_a_generation_that_cannot_be_renewed_stops_nobody(
    each_service: Service, monkeypatch: pytest.MonkeyPatch, another: Callable[[], Service]
) -> None:
    said = each_service.upload(contents.image(), "a.png").json
    other = another()
    engine = other.registry.services.engine
    execute = engine.dialect.do_execute

    def refuse(cursor: Any, statement: str, *rest: Any, **options: Any) -> Any:
        if "ServiceState" in statement and "INSERT" in statement:
            raise engine.dialect.loaded_dbapi.OperationalError(1290, "--read-only")
        return execute(cursor, statement, *rest, **options)

    monkeypatch.setattr(engine.dialect, "do_execute", refuse)
    assert opened(other, said) == said["url_p"]
    assert other.ask(said["url_i"]).body == contents.image()
