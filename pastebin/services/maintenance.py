"""What an operator runs: check that nothing is lost, sweep what nobody refers to."""

import time
from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from .._speedups.hashing import ContentHash
from ..models import PasteFile
from ..storage import BlobMissing, BlobStore
from .legacy import LegacyFolder

# How long a content without a row is left alone: longer than any upload takes from its
# content's place in the store to its row's commit.
GRACE = 3600.0

# How much of a content is read at a time, in bytes.
PIECE = 2**20

# Contents that are looked up in one query.
BATCH = 500


@dataclass(frozen=True, slots=True)
class Fault:
    """Something `check` found wrong: a content's SHA-256 or a file's public name, and what is wrong."""

    subject: str
    message: str


@dataclass
class Swept:
    """What a sweep removed: contents, their bytes, temporary files."""

    contents: int = 0
    size: int = 0
    temporaries: int = 0


class MaintenanceService:
    """Work over all files, in small transactions, while the service goes on."""

    def __init__(self, session: Session, store: BlobStore, legacy: LegacyFolder | None = None) -> None:
        self._session = session
        self._store = store
        self._legacy = legacy

    def count_contents(self) -> int:
        """Return how many different contents the rows refer to."""
        return self._session.scalar(select(func.count(func.distinct(PasteFile.sha256)))) or 0

    def check(self) -> Iterator[Fault | None]:
        """Yield a Fault or None for each content that rows refer to.

        Reads every content and compares its digests and its size with its rows. A row of the
        older service that has no content yet must have its file in the legacy folder.
        """
        for sha256 in self._referenced():
            yield self._check_one(sha256)
        yield from self._check_pending()

    def _check_pending(self) -> Iterator[Fault]:
        waiting = self._legacy.names() if self._legacy else ()
        query = select(PasteFile.filehash).where(PasteFile.sha256.is_(None))
        for filehash in sorted(set(self._session.scalars(query)).difference(waiting)):
            yield Fault(filehash, "its content was never taken in, and no legacy folder has it")
        self._session.rollback()

    def sweep(self, grace: float = GRACE) -> Swept:
        """Remove contents without a row and stale temporary files, both older than `grace` seconds."""
        before, swept = time.time() - grace, Swept()
        batch = []
        for stored in self._store:
            if stored.put_at < before:
                batch.append(stored)
            if len(batch) == BATCH:
                self._sweep_batch({s.sha256: s.size for s in batch}, before, swept)
                batch.clear()
        self._sweep_batch({s.sha256: s.size for s in batch}, before, swept)
        swept.temporaries = self._store.remove_temporaries(before)
        return swept

    def _sweep_batch(self, sizes: dict[str, int], before: float, swept: Swept) -> None:
        used = set(self._session.scalars(select(PasteFile.sha256).where(PasteFile.sha256.in_(sizes))))
        self._session.rollback()  # the next batch sees what was committed meanwhile
        for sha256 in sizes.keys() - used:
            if self._store.remove(sha256, unless_put_after=before):
                swept.contents += 1
                swept.size += sizes[sha256]

    def _referenced(self) -> Iterator[str]:
        """Yield each SHA-256 that rows refer to, in order, a batch a query."""
        last = ""
        while True:
            query = select(PasteFile.sha256).where(PasteFile.sha256 > last).distinct()
            batch = self._session.scalars(query.order_by(PasteFile.sha256).limit(BATCH)).all()
            self._session.rollback()
            yield from (sha256 for sha256 in batch if sha256 is not None)
            if len(batch) < BATCH:
                return
            last = batch[-1] or ""

    def _check_one(self, sha256: str) -> Fault | None:
        try:
            md5, found, size = self._digest(sha256)
        except BlobMissing:
            return Fault(sha256, "the content is missing")
        if found != sha256:
            return Fault(sha256, f"the content is damaged: its SHA-256 is {found}")
        query = select(PasteFile.filemd5, PasteFile.size).where(PasteFile.sha256 == sha256).distinct()
        rows = self._session.execute(query).all()
        self._session.rollback()
        if any(row != (md5, size) for row in rows):
            return Fault(sha256, "a row states another size or MD5 than the content has")
        return None

    def _digest(self, sha256: str) -> tuple[str, str, int]:
        content, size = ContentHash(), 0
        with self._store.open(sha256) as reader:
            while piece := reader.read(PIECE):
                content.update(piece)
                size += len(piece)
        return content.md5, content.sha256, size
