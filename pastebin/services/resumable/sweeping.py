"""When an upload is over, and what removes it then."""

import time

from ...errors import Locked, NotFound
from ...storage import Unfinished, UnfinishedFolder
from .records import UploadRecord


def ends_at(content: Unfinished, record: UploadRecord, lifetime: int) -> float:
    """Return when an upload is forgotten, in seconds since 1970."""
    return (content.changed_at if record.done_at is None else record.done_at) + lifetime


def sweep(folder: UnfinishedFolder, lifetime: int) -> int:
    """Remove the uploads whose time is over, unless somebody is at work on them; return how many."""
    removed, now = 0, time.time()
    for name in folder.names():
        content = folder.open(name)
        if content is not None:
            with content:
                removed += _is_removed(content, now, lifetime)
    folder.remove_orphans(now - lifetime)
    return removed


def _is_removed(content: Unfinished, now: float, lifetime: int) -> bool:
    try:
        with content.exclusive(0):
            if _end(content, lifetime) > now:
                return False
            content.remove()
    except (Locked, NotFound):
        return False
    return True


def _end(content: Unfinished, lifetime: int) -> float:
    try:
        return ends_at(content, UploadRecord.of(content.state.note), lifetime)
    except NotFound:  # a power cut has left no note
        return content.changed_at + lifetime
