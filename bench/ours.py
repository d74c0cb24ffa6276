"""Our side: the service as `development.ini` and `production.ini` set it up, and `pastebin check` after."""

import json
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from load import FORM, form_around, one, request
from sqlalchemy import NullPool, create_engine, text

from tests.servers import AppServer, MariaDB, Memcached, ServerError, ServerProcess

# What serves us in every comparison: a command of tests/servers/app.py, or None for the one that tests use.
# Where it has `--workers`, that is how several processes share a port; otherwise each has one of its own.
SERVE: Sequence[str] | None = None

SHAPES = ("production", "embedded")
SHAPE_TEXTS = {"production": "MariaDB, memcached", "embedded": "SQLite"}


class LargeMariaDB(MariaDB):
    """MariaDB with room for what is measured; commits are on the disk, as by default."""

    def command(self) -> list[str]:
        """Return the command line, with more memory and log than the tests need."""
        return [*super().command(), "--innodb-buffer-pool-size=1G", "--innodb-log-file-size=256M"]


@dataclass
class Service:
    """Our processes, and the database and cache they use, if those are processes too."""

    apps: list[AppServer]
    backing: list[ServerProcess]

    def stored(self) -> int:
        """Return how many files the database knows."""
        engine = create_engine(self._database_url(), poolclass=NullPool)
        with engine.connect() as connection:
            return connection.execute(text("SELECT COUNT(*) FROM PasteFile")).scalar_one()

    def _database_url(self) -> str:
        app = self.apps[0]
        return app.settings.get("database_url") or f"sqlite:///{app.data / 'pastebin.sqlite'}"


@contextmanager
def running(shape: str, folder: Path, processes: int = 1, **options: str) -> Iterator[Service]:
    """Run the service; `options` are settings (`durability="relaxed"`)."""
    with ExitStack() as stack:
        if shape == "embedded":
            server, backing = AppServer(folder / "app", options), []
        else:
            database = stack.enter_context(LargeMariaDB(folder / "mariadb"))
            cache = stack.enter_context(Memcached(folder / "memcached"))
            if options.get("durability") == "relaxed":
                database.execute("SET GLOBAL innodb_flush_log_at_trx_commit = 2")
            settings = {
                "secret": "for measuring only, on this machine",
                "limits": "off",  # all clients have one address
                "database_url": database.create_database(),
                "memcached_servers": cache.address,
                "files_folder": str(folder / "app" / "data" / "files"),
                "derived_folder": str(folder / "app" / "data" / "derived"),
                **options,
            }
            server, backing = AppServer(folder / "app", settings, ini="production.ini"), [database, cache]
        server.serve, on_one_port = _serving(SERVE or server.serve, processes)
        apps = [stack.enter_context(server)]
        apps += [stack.enter_context(server.another()) for _ in range(on_one_port, processes)]
        yield Service(apps, backing)


def _serving(command: Sequence[str], processes: int) -> tuple[list[str], int]:
    """Return the command for so many processes, and how many of them it starts (one without workers)."""
    words = list(command)
    if "--workers" not in words:
        return words, 1
    words[words.index("--workers") + 1] = str(processes)
    return words, processes


@contextmanager
def service(shape: str, folder: Path, **options: str) -> Iterator[AppServer]:
    """Run the service in one process."""
    with running(shape, folder, **options) as found:
        yield found.apps[0]


@contextmanager
def services(shape: str, folder: Path, processes: int, **options: str) -> Iterator[list[AppServer]]:
    """Run the service in so many processes; give one entry for each port that they have."""
    with running(shape, folder, processes, **options) as found:
        yield found.apps


def check(server: AppServer) -> str:
    """Run `pastebin check` on what a measurement stored; ServerError unless everything is whole."""
    ran = server.run("check")
    if ran.returncode:
        raise ServerError(f"pastebin check after the measurement: {ran.stderr or ran.stdout}")
    return "`pastebin check` afterwards: clean."


def put(server: AppServer, data: bytes, filename: str) -> str:
    """Upload a file and return its public name."""
    head, tail = form_around(filename)
    posted = request("POST", "/j", FORM, body=head + data + tail)
    answer = one(server.port, posted, expect=(200, 201))
    return json.loads(answer.partition(b"\r\n\r\n")[2])["hash"]
