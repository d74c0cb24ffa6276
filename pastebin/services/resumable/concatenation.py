"""Parts that become one."""

import time
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace

from ...errors import BadRequest, Locked, NotFound
from ...storage import Unfinished, UnfinishedFolder, copy_into
from .records import UploadRecord

# How often one part may come in an upload: who sends a byte makes no more than so many of it.
REPEATED_LIMIT = 2


def require_parts(
    folder: UnfinishedFolder,
    parts: Sequence[str],
    asker: str | None,
    record_of: Callable[[Unfinished, str | None], UploadRecord],
) -> tuple[str | None, int]:
    """Return whose parts they are, and their size; BadRequest for one that is none, or not complete."""
    if max(Counter(parts).values()) > REPEATED_LIMIT:
        raise BadRequest(f"A part may come at most {REPEATED_LIMIT} times in an upload.")
    makers, size = set(), 0
    for part in parts:
        content = folder.open(part)
        if content is None:
            raise BadRequest("A part of this upload is not there.")
        with content, content.exclusive():
            record = _part(content, asker, record_of)
            if record.length is None or content.size != record.length:
                raise BadRequest("A part of this upload is not complete.")
            makers.add(record.maker)
            size += record.length
    if len(makers) != 1:
        raise BadRequest("The parts of this upload are not all of the same maker.")
    return makers.pop(), size


def _part(
    content: Unfinished, asker: str | None, record_of: Callable[[Unfinished, str | None], UploadRecord]
) -> UploadRecord:
    try:
        record = record_of(content, asker)
    except NotFound as error:
        raise BadRequest("A part of this upload is not there.") from error
    if not record.is_partial:
        raise BadRequest("A part of this upload is an upload of its own.")
    return record


def copy_parts(folder: UnfinishedFolder, parts: Sequence[str], target: Unfinished) -> None:
    """Append the bytes of parts to another upload, whose lock is held."""
    for part in parts:
        content = folder.open(part)
        if content is None:
            raise BadRequest("A part of this upload is not there.")
        with content, content.reader() as reader:
            copy_into(reader, target)


def final_of(folder: UnfinishedFolder, parts: Sequence[str], concat: str) -> str:
    """Return the upload that these very parts have become before; nothing if they have not."""
    content = folder.open(parts[0])
    if content is None:
        return ""
    with content:
        final = UploadRecord.of(content.state.note).final
    found = folder.open(final) if final else None
    if found is None:
        return ""
    with found:
        return final if UploadRecord.of(found.state.note).concat == concat else ""


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
