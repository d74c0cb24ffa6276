"""Rows of `PasteFile`: one row a link, the same upload the same link."""

import hashlib
import re
from base64 import urlsafe_b64encode
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.engine import Connection, Engine

from ..errors import NotFound
from ..media.sniffing import MediaType
from ..models import FILES, HOLDERS, insert_unless_exists, retry_on_disconnect
from ..names import new_filehash, suffix_of
from ..random_bytes import random_bytes
from ..storage import Blob
from .stored_file import StoredFile, draw_number
from .terms import NO_TERMS, Terms

_KEY = re.compile(r"[A-Za-z0-9_-]{43}", re.ASCII)


class NameCollision(Exception):
    """A name or number that was drawn at random exists already: draw again."""


@dataclass(frozen=True, slots=True)
class Content:
    """A content with what its bytes say of it; width and height in pixels, 0 and 0 for no image."""

    blob: Blob
    media: MediaType
    width: int = 0
    height: int = 0


@dataclass(frozen=True, slots=True)
class Link:
    """A file, whether the request made its link or found it, and the key that holds it.

    `removed` are the kinds of metadata that were left out, None where nobody asked for that.
    """

    file: StoredFile
    created: bool
    management_key: str = ""
    removed: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class NewLink:
    """A link to make unless `key` has one that suits: `filename` for `content`, under a new public name.

    `management_key` becomes one of those that hold the link. `source` is the file it is a resized copy of.
    `is_drawn` says that the number of its short code is drawn, rather than its id. `owner_id` is the account
    that it belongs to.
    """

    content: Content
    filename: str
    key: str
    is_listed: bool = False
    filehash: str = ""
    terms: Terms = NO_TERMS
    management_key: str = ""
    password_hash: str | None = None
    source: StoredFile | None = None
    is_drawn: bool = True
    owner_id: int | None = None
    is_private: bool = False


def upload_key(blob: Blob, filename: str, owner_id: int | None = None) -> str:
    """Return what identifies an upload: the same bytes under the same name of the same owner."""
    if owner_id is None:
        return _key("upload", blob.sha256, filename)
    return _key("account", str(owner_id), blob.sha256, filename)


def resize_key(filehash: str, transform: str) -> str:
    """Return what identifies a resized copy: the file it was made of and what was asked for."""
    return _key("resize", filehash, transform)


def own_key(management_key: str) -> str:
    """Return what identifies an upload that shares its link with no other."""
    return _key("own", management_key)


def new_management_key() -> str:
    """Return a new key for who uploads: 32 random bytes, as it stands in an address."""
    return _as_key(random_bytes(32))


def derived_management_key(root: str, number: int) -> str:
    """Return the key of one of several files of an upload, made of one new key that stands for all."""
    return _as_key(hashlib.sha256(f"{root}\n{number}".encode()).digest())


def _as_key(data: bytes) -> str:
    return urlsafe_b64encode(data).decode().rstrip("=")


def is_management_key(text: str) -> bool:
    """Tell whether a text could be a management key: 32 bytes in URL-safe Base64."""
    return _KEY.fullmatch(text) is not None


def key_hash(management_key: str) -> str:
    """Return what is kept of a management key: as random as it is, its SHA-256 gives nothing away."""
    return hashlib.sha256(management_key.encode()).hexdigest()


def collection_key(code: str, blob: Blob, filename: str) -> str:
    """Return what identifies an upload within a new collection, which shares its links with no other."""
    return _key("collection", code, upload_key(blob, filename))


def legacy_key(filehash: str) -> str:
    """Return what identifies a file of the older service: its public name."""
    return _key("legacy", filehash)


def _key(*parts: str) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


_BY_KEY = select(FILES).where(FILES.c.link_key == bindparam("key"))
_BY_KEYS = select(FILES).where(FILES.c.link_key.in_(bindparam("keys", expanding=True)))
_BY_HASH = select(FILES).where(FILES.c.filehash == bindparam("filehash"))
_SOURCE = select(FILES).where(FILES.c.id == bindparam("number")).with_for_update()
_PENDING = select(FILES.c.id).where(FILES.c.filehash == bindparam("filehash"), FILES.c.sha256.is_(None))
_COMPLETE = update(FILES).where(FILES.c.filehash == bindparam("pending"), FILES.c.sha256.is_(None))


def get_or_create(connection: Connection, wanted: Sequence[NewLink]) -> list[Link]:
    """Insert rows for links that do not exist, and return each link with its row as it is now.

    The rows go in first and are read afterwards: whoever comes second of two at once, in this process or
    another, finds the first one's row, and a link that exists costs the others nothing. Who finds one gets a
    key to it; whom it does not suit (it is listed, and should not be) gets another one.
    """
    links = _insert_and_read(connection, wanted)
    for one in wanted:
        if one.source is not None:
            _require_source(connection, one.source)
    unsuited = [number for number, link in enumerate(links) if not _suits(link, wanted[number])]
    if unsuited:
        others = [
            replace(wanted[number], key=_other_key(wanted[number], links[number])) for number in unsuited
        ]
        for number, link in zip(unsuited, get_or_create(connection, others), strict=True):
            links[number] = link
    shared = [number for number, link in enumerate(links) if not link.created and number not in unsuited]
    _add_holders(connection, [(links[number], wanted[number]) for number in shared])
    return links


def _insert_and_read(connection: Connection, wanted: Sequence[NewLink]) -> list[Link]:
    first = {one.key: one for one in reversed(wanted)}  # of the same upload twice, the first makes the link
    # In the order of their keys, so that two writers with the same ones never wait for each other crosswise.
    keys = sorted(first)
    rows = _rows([first[key] for key in keys])
    insert_unless_exists(connection, FILES, "link_key", rows)
    found = {row.link_key: row for row in connection.execute(_BY_KEYS, {"keys": keys}).all()}
    if len(found) != len(keys):
        raise NameCollision
    made = {row["filehash"] for row in rows}
    links = []
    for one in wanted:
        file = StoredFile.of(found[one.key])
        links.append(Link(file, file.filehash in made, one.management_key))
        made.discard(file.filehash)
    return links


def _require_source(connection: Connection, source: StoredFile) -> None:
    """Raise NotFound unless the file of a copy is still as it was; it cannot end before the copy is there."""
    row = connection.execute(_SOURCE, {"number": source.id}).first()
    if row is None or StoredFile.of(row).terms != source.terms:
        raise NotFound("There is no such file.")


def _suits(link: Link, wanted: NewLink) -> bool:
    """Tell whether a link that was found is what its uploader asked for."""
    wish = wanted.terms.visibility
    return link.created or not (
        link.file.is_quarantined
        or (wish == "unlisted" and link.file.is_listed)
        or (wish == "listed" and wanted.is_listed and not link.file.is_listed)
    )


def _other_key(wanted: NewLink, found: Link) -> str:
    """Return the key of the link for those whom the usual one does not suit."""
    if found.file.is_quarantined:
        return own_key(wanted.management_key)
    return _key("upload", wanted.terms.visibility or "", wanted.key)


def _add_holders(connection: Connection, shared: Sequence[tuple[Link, NewLink]]) -> None:
    rows = [
        {"file_id": link.file.id, "key_hash": key_hash(wanted.management_key)}
        for link, wanted in shared
        if wanted.management_key
    ]
    if rows:
        connection.execute(insert(HOLDERS), rows)


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


def _rows(wanted: Sequence[NewLink]) -> list[dict[str, Any]]:
    """Return rows to insert, without the columns that none of them has: each costs what one in use does."""
    rare = [_rare(one) for one in wanted]
    blanks = dict.fromkeys(name for given in rare for name in given)
    return [{**_row(one), **blanks, **given} for one, given in zip(wanted, rare, strict=True)]


def _rare(wanted: NewLink) -> dict[str, Any]:
    """Return the columns of which most links have none."""
    terms = wanted.terms
    columns = {
        "source_id": None if wanted.source is None else wanted.source.id,
        "title": terms.title,
        "expires": terms.expires,
        "downloads_left": terms.downloads,
        "password": wanted.password_hash,
        "owner_id": wanted.owner_id,
    }
    return {name: value for name, value in columns.items() if value is not None}


def _row(wanted: NewLink) -> dict[str, Any]:
    return {
        "filename": wanted.filename,
        "filehash": wanted.filehash or new_filehash(suffix_of(wanted.filename)),
        "uploadtime": datetime.now(UTC),
        "listed": wanted.is_listed,
        "short_id": draw_number() if wanted.is_drawn else None,
        "key_hash": key_hash(wanted.management_key) if wanted.management_key else None,
        "is_private": wanted.is_private or wanted.terms.is_private,
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
