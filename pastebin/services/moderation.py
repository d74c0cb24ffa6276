"""What an operator does against files: hide, remove, ban; and what visitors report."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.engine import Connection, Engine

from .._speedups.shorturl import ShortCodec
from ..errors import BadRequest, NotFound
from ..models import BANS, FILES, REPORTS, WriteTransactions, insert_unless_exists
from ..storage.interface import is_digest
from .audit import SHELL, Act, note
from .events import FileReported, announce
from .file_search import FileSearch, last_word
from .files import MAX_ID
from .hiding import hide
from .invalidations import Invalidations, Kind, record_kind
from .links import Ending, LinkService
from .stored_file import StoredFile

# The longest reason that is kept, in characters.
REASON_LENGTH = 500

_NUMBER: Any = REPORTS.c.id.label("report_id")
_OPEN = (
    select(_NUMBER, REPORTS.c.moment, REPORTS.c.reason.label("report_reason"), FILES)
    .join(FILES, FILES.c.id == REPORTS.c.file_id)
    .where(REPORTS.c.is_open)
)
_COUNT_OPEN = select(func.count()).select_from(REPORTS).where(REPORTS.c.is_open)


@dataclass(frozen=True, slots=True)
class BannedContent:
    """A content that is banned, since when and why."""

    sha256: str
    moment: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class OpenReport:
    """What somebody said of a file, and when."""

    id: int
    moment: datetime
    reason: str
    file: StoredFile


class ModerationService:
    """Acts of an operator (`actor`, as the audit names them), each with an entry in the audit."""

    def __init__(
        self, engine: Engine, links: LinkService, codec: ShortCodec, invalidations: Invalidations
    ) -> None:
        self._engine = engine
        self._transactions = WriteTransactions(engine)
        self._links = links
        self._codec = codec
        self._invalidations = invalidations
        self.search = FileSearch(engine, codec)

    def find(self, text: str) -> list[StoredFile]:
        """Return the files with a file name, public name, short code, address or SHA-256, MOST at most."""
        return self.search.named(text)

    def named(self, text: str) -> StoredFile:
        """Return the one file with a public name, short code or address; NotFound if there is none."""
        word = last_word(text)
        found = [
            file
            for file in self.search.exactly(word)
            if file.filehash == word or self._codec.encode(file.short_number) == word
        ]
        if len(found) != 1:
            raise NotFound(f"There is no file {word}: name it by its public name, short code or address.")
        return found[0]

    def remove(self, file: StoredFile, reason: str, actor: str = SHELL) -> None:
        """End a link, whoever holds it. NotFound if it has just ended."""
        if not self._links.end(file, Ending(Act.REMOVED, actor, one_line(reason))):
            raise NotFound("This file is gone already.")

    def quarantine(
        self, file: StoredFile, reason: str, actor: str = SHELL, *, is_quarantined: bool = True
    ) -> None:
        """Hide a file from everybody but operators, or show it again; what is so already is no act.

        NotFound if it has just ended.
        """

        def write(connection: Connection) -> list[StoredFile]:
            which = FILES.c.id == file.id
            row = connection.execute(select(FILES).where(which).with_for_update()).first()
            if row is None:
                raise NotFound("This file is gone already.")
            return hide(connection, row, actor, one_line(reason), is_hidden=is_quarantined)

        self._invalidations.forget(*self._transactions.run(write))

    def ban(self, sha256: str, reason: str = "", actor: str = SHELL) -> int:
        """Refuse a content from now on; return how many links it still has."""
        _require_digest(sha256)
        said = one_line(reason)

        def write(connection: Connection) -> int:
            row = {"sha256": sha256, "moment": datetime.now(UTC), "reason": said}
            insert_unless_exists(connection, BANS, "sha256", [row])
            note(connection, Act.BANNED, actor, said, sha256=sha256)
            record_kind(connection, Kind.BANS)
            query = select(func.count()).select_from(FILES).where(FILES.c.sha256 == sha256)
            return connection.execute(query).scalar() or 0

        links = self._transactions.run(write)
        self._invalidations.forget_kind(Kind.BANS)
        return links

    def unban(self, sha256: str, actor: str = SHELL) -> None:
        """Take a content again. NotFound if it was not banned."""
        _require_digest(sha256)

        def write(connection: Connection) -> None:
            if not connection.execute(delete(BANS).where(BANS.c.sha256 == sha256)).rowcount:
                raise NotFound(f"{sha256} is not banned.")
            note(connection, Act.UNBANNED, actor, sha256=sha256)
            record_kind(connection, Kind.BANS)

        self._transactions.run(write)
        self._invalidations.forget_kind(Kind.BANS)

    def report(self, file: StoredFile, reason: str) -> None:
        """Keep what a visitor says against a file. BadRequest without a reason."""
        said = one_line(reason)
        if not said:
            raise BadRequest("Say what is wrong with this file.")
        row = {"moment": datetime.now(UTC), "file_id": file.id, "reason": said, "is_open": True}

        def write(connection: Connection) -> None:
            connection.execute(insert(REPORTS), row)
            announce(connection, [FileReported(file, said)])

        self._transactions.run(write)

    def count_reports(self) -> int:
        """Return how many reports nobody has closed."""
        with self._engine.connect() as connection:
            return connection.scalar(_COUNT_OPEN) or 0

    def report_numbered(self, number: int) -> OpenReport:
        """Return a report that nobody has closed; NotFound if there is none."""
        query = _OPEN.where(REPORTS.c.id == number)
        with self._engine.connect() as connection:
            row = connection.execute(query).first() if 0 < number <= MAX_ID else None
        if row is None:
            raise NotFound("There is no such report.")
        return OpenReport(row.report_id, row.moment, row.report_reason, StoredFile.of(row))

    def close_report(self, number: int, actor: str) -> None:
        """Close one report. NotFound if there is none that is open."""
        which = (REPORTS.c.id == number, REPORTS.c.is_open)

        def write(connection: Connection) -> None:
            row = connection.execute(select(REPORTS).where(*which)).first()
            if (
                row is None
                or not connection.execute(update(REPORTS).where(*which).values(is_open=False)).rowcount
            ):
                raise NotFound("There is no such report.")
            note(connection, Act.REPORTS_CLOSED, actor, f"report {number}", file_id=row.file_id)

        self._transactions.run(write)

    def banned(self, sha256: str) -> BannedContent:
        """Return a content that is banned; NotFound if it is not."""
        query = select(BANS).where(BANS.c.sha256 == sha256)
        with self._engine.connect() as connection:
            row = connection.execute(query).first() if is_digest(sha256) else None
        if row is None:
            raise NotFound("This content is not banned.")
        return BannedContent(row.sha256, row.moment, row.reason)

    def close_reports(self, file: StoredFile, actor: str = SHELL) -> int:
        """Close the reports of a file, which stays; return how many there were."""
        of_file = update(REPORTS).where(REPORTS.c.file_id == file.id, REPORTS.c.is_open).values(is_open=False)

        def write(connection: Connection) -> int:
            closed = connection.execute(of_file).rowcount
            if closed:
                note(connection, Act.REPORTS_CLOSED, actor, file_id=file.id, sha256=file.sha256)
            return closed

        return self._transactions.run(write)


def one_line(text: str) -> str:
    """Return a reason in one line, cut to what is kept."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())[:REASON_LENGTH]


def _require_digest(text: str) -> None:
    if not is_digest(text):
        raise BadRequest("A content is named by its SHA-256: 64 lower-case hex digits.")
