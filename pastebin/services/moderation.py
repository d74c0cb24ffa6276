"""What an operator does against files: find, remove, ban; and what visitors report."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.engine import Connection, Engine

from .._speedups.shorturl import ShortCodec
from ..errors import BadRequest, NotFound
from ..models import AUDIT, BANS, FILES, REPORTS, WriteTransactions, insert_unless_exists
from ..names import may_be_filehash
from ..storage.interface import is_digest
from .files import MAX_ID
from .invalidations import Invalidations, Kind, record_kind
from .links import Ending, LinkService
from .stored_file import FIRST_DRAWN, LAST_DRAWN, StoredFile

# The longest reason that is kept, in characters.
REASON_LENGTH = 500

# How many files are found at most, and how many reports shown.
MOST = 200

OPERATOR = "shell"


@dataclass(frozen=True, slots=True)
class BannedContent:
    """A content that is banned, since when and why."""

    sha256: str
    moment: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class OpenReport:
    """What somebody said of a file, and when."""

    moment: datetime
    reason: str
    file: StoredFile


class ModerationService:
    """Acts of an operator, each with an entry in the audit."""

    def __init__(
        self, engine: Engine, links: LinkService, codec: ShortCodec, invalidations: Invalidations
    ) -> None:
        self._engine = engine
        self._transactions = WriteTransactions(engine)
        self._links = links
        self._codec = codec
        self._invalidations = invalidations

    def find(self, text: str) -> list[StoredFile]:
        """Return the files with a file name, public name, short code, address or SHA-256, MOST at most."""
        word = _last_word(text)
        conditions = [FILES.c.filename == text]
        if is_digest(word.lower()):
            conditions.append(FILES.c.sha256 == word.lower())
        if may_be_filehash(word):
            conditions.append(FILES.c.filehash == word)
        number = self._number(word)
        if number is not None:
            column = FILES.c.short_id if FIRST_DRAWN <= number <= LAST_DRAWN else FILES.c.id
            conditions.append(column == number)
        found: dict[int, StoredFile] = {}
        with self._engine.connect() as connection:
            for condition in conditions:  # each by its index, where it has one
                query = select(FILES).where(condition, FILES.c.sha256.is_not(None)).limit(MOST)
                found |= {row.id: StoredFile.of(row) for row in connection.execute(query)}
        return [found[number] for number in sorted(found)][:MOST]

    def named(self, text: str) -> StoredFile:
        """Return the one file with a public name, short code or address; NotFound if there is none."""
        word = _last_word(text)
        found = [
            file
            for file in self.find(word)
            if file.filehash == word or self._codec.encode(file.short_number) == word
        ]
        if len(found) != 1:
            raise NotFound(f"There is no file {word}: name it by its public name, short code or address.")
        return found[0]

    def remove(self, file: StoredFile, reason: str) -> None:
        """End a link, whoever holds it. NotFound if it has just ended."""
        if not self._links.end(file, Ending("removed", OPERATOR, _reason(reason))):
            raise NotFound("This file is gone already.")

    def ban(self, sha256: str, reason: str = "") -> int:
        """Refuse a content from now on; return how many links it still has."""
        _require_digest(sha256)
        said = _reason(reason)

        def write(connection: Connection) -> int:
            row = {"sha256": sha256, "moment": datetime.now(UTC), "reason": said}
            insert_unless_exists(connection, BANS, "sha256", [row])
            _note(connection, "banned", sha256, said)
            record_kind(connection, Kind.BANS)
            query = select(func.count()).select_from(FILES).where(FILES.c.sha256 == sha256)
            return connection.execute(query).scalar() or 0

        links = self._transactions.run(write)
        self._invalidations.forget_kind(Kind.BANS)
        return links

    def unban(self, sha256: str) -> None:
        """Take a content again. NotFound if it was not banned."""
        _require_digest(sha256)

        def write(connection: Connection) -> None:
            if not connection.execute(delete(BANS).where(BANS.c.sha256 == sha256)).rowcount:
                raise NotFound(f"{sha256} is not banned.")
            _note(connection, "unbanned", sha256, "")
            record_kind(connection, Kind.BANS)

        self._transactions.run(write)
        self._invalidations.forget_kind(Kind.BANS)

    def bans(self) -> list[BannedContent]:
        """Return what is banned, the oldest first."""
        with self._engine.connect() as connection:
            rows = connection.execute(select(BANS).order_by(BANS.c.moment, BANS.c.sha256)).all()
        return [BannedContent(row.sha256, row.moment, row.reason) for row in rows]

    def report(self, file: StoredFile, reason: str) -> None:
        """Keep what a visitor says against a file. BadRequest without a reason."""
        said = _reason(reason)
        if not said:
            raise BadRequest("Say what is wrong with this file.")
        row = {"moment": datetime.now(UTC), "file_id": file.id, "reason": said, "is_open": True}
        self._transactions.run(lambda connection: connection.execute(insert(REPORTS), row))

    def reports(self) -> list[OpenReport]:
        """Return the reports that nobody has closed, the oldest first, MOST at most."""
        query = (
            select(REPORTS.c.moment, REPORTS.c.reason.label("report_reason"), FILES)
            .join(FILES, FILES.c.id == REPORTS.c.file_id)
            .where(REPORTS.c.is_open)
            .order_by(REPORTS.c.id)
            .limit(MOST)
        )
        with self._engine.connect() as connection:
            rows = connection.execute(query).all()
        return [OpenReport(row.moment, row.report_reason, StoredFile.of(row)) for row in rows]

    def close_reports(self, file: StoredFile) -> int:
        """Close the reports of a file, which stays; return how many there were."""
        of_file = update(REPORTS).where(REPORTS.c.file_id == file.id, REPORTS.c.is_open).values(is_open=False)

        def write(connection: Connection) -> int:
            closed = connection.execute(of_file).rowcount
            if closed:
                _note(connection, "reports-closed", file.sha256, "", file.id)
            return closed

        return self._transactions.run(write)

    def _number(self, word: str) -> int | None:
        try:
            number = self._codec.decode(word)
        except ValueError:
            return None
        return number if 0 < number <= MAX_ID else None


def _note(connection: Connection, act: str, sha256: str, reason: str, file_id: int | None = None) -> None:
    entry: dict[str, Any] = {"moment": datetime.now(UTC), "act": act, "actor": OPERATOR}
    connection.execute(insert(AUDIT), {**entry, "file_id": file_id, "sha256": sha256, "reason": reason})


def _last_word(text: str) -> str:
    """Return the name that an address ends in, and other texts as they are."""
    return text.partition("?")[0].rstrip("/").rpartition("/")[2] if "/" in text else text


def _reason(text: str) -> str:
    """Return a reason in one line, cut to what is kept."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())[:REASON_LENGTH]


def _require_digest(text: str) -> None:
    if not is_digest(text):
        raise BadRequest("A content is named by its SHA-256: 64 lower-case hex digits.")
