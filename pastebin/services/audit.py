"""The audit: one row for every act of an operator or an administrator, and for what ended."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Self

from sqlalchemy import insert, select
from sqlalchemy.engine import Connection, Engine

from ..errors import NotFound
from ..models import AUDIT

# Who acts from the command line.
SHELL = "shell"

PAGE_SIZE = 100

_ACCOUNT = re.compile(r"account ([0-9]{1,18})", re.ASCII)


@dataclass(frozen=True, slots=True)
class AuditedAct:
    """An act as the audit has it. `by` and `of` are the accounts that did it, and that it was done to."""

    id: int
    moment: datetime
    act: str
    actor: str
    file_id: int | None
    sha256: str | None
    reason: str

    @classmethod
    def of_row(cls, row: Any) -> Self:
        """Return what a row of AuditEntry says."""
        return cls(row.id, row.moment, row.act, row.actor, row.file_id, row.sha256, row.reason)

    @property
    def by(self) -> int | None:
        """Return the account that did it, None for the shell, the service or a key."""
        return _number(self.actor)

    @property
    def of(self) -> int | None:
        """Return the account that it was done to."""
        return _number(self.reason)


def _number(text: str) -> int | None:
    named = _ACCOUNT.match(text)
    return int(named[1]) if named else None


class AuditService:
    """Reads the audit; nothing changes it."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def numbered(self, number: int) -> AuditedAct:
        """Return an act; NotFound if there is none."""
        query = select(AUDIT).where(AUDIT.c.id == number)
        with self._engine.connect() as connection:
            row = connection.execute(query).first()
        if row is None:
            raise NotFound("There is no such act.")
        return AuditedAct.of_row(row)

    def page(
        self, before: int | None = None, file_id: int | None = None
    ) -> tuple[list[AuditedAct], int | None]:
        """Return acts below a number, the newest first, and the number before which it goes on."""
        query = select(AUDIT).order_by(AUDIT.c.id.desc()).limit(PAGE_SIZE + 1)
        if before is not None:
            query = query.where(AUDIT.c.id < before)
        if file_id is not None:
            query = query.where(AUDIT.c.file_id == file_id)
        with self._engine.connect() as connection:
            rows = connection.execute(query).all()
        acts = [AuditedAct.of_row(row) for row in rows[:PAGE_SIZE]]
        return acts, acts[-1].id if len(rows) > PAGE_SIZE else None


def note(
    connection: Connection,
    act: str,
    actor: str,
    reason: str = "",
    *,
    file_id: int | None = None,
    sha256: str | None = None,
) -> None:
    """Write down an act, in the transaction that does it."""
    entry = {"moment": datetime.now(UTC), "act": act, "actor": actor, "reason": reason}
    connection.execute(insert(AUDIT), {**entry, "file_id": file_id, "sha256": sha256})


def actor_of(account_id: int) -> str:
    """Return what the audit calls an account: by its id, as names can change."""
    return f"account {account_id}"
