"""What there is to know about a file, apart from any session."""

from dataclasses import dataclass, fields
from datetime import UTC, datetime
from typing import Any, Self

from ..media import types as media
from ..random_bytes import random_bytes
from .restrictions import Restricted
from .versions import version_of

# Numbers below this are ids: codes of rows made before numbers were drawn, and of the older service.
DRAWN_BITS = 40
FIRST_DRAWN = 2**DRAWN_BITS
LAST_DRAWN = 2 * FIRST_DRAWN - 1

# Bytes of an HTML page that is shown as one.
FRAMED_SIZE = 2**20


def draw_number() -> int:
    """Return a number for a new short code, drawn at random: nobody finds files by counting."""
    return FIRST_DRAWN + int.from_bytes(random_bytes(DRAWN_BITS // 8))


@dataclass(frozen=True)
class StoredFile(Restricted):
    """What there is to know about a file, apart from any session: size in bytes, sides in pixels.

    `uploaded_at` and `expires_at` are in seconds since 1970; the sides are 0 unless it is an image.
    `password` is its argon2id hash. `short_id` is the drawn number of its short code. `collection_id` is the
    collection whose terms it has, as of one that it is in. `owner_id` is the account that it belongs to.
    `is_off_list` says that an editor keeps it off the list of the newest.
    """

    id: int
    filename: str
    filehash: str
    md5: str
    sha256: str
    uploaded_at: float
    mimetype: str
    encoding: str
    size: int
    width: int
    height: int
    short_id: int | None = None
    title: str | None = None
    expires_at: float | None = None
    downloads_left: int | None = None
    password: str | None = None
    is_listed: bool = False
    is_quarantined: bool = False
    collection_id: int | None = None
    owner_id: int | None = None
    is_private: bool = False
    is_off_list: bool = False

    @classmethod
    def of(cls, row: Any) -> Self:
        """Return what a row of PasteFile says; the row must have its content."""
        values = {
            "id": row.id,
            "filename": row.filename,
            "filehash": row.filehash,
            "md5": row.filemd5,
            "sha256": row.sha256 or "",
            "uploaded_at": row.uploadtime.timestamp(),
            "mimetype": row.mimetype,
            "encoding": row.encoding,
            "size": row.size,
            "width": row.width,
            "height": row.height,
            "short_id": row.short_id,
            "title": row.title,
            "expires_at": None if row.expires is None else row.expires.timestamp(),
            "downloads_left": row.downloads_left,
            "password": row.password,
            "is_listed": bool(row.listed),
            "is_quarantined": bool(row.is_quarantined),
            "collection_id": row.collection_id,
            "owner_id": row.owner_id,
            "is_private": bool(row.is_private),
            "is_off_list": bool(row.is_off_list),
        }
        return cls._with(values)

    @classmethod
    def from_cache(cls, value: dict[str, Any]) -> Self | None:
        """Return the file of a cached value; None for what is none: others may write to a shared server."""
        return cls._with(value) if value.keys() == _FIELDS else None

    @classmethod
    def _with(cls, values: dict[str, Any]) -> Self:
        """Return a file with all these fields, five times as fast as a frozen class sets them."""
        file = object.__new__(cls)
        file.__dict__.update(values)
        return file

    @property
    def short_number(self) -> int:
        """Return the number that its short code stands for."""
        return self.id if self.short_id is None else self.short_id

    @property
    def heading(self) -> str:
        """Return what pages call it: its title, else its name."""
        return self.title or self.filename

    @property
    def realm(self) -> str:
        """Return whose terms it has, as visitors' tickets name it: its own, or a collection's."""
        return f"f{self.id}" if self.collection_id is None else f"c{self.collection_id}"

    @property
    def terms(self) -> tuple[float | None, int | None, str | None, bool, bool, int | None]:
        """Return what says who may see it, and until when."""
        limits = (self.expires_at, self.downloads_left, self.password)
        return *limits, self.is_quarantined, self.is_private, self.owner_id

    @property
    def version(self) -> str:
        """Return what changes with all that can change of it."""
        listing = (self.is_listed, self.is_off_list)
        return version_of(self.filehash, *self.terms, self.title, *listing, self.collection_id)

    @property
    def uploadtime(self) -> datetime:
        """Return the moment of the upload, in UTC."""
        return datetime.fromtimestamp(self.uploaded_at, UTC)

    @property
    def kind(self) -> str:
        """Return `image`, `pdf`, `video`, `audio` or `binary`."""
        return media.kind(self.mimetype)

    @property
    def is_text(self) -> bool:
        """Tell whether a person can read the bytes."""
        return media.is_text(self.mimetype)

    @property
    def inline_type(self) -> str | None:
        """Return the Content-Type for showing the bytes in a browser; None if they may only be saved."""
        return media.inline_type(self.mimetype, self.encoding)

    @property
    def framed_type(self) -> str | None:
        """Return the Content-Type for showing an HTML page in a sandboxed frame; None for other files."""
        return media.framed_type(self.mimetype, self.encoding) if self.size <= FRAMED_SIZE else None


_FIELDS = frozenset(one.name for one in fields(StoredFile))
