"""Finding a file among ten million as among ten thousand: by public name, short code and content.

The rows are made by the databases themselves, without indexes first. The look-ups go through the
service's own classes, with a cache that knows nothing, for files all over the table.
"""

import itertools
import os
import random
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from effort import Effort
from ours import LargeMariaDB
from results import Goal, Measurement, alternate
from sqlalchemy import Engine, bindparam, create_engine, event, select, text

from pastebin._speedups.shorturl import ShortCodec
from pastebin.models import PasteFile, make_engine
from pastebin.services.file_records import FileRecords
from pastebin.services.files import FileService

ROOT = Path(__file__).resolve().parents[1]
SAMPLE = 1000
BLOCK = 100
"""Look-ups between two readings of the clock: short, so that both sides meet the same neighbours."""
SQLITE_ROWS = """
WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < {count})
INSERT INTO PasteFile
  (id, filename, filehash, filemd5, uploadtime, mimetype, size, sha256, link_key, encoding)
SELECT n, 'photo-' || n || '.jpg', lower(hex(randomblob(16))) || '.jpg', lower(hex(randomblob(16))),
       '2026-11-21 02:53:19.000000', 'image/jpeg', 1000 + n, lower(hex(randomblob(32))),
       lower(hex(randomblob(32))), 'binary'
FROM numbers
"""
MARIADB_ROWS = """
INSERT INTO PasteFile
  (id, filename, filehash, filemd5, uploadtime, mimetype, size, sha256, link_key, encoding)
SELECT seq, CONCAT('photo-', seq, '.jpg'), CONCAT(MD5(seq), '.jpg'), MD5(CONCAT('m', seq)),
       '2026-11-21 02:53:19', 'image/jpeg', 1000 + seq, SHA2(seq, 256), SHA2(CONCAT('k', seq), 256), 'binary'
FROM seq_1_to_{count}
"""


class NoCache:
    """A look-up cache that never knows."""

    def get(self, _key: str) -> None:
        """Know nothing."""

    def set(self, _key: str, _value: dict) -> None:
        """Remember nothing."""


class NothingRemembered:
    """What else a look-up asks of this process's memory, so that each one asks the database."""

    changes = 0

    def filehash_of(self, _number: int) -> None:
        """Know nothing."""

    def remember(self, _number: int, _filehash: str) -> None:
        """Remember nothing."""

    def use(self, _generation: str) -> None:
        """Do nothing."""

    def follow(self) -> None:
        """Do nothing."""


def lookups(effort: Effort) -> Iterator[Measurement]:
    """Fill a small and a large table on each database, and look things up in both in turn."""
    folder = effort.subfolder("lookups-sqlite")
    addresses = [f"sqlite:///{folder / name}.sqlite" for name in ("few", "many")]
    yield from _on("SQLite", addresses, SQLITE_ROWS, effort)
    shutil.rmtree(folder)
    folder = effort.subfolder("lookups-mariadb")
    with HugeMariaDB(folder) as server:
        addresses = [server.create_database(), server.create_database()]
        yield from _on("MariaDB", addresses, MARIADB_ROWS, effort)
    shutil.rmtree(folder)


class HugeMariaDB(LargeMariaDB):
    """MariaDB that keeps ten million rows and their indexes in memory."""

    def command(self) -> list[str]:
        """Return the command line."""
        options = ["buffer-pool-size=6G", "log-file-size=1G", "sort-buffer-size=64M", "doublewrite=0"]
        options += ["flush-log-at-trx-commit=2"]
        return [*super().command(), *(f"--innodb-{option}" for option in options)]


def _on(database: str, addresses: list[str], rows: str, effort: Effort) -> Iterator[Measurement]:
    few, many = f"{effort.few_rows:,} rows", f"{effort.many_rows:,} rows"
    counts = {few: effort.few_rows, many: effort.many_rows}
    engines = dict(zip(counts, (make_engine(address) for address in addresses), strict=True))
    for address, count in zip(addresses, counts.values(), strict=True):
        _migrate(address)
        _fill(address, rows.format(count=count), count)
    finders = {name: _finders(engine, counts[name]) for name, engine in engines.items()}
    for kind, title in KINDS.items():
        sides = {name: _timed(finders[name][kind]) for name in (many, few)}
        with _statements(engines[many]) as seen:
            finders[many][kind][0]()
        yield Measurement(
            f"lookup-{kind}-{database.lower()}",
            f"look-up by {title} ({database})",
            "µs",
            alternate(sides, 20 * effort.rounds),
            [Goal(f"≤ 1.2 × the time with {few}", few, 1 / 1.2)],
            [],
            [f"Plan: {_plan(engines[many], *seen[0])}"],
        )
    for engine in engines.values():
        engine.dispose()


KINDS = {"filehash": "filehash", "short": "short code", "content": "content", "upload": "content and name"}
Finders = dict[str, list[Callable[[], Any]]]


def _migrate(address: str) -> None:
    subprocess.run(
        [sys.executable, "-m", "alembic", "-c", "development.ini", "upgrade", "head"],
        cwd=ROOT,
        env={**os.environ, "PASTEBIN_DATABASE_URL": address},
        check=True,
        capture_output=True,
    )


def _fill(address: str, rows: str, count: int) -> None:
    """Make the rows, then the indexes, which is several times as fast as the other way round.

    Over a connection of its own: the service's give up long before.
    """
    engine = create_engine(address)
    indexes = list(PasteFile.__table__.indexes)
    is_sqlite = engine.dialect.name == "sqlite"
    start = time.perf_counter()
    with engine.connect() as connection:
        if is_sqlite:
            connection.exec_driver_sql("PRAGMA cache_size = -1000000")
        for index in indexes:
            index.drop(connection)
        connection.execute(text(rows))
        for index in indexes:
            index.create(connection)
        connection.execute(text("ANALYZE" if is_sqlite else "ANALYZE TABLE PasteFile"))
        connection.commit()
    engine.dispose()
    print(f"{count:,} rows in {engine.dialect.name} in {time.perf_counter() - start:.0f} s", flush=True)


def _finders(engine: Engine, count: int) -> Finders:
    """Return calls that look files up, all over the table, for each way of finding one."""
    nothing, codec, records = NothingRemembered(), ShortCodec(), FileRecords(engine)
    files = FileService(engine, NoCache(), nothing, codec, nothing)
    numbers = random.Random(1).sample(range(1, count + 1), SAMPLE)
    wanted = select(PasteFile.id, PasteFile.filehash, PasteFile.sha256, PasteFile.link_key)
    with engine.connect() as connection:
        rows = connection.execute(wanted.where(PasteFile.id.in_(numbers))).all()
    random.Random(2).shuffle(rows)
    by_content = select(PasteFile.id).where(PasteFile.sha256 == bindparam("value"))

    def find_content(sha256: str) -> None:
        with engine.connect() as connection:
            connection.execute(by_content, {"value": sha256}).all()

    return {
        "filehash": [lambda row=row: files.by_hash(row.filehash) for row in rows],
        "short": [lambda row=row: files.by_short(codec.encode(row.id)) for row in rows],
        "content": [lambda row=row: find_content(row.sha256) for row in rows],
        "upload": [lambda row=row: records.find(row.link_key) for row in rows],
    }


def _timed(calls: list[Callable[[], Any]]) -> Callable[[], float]:
    """Return what runs the next few calls and gives the microseconds of one."""
    for call in calls:  # everything is in memory before it counts
        call()
    blocks = itertools.cycle([calls[start : start + BLOCK] for start in range(0, len(calls), BLOCK)])

    def run() -> float:
        block = next(blocks)
        start = time.perf_counter()
        for call in block:
            call()
        return (time.perf_counter() - start) / len(block) * 1e6

    return run


@contextmanager
def _statements(engine: Engine) -> Iterator[list[tuple[str, Any]]]:
    """Collect what is sent to the database, as it is sent."""
    seen: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        if statement.startswith("SELECT"):
            seen.append((statement, parameters))

    event.listen(engine, "before_cursor_execute", note)
    yield seen
    event.remove(engine, "before_cursor_execute", note)


def _plan(engine: Engine, statement: str, parameters: Any) -> str:
    """Return how the database means to run a statement, on one line."""
    is_sqlite = engine.dialect.name == "sqlite"
    explain = "EXPLAIN QUERY PLAN " if is_sqlite else "EXPLAIN "
    with engine.connect() as connection:
        rows = connection.exec_driver_sql(explain + statement, parameters).mappings().all()
    if is_sqlite:
        return "; ".join(f"`{row['detail']}`" for row in rows)
    return "; ".join(f"`type {row['type']}, key {row['key']}, rows {row['rows']}`" for row in rows)
