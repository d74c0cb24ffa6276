"""What an operator runs: check that nothing is lost, sweep what nobody refers to."""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, sessionmaker

from .._speedups.hashing import ContentHash
from ..errors import PastebinError
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

# A sweep that would take more than this many contents, and more than this part of all, needs a word.
MANY = 100
LARGE_PART = 0.1


class SweepRefused(PastebinError):
    """A sweep would take what may be needed."""

    code = "sweep_refused"


@dataclass(frozen=True, slots=True)
class Fault:
    """Something `check` found wrong: a content's SHA-256 or a file's public name, and what is wrong."""

    subject: str
    message: str


@dataclass
class Swept:
    """What a sweep removed, or would remove: contents, their bytes, temporary files."""

    contents: int = 0
    size: int = 0
    temporaries: int = 0


class MaintenanceService:
    """Work over all files, in small transactions, while the service goes on."""

    def __init__(
        self, sessions: sessionmaker[Session], store: BlobStore, legacy: LegacyFolder | None = None
    ) -> None:
        self._sessions = sessions
        self._store = store
        self._legacy = legacy

    def count_contents(self) -> int:
        """Return how many different contents the rows refer to."""
        return self._column(select(func.count(func.distinct(PasteFile.sha256))))[0] or 0

    def check(self) -> Iterator[Fault | None]:
        """Yield a Fault or None for each content that rows refer to.

        Reads every content and compares its digests and its size with its rows. A row of the
        older service that has no content yet must have its file in the legacy folder.
        """
        for sha256 in self._referenced():
            yield self._check_one(sha256)
        for filehash in self._without_content():
            yield Fault(filehash, "its content was never taken in, and no legacy folder has it")

    def sweep(self, grace: float = GRACE, *, dry_run: bool = False, force: bool = False) -> Swept:
        """Remove contents without a row and stale temporary files, both older than `grace` seconds.

        Raises SweepRefused where rows have lost their contents, or much would go; not with `force`.
        """
        before = time.time() - grace
        sizes = {stored.sha256: stored.size for stored in self._store if stored.put_at < before}
        unused = self._unused(list(sizes))
        if dry_run:
            return Swept(len(unused), sum(sizes[sha256] for sha256 in unused))
        if not force:
            self._refuse_large(len(unused))
        gone = [sha256 for sha256 in self._unused(unused) if self._store.remove(sha256, before)]
        temporaries = self._store.remove_temporaries(before)
        return Swept(len(gone), sum(sizes[sha256] for sha256 in gone), temporaries)

    def has_lost_contents(self) -> bool:
        """Tell whether there are links whose content is neither here nor waits in the legacy folder."""
        return bool(self._without_content())

    def _refuse_large(self, unused: int) -> None:
        if unused and (lost := len(self._without_content())):
            raise SweepRefused(
                f"{lost} links have no content, and {unused} contents no link. `pastebin repair` finds out "
                "which belong together, where a migration lost that; `sweep --force` removes them for good."
            )
        total = sum(1 for _ in self._store)
        if unused > max(MANY, total * LARGE_PART):
            raise SweepRefused(
                f"{unused} of {total} contents have no link. If that is right, `sweep --force` removes them "
                "for good; `sweep --dry-run` only counts them."
            )

    def _unused(self, digests: Sequence[str]) -> list[str]:
        """Return those contents that no row refers to now."""
        unused: list[str] = []
        for start in range(0, len(digests), BATCH):
            batch = digests[start : start + BATCH]
            used = set(self._column(select(PasteFile.sha256).where(PasteFile.sha256.in_(batch))))
            unused += [sha256 for sha256 in batch if sha256 not in used]
        return unused

    def _without_content(self) -> list[str]:
        """Return the public names of files that have no content, and none that waits to be taken in."""
        waiting = set(self._legacy.names()) if self._legacy else set()
        names = self._column(select(PasteFile.filehash).where(PasteFile.sha256.is_(None)))
        return sorted(set(names) - waiting)

    def _referenced(self) -> Iterator[str]:
        """Yield each SHA-256 that rows refer to, in order, a batch a query."""
        last = ""
        while True:
            query = select(PasteFile.sha256).where(PasteFile.sha256 > last).distinct()
            batch = self._column(query.order_by(PasteFile.sha256).limit(BATCH))
            yield from batch
            if len(batch) < BATCH:
                return
            last = batch[-1]

    def _column(self, query: Any) -> list[Any]:
        with self._sessions() as session:
            return list(session.scalars(query))

    def _check_one(self, sha256: str) -> Fault | None:
        try:
            md5, found, size = self._digest(sha256)
        except BlobMissing:
            return Fault(sha256, "the content is missing")
        if found != sha256:
            return Fault(sha256, f"the content is damaged: its SHA-256 is {found}")
        query = select(PasteFile.filemd5, PasteFile.size).where(PasteFile.sha256 == sha256).distinct()
        with self._sessions() as session:
            rows = session.execute(query).all()
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
