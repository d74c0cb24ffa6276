"""Uploads of nobody become an account's, by the key that holds them."""

from typing import Any

from sqlalchemy import select, update
from sqlalchemy.engine import Connection, Engine

from ..errors import Forbidden, NotFound
from ..models import COLLECTIONS, FILES, WriteTransactions
from .file_records import key_hash, own_key
from .invalidations import Invalidations, record
from .links import end_copies, lock_held, split
from .quotas import Quotas
from .stored_file import StoredFile

_OTHERS = "This belongs to another account."


class ClaimService:
    """Claims, each in one transaction, within the quota of the account."""

    def __init__(self, engine: Engine, invalidations: Invalidations, quotas: Quotas) -> None:
        self._transactions = WriteTransactions(engine)
        self._invalidations = invalidations
        self._quotas = quotas

    def claim(self, management_key: str, account_id: int) -> None:
        """Give a file, or a collection with its files, to an account; what others hold too stays theirs.

        Raises NotFound if the key holds none, Forbidden if it is another account's, and QuotaExceeded.
        """

        def write(connection: Connection) -> list[StoredFile]:
            owners = self._quotas.lock(connection, [account_id])
            try:
                changed = _claim_file(connection, management_key, account_id)
            except NotFound:
                changed = _claim_collection(connection, management_key, account_id)
            self._quotas.require_kept(connection, owners)
            return changed

        self._invalidations.forget(*self._transactions.run(write))


def _claim_file(connection: Connection, management_key: str, account_id: int) -> list[StoredFile]:
    row, is_last = lock_held(connection, management_key)
    if not _may_claim(row, account_id):
        return []
    number = row.id if is_last else split(connection, row, management_key)
    values = {"owner_id": account_id, "link_key": own_key(management_key)}
    return _given(connection, FILES.c.id == number, values)


def _claim_collection(connection: Connection, management_key: str, account_id: int) -> list[StoredFile]:
    is_held = COLLECTIONS.c.key_hash == key_hash(management_key)
    row = connection.execute(select(COLLECTIONS).where(is_held).with_for_update()).first()
    if row is None:
        raise NotFound("There is nothing at this address.")
    if not _may_claim(row, account_id):
        return []
    connection.execute(update(COLLECTIONS).where(COLLECTIONS.c.id == row.id).values(owner_id=account_id))
    of_nobody = (FILES.c.collection_id == row.id) & FILES.c.owner_id.is_(None)
    return _given(connection, of_nobody, {"owner_id": account_id})


def _may_claim(row: Any, account_id: int) -> bool:
    """Tell whether there is anything to claim. Forbidden if it is another account's."""
    if row.owner_id not in (None, account_id):
        raise Forbidden(_OTHERS)
    return row.owner_id is None


def _given(connection: Connection, condition: Any, values: dict[str, Any]) -> list[StoredFile]:
    """Write to the rows of files, and return those that every process must forget."""
    numbers = list(connection.scalars(select(FILES.c.id).where(condition)))
    which = FILES.c.id.in_(numbers)
    connection.execute(update(FILES).where(which).values(values))
    files = [StoredFile.of(row) for row in connection.execute(select(FILES).where(which))]
    record(connection, *files)
    return files + [copy for file in files for copy in end_copies(connection, file)]
