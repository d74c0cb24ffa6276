"""How much an account may have, in bytes and in files: asked before an upload, and again at its end."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, func, select
from sqlalchemy.engine import Connection, Engine

from ..errors import Forbidden, NotFound, QuotaExceeded, TooLarge
from ..models import ACCOUNTS, FILES, retry_on_disconnect
from ..units import humanize_bytes
from .rights import LOGIN, NAMED_ROLES, has_role

# In the order of their ids, so that two transactions never wait for each other crosswise.
_OWNERS = (
    select(ACCOUNTS).where(ACCOUNTS.c.id.in_(bindparam("numbers", expanding=True))).order_by(ACCOUNTS.c.id)
)
_LOCKED = _OWNERS.with_for_update()

# Copies that visitors have made of a file count for nobody.
_USED = select(func.count(), func.coalesce(func.sum(FILES.c.size), 0)).where(
    FILES.c.owner_id == bindparam("owner"), FILES.c.source_id.is_(None)
)


@dataclass(frozen=True, slots=True)
class Quota:
    """What an account has, and what it may have: None without a limit."""

    files: int
    bytes: int
    most_files: int | None
    most_bytes: int | None

    def require(self, more_bytes: int = 0, more_files: int = 0) -> None:
        """Raise TooLarge for what would never fit, QuotaExceeded for what does not fit now."""
        if self.most_bytes is not None and more_bytes > self.most_bytes:
            raise TooLarge(
                f"This is more than your account may have in all ({humanize_bytes(self.most_bytes)})."
            )
        if self.most_bytes is not None and self.bytes + more_bytes > self.most_bytes:
            raise QuotaExceeded(
                f"Your account may have {humanize_bytes(self.most_bytes)}, has {humanize_bytes(self.bytes)}, "
                "and this does not fit. Delete some files first."
            )
        if self.most_files is not None and self.files + more_files > self.most_files:
            raise QuotaExceeded(f"Your account may have {self.most_files} files. Delete some first.")


class Quotas:
    """Quotas by role (`services.rights`), the largest of an account's roles, unless it has its own."""

    def __init__(self, engine: Engine, most_bytes: Mapping[str, int], most_files: Mapping[str, int]) -> None:
        self._engine = engine
        self._bytes = {NAMED_ROLES[name]: amount for name, amount in most_bytes.items()}
        self._files = {NAMED_ROLES[name]: amount for name, amount in most_files.items()}

    def of(self, account_id: int) -> Quota:
        """Return what an account has and may have. Forbidden if it may not sign in."""

        def read() -> Quota:
            with self._engine.connect() as connection:
                return self._quota(connection, _require(connection, [account_id], _OWNERS)[0])

        return retry_on_disconnect(read)

    def had(self, account_id: int) -> Quota:
        """Return the same also for an account that may not sign in. NotFound if there is none."""
        with self._engine.connect() as connection:
            row = connection.execute(_OWNERS, {"numbers": [account_id]}).first()
            if row is None:
                raise NotFound("There is no such account.")
            return self._quota(connection, row)

    def require_room(self, account_id: int, more_bytes: int) -> None:
        """Raise TooLarge or QuotaExceeded where one more file has no room, Forbidden for no account."""

        def read() -> Quota | None:
            with self._engine.connect() as connection:
                row = _require(connection, [account_id], _OWNERS)[0]
                return None if self._limits(row) == (None, None) else self._quota(connection, row)

        quota = retry_on_disconnect(read)
        if quota is not None:
            quota.require(more_bytes, 1)

    def lock(self, connection: Connection, owners: Iterable[int]) -> list[Any]:
        """Lock accounts, so that what they have is counted in order. Forbidden if one may not sign in."""
        numbers = sorted(set(owners))
        return _require(connection, numbers, _LOCKED) if numbers else []

    def require_kept(self, connection: Connection, locked: Iterable[Any]) -> None:
        """Raise TooLarge or QuotaExceeded if a locked account has more than it may now."""
        for row in locked:
            if self._limits(row) != (None, None):
                self._quota(connection, row).require()

    def require_kept_by(self, connection: Connection, owner_id: int | None) -> None:
        """Raise as `require_kept` does for one account, locked now; for nobody do nothing."""
        if owner_id is not None:
            self.require_kept(connection, self.lock(connection, [owner_id]))

    def _quota(self, connection: Connection, row: Any) -> Quota:
        files, size = connection.execute(_USED, {"owner": row.id}).one()
        most_bytes, most_files = self._limits(row)
        return Quota(files, int(size), most_files, most_bytes)

    def _limits(self, row: Any) -> tuple[int | None, int | None]:
        most_bytes = _largest(self._bytes, row.roles) if row.quota_bytes is None else row.quota_bytes
        most_files = _largest(self._files, row.roles) if row.quota_files is None else row.quota_files
        return most_bytes, most_files


def _require(connection: Connection, numbers: list[int], query: Any) -> list[Any]:
    rows = connection.execute(query, {"numbers": numbers}).all()
    if len(rows) != len(numbers) or any(row.is_suspended or not row.roles & LOGIN for row in rows):
        raise Forbidden("This account may not upload any more.")
    return list(rows)


def _largest(amounts: Mapping[int, int], roles: int) -> int | None:
    return max((amount for role, amount in amounts.items() if has_role(roles, role)), default=None)
