"""Counting what happens: in memory, written once a minute and at the end of the process."""

import logging
import os
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache
from multiprocessing.util import Finalize

from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import SQLAlchemyError

from ..errors import PastebinError
from ..models import ACTIVE_DAYS, DAY_COUNTS, FILE_DAYS, WriteTransactions, add_counts, summary_of

log = logging.getLogger(__name__)

EVERY = 60.0

# How many files, and accounts, are told apart between two writings. Of more only the sums are counted.
MOST = 10_000


@dataclass
class Counts:
    """What was counted and not written yet, by day; `downloads` by day and file."""

    uploads: Counter[str] = field(default_factory=Counter)
    bytes: Counter[str] = field(default_factory=Counter)
    downloads: Counter[str] = field(default_factory=Counter)
    of_files: Counter[tuple[str, int]] = field(default_factory=Counter)
    active: set[tuple[str, int]] = field(default_factory=set)

    def __bool__(self) -> bool:
        return bool(self.uploads or self.downloads)

    def add(self, other: "Counts") -> None:
        """Add what could not be written, within the same bounds."""
        self.uploads += other.uploads
        self.bytes += other.bytes
        self.downloads += other.downloads
        for key, number in other.of_files.items():
            self.add_download_of(key, number)
        for key in other.active:
            self.add_active(key)

    def add_download_of(self, key: tuple[str, int], number: int = 1) -> None:
        """Count downloads of a file on a day."""
        if key in self.of_files or len(self.of_files) < MOST:
            self.of_files[key] += number

    def add_active(self, key: tuple[str, int]) -> None:
        """Note an account that was active on a day."""
        if len(self.active) < MOST:
            self.active.add(key)


class CountingService:
    """Counts. A request pays for a lock and some additions; several processes add up in the database."""

    def __init__(self, engine: Engine) -> None:
        self._transactions = WriteTransactions(engine)
        self._forget()
        os.register_at_fork(after_in_child=self._forget)  # what was counted is the parent's to write

    def _forget(self) -> None:
        self._lock = threading.Lock()
        self._write_lock = threading.Lock()
        self._counts = Counts()
        self._thread: threading.Thread | None = None
        self._stopped = threading.Event()

    def count_upload(self, size: int, owner_id: int | None) -> None:
        """Count a file that came in."""
        day = _today()
        with self._lock:
            self._counts.uploads[day] += 1
            self._counts.bytes[day] += size
            if owner_id is not None:
                self._counts.add_active((day, owner_id))
        self._start()

    def count_download(self, file_id: int) -> None:
        """Count a file that goes out."""
        day = _today()
        with self._lock:
            self._counts.downloads[day] += 1
            self._counts.add_download_of((day, file_id))
        self._start()

    def flush(self) -> None:
        """Write what was counted; what cannot be written now is kept for the next time."""
        with self._write_lock:
            with self._lock:
                counts, self._counts = self._counts, Counts()
            if not counts:
                return
            is_written = False
            try:
                self._transactions.run(lambda connection: _write(connection, counts))
                is_written = True
            except (SQLAlchemyError, PastebinError) as error:
                said = summary_of(error) if isinstance(error, SQLAlchemyError) else str(error)
                log.warning("What was counted could not be written, and is kept for later: %s", said)
            finally:
                if not is_written:
                    with self._lock:
                        self._counts.add(counts)

    def stop(self) -> None:
        """End the thread, and write what was counted. What is counted later starts another."""
        self._stopped.set()
        self.flush()
        self._stopped, self._thread = threading.Event(), None

    def _start(self) -> None:
        if self._thread is not None:
            return
        with self._lock:
            if self._thread is None:
                self._thread = threading.Thread(target=self._loop, name="counter", daemon=True)
                self._thread.start()
                Finalize(None, self.stop, exitpriority=1)  # also in a server's worker, which has no atexit

    def _loop(self) -> None:
        stopped = self._stopped
        while not stopped.wait(EVERY):
            self.flush()


def _today() -> str:
    return _date_of(int(time.time() // 86400))


@lru_cache(2)
def _date_of(day: int) -> str:
    """Return the date, in UTC, of so many days after the first of 1970."""
    return (date(1970, 1, 1) + timedelta(days=day)).isoformat()


def _write(connection: Connection, counts: Counts) -> None:
    """Write counts, rows in the order of their keys: two writers never wait for each other crosswise."""
    days = sorted({*counts.uploads, *counts.downloads})
    sums = [
        {
            "day": day,
            "uploads": counts.uploads[day],
            "bytes": counts.bytes[day],
            "downloads": counts.downloads[day],
        }
        for day in days
    ]
    add_counts(connection, DAY_COUNTS, sums)
    of_files = [
        {"day": day, "file_id": number, "downloads": downloads}
        for (day, number), downloads in sorted(counts.of_files.items())
    ]
    add_counts(connection, FILE_DAYS, of_files)
    active = [{"day": day, "account_id": number} for day, number in sorted(counts.active)]
    add_counts(connection, ACTIVE_DAYS, active)
