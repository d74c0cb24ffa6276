"""The list of an account's files among 10,000: its pages and its search, on SQLite and on MariaDB.

`PYTHONPATH=. .venv/bin/python bench/account_files.py` prints medians and the plans of the databases. The
requests go through the whole application, without a socket.
"""

import random
import shutil
import statistics
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import event, insert

from pastebin.models import FILES
from tests.inprocess import Service
from tests.inprocess.accounts import sign_up, token_of
from tests.inprocess.database import make_sqlite_template, migrate
from tests.servers import MariaDB

OWN = 10_000
OTHERS = 50_000
ROUNDS = 30
BLOCK = 5_000

# What MariaDB keeps in memory unless it is told otherwise; the servers of the tests keep less.
POOL = 128 * 2**20

WORDS = ("holiday", "Photo", "report", "Berlin", "draft", "scan", "invoice", "überblick", "final", "copy")
TYPES = ("image/jpeg", "image/png", "text/plain", "application/pdf", "video/mp4", "application/zip")

ASKED = {
    "first page": "",
    "a page in the middle": "?after=MIDDLE",
    "by name": "?sort=name",
    "by size": "?sort=largest",
    "one word": "?q=berlin",
    "two words and a kind": "?q=holiday+final&type=image",
    "a word that nothing has": "?q=nothing-has-it",
    "a word that all have": "?q=bin",
    "one word, a page further": "?q=berlin&after=FOUND",
    "one kind": "?type=pdf",
}


def rows(count: int, owner: int | None, seed: int) -> Iterator[dict[str, Any]]:
    """Yield rows of files with names of some words."""
    draw = random.Random(seed)
    begin = datetime(2026, 1, 1, tzinfo=UTC)
    for number in range(count):
        name = f"{' '.join(draw.sample(WORDS, 3))} {number}.bin"
        digest = f"{draw.getrandbits(256):064x}"
        yield {
            "filename": name,
            "filehash": f"{draw.getrandbits(128):032x}.bin",
            "filemd5": digest[:32],
            "uploadtime": begin + timedelta(seconds=number),
            "mimetype": draw.choice(TYPES),
            "size": draw.randrange(10_000_000),
            "sha256": digest,
            "link_key": f"{draw.getrandbits(256):064x}",
            "short_id": 2**40 + seed * 2**30 + number,
            "owner_id": owner,
        }


def fill(service: Service, owner: int) -> None:
    """Write the account's files, among those of nobody and of others."""
    everything = [*rows(OWN, owner, 1), *rows(OTHERS // 2, None, 2), *rows(OTHERS // 2, owner + 1, 3)]
    random.Random(4).shuffle(everything)
    for start in range(0, len(everything), BLOCK):
        with service.registry.services.engine.begin() as connection:
            connection.execute(insert(FILES), everything[start : start + BLOCK])


def plans(service: Service, ask: Any) -> list[str]:
    """Return how the database goes about the statements of a request."""
    seen: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, values: Any, *_rest: Any) -> None:
        if "PasteFile" in statement:
            seen.append((statement, values))

    engine = service.registry.services.engine
    event.listen(engine, "before_cursor_execute", note)
    ask()
    event.remove(engine, "before_cursor_execute", note)
    word = "EXPLAIN QUERY PLAN" if engine.dialect.name == "sqlite" else "EXPLAIN"
    with engine.connect() as connection:
        return [
            str(tuple(row))
            for said, values in seen
            for row in connection.exec_driver_sql(f"{word} {said}", values)
        ]


def measure(name: str, service: Service) -> None:
    """Print what each request takes."""
    person = sign_up(service)
    fill(service, person.account.id)
    token = token_of(service, person, "read")
    address = "/api/v1/files"
    cursor = service.ask(f"{address}?limit=100&sort=oldest", **token).headers["Link"]
    middle = cursor.split("after=")[1].partition(">")[0]
    found = service.ask(f"{address}?q=berlin", **token).headers["Link"].split("after=")[1].partition(">")[0]
    for title, query in ASKED.items():
        path = address + query.replace("MIDDLE", f"{middle}&sort=oldest").replace("FOUND", found)
        times, own = [], []
        for _ in range(ROUNDS):
            begun, used = time.perf_counter(), time.process_time()
            answer = service.ask(path, **token)
            times.append(time.perf_counter() - begun)
            own.append(time.process_time() - used)
        assert answer.status_int == 200, answer.text
        total = answer.headers["X-Total-Count"]
        median, fastest, used = (1000 * one for one in (statistics.median(times), min(times), min(own)))
        figures = f"{median:7.1f} ms, at best {fastest:6.1f} ms, {used:6.1f} ms of this process"
        print(f"{name:8} {title:26} {figures}, {total} files")
    for title in ("first page", "one word"):
        for line in plans(service, lambda title=title: service.ask(address + ASKED[title], **token)):
            print(f"{name:8} {title:26} {line}")


def main() -> None:
    """Measure on both databases."""
    folder = Path(tempfile.mkdtemp())
    try:
        (folder / "data").mkdir()
        shutil.copy(make_sqlite_template(folder), folder / "data")
        service = Service(folder / "data")
        measure("SQLite", service)
        service.close()
        with MariaDB(folder / "mariadb") as server:
            server.execute(f"SET GLOBAL innodb_buffer_pool_size = {POOL}")
            url = server.create_database()
            migrate(folder, url)
            service = Service(folder / "other", {"database_url": url})
            measure("MariaDB", service)
            service.close()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
