"""Our side: the service as `development.ini` and `production.ini` set it up, and `pastebin check` after."""

import json
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from load import FORM, form_around, one, request

from tests.servers import AppServer, MariaDB, Memcached, ServerError

SHAPES = ("production", "embedded")
SHAPE_TEXTS = {"production": "MariaDB, memcached", "embedded": "SQLite"}


class LargeMariaDB(MariaDB):
    """MariaDB with room for what is measured; commits are on the disk, as by default."""

    def command(self) -> list[str]:
        """Return the command line, with more memory and log than the tests need."""
        return [*super().command(), "--innodb-buffer-pool-size=1G", "--innodb-log-file-size=256M"]


@contextmanager
def service(shape: str, folder: Path, **options: str) -> Iterator[AppServer]:
    """Run the service; `options` are settings (`durability="relaxed"`)."""
    if shape == "embedded":
        with AppServer(folder / "app", options) as server:
            yield server
        return
    with LargeMariaDB(folder / "mariadb") as database, Memcached(folder / "memcached") as cache:
        if options.get("durability") == "relaxed":
            database.execute("SET GLOBAL innodb_flush_log_at_trx_commit = 2")
        settings = {
            "secret": "for measuring only, on this machine",
            "database_url": database.create_database(),
            "memcached_servers": cache.address,
            "files_folder": str(folder / "app" / "data" / "files"),
            "derived_folder": str(folder / "app" / "data" / "derived"),
            **options,
        }
        with AppServer(folder / "app", settings, ini="production.ini") as server:
            yield server


@contextmanager
def services(shape: str, folder: Path, processes: int, **options: str) -> Iterator[list[AppServer]]:
    """Run the service in one process or in two, each with a port of its own."""
    with service(shape, folder, **options) as server, ExitStack() as stack:
        yield [server, *(stack.enter_context(server.another()) for _ in range(processes - 1))]


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
