"""Our side: the service as `development.ini` and `production.ini` set it up, and `pastebin check` after."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from load import FORM, form_around, one, request

from tests.servers import AppServer, MariaDB, Memcached, ServerError

GUNICORN = (
    sys.executable, "-m", "gunicorn", "--paste", "{ini}", "--bind", "127.0.0.1:{port}",
    "--worker-class", "gthread", "--workers", "2", "--threads", "8", "--timeout", "300",
)  # fmt: skip

SHAPES = ("production", "embedded")
SHAPE_TEXTS = {"production": "MariaDB, memcached", "embedded": "SQLite"}


class LargeMariaDB(MariaDB):
    """MariaDB with room for what is measured; commits are on the disk, as by default."""

    def command(self) -> list[str]:
        """Return the command line, with more memory and log than the tests need."""
        return [*super().command(), "--innodb-buffer-pool-size=1G", "--innodb-log-file-size=256M"]


@contextmanager
def service(shape: str, folder: Path, **options: str) -> Iterator[AppServer]:
    """Run the service; `options` are settings (`durability="relaxed"`), or `processes="2"`."""
    serve = {"serve": GUNICORN} if options.pop("processes", "1") != "1" else {}
    if shape == "embedded":
        with AppServer(folder / "app", options, **serve) as server:
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
        with AppServer(folder / "app", settings, ini="production.ini", **serve) as server:
            yield server


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
