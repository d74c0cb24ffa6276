"""What was counted, as tables of days: uploads, bytes, downloads, active accounts, top files."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.engine import Connection, Engine

from ..models import ACTIVE_DAYS, DAY_COUNTS, FILE_DAYS, FILES, WriteTransactions, retry_on_disconnect
from .stored_file import StoredFile

# For how many days is known which files were downloaded, and which accounts were active.
FILE_DAYS_KEPT = 92
ACTIVE_DAYS_KEPT = 400

# How many files a list of the most downloaded has.
TOP = 50

_MONTH = func.substr(ACTIVE_DAYS.c.day, 1, 7)


@dataclass(frozen=True, slots=True)
class DayOfService:
    """What happened on a day. `active` are accounts that uploaded something."""

    day: date
    uploads: int = 0
    bytes: int = 0
    downloads: int = 0
    active: int = 0


@dataclass(frozen=True, slots=True)
class MonthOfService:
    """How many accounts uploaded something in a month, `2026-11`."""

    month: str
    active: int


@dataclass(frozen=True, slots=True)
class TopFile:
    """A file and how often it was downloaded in the days that were asked for."""

    file: StoredFile
    downloads: int


class StatisticsService:
    """Reads what was counted, up to the last minute."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._transactions = WriteTransactions(engine)

    def days(self, number: int) -> list[DayOfService]:
        """Return the last days, today as the last one; a day on which nothing happened too."""
        since = _since(number)
        sums = select(DAY_COUNTS).where(DAY_COUNTS.c.day >= since.isoformat())
        active = (
            select(ACTIVE_DAYS.c.day, func.count())
            .where(ACTIVE_DAYS.c.day >= since.isoformat())
            .group_by(ACTIVE_DAYS.c.day)
        )
        counted = {row.day: row for row in self._rows(sums)}
        uploaders: dict[str, int] = dict(map(tuple, self._rows(active)))
        return [_day(since + timedelta(days=passed), counted, uploaders) for passed in range(number)]

    def months(self) -> list[MonthOfService]:
        """Return the months of which is known who was active, the oldest first."""
        numbers = func.count(ACTIVE_DAYS.c.account_id.distinct())
        query = select(_MONTH, numbers).group_by(_MONTH).order_by(_MONTH)
        return [MonthOfService(month, number) for month, number in self._rows(query)]

    def top_files(self, number: int) -> list[TopFile]:
        """Return the files that were downloaded most in the last days, TOP at most."""
        downloads = func.sum(FILE_DAYS.c.downloads)
        most = (
            select(FILE_DAYS.c.file_id, downloads.label("downloads"))
            .where(FILE_DAYS.c.day >= _since(number).isoformat())
            .group_by(FILE_DAYS.c.file_id)
            .order_by(downloads.desc(), FILE_DAYS.c.file_id.desc())
            .limit(TOP)
            .subquery()
        )
        query = select(FILES, most.c.downloads).join(most, most.c.file_id == FILES.c.id)
        found = [TopFile(StoredFile.of(row), int(row.downloads)) for row in self._rows(query)]
        return sorted(found, key=lambda one: (-one.downloads, -one.file.id))

    def remove_old(self) -> None:
        """Remove what is older than is kept, and what was counted of files that are gone."""

        def write(connection: Connection) -> None:
            for table, kept in ((FILE_DAYS, FILE_DAYS_KEPT), (ACTIVE_DAYS, ACTIVE_DAYS_KEPT)):
                connection.execute(delete(table).where(table.c.day < _since(kept).isoformat()))
            is_there = select(FILES.c.id).where(FILES.c.id == FILE_DAYS.c.file_id).exists()
            connection.execute(delete(FILE_DAYS).where(~is_there))

        self._transactions.run(write)

    def _rows(self, query: Any) -> list[Any]:
        def read() -> list[Any]:
            with self._engine.connect() as connection:
                return list(connection.execute(query))

        return retry_on_disconnect(read)


def _since(number: int) -> date:
    return datetime.now(UTC).date() - timedelta(days=number - 1)


def _day(day: date, counted: dict[str, Any], active: dict[str, int]) -> DayOfService:
    name, row = day.isoformat(), counted.get(day.isoformat())
    uploaders = active.get(name, 0)
    if row is None:
        return DayOfService(day, active=uploaders)
    return DayOfService(day, row.uploads, row.bytes, row.downloads, uploaders)
