"""Changing and ending files by their public names: by their owner, or by an operator.

Each of many has an outcome of its own: the file as it is now, or the error that kept it as it was.
"""

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.engine import Connection, Engine

from ..errors import Forbidden, NotFound, OfCollection, Outdated, PastebinError
from ..models import FILES, WriteTransactions
from ..names import may_be_filehash
from .account_files import is_there
from .curation import curate
from .file_records import new_management_key
from .hiding import hide
from .invalidations import Invalidations
from .links import Changes, Ending, end, set_terms
from .stored_file import StoredFile

Outcomes = dict[str, StoredFile | PastebinError]

# What is done to the row of a file: the files that change by it, itself first, or the error.
Work = Callable[[Connection, Any], list[StoredFile] | PastebinError]


class FileChanges:
    """Changes of files, of many in one transaction. With a `version` only what still has it is changed."""

    def __init__(self, engine: Engine, invalidations: Invalidations) -> None:
        self._transactions = WriteTransactions(engine)
        self._invalidations = invalidations

    def change(
        self, names: Sequence[str], changes: Changes, owner_id: int, version: str | None = None
    ) -> Outcomes:
        """Change the terms of an account's files."""

        def work(connection: Connection, row: Any) -> list[StoredFile] | PastebinError:
            if row.collection_id is not None:
                return OfCollection("This file has the terms of its collection: change those.")
            return set_terms(connection, row.id, changes, new_management_key())

        return self._each(names, is_there(owner_id), version, work)

    def end(
        self, names: Sequence[str], ending: Ending, owner_id: int | None = None, version: str | None = None
    ) -> Outcomes:
        """End files, those of an account or whoever has them."""
        conditions = [] if owner_id is None else is_there(owner_id)
        return self._each(
            names, conditions, version, lambda connection, row: end(connection, StoredFile.of(row), ending)
        )

    def quarantine(
        self, names: Sequence[str], actor: str, *, is_hidden: bool, version: str | None = None
    ) -> Outcomes:
        """Hide files from all but operators, or let them be seen again; each has an entry in the audit."""

        def work(connection: Connection, row: Any) -> list[StoredFile]:
            return hide(connection, row, actor, is_hidden=is_hidden)

        return self._each(names, [], version, work)

    def curate(
        self,
        names: Sequence[str],
        actor: str,
        *,
        is_off: bool,
        reason: str = "",
        version: str | None = None,
    ) -> Outcomes:
        """Keep listed files off the list, or put them back; each has an entry in the audit."""

        def work(connection: Connection, row: Any) -> list[StoredFile] | PastebinError:
            try:
                return [curate(connection, row, actor, reason, is_off=is_off)]
            except Forbidden as error:
                return error

        return self._each(names, [], version, work)

    def _each(
        self, names: Sequence[str], conditions: Sequence[Any], version: str | None, work: Work
    ) -> Outcomes:
        named = FILES.c.filehash.in_(sorted(filter(may_be_filehash, set(names))))
        query = select(FILES).where(named, FILES.c.sha256.is_not(None), *conditions).with_for_update()

        def write(connection: Connection) -> tuple[Outcomes, list[StoredFile]]:
            rows = {row.filehash: row for row in connection.execute(query)}
            outcomes: Outcomes = {}
            changed: list[StoredFile] = []
            for name in dict.fromkeys(names):
                outcome = _outcome(connection, rows.get(name), version, work)
                if isinstance(outcome, PastebinError):
                    outcomes[name] = outcome
                else:
                    outcomes[name] = outcome[0]
                    changed += outcome
            return outcomes, changed

        outcomes, changed = self._transactions.run(write)
        self._invalidations.forget(*changed)
        return outcomes


def _outcome(
    connection: Connection, row: Any, version: str | None, work: Work
) -> list[StoredFile] | PastebinError:
    if row is None:
        return NotFound("There is no such file.")
    if version not in (None, StoredFile.of(row).version):
        return Outdated("This has been changed since you read it. Read it again.")
    return work(connection, row) or NotFound("There is no such file.")
