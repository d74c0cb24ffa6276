"""Hiding a file from everybody but operators, and showing it again."""

from typing import Any

from sqlalchemy import select, update
from sqlalchemy.engine import Connection

from ..models import FILES
from .audit import Act, note
from .events import FileQuarantined, FileReleased, announce
from .invalidations import record
from .links import end_copies
from .stored_file import StoredFile


def hide(
    connection: Connection, row: Any, actor: str, reason: str = "", *, is_hidden: bool
) -> list[StoredFile]:
    """Hide the file of a locked row, or show it again; return it as it is now, and its copies, which end.

    What is so already is no act.
    """
    file = StoredFile.of(row)
    if file.is_quarantined == is_hidden:
        return [file]
    which = FILES.c.id == row.id
    connection.execute(update(FILES).where(which).values(is_quarantined=is_hidden))
    act = Act.QUARANTINED if is_hidden else Act.RELEASED
    note(connection, act, actor, reason, file_id=file.id, sha256=file.sha256)
    record(connection, file)
    announce(connection, [FileQuarantined(file) if is_hidden else FileReleased(file)])
    now = StoredFile.of(connection.execute(select(FILES).where(which)).one())
    return [now, *end_copies(connection, file)]
