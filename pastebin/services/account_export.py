"""All that an account has, in parts that are small enough to be listed in memory."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.engine import Connection, Engine

from ..models import COLLECTIONS, FILE_REQUESTS, FILES, ITEMS, retry_on_disconnect
from .account_files import is_there
from .collection_records import Item, StoredCollection
from .file_request_records import StoredRequest
from .stored_file import StoredFile

# How many files a part has at most: what is known of each takes about a kilobyte.
PART = 5000

# How many values one statement compares with.
_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class ExportPart:
    """Files of an account, each with a path, and the collections that they are in, by id.

    The first part has its file requests, too.
    """

    items: list[Item]
    collections: dict[int, StoredCollection]
    requests: list[StoredRequest]


class AccountExport:
    """Reads what an account has, the oldest files first. A part begins after the id of a file."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def parts(self, owner_id: int) -> list[int]:
        """Return after which id each part begins, as things are now; the first one after 0."""
        number = func.row_number().over(order_by=FILES.c.id)
        numbered = select(FILES.c.id, number.label("number")).where(*is_there(owner_id)).subquery()
        ends = select(numbered.c.id).where(numbered.c.number % PART == 0).order_by(numbered.c.id)
        last = select(func.max(FILES.c.id)).where(*is_there(owner_id))

        def read() -> list[int]:
            with self._engine.connect() as connection:
                found, newest = list(connection.scalars(ends)), connection.scalar(last) or 0
            return [0, *(end for end in found if end < newest)]

        return retry_on_disconnect(read)

    def part(self, owner_id: int, after: int) -> ExportPart:
        """Return a part, empty after the last file."""
        query = select(FILES).where(*is_there(owner_id), FILES.c.id > after).order_by(FILES.c.id).limit(PART)

        def read() -> ExportPart:
            with self._engine.connect() as connection:
                files = [StoredFile.of(row) for row in connection.execute(query)]
                collections = _collections(connection, owner_id, files)
                paths = _paths(connection, collections)
                requests = [] if after else _requests(connection, owner_id)
            items = [Item(_path(file, paths, collections), file) for file in files]
            return ExportPart(items, collections, requests)

        return retry_on_disconnect(read)


def _collections(
    connection: Connection, owner_id: int, files: list[StoredFile]
) -> dict[int, StoredCollection]:
    numbers = sorted({file.collection_id for file in files if file.collection_id is not None})
    # A file may be in a collection of somebody else's.
    mine = select(COLLECTIONS).where(COLLECTIONS.c.owner_id == owner_id)
    rows = _all(connection, mine, COLLECTIONS.c.id, numbers)
    return {row.id: StoredCollection.of(row) for row in rows}


def _requests(connection: Connection, owner_id: int) -> list[StoredRequest]:
    mine = select(FILE_REQUESTS).where(FILE_REQUESTS.c.account_id == owner_id).order_by(FILE_REQUESTS.c.id)
    return [StoredRequest.of(row) for row in connection.execute(mine)]


def _paths(connection: Connection, collections: Iterable[int]) -> dict[tuple[int, int], str]:
    """Return the paths of files by the ids of collection and file."""
    rows = _all(connection, select(ITEMS), ITEMS.c.collection_id, sorted(collections))
    return {(row.collection_id, row.file_id): row.path for row in rows}


def _all(connection: Connection, query: Any, column: Any, values: list[int]) -> Iterable[Any]:
    for start in range(0, len(values), _AT_ONCE):
        yield from connection.execute(query.where(column.in_(values[start : start + _AT_ONCE])))


def _path(
    file: StoredFile, paths: dict[tuple[int, int], str], collections: dict[int, StoredCollection]
) -> str:
    collection = collections.get(file.collection_id or 0)
    if collection is None:
        return f"files/{file.filename.replace('/', '_')}"
    path = paths.get((collection.id, file.id)) or file.filename
    folder = (collection.title or collection.code).replace("/", "_")
    return f"collections/{folder}/{path}"
