"""An account's collections: a page of them, with what is in them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import false, func, or_, select
from sqlalchemy.engine import Engine

from ..errors import BadRequest
from ..models import COLLECTIONS, FILES, ITEMS, retry_on_disconnect
from .collection_records import StoredCollection
from .files import MAX_ID

PAGE_SIZE = 30


@dataclass(frozen=True, slots=True)
class OwnedCollectionFacts:
    """A collection, and the number and the size in bytes of the files that are still in it."""

    collection: StoredCollection
    files: int
    bytes: int


@dataclass(frozen=True, slots=True)
class CollectionsPage:
    """Collections, newest first; where the next page begins, None after the last."""

    entries: list[OwnedCollectionFacts]
    after: int | None


class AccountCollections:
    """Collections by their owner. A page begins after the id of one."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def page(self, owner_id: int, after: int = 0) -> CollectionsPage:
        """Return the collections made right before one, or the newest. BadRequest for what is no id."""
        if not 0 <= after <= MAX_ID:
            raise BadRequest("There is no such page of the list.")
        older = [COLLECTIONS.c.id < after] if after else []
        order = COLLECTIONS.c.id.desc()
        query = select(COLLECTIONS).where(*is_there(owner_id), *older).order_by(order).limit(PAGE_SIZE + 1)

        def read() -> tuple[Sequence[Any], dict[int, Any]]:
            with self._engine.connect() as connection:
                rows = connection.execute(query).all()
                counts = connection.execute(_counts([row.id for row in rows])).all()
            return rows, {row.collection_id: row for row in counts}

        rows, counts = retry_on_disconnect(read)
        entries = [_facts(row, counts.get(row.id)) for row in rows[:PAGE_SIZE]]
        return CollectionsPage(entries, rows[PAGE_SIZE - 1].id if len(rows) > PAGE_SIZE else None)

    def count(self, owner_id: int) -> int:
        """Return how many there are."""
        query = select(func.count()).select_from(COLLECTIONS).where(*is_there(owner_id))

        def read() -> int:
            with self._engine.connect() as connection:
                return connection.scalar(query) or 0

        return retry_on_disconnect(read)


def is_there(owner_id: int) -> list[Any]:
    """Return what is so of collections of an account that are there."""
    return [
        COLLECTIONS.c.owner_id == owner_id,
        COLLECTIONS.c.is_quarantined == false(),
        or_(COLLECTIONS.c.expires.is_(None), COLLECTIONS.c.expires > datetime.now(UTC)),
        or_(COLLECTIONS.c.downloads_left.is_(None), COLLECTIONS.c.downloads_left > 0),
    ]


def _counts(numbers: list[int]) -> Any:
    return (
        select(ITEMS.c.collection_id, func.count(), func.sum(FILES.c.size))
        .join(FILES, FILES.c.id == ITEMS.c.file_id)
        .where(ITEMS.c.collection_id.in_(numbers))
        .group_by(ITEMS.c.collection_id)
    )


def _facts(row: Any, counted: Any) -> OwnedCollectionFacts:
    _, files, size = counted or (None, 0, 0)
    return OwnedCollectionFacts(StoredCollection.of(row), files, int(size))
