"""One file host in this process."""

import os
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache, cached_property
from pathlib import Path
from typing import Any
from unittest.mock import patch
from urllib.parse import unquote_to_bytes, urlsplit

from sqlalchemy import Dialect, Engine, delete, event, select
from sqlalchemy.orm import Session
from webtest import TestApp, TestResponse

import pastebin
from pastebin.models import (
    ACCOUNTS,
    ACTIVE_DAYS,
    AUDIT,
    BANS,
    COLLECTIONS,
    CONTENTS,
    DAY_COUNTS,
    FILE_DAYS,
    FILE_REQUESTS,
    FILES,
    FLAGS,
    HOLDERS,
    IDENTITIES,
    INVITES,
    ITEMS,
    JOBS,
    PASSKEYS,
    RECOVERY_CODES,
    REPORTS,
    SECOND_FACTORS,
    SESSIONS,
    SPENT_TOKENS,
    TOKENS,
    WEBHOOKS,
    Content,
    PasteFile,
)
from pastebin.services.counting import CountingService
from pastebin.services.invalidations import Invalidations
from pastebin.services.maintenance import MaintenanceService, Swept
from pastebin.web.api.document import document
from tests.servers.once import template_folder

from .forms import Part, body_of, content_type, file_part
from .openapi import BASE as API
from .openapi import Description

# Neither the debug toolbar nor the shipped secret, whatever is installed here.
PRODUCTION = {
    "environment": "production",
    "secret": "only-for-the-tests-of-this-host",
    "sweep_every": "7d",  # tests sweep themselves
}

BASE = "http://localhost"

# What a service has of its visitors, but for the contents.
TABLES = (
    FILES,
    *(ACCOUNTS, FILE_REQUESTS, IDENTITIES, INVITES, PASSKEYS, RECOVERY_CODES, SECOND_FACTORS, SESSIONS),
    *(SPENT_TOKENS, TOKENS),
    *(ACTIVE_DAYS, DAY_COUNTS, FILE_DAYS, JOBS, WEBHOOKS),
    *(AUDIT, BANS, COLLECTIONS, FLAGS, HOLDERS, ITEMS, REPORTS),
)

# What describes the API is none of its operations.
NO_OPERATIONS = frozenset({f"{API}/", f"{API}/openapi.json"})


class Service:
    """The application on a data folder whose database has been migrated; `settings` without prefix."""

    def __init__(self, data: Path, settings: Mapping[str, str] | None = None) -> None:
        self.data = data
        given = {**PRODUCTION, "data": str(data), **(settings or {})}
        ini = {f"pastebin.{name}": value for name, value in given.items()}
        ini["mako.module_directory"] = template_folder()
        self.app: Any = pastebin.main({}, **ini)
        self.registry: Any = self.app.registry
        _make_hasty(self.registry.services.engine)
        # As if they ran: what tests have not asked for neither sweeps nor delivers beside them.
        self.registry.services.sweeper.is_running = self.registry.services.deliveries.is_running = True
        self.client = TestApp(self.app)
        self.headers: dict[str, str] = {}  # of every request, as `ask` takes them
        self.base = BASE

    @cached_property
    def description(self) -> Description:
        """Return what the service says of its API."""
        return Description(document(self.registry, BASE))

    def close(self) -> None:
        """End the workers and let go of the database."""
        self.registry.services.close()

    def empty(self) -> None:
        """Forget every file, every look-up and every cookie: as if just started on empty folders."""
        self.registry.services.counting.stop()
        with self.registry.services.engine.begin() as connection:
            for statement in _emptying(connection.dialect):
                connection.exec_driver_sql(statement)
        self.empty_store()
        self.registry.services.generation.renew()
        self.registry.services.bans._banned._read_at = -1
        self.registry.services.suspensions._read_at = -1
        self.registry.services.flags._on._read_at = -1
        self.registry.services.webhooks._known._read_at = -1
        self.registry.services.health.forget()
        self.client.reset()
        self.headers = {}
        self.base = BASE

    def empty_store(self) -> None:
        """Lose every content and every derived image."""
        for folder in (self.files, self.data / "derived"):
            for entry in _within_folders_of(folder):
                shutil.rmtree(entry) if entry.is_dir() else os.unlink(entry)
        with self.registry.services.engine.begin() as connection:
            connection.execute(delete(CONTENTS))
        self.registry.services.store.small.forget()

    # Asking

    def ask(self, address: str, method: str = "GET", body: bytes = b"", **headers: str) -> TestResponse:
        """Return the answer to a request for an address or a path, sent just as it is written.

        Headers are given as `if_none_match="…"`. A path reaches the application as a server
        would hand it over: percent-decoded, otherwise untouched.
        """
        path, _, query = _without_host(address).partition("?")
        request = self.client.RequestClass.blank("/", method=method, base_url=self.base)
        request.environ["PATH_INFO"] = unquote_to_bytes(path).decode("latin-1")
        request.environ["QUERY_STRING"] = query
        if body:
            request.body = body
        for name, value in {**self.headers, **headers}.items():
            request.headers[name.replace("_", "-")] = value
        answer = self.client.do_request(request, expect_errors=True)
        if path.startswith(f"{API}/") and path not in NO_OPERATIONS and method != "OPTIONS":
            self.description.assert_describes(method, path, answer)
        return answer

    def send(self, parts: Iterable[Part], to: str = "/", **headers: str) -> TestResponse:
        """Return the answer to a form."""
        return self.send_raw(body_of(parts), to, **headers)

    def send_raw(self, body: bytes, to: str = "/", **headers: str) -> TestResponse:
        """Return the answer to a body that claims to be a form, unless `content_type` says otherwise."""
        return self.ask(to, "POST", body, **{"content_type": content_type(), **headers})

    def upload(
        self, content: bytes, filename: str | bytes = "file.bin", to: str = "/", **headers: str
    ) -> TestResponse:
        """Return the answer to an upload of one file."""
        return self.send([file_part(content, filename)], to, **headers)

    def filehash(self, content: bytes, filename: str | bytes = "file.bin") -> str:
        """Upload a file and return its public name."""
        answer = self.upload(content, filename, to="/j")
        assert answer.status_int in (200, 201), answer.text
        return answer.json["hash"]

    # Looking into it

    @property
    def files(self) -> Path:
        """Return the folder of the store."""
        return self.data / "files"

    def contents(self) -> list[str]:
        """Return the SHA-256 of each stored content, in the order of the digests: rows and files."""
        with self.session() as session:
            small = session.scalars(select(Content.sha256)).all()
        return sorted([*small, *(path.name for path in self.files.glob("[0-9a-f][0-9a-f]/*"))])

    def leftovers(self) -> list[Path]:
        """Return the store's temporary files."""
        return [path for name in ("tmp", "trash") for path in (self.files / name).iterdir()]

    def rows(self) -> list[PasteFile]:
        """Return all rows."""
        with self.session() as session:
            return list(session.scalars(select(PasteFile).order_by(PasteFile.id)))

    def add_row(self, **values: Any) -> None:
        """Write a row by hand."""
        with self.session() as session, session.begin():
            session.add(PasteFile(**values))

    def session(self) -> Session:
        """Return a session of its own on the service's database."""
        return self.registry.services.sessions()

    @contextmanager
    def statements(self) -> Any:
        """Collect the SQL that is run meanwhile, but for what comes by the clock: news, counts."""
        seen: list[str] = []

        def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
            seen.append(statement)

        engine = self.registry.services.engine
        event.listen(engine, "before_cursor_execute", note)
        try:
            with patch.object(Invalidations, "follow"), patch.object(CountingService, "flush"):
                yield seen
        finally:
            event.remove(engine, "before_cursor_execute", note)

    def sweep(self, grace: float) -> Swept:
        """Sweep as the command line does."""
        services = self.registry.services
        return MaintenanceService(services.sessions, services.store).sweep(grace)

    def assert_untouched(self) -> None:
        """Assert that nothing is stored, neither whole nor in part."""
        assert self.contents() == []
        assert self.leftovers() == []
        assert self.rows() == []

    def assert_works(self) -> None:
        """Assert that an upload works and its bytes come back."""
        content = b"still working " + os.urandom(8)
        answer = self.upload(content, "alive.txt")
        assert answer.status_int == 201, answer.text
        assert self.ask(answer.json["url_d"]).body == content


def without_key(said: Mapping[str, Any]) -> dict[str, Any]:
    """Return what an upload was told but its own management address."""
    return {name: value for name, value in said.items() if name != "url_m"}


def _make_hasty(engine: Engine) -> None:
    """Let SQLite not wait for a disk: nothing of these tests is there after a power cut."""
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", lambda connection, _: connection.execute("PRAGMA synchronous = OFF"))
        engine.dispose()


@cache
def _emptying(dialect: Dialect) -> Sequence[str]:
    """Return what empties the tables and counts files from 1 again: on MariaDB they are asked for at once."""
    deletions = [str(delete(table).compile(dialect=dialect)) for table in TABLES]
    if dialect.name == "sqlite":
        return [*deletions, "DELETE FROM sqlite_sequence"]
    return [f"BEGIN NOT ATOMIC {'; '.join(deletions)}; END", "ALTER TABLE PasteFile AUTO_INCREMENT = 1"]


def _within_folders_of(folder: Path) -> Iterator[os.DirEntry[str]]:
    """Yield what is in the folders of a folder; a store has 256 of them, so paths would take long."""
    for entry in os.scandir(folder) if folder.exists() else ():
        if entry.is_dir():
            yield from os.scandir(entry)


def _without_host(address: str) -> str:
    if not address.startswith("http"):
        return address
    parts = urlsplit(address)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path
