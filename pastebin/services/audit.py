"""The audit: one row for every act of an operator or an administrator, and for what ended."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Self

from sqlalchemy import insert
from sqlalchemy.engine import Connection

from ..models import AUDIT

# Who acts from the command line.
SHELL = "shell"

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
