"""Work that one process at a time does: a row says who does it, and until when."""

import secrets
from datetime import UTC, datetime, timedelta

from sqlalchemy import or_, select, update
from sqlalchemy.engine import Connection, Engine

from ..models import LEASES, WriteTransactions, insert_unless_exists

# How long a process that says nothing is taken to be at work, in seconds.
LEASE_SECONDS = 120.0


class Lease:
    """The right to do some work, in this process or another."""

    def __init__(self, engine: Engine, name: str) -> None:
        self._engine = engine
        self._transactions = WriteTransactions(engine)
        self._name = name
        self._holder = secrets.token_hex(16)
        self._ours = LEASES.c.name == name

    def acquire(self) -> bool:
        """Take the lease, or hold it for longer; False if it is another's, or not time yet."""
        with self._engine.connect() as connection:
            row = connection.execute(select(LEASES).where(self._ours)).first()
        if row is not None and row.holder != self._holder and row.until > datetime.now(UTC):
            return False
        return self._transactions.run(self._take)

    def _take(self, connection: Connection) -> bool:
        now = datetime.now(UTC)
        if connection.execute(select(LEASES.c.name).where(self._ours)).first() is None:
            row = {"name": self._name, "holder": "", "until": now}
            insert_unless_exists(connection, LEASES, "name", [row])
        is_free = or_(LEASES.c.until <= now, LEASES.c.holder == self._holder)
        taken = {"holder": self._holder, "until": now + timedelta(seconds=LEASE_SECONDS)}
        return connection.execute(update(LEASES).where(self._ours, is_free).values(taken)).rowcount == 1

    def release(self, pause: float) -> None:
        """Let anybody take the lease after `pause` seconds."""
        free = {"holder": "", "until": datetime.now(UTC) + timedelta(seconds=pause)}
        held = update(LEASES).where(self._ours, LEASES.c.holder == self._holder).values(free)
        self._transactions.run(lambda connection: connection.execute(held))
