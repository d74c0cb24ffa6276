"""Parts that become one."""

import time
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace

from ...errors import BadRequest, Locked, NotFound
from ...storage import Unfinished, UnfinishedFolder, copy_into
from .records import NewUpload, UploadRecord

# How often one part may come in an upload: who sends a byte makes no more than so many of it.
REPEATED_LIMIT = 2

GONE = "A part of this upload is not there."


def require_parts(
    folder: UnfinishedFolder,
    parts: Sequence[str],
    asker: str | None,
    record_of: Callable[[Unfinished, str | None], UploadRecord],
) -> list[UploadRecord]:
    """Return the records of parts, all of one maker; BadRequest for one that is none, or not complete."""
    if max(Counter(parts).values()) > REPEATED_LIMIT:
        raise BadRequest(f"A part may come at most {REPEATED_LIMIT} times in an upload.")
    records = []
    for part in parts:
        content = folder.open(part)
        if content is None:
            raise BadRequest(GONE)
        with content, content.exclusive():
            record = _part(content, asker, record_of)
            if record.length is None or content.size != record.length:
                raise BadRequest("A part of this upload is not complete.")
            records.append(record)
    if len({record.maker for record in records}) != 1:
        raise BadRequest("The parts of this upload are not all of the same maker.")
    return records


def made_of(records: Sequence[UploadRecord], wanted: NewUpload) -> NewUpload:
    """Return what is wanted of parts, with their size and what the token of their maker allows."""
    all_of_them: list[NewUpload | UploadRecord] = [wanted, *records]
    sizes = [one.max_size for one in all_of_them if one.max_size is not None]
    tokens = [one.token for one in all_of_them if one.token is not None]
    return replace(
        wanted,
        length=sum(record.length or 0 for record in records),
        max_size=min(sizes, default=None),
        token=next(iter(tokens), None),
    )


def _part(
    content: Unfinished, asker: str | None, record_of: Callable[[Unfinished, str | None], UploadRecord]
) -> UploadRecord:
    try:
        record = record_of(content, asker)
    except NotFound as error:
        raise BadRequest(GONE) from error
    if not record.is_partial:
        raise BadRequest("A part of this upload is an upload of its own.")
    return record


def join(folder: UnfinishedFolder, parts: Sequence[str], target: Unfinished, size: int | None) -> None:
    """Make the bytes of another upload those of parts, whose size is known; its lock is held.

    What is there of them already is of a process that was killed.
    """
    target.restart()
    for part in parts:
        content = folder.open(part)
        if content is None:
            raise BadRequest(GONE)
        with content:
            if not content.has_bytes:
                raise BadRequest(GONE)
            with content.reader() as reader:
                copy_into(reader, target)
    if target.size != size:
        raise BadRequest("The parts of this upload have changed. Send them again.")


def consume_parts(folder: UnfinishedFolder, parts: Sequence[str], final: str) -> None:
    """Remove the bytes of parts, and remember what they have become.

    One that somebody removes or looks at meanwhile is left to them, and to the sweep.
    """
    for part in dict.fromkeys(parts):
        content = folder.open(part)
        if content is not None:
            with suppress(Locked, NotFound), content, content.exclusive():
                record = UploadRecord.of(content.state.note)
                content.state.save_note(replace(record, final=final, done_at=time.time()).note())
                content.discard_bytes()
