"""What a thread of the service does now and then: end links whose time is over, remove what is left of them.

That a link has ended is decided whenever it is asked for (`gate`); here its row and its bytes go.
"""

import logging
import os
import threading
import time
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.engine import Engine
from sqlalchemy.exc import SQLAlchemyError

from ..errors import PastebinError
from ..models import AUDIT, FILES, WriteTransactions, summary_of
from ..storage import BlobStore
from .account_deletion import AccountDeletion
from .account_sessions import SessionService
from .collections import CollectionService
from .content_removal import ContentRemoval
from .invalidations import Invalidations, remove_old
from .leases import Lease
from .links import EXPIRED, USED, LinkService
from .maintenance import GRACE, MaintenanceService
from .resumable import ResumableService
from .signed_tokens import SignedTokens
from .statistics import StatisticsService
from .stored_file import StoredFile

log = logging.getLogger(__name__)

# What `pastebin.sweep_every` promises has three parts of the same length: waiting for a turn, time for an
# upload of the same bytes to write its row, and waiting for the turn after that.
PARTS = 3
LONGEST_GRACE = 300.0

# Everything is looked through this often, in seconds, for what no link has left behind.
ALL_EVERY = 3600.0

# How far a process that has just started looks back for images of what was removed, in seconds.
FIRST_LOOK_BACK = 86400.0

# Links or contents after which the lease is held on to.
BATCH = 100

_DUE = select(FILES).where(FILES.c.expires <= bindparam("now")).order_by(FILES.c.expires).limit(BATCH)
_ENDED = select(AUDIT.c.sha256).where(
    AUDIT.c.moment >= bindparam("since"), AUDIT.c.file_id.is_not(None), AUDIT.c.sha256.is_not(None)
)


class Sweeper:
    """A thread that sweeps, in one process at a time. It starts with the first request."""

    def __init__(
        self,
        engine: Engine,
        store: BlobStore,
        links: LinkService,
        collections: CollectionService,
        removal: ContentRemoval,
        maintenance: MaintenanceService,
        invalidations: Invalidations,
        resumable: ResumableService,
        tokens: SignedTokens,
        account_deletion: AccountDeletion,
        every: float,
        kept_seconds: float,
    ) -> None:
        self._engine = engine
        self._transactions = WriteTransactions(engine)
        self._store = store
        self._links = links
        self._collections = collections
        self._removal = removal
        self._maintenance = maintenance
        self._invalidations = invalidations
        self._resumable = resumable
        self._tokens = tokens
        self._account_deletion = account_deletion
        self._kept_seconds = kept_seconds
        self._sessions = SessionService(engine)
        self._statistics = StatisticsService(engine)
        self._lease = Lease(engine, "sweep")
        self.turn = every / PARTS
        self.grace = min(self.turn, LONGEST_GRACE)
        self._start_lock = threading.Lock()
        self._warned: set[str] = set()
        self._forget()
        os.register_at_fork(after_in_child=self._forget)  # threads do not survive a fork

    def _forget(self) -> None:
        self.is_running = False
        self._stopped = threading.Event()
        self._since: float | None = None
        self._all_at = 0.0
        self._must_truncate = True

    def start(self) -> None:
        """Start the thread, unless it runs."""
        with self._start_lock:
            if not self.is_running:
                self.is_running = True
                threading.Thread(target=self._loop, name="sweeper", daemon=True).start()

    def stop(self) -> None:
        """End the thread after what it is doing."""
        self._stopped.set()

    def _loop(self) -> None:
        stopped, pause = self._stopped, min(self.turn, self._kept_seconds / 4)
        while not stopped.wait(pause):
            try:
                self._invalidations.follow()
                if self._lease.acquire():
                    self.sweep()
                    self._lease.release(self.turn)
            except (SQLAlchemyError, PastebinError, OSError) as error:
                said = summary_of(error) if isinstance(error, SQLAlchemyError) else str(error)
                log.warning("Sweeping failed and is tried again later: %s", said)

    def sweep(self) -> None:
        """Do all that is due. Whoever calls this holds the lease, or is alone."""
        begun = time.time()
        ended = self._end_accounts() + self._end_collections() + self._end_due()
        removed = self._remove_ended(begun)
        self._resumable.sweep()
        self._transactions.run(lambda connection: remove_old(connection, self._kept_seconds))
        if time.monotonic() >= self._all_at:
            self._sweep_all()
            self._sessions.remove_old()
            self._tokens.remove_old()
            self._statistics.remove_old()
            self._all_at = time.monotonic() + ALL_EVERY
        self._since = begun
        self._must_truncate |= bool(ended or removed)
        if self._must_truncate:
            self._must_truncate = not self._truncate_log()

    def _end_accounts(self) -> int:
        """End what accounts that are being deleted have left; return how many rows went."""
        ended = 0
        while some := self._account_deletion.go_on():
            ended += some
            self._lease.acquire()
        return ended

    def _end_collections(self) -> int:
        """End the collections whose time is over, with the files that nobody else holds; return how many."""
        ended = 0
        while some := self._collections.end_expired():
            ended += some
            self._lease.acquire()
        return ended

    def _end_due(self) -> int:
        """End the links whose time is over; return how many."""
        ended = 0
        while True:
            with self._engine.connect() as connection:
                rows = connection.execute(_DUE, {"now": datetime.now(UTC)}).all()
            for row in rows:
                file = StoredFile.of(row)
                self._links.end(file, USED if file.downloads_left == 0 else EXPIRED)
            ended += len(rows)
            if len(rows) < BATCH:
                return ended
            self._lease.acquire()

    def _remove_ended(self, now: float) -> int:
        """Remove the contents of links that ended since the last turn; return how many."""
        ended = self._ended_since(now - FIRST_LOOK_BACK if self._since is None else self._since)
        unused = self._removal.unused(ended)
        if unused and self._maintenance.has_lost_contents():
            self._warn_once("Links have lost their contents, so nothing is removed: see `pastebin check`.")
            return 0
        removed = 0
        for number, sha256 in enumerate(unused):
            if number % BATCH == BATCH - 1:
                self._lease.acquire()
            removed += self._removal.remove(sha256, now - self.grace)
            self._removal.remove_derived(sha256)
        return removed

    def _ended_since(self, moment: float) -> list[str]:
        since = datetime.fromtimestamp(moment, UTC) - timedelta(seconds=2 * self.grace + 60)
        with self._engine.connect() as connection:
            return sorted(set(connection.scalars(_ENDED, {"since": since})))

    def _sweep_all(self) -> None:
        try:
            self._maintenance.sweep(GRACE)
        except PastebinError as error:
            self._warn_once(str(error))

    def _warn_once(self, message: str) -> None:
        if message not in self._warned:
            self._warned.add(message)
            log.warning("%s", message)

    def _truncate_log(self) -> bool:
        """Empty SQLite's log, which still holds what was overwritten; False while readers use it."""
        if self._engine.dialect.name != "sqlite":
            return True
        # Alone, as a transaction that has read before it writes does not wait for this: it fails.
        with self._transactions.alone():
            connection = self._engine.raw_connection()
            try:
                return _truncated(connection.cursor())
            finally:
                connection.close()


# How long the log's end waits for readers, while writers wait for it, in milliseconds.
_TRUNCATE_MILLISECONDS = 200


def _truncated(cursor: Any) -> bool:
    usual = cursor.execute("PRAGMA busy_timeout").fetchone()[0]
    cursor.execute(f"PRAGMA busy_timeout = {_TRUNCATE_MILLISECONDS}")
    try:
        is_busy = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
    finally:
        cursor.execute(f"PRAGMA busy_timeout = {usual}")
    return not is_busy
