"""Removing a content that no link has any more, safe against uploads of the same bytes at the same moment."""

from collections.abc import Sequence

from sqlalchemy import bindparam, select
from sqlalchemy.engine import Connection, Engine

from ..models import CONTENTS, FILES, WriteTransactions
from ..storage import BlobStore, DerivedFolder, RemovedBlob

# Contents that are looked up in one query.
BATCH = 500

_USED = select(FILES.c.sha256).where(FILES.c.sha256.in_(bindparam("digests", expanding=True))).distinct()
_LOCK_CONTENT = select(CONTENTS.c.put_at).where(CONTENTS.c.sha256 == bindparam("digest")).with_for_update()
_LOCK_LINK = select(FILES.c.id).where(FILES.c.sha256 == bindparam("digest")).limit(1).with_for_update()


class ContentRemoval:
    """Removes contents, and the images that were made of them."""

    def __init__(self, engine: Engine, store: BlobStore, derived: DerivedFolder) -> None:
        self._engine = engine
        self._transactions = WriteTransactions(engine)
        self._store = store
        self._derived = derived

    def unused(self, digests: Sequence[str]) -> list[str]:
        """Return those contents that no link has now."""
        unused: list[str] = []
        for start in range(0, len(digests), BATCH):
            batch = digests[start : start + BATCH]
            with self._engine.connect() as connection:
                used = set(connection.scalars(_USED, {"digests": batch}))
            unused += [sha256 for sha256 in batch if sha256 not in used]
        return unused

    def remove(self, sha256: str, put_before: float) -> bool:
        """Remove a content that has no link and was last put before a moment; tell whether it is gone.

        It is set aside first and looked for in the rows afterwards, by a read that waits for whoever is
        writing one; an upload looks for its content after writing the row. So one of both sees the other.
        """
        removed = self._store.set_aside(sha256, put_before)
        if removed is None:
            return False
        is_unused = False
        try:
            is_unused = self._transactions.run(lambda connection: _delete(connection, sha256, removed))
        finally:
            if not is_unused:
                removed.restore()
        if is_unused:
            removed.forget()
            self.remove_derived(sha256)
        return is_unused and sha256 not in self._store

    def remove_derived(self, sha256: str) -> None:
        """Remove the images that were made of a content."""
        self._derived.remove_all_of(sha256)


def _delete(connection: Connection, sha256: str, removed: RemovedBlob) -> bool:
    given = {"digest": sha256}
    connection.execute(_LOCK_CONTENT, given).first()  # uploads write this row first, as is done here
    if connection.execute(_LOCK_LINK, given).first() is not None:
        return False
    removed.delete(connection)
    return True
