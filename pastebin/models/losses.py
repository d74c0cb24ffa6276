"""Migrations that lose what nothing can compute again: they say so, and refuse unless they are asked."""

from alembic.util import CommandError
from sqlalchemy import Select, func, select
from sqlalchemy.engine import Connection

from alembic import context

CONSENT = "lose-contents"


def refuse_to_lose(connection: Connection, rows: Select[tuple[object]], what: str, instead: str) -> None:
    """Raise CommandError if there are such rows, unless `-x lose-contents=yes` was given.

    `what` names the rows; `instead` is a sentence on what to do to keep them.
    """
    if context.is_offline_mode() or context.get_x_argument(as_dictionary=True).get(CONSENT) == "yes":
        return
    count = connection.scalar(select(func.count()).select_from(rows.subquery()))
    if count:
        raise CommandError(
            f"This would lose {what} ({count}). {instead} `alembic -x {CONSENT}=yes …` goes on."
        )
