"""Giving contents their links: one row a link, the same request the same link."""

import hashlib
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from operator import attrgetter
from types import SimpleNamespace
from typing import Any

from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.engine import Engine
from sqlalchemy.exc import IntegrityError, OperationalError, SQLAlchemyError

from ..errors import PastebinError
from ..models import FILES, insist
from ..storage import Blob
from .files import StoredFile
from .names import new_filehash, suffix_of
from .sniffing import MediaType


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
    """A link to be given: to what, under which name, by which key, and whether it is listed."""

    content: Content
    filename: str
    key: str
    listed: bool = False


def upload_key(blob: Blob, filename: str) -> str:
    """Return what identifies an upload: the same bytes under the same name have the same key."""
    return _key("upload", blob.sha256, filename)


def resize_key(filehash: str, transform: str) -> str:
    """Return what identifies a resized copy: the file it was made of and what was asked for."""
    return _key("resize", filehash, transform)


def legacy_key(filehash: str) -> str:
    """Return what identifies a file of an older service, with a row of its own or without."""
    return _key("legacy", filehash)


def _key(*parts: str) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


class LinkService:
    """Rows of PasteFile for contents that are in the store.

    A link is one row, and goes in by a transaction of its own that is on the disk when `give`
    returns: nothing that happens to the request afterwards can take back half of it.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    @property
    def is_remote(self) -> bool:
        """Tell whether a database elsewhere does the work, rather than this process."""
        return self._engine.dialect.name != "sqlite"

    def find(self, key: str) -> StoredFile | None:
        """Return the file whose link has this key, if there is one."""
        with self._engine.connect() as connection:
            row = connection.execute(_BY_KEY, {"key": key}).one_or_none()
        return None if row is None else StoredFile.of(row)

    def give(
        self, content: Content, filename: str, key: str, filehash: str | None = None, *, listed: bool = False
    ) -> Link:
        """Return the link with this key, made now unless it exists; `listed` holds for a new one.

        The row goes in first and a conflict is looked at afterwards: whoever comes second of
        two at once, in this process or another, finds the first one's row.
        """
        values = _row(NewLink(content, filename, key, listed), filehash)
        try:
            number = insist(lambda: self._insert(values))
        except IntegrityError:
            found = self._find_committed(key)
            if found is None:
                raise
            return Link(found, created=False)
        return _created(values, number)

    def give_all(self, wanted: Sequence[NewLink]) -> Sequence[Link | Exception]:
        """Do for several what `give` does, in one transaction; return each one's link or what went wrong."""
        if len(wanted) > 1:
            with suppress(SQLAlchemyError):  # one of them exists or is refused: each for itself
                return self._give_together(wanted)
        return [self._try_giving(one) for one in wanted]

    def _give_together(self, wanted: Sequence[NewLink]) -> Sequence[Link | Exception]:
        """Return links that all are new; SQLAlchemyError if one cannot be made."""
        # In the order of their keys: two processes that have the same ones then never wait for each other.
        rows = [_row(one) for one in sorted(wanted, key=attrgetter("key"))]
        try:
            numbers = insist(lambda: self._insert_all(rows))
        except OperationalError as error:  # a database that is full or does not answer is so for all
            return [error] * len(wanted)
        links = {row["link_key"]: _created(row, numbers[row["link_key"]]) for row in rows}
        return [links[one.key] for one in wanted]

    def _try_giving(self, wanted: NewLink) -> Link | Exception:
        try:
            return self.give(wanted.content, wanted.filename, wanted.key, listed=wanted.listed)
        except (PastebinError, SQLAlchemyError) as error:
            return error

    def _insert_all(self, rows: Sequence[dict[str, Any]]) -> dict[str, int]:
        """Insert rows in one transaction, and return the number of each by its key."""
        with self._engine.begin() as connection:
            if self.is_remote and self._engine.dialect.insert_returning:  # a round trip less, except on MySQL
                found = connection.execute(_INSERT_NUMBERED, rows)
            else:
                connection.execute(_INSERT, rows)
                found = connection.execute(_NUMBERS, {"keys": [row["link_key"] for row in rows]})
            return dict(found.all())

    def _insert(self, values: dict[str, Any]) -> int:
        with self._engine.begin() as connection:
            return connection.execute(_INSERT, values).lastrowid

    def _find_committed(self, key: str) -> StoredFile | None:
        """Return the file whose link has this key when its row is on the disk, not only in sight.

        SQLite shows a row to others while who wrote it still waits for the disk; a commit of
        one's own waits for all that came before it.
        """
        with self._engine.begin() as connection:
            connection.execute(_TOUCH, {"touched": key})
            row = connection.execute(_BY_KEY, {"key": key}).one_or_none()
        return None if row is None else StoredFile.of(row)

    def is_pending(self, filehash: str) -> bool:
        """Tell whether there is a row of the older service that waits for its content."""
        with self._engine.connect() as connection:
            return connection.execute(_PENDING, {"filehash": filehash}).first() is not None

    def complete(self, filehash: str, content: Content) -> StoredFile:
        """Give such a row its content, unless another request just did, and return its file."""
        values = _described(content, legacy_key(filehash))
        with self._engine.begin() as connection:
            connection.execute(_COMPLETE.values(values), {"pending": filehash})
            row = connection.execute(_BY_HASH, {"filehash": filehash}).one()
        return StoredFile.of(row)


_INSERT = insert(FILES)
_BY_KEY = select(FILES).where(FILES.c.link_key == bindparam("key"))
_NUMBERED = (FILES.c.link_key, FILES.c.id)
_INSERT_NUMBERED = insert(FILES).returning(*_NUMBERED)
_NUMBERS = select(*_NUMBERED).where(FILES.c.link_key.in_(bindparam("keys", expanding=True)))
_TOUCH = update(FILES).where(FILES.c.link_key == bindparam("touched")).values(link_key=FILES.c.link_key)
_BY_HASH = select(FILES).where(FILES.c.filehash == bindparam("filehash"))
_PENDING = select(FILES.c.id).where(FILES.c.filehash == bindparam("filehash"), FILES.c.sha256.is_(None))
_COMPLETE = update(FILES).where(FILES.c.filehash == bindparam("pending"), FILES.c.sha256.is_(None))


def _created(row: dict[str, Any], number: int) -> Link:
    return Link(StoredFile.of(SimpleNamespace(id=number, **row)), created=True)


def _row(wanted: NewLink, filehash: str | None = None) -> dict[str, Any]:
    return {
        "filename": wanted.filename,
        "filehash": filehash or new_filehash(suffix_of(wanted.filename)),
        "uploadtime": datetime.now(UTC),
        "listed": wanted.listed,
        **_described(wanted.content, wanted.key),
    }


def _described(content: Content, key: str) -> dict[str, Any]:
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
