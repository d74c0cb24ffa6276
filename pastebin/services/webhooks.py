"""Addresses that are told what happens: making them, writing jobs for them, looking at their log."""

import json
import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import delete, insert, select, update
from sqlalchemy.engine import Connection, Engine

from ..errors import BadRequest, NotFound
from ..models import JOBS, WEBHOOKS, WriteTransactions
from ..remote import Target
from .audit import Act, note
from .events import NAMES, Event, FileRemoved, Listener
from .invalidations import Invalidations, Kind, record_kind
from .watched_set import WatchedSet
from .webhook_forms import KINDS, payload_of, without_words

# How many webhooks there may be: each event is a row for each of them.
MOST = 20

# How many jobs the log shows.
LOGGED = 100

ANY_PORT = range(1, 65536)

_ALL = select(WEBHOOKS).order_by(WEBHOOKS.c.id)


@dataclass(frozen=True, slots=True)
class StoredWebhook:
    """A webhook as its row has it: all but its secret. `events` is empty where it wants all."""

    id: int
    url: str
    kind: str
    events: tuple[str, ...]
    created: datetime


@dataclass(frozen=True, slots=True)
class LoggedJob:
    """What was told, or is to be told: `due` is when it is tried next."""

    id: int
    webhook_id: int
    event: str
    created: datetime
    due: datetime | None
    done: datetime | None
    tries: int
    status: int | None
    fault: str
    can_be_repeated: bool


class WebhookService(Listener):
    """Webhooks. Where there is none, what happens costs no statement for that."""

    def __init__(self, engine: Engine, invalidations: Invalidations, public_url: str) -> None:
        self._engine = engine
        self._transactions = WriteTransactions(engine)
        self._invalidations = invalidations
        self._public_url = public_url
        self._known = WatchedSet(engine, invalidations, Kind.WEBHOOKS, select(WEBHOOKS.c.id))

    def is_any(self) -> bool:
        """Tell whether there is a webhook."""
        return bool(self._known.values())

    def inside(self, connection: Connection, happened: Sequence[Event]) -> None:
        """Write a job for each event and each webhook that wants it, in the transaction under way."""
        if not self.is_any():
            return
        for event in happened:
            if isinstance(event, FileRemoved):
                _forget_name(connection, event.file.id)
        hooks = [_stored(row) for row in connection.execute(_ALL)]
        rows = [
            _job(hook.id, payload_of(event, self._public_url))
            for event in happened
            for hook in hooks
            if not hook.events or event.name in hook.events
        ]
        if rows:
            connection.execute(insert(JOBS), rows)

    def all(self) -> list[StoredWebhook]:
        """Return every webhook, the oldest first."""
        with self._engine.connect() as connection:
            return [_stored(row) for row in connection.execute(_ALL)]

    def add(self, url: str, kind: str, events: Collection[str], token: str, actor: str) -> str:
        """Make a webhook and return its secret: `token`, or a new one. BadRequest, BadRemote for nonsense."""
        row = _row_of(url.strip(), kind, events, token.strip())

        def write(connection: Connection) -> None:
            if len(connection.execute(_ALL).all()) >= MOST:
                raise BadRequest(f"There are at most {MOST} webhooks. Remove one first.")
            number = connection.execute(insert(WEBHOOKS).values(row)).lastrowid
            note(connection, Act.WEBHOOK_ADDED, actor, f"webhook {number}")
            record_kind(connection, Kind.WEBHOOKS)

        self._transactions.run(write)
        self._invalidations.forget_kind(Kind.WEBHOOKS)
        return str(row["secret"])

    def remove(self, number: int, actor: str) -> None:
        """Remove a webhook, with what was told to it. NotFound if there is none."""

        def write(connection: Connection) -> None:
            if not connection.execute(delete(WEBHOOKS).where(WEBHOOKS.c.id == number)).rowcount:
                raise NotFound("There is no such webhook.")
            connection.execute(delete(JOBS).where(JOBS.c.webhook_id == number))
            note(connection, Act.WEBHOOK_REMOVED, actor, f"webhook {number}")
            record_kind(connection, Kind.WEBHOOKS)

        self._transactions.run(write)
        self._invalidations.forget_kind(Kind.WEBHOOKS)

    def try_out(self, number: int, actor: str) -> None:
        """Tell a webhook something, to see whether it works. NotFound if there is none."""

        def write(connection: Connection) -> None:
            if connection.execute(select(WEBHOOKS.c.id).where(WEBHOOKS.c.id == number)).first() is None:
                raise NotFound("There is no such webhook.")
            payload = {"event": "ping", "moment": datetime.now(UTC).isoformat()}
            connection.execute(insert(JOBS), _job(number, payload))
            note(connection, Act.WEBHOOK_TRIED, actor, f"webhook {number}")

        self._transactions.run(write)

    def send_again(self, number: int, actor: str) -> None:
        """Send a job now, whatever became of it. NotFound if what it said is not kept any more."""

        def write(connection: Connection) -> None:
            which = (JOBS.c.id == number, JOBS.c.payload != "")
            values = {"due": datetime.now(UTC), "done": None, "tries": 0}
            if not connection.execute(update(JOBS).where(*which).values(values)).rowcount:
                raise NotFound("There is no such job, or what it said is not kept any more.")
            note(connection, Act.JOB_AGAIN, actor, f"job {number}")

        self._transactions.run(write)

    def log(self) -> list[LoggedJob]:
        """Return the last jobs, the newest first."""
        query = select(JOBS).order_by(JOBS.c.id.desc()).limit(LOGGED)
        with self._engine.connect() as connection:
            return [_logged(row) for row in connection.execute(query)]


def _row_of(url: str, kind: str, events: Collection[str], token: str) -> dict[str, Any]:
    if kind not in KINDS:
        raise BadRequest(f"A webhook is one of {', '.join(KINDS)}.")
    if set(events) - set(NAMES):
        raise BadRequest(f"The events are {', '.join(NAMES)}.")
    if kind == "matrix" and not (0 < len(token) <= 500 and token.isascii() and token.isprintable()):
        raise BadRequest("A webhook of Matrix needs an access token.")
    secret = token if kind == "matrix" else secrets.token_urlsafe(32)
    chosen = " ".join(name for name in NAMES if name in events)
    return {
        "url": Target.parse(url, ANY_PORT).url,
        "kind": kind,
        "secret": secret,
        "events": chosen,
        "created": datetime.now(UTC),
    }


def _forget_name(connection: Connection, file_id: int) -> None:
    """Take the name of a file that ends, and what was said against it, out of what is told of it."""
    which = (JOBS.c.file_id == file_id, JOBS.c.payload != "")
    for row in connection.execute(select(JOBS.c.id, JOBS.c.payload).where(*which)).all():
        payload = without_words(json.loads(row.payload))
        connection.execute(update(JOBS).where(JOBS.c.id == row.id).values(payload=json.dumps(payload)))


def _job(webhook_id: int, payload: dict[str, Any]) -> dict[str, Any]:
    now = datetime.now(UTC)
    return {
        "webhook_id": webhook_id,
        "event": payload["event"],
        "payload": json.dumps(payload),
        "created": now,
        "due": now,
        "tries": 0,
        "fault": "",
        "file_id": payload["file"]["id"] if "file" in payload else None,
    }


def _stored(row: Any) -> StoredWebhook:
    return StoredWebhook(row.id, row.url, row.kind, tuple(row.events.split()), row.created)


def _logged(row: Any) -> LoggedJob:
    state = (row.created, row.due, row.done, row.tries, row.status, row.fault)
    return LoggedJob(row.id, row.webhook_id, row.event, *state, bool(row.payload))
