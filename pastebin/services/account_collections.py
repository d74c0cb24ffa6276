"""An account's collections: a page of them, with what is in them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import false, func, or_, select
from sqlalchemy.engine import Engine

from ..models import COLLECTIONS, FILES, ITEMS, retry_on_disconnect
from .collection_records import StoredCollection
from .keyset import Keyset, ListPage, Order, Wanted, has_words

PAGE_SIZE = 30

SORTS = {"newest": Order(COLLECTIONS.c.id, is_down=True), "oldest": Order(COLLECTIONS.c.id)}
_KEYSET = Keyset(COLLECTIONS, SORTS, COLLECTIONS.c.id)


@dataclass(frozen=True, slots=True)
class OwnedCollectionFacts:
    """A collection, and the number and the size in bytes of the files that are still in it."""

    collection: StoredCollection
    files: int
    bytes: int


class AccountCollections:
    """Collections by their owner."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def page(self, owner_id: int, wanted: Wanted) -> ListPage[OwnedCollectionFacts]:
        """Return a page of an account's collections. BadRequest for nonsense."""
        conditions = [*is_there(owner_id), *has_words(wanted.words, COLLECTIONS.c.title)]
        page = _KEYSET.page(self._engine, conditions, wanted)
        counts = self._counts([row.id for row in page.rows])
        return page.of(lambda row: _facts(row, counts.get(row.id)))

    def count(self, owner_id: int) -> int:
        """Return how many there are."""
        query = select(func.count()).select_from(COLLECTIONS).where(*is_there(owner_id))

        def read() -> int:
            with self._engine.connect() as connection:
                return connection.scalar(query) or 0

        return retry_on_disconnect(read)

    def _counts(self, numbers: Sequence[int]) -> dict[int, Any]:
        query = (
            select(ITEMS.c.collection_id, func.count(), func.sum(FILES.c.size))
            .join(FILES, FILES.c.id == ITEMS.c.file_id)
            .where(ITEMS.c.collection_id.in_(numbers))
            .group_by(ITEMS.c.collection_id)
        )

        def read() -> dict[int, Any]:
            with self._engine.connect() as connection:
                return {row.collection_id: row for row in connection.execute(query)}

        return retry_on_disconnect(read)


def is_there(owner_id: int) -> list[Any]:
    """Return what is so of collections of an account that are there."""
    return [
        COLLECTIONS.c.owner_id == owner_id,
        COLLECTIONS.c.is_quarantined == false(),
        or_(COLLECTIONS.c.expires.is_(None), COLLECTIONS.c.expires > datetime.now(UTC)),
        or_(COLLECTIONS.c.downloads_left.is_(None), COLLECTIONS.c.downloads_left > 0),
    ]


def _facts(row: Any, counted: Any) -> OwnedCollectionFacts:
    _, files, size = counted or (None, 0, 0)
    return OwnedCollectionFacts(StoredCollection.of(row), files, int(size))
