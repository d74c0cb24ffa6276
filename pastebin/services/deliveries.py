"""A thread of the service that tells webhooks what happened, in one process at a time."""

import json
import logging
import os
import threading
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import bindparam, delete, select, update
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import SQLAlchemyError

from ..errors import PastebinError
from ..models import JOBS, WEBHOOKS, WriteTransactions, summary_of
from ..remote import Deadline, RemotePolicy, Target, exchange
from .events import Event, Listener
from .leases import Lease
from .webhook_forms import message_for
from .webhooks import ANY_PORT, WebhookService

log = logging.getLogger(__name__)

# How often it looks for what is to be tried again or was written by another process, how soon it looks again
# after something has happened here, and how long telling it may take, in seconds.
EVERY = 2.0
SOON = 0.2
SECONDS = 15.0

# Pauses after a failure, in seconds; after the last one it is given up.
PAUSES = (10, 60, 300, 1800, 7200, 21600, 43200)

# Jobs of one turn.
BATCH = 50

# What a job said is kept for this long, so that it can be sent again; that it was told, for this long.
SAID_KEPT = timedelta(days=1)
LOG_KEPT = timedelta(days=30)
CLEAR_EVERY = timedelta(hours=1)

_DUE = (
    select(JOBS, WEBHOOKS.c.url, WEBHOOKS.c.kind, WEBHOOKS.c.secret)
    .join(WEBHOOKS, WEBHOOKS.c.id == JOBS.c.webhook_id)
    .where(JOBS.c.due <= bindparam("now", type_=JOBS.c.due.type))
    .order_by(JOBS.c.due, JOBS.c.id)
    .limit(BATCH)
)


class Deliveries(Listener):
    """Tells webhooks. It starts with the first request, and looks only where there is a webhook.

    A job may be told twice, if a process ends before it could write down that it was: both have its number.
    """

    def __init__(self, engine: Engine, webhooks: WebhookService, policy: RemotePolicy) -> None:
        self._engine = engine
        self._transactions = WriteTransactions(engine)
        self._webhooks = webhooks
        self._policy = policy
        self._lease = Lease(engine, "webhooks")
        self._start_lock = threading.Lock()
        self._forget()
        os.register_at_fork(after_in_child=self._forget)  # threads do not survive a fork

    def _forget(self) -> None:
        self.is_running = False
        self._stopped = threading.Event()
        self._news = threading.Event()
        self._cleared = datetime.fromtimestamp(0, UTC)

    def start(self) -> None:
        """Start the thread, unless it runs."""
        with self._start_lock:
            if not self.is_running:
                self.is_running = True
                threading.Thread(target=self._loop, name="webhooks", daemon=True).start()

    def stop(self) -> None:
        """End the thread after what it is doing. The next request starts another."""
        self._stopped.set()
        self._news.set()
        self._forget()

    def after(self, happened: Sequence[Event]) -> None:
        """Tell soon what happened: its jobs are there now."""
        if self._webhooks.is_any():
            self._news.set()

    def _loop(self) -> None:
        stopped, news = self._stopped, self._news
        while not stopped.wait(SOON):
            news.wait(EVERY)
            news.clear()
            try:
                if not stopped.is_set() and self._webhooks.is_any():
                    self._turn()
            except (SQLAlchemyError, PastebinError) as error:
                said = summary_of(error) if isinstance(error, SQLAlchemyError) else str(error)
                log.warning("Telling webhooks failed and is tried again later: %s", said)

    def _turn(self) -> None:
        if not self._due() or not self._lease.acquire():
            return
        try:
            self.deliver()
        finally:
            self._lease.release(0)

    def deliver(self) -> None:
        """Tell what is due. Whoever calls this holds the lease, or is alone.

        A webhook that fails is not asked again before its pause is over: its other jobs wait as well.
        """
        failed: set[int] = set()
        for row in self._due():
            if row.webhook_id in failed:
                continue
            if not self._lease.acquire():  # for longer; another process has it if this one was too slow
                return
            status, fault = self._tell(row)
            self._transactions.run(partial(_note, row=row, status=status, fault=fault))
            if fault:
                failed.add(row.webhook_id)
        self._clear()

    def _due(self) -> list[Any]:
        with self._engine.connect() as connection:
            return list(connection.execute(_DUE, {"now": datetime.now(UTC)}))

    def _tell(self, row: Any) -> tuple[int | None, str]:
        """Send a job; return the status of the answer and what is wrong with it, nothing if it went well."""
        message = message_for(row.kind, row.url, row.secret, row.id, json.loads(row.payload))
        try:
            target = Target.parse(message.url, ANY_PORT)
            deadline = Deadline(SECONDS)
            with exchange(
                message.method,
                target,
                self._policy,
                deadline,
                body=message.body,
                headers=message.headers,
            ) as answer:
                status = answer.status
        except PastebinError as error:
            return None, error.message[:200]
        return status, "" if 200 <= status < 300 else f"The answer was {status}."

    def _clear(self) -> None:
        """Forget what jobs said that are over, and after a while that there were any."""
        now = datetime.now(UTC)
        if now < self._cleared + CLEAR_EVERY:
            return
        self._cleared = now
        is_over = (JOBS.c.due.is_(None), JOBS.c.created < now - SAID_KEPT, JOBS.c.payload != "")

        def write(connection: Connection) -> None:
            connection.execute(update(JOBS).where(*is_over).values(payload=""))
            connection.execute(delete(JOBS).where(JOBS.c.due.is_(None), JOBS.c.created < now - LOG_KEPT))

        self._transactions.run(write)


def _note(connection: Connection, row: Any, status: int | None, fault: str) -> None:
    """Write down what became of a job."""
    now = datetime.now(UTC)
    due = None if not fault or row.tries >= len(PAUSES) else now + timedelta(seconds=PAUSES[row.tries])
    values = {
        "due": due,
        "done": None if fault else now,
        "tries": row.tries + 1,
        "status": status,
        "fault": fault,
    }
    connection.execute(update(JOBS).where(JOBS.c.id == row.id, JOBS.c.due == row.due).values(values))
    if fault:  # what else its webhook is to be told waits too, and keeps no other's jobs out of a turn
        later = now + timedelta(seconds=PAUSES[min(row.tries, len(PAUSES) - 1)])
        waiting = (JOBS.c.webhook_id == row.webhook_id, JOBS.c.id != row.id, JOBS.c.due < later)
        connection.execute(update(JOBS).where(*waiting).values(due=later))
