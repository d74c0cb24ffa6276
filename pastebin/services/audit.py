"""The audit: one row for every act of an operator or an administrator, and for what ended."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, Self

from sqlalchemy import insert
from sqlalchemy.engine import Connection

from ..models import AUDIT

# Who acts from the command line.
SHELL = "shell"


class Act(StrEnum):
    """What can be written down, as the rows have it: 16 characters at most."""

    # Of a link or a collection, and of an account that deletes itself
    DELETED = "deleted"
    EXPIRED = "expired"
    USED = "used"
    REMOVED = "removed"
    # Against files, and what visitors say of them
    QUARANTINED = "quarantined"
    RELEASED = "released"
    BANNED = "banned"
    UNBANNED = "unbanned"
    REPORTS_CLOSED = "reports-closed"
    OFF_LIST = "off-list"
    ON_LIST = "on-list"
    # On accounts
    ACCOUNT_MADE = "account-made"
    SUSPENDED = "suspended"
    RESUMED = "resumed"
    ROLES = "roles"
    QUOTA = "quota"
    PASSWORD = "password"  # noqa: S105
    SECOND_FACTOR = "second-factor"
    TOKEN_MADE = "token-made"  # noqa: S105
    INVITED = "invited"
    INVITE_ENDED = "invite-ended"
    # On the service
    FLAG_ON = "flag-on"
    FLAG_OFF = "flag-off"
    WEBHOOK_ADDED = "webhook-added"
    WEBHOOK_REMOVED = "webhook-removed"
    WEBHOOK_TRIED = "webhook-tried"
    JOB_AGAIN = "job-again"
    FETCHED = "fetched"
    # By commands alone
    ADOPTED = "adopted"
    SWEPT = "swept"
    PACKED = "packed"
    UNPACKED = "unpacked"
    REPAIRED = "repaired"
    NEW_GENERATION = "new-generation"


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
    act: Act,
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
