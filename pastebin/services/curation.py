"""Keeping a file off the list of the newest, and putting it back, as editors do. Its link stays."""

from typing import Any

from sqlalchemy import select, update
from sqlalchemy.engine import Connection

from ..errors import Forbidden
from ..models import FILES
from .audit import Act, note
from .invalidations import record
from .stored_file import StoredFile


def curate(connection: Connection, row: Any, actor: str, reason: str = "", *, is_off: bool) -> StoredFile:
    """Keep the file of a locked row off the list, or put it back; return it as it is now.

    What is so already is no act. Forbidden for a file that nobody has listed.
    """
    file = StoredFile.of(row)
    if file.is_off_list == is_off:
        return file
    if not file.is_listed and is_off:
        raise Forbidden("This file is not listed.")
    which = FILES.c.id == row.id
    connection.execute(update(FILES).where(which).values(is_off_list=is_off))
    act = Act.OFF_LIST if is_off else Act.ON_LIST
    note(connection, act, actor, reason, file_id=file.id, sha256=file.sha256)
    record(connection, file)
    return StoredFile.of(connection.execute(select(FILES).where(which)).one())
