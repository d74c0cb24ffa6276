"""The newest public uploads, a page at a time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import bindparam, false, func, or_, select, true
from sqlalchemy.engine import Engine

from .._speedups.shorturl import ShortCodec
from ..errors import BadRequest
from ..models import FILES
from .file_kinds import KINDS
from .files import MAX_ID, StoredFile
from .suspensions import SuspendedOwners

PAGE_SIZE = 60

# How many files are looked at for a page of one kind: of a rare one a page may have few, and lead on.
LOOKED_AT = 5000

# Left to itself MariaDB finds `listed` in the index but walks from the newest to the cursor.
_HINT = "FORCE INDEX (ix_PasteFile_listed)"


def _listed(*columns: Any, is_off: bool = False) -> Any:
    """Select what everybody may see, by the index of what is listed; or what editors keep off the list."""
    found = select(*columns).with_hint(FILES, _HINT, "mysql").with_hint(FILES, _HINT, "mariadb")
    return found.where(
        FILES.c.listed == true(),
        FILES.c.is_off_list == (true() if is_off else false()),
        FILES.c.sha256.is_not(None),
        FILES.c.password.is_(None),
        FILES.c.downloads_left.is_(None),
        FILES.c.is_quarantined == false(),
        FILES.c.is_private == false(),
        or_(FILES.c.expires.is_(None), FILES.c.expires > bindparam("now", type_=FILES.c.expires.type)),
    )


_LISTED = _listed(FILES)
_LISTED_IDS = _listed(FILES.c.id)
_OFF_LIST = _listed(FILES, is_off=True)


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

    def page(self, before: str | None = None, after: str | None = None, kind: str = "") -> ListingPage:
        """Return the files right before or after (older or newer than) a cursor, or the newest.

        Those of one kind (`file_kinds.KINDS`) only go backwards. Raises BadRequest for what is no cursor,
        and no kind.
        """
        if kind:
            return self._page_of_kind(FILES.c.id < (self._id(before) if before else MAX_ID), kind)
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

    def off_list(self, before: str | None = None) -> ListingPage:
        """Return what editors keep off the list: the newest files, or those before a cursor."""
        rows = self._rows(FILES.c.id < (self._id(before) if before else MAX_ID), FILES.c.id.desc(), _OFF_LIST)
        files = self._files(rows)
        return ListingPage(files, None, self._cursor(files[-1]) if len(rows) > PAGE_SIZE else None)

    def _page_of_kind(self, condition: Any, kind: str) -> ListingPage:
        """Return the next files of a kind among the next LOOKED_AT."""
        if kind not in KINDS:
            raise BadRequest(f"Choose one of {', '.join(KINDS)}.")
        order = FILES.c.id.desc()
        looked_at = self._visible(_LISTED_IDS.where(condition)).order_by(order).limit(LOOKED_AT).subquery()
        query = (
            select(FILES)
            .join(looked_at, looked_at.c.id == FILES.c.id)
            .where(KINDS[kind])
            .order_by(order)
            .limit(PAGE_SIZE + 1)
        )
        last = select(func.count(), func.min(looked_at.c.id))
        given = {"now": datetime.now(UTC)}
        with self._engine.connect() as connection:
            rows = connection.execute(query, given).all()
            files = self._files(rows)
            if len(rows) > PAGE_SIZE:
                return ListingPage(files, None, self._cursor(files[-1]))
            number, oldest = connection.execute(last, given).one()
        return ListingPage(files, None, self._codec.encode(oldest) if number == LOOKED_AT else None)

    def _visible(self, query: Any) -> Any:
        """Leave out what belongs to suspended accounts."""
        suspended = self._suspensions.ids()
        if not suspended:
            return query
        return query.where(or_(FILES.c.owner_id.is_(None), FILES.c.owner_id.not_in(suspended)))

    def _rows(self, condition: Any, order: Any, query: Any = _LISTED) -> Sequence[Any]:
        """Return a page of rows, and one more if there is more."""
        listed = self._visible(query.where(condition)).order_by(order).limit(PAGE_SIZE + 1)
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
