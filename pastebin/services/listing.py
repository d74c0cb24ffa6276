"""The newest public uploads, a page at a time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import bindparam, false, or_, select, true
from sqlalchemy.engine import Engine

from .._speedups.shorturl import ShortCodec
from ..errors import BadRequest
from ..models import FILES
from .files import MAX_ID, StoredFile
from .suspensions import SuspendedOwners

PAGE_SIZE = 60

# Left to itself MariaDB finds `listed` in the index but walks from the newest to the cursor.
_HINT = "FORCE INDEX (ix_PasteFile_listed)"

_LISTED = (
    select(FILES)
    .with_hint(FILES, _HINT, "mysql")
    .with_hint(FILES, _HINT, "mariadb")
    .where(
        FILES.c.listed == true(),
        FILES.c.sha256.is_not(None),
        FILES.c.password.is_(None),
        FILES.c.downloads_left.is_(None),
        FILES.c.is_quarantined == false(),
        FILES.c.is_private == false(),
        or_(FILES.c.expires.is_(None), FILES.c.expires > bindparam("now", type_=FILES.c.expires.type)),
    )
)


@dataclass(frozen=True, slots=True)
class ListingPage:
    """Files, newest first; the cursors of the pages on both sides, None where there is none."""

    files: list[StoredFile]
    newer: str | None
    older: str | None


class ListingService:
    """Files whose upload was listed and that everybody may see. A page begins after a file, so that it costs
    the same however far it is.

    A cursor is the short code of that file, which the page shows anyway.
    """

    def __init__(self, engine: Engine, codec: ShortCodec, suspensions: SuspendedOwners) -> None:
        self._engine = engine
        self._codec = codec
        self._suspensions = suspensions

    def page(self, before: str | None = None, after: str | None = None) -> ListingPage:
        """Return the files right before or after (older or newer than) a cursor, or the newest.

        Raises BadRequest for what is no cursor.
        """
        if after is not None:
            rows = self._rows(FILES.c.id > self._id(after), FILES.c.id.asc())
            if len(rows) > PAGE_SIZE:
                files = self._files(rows)[::-1]
                return ListingPage(files, self._cursor(files[0]), self._cursor(files[-1]))
            before = None  # less than a page is newer: that is the first page
        rows = self._rows(FILES.c.id < (MAX_ID if before is None else self._id(before)), FILES.c.id.desc())
        files = self._files(rows)
        newer = self._cursor(files[0]) if before is not None and files else None
        older = self._cursor(files[-1]) if len(rows) > PAGE_SIZE else None
        return ListingPage(files, newer, older)

    def _rows(self, condition: Any, order: Any) -> Sequence[Any]:
        """Return a page of rows, and one more if there is more."""
        listed = _LISTED.where(condition).order_by(order).limit(PAGE_SIZE + 1)
        suspended = self._suspensions.ids()
        if suspended:
            listed = listed.where(or_(FILES.c.owner_id.is_(None), FILES.c.owner_id.not_in(suspended)))
        with self._engine.connect() as connection:
            return connection.execute(listed, {"now": datetime.now(UTC)}).all()

    @staticmethod
    def _files(rows: Sequence[Any]) -> list[StoredFile]:
        return [StoredFile.of(row) for row in rows[:PAGE_SIZE]]

    def _cursor(self, file: StoredFile) -> str:
        return self._codec.encode(file.id)

    def _id(self, cursor: str) -> int:
        try:
            number = self._codec.decode(cursor)
        except ValueError as error:
            raise BadRequest("There is no such page of the list.") from error
        if not 0 < number <= MAX_ID:
            raise BadRequest("There is no such page of the list.")
        return number
