"""Rows of `PasteFile`: one row a link, the same upload the same link."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import bindparam, select, update
from sqlalchemy.engine import Connection, Engine

from ..media.sniffing import MediaType
from ..models import FILES, insert_unless_exists, retry_on_disconnect
from ..names import new_filehash, suffix_of
from ..storage import Blob
from .files import StoredFile


@dataclass(frozen=True, slots=True)
class Content:
    """A content with what its bytes say of it; width and height in pixels, 0 and 0 for no image."""

    blob: Blob
    media: MediaType
    width: int = 0
    height: int = 0


@dataclass(frozen=True, slots=True)
class Link:
    """A file, and whether the request made its link or found it."""

    file: StoredFile
    created: bool


@dataclass(frozen=True, slots=True)
class NewLink:
    """A link to make unless `key` has one: `filename` for `content`, under a public name of its own."""

    content: Content
    filename: str
    key: str
    listed: bool = False
    filehash: str = ""


def upload_key(blob: Blob, filename: str) -> str:
    """Return what identifies an upload: the same bytes under the same name have the same key."""
    return _key("upload", blob.sha256, filename)


def resize_key(filehash: str, transform: str) -> str:
    """Return what identifies a resized copy: the file it was made of and what was asked for."""
    return _key("resize", filehash, transform)


def legacy_key(filehash: str) -> str:
    """Return what identifies a file of the older service: its public name."""
    return _key("legacy", filehash)


def _key(*parts: str) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


_BY_KEY = select(FILES).where(FILES.c.link_key == bindparam("key"))
_BY_KEYS = select(FILES).where(FILES.c.link_key.in_(bindparam("keys", expanding=True)))
_BY_HASH = select(FILES).where(FILES.c.filehash == bindparam("filehash"))
_PENDING = select(FILES.c.id).where(FILES.c.filehash == bindparam("filehash"), FILES.c.sha256.is_(None))
_COMPLETE = update(FILES).where(FILES.c.filehash == bindparam("pending"), FILES.c.sha256.is_(None))


def get_or_create(connection: Connection, wanted: Sequence[NewLink]) -> list[Link]:
    """Insert rows for links that do not exist, and return each link with its row as it is now.

    The rows go in first and are read afterwards: whoever comes second of two at once, in this process or
    another, finds the first one's row, and a link that exists costs the others nothing.
    """
    rows = {row["link_key"]: row for row in map(_row, wanted)}
    # In the order of their keys, so that two writers with the same ones never wait for each other crosswise.
    insert_unless_exists(connection, FILES, "link_key", [rows[key] for key in sorted(rows)])
    found = {row.link_key: row for row in connection.execute(_BY_KEYS, {"keys": list(rows)})}
    new = {key for key, row in rows.items() if found[key].filehash == row["filehash"]}
    links = []
    for one in wanted:
        links.append(Link(StoredFile.of(found[one.key]), one.key in new))
        new.discard(one.key)  # the same upload twice in a batch makes one link
    return links


def complete(connection: Connection, filehash: str, content: Content) -> StoredFile:
    """Give a row of the older service its content, unless another request just did; return its file."""
    values = described(content, legacy_key(filehash))
    connection.execute(_COMPLETE.values(values), {"pending": filehash})
    return StoredFile.of(connection.execute(_BY_HASH, {"filehash": filehash}).one())


class FileRecords:
    """Look-ups of rows by what identifies their upload."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def find(self, key: str) -> StoredFile | None:
        """Return the file whose link has this key, if there is one."""
        row = self._first(_BY_KEY, key=key)
        return None if row is None else StoredFile.of(row)

    def is_pending(self, filehash: str) -> bool:
        """Tell whether there is a row of the older service that waits for its content."""
        return self._first(_PENDING, filehash=filehash) is not None

    def _first(self, query: Any, **values: str) -> Any:
        def read() -> Any:
            with self._engine.connect() as connection:
                return connection.execute(query, values).first()

        return retry_on_disconnect(read)


def _row(wanted: NewLink) -> dict[str, Any]:
    return {
        "filename": wanted.filename,
        "filehash": wanted.filehash or new_filehash(suffix_of(wanted.filename)),
        "uploadtime": datetime.now(UTC),
        "listed": wanted.listed,
        **described(wanted.content, wanted.key),
    }


def described(content: Content, key: str) -> dict[str, Any]:
    """Return the columns that follow from the content."""
    return {
        "filemd5": content.blob.md5,
        "mimetype": content.media.mimetype,
        "size": content.blob.size,
        "sha256": content.blob.sha256,
        "link_key": key,
        "width": content.width,
        "height": content.height,
        "encoding": content.media.encoding,
    }
