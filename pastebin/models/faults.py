"""What an error of the database means: the one place where drivers' codes are read."""

from sqlalchemy.exc import (
    DataError,
    DBAPIError,
    IntegrityError,
    OperationalError,
    ProgrammingError,
    SQLAlchemyError,
)
from sqlalchemy.exc import TimeoutError as PoolTimeout

from ..errors import BadRequest, PastebinError, StorageFull, Unavailable


class DatabaseReadOnly(Unavailable):
    """The database answers, but takes nothing in."""

    code = "read_only"


class DatabaseBusy(Unavailable):
    """Others held what this work needed for too long."""

    code = "busy"


class NotMigrated(Unavailable):
    """The database lacks tables or columns of this version."""

    code = "not_migrated"


class RefusedValue(BadRequest):
    """The database cannot store a value as it was sent."""

    code = "refused_value"


# MariaDB's codes by number (mariadb.com/kb/en/mariadb-error-code-reference), SQLite's by the first two
# words of their names (sqlite.org/rescode.html).
_FULL = frozenset({1021, 1114, "SQLITE_FULL"})
_READ_ONLY = frozenset({1223, 1290, 1792, 1836, "SQLITE_READONLY"})
_CONFLICTS = frozenset({1020, 1205, 1213})
_BUSY = _CONFLICTS | {"SQLITE_BUSY", "SQLITE_LOCKED"}
_NOT_MIGRATED = frozenset({1054, 1146})
_NOT_MIGRATED_WORDS = ("no such table", "no such column", "has no column named")
_NO_ROOM_FOR_MARIADB = "error 28 "  # ENOSPC, inside 1030 ER_GET_ERRNO and others


_MESSAGES: dict[type[PastebinError], str] = {
    StorageFull: "The server's disk is full. Nothing was stored; try again later.",
    DatabaseReadOnly: "The database takes nothing in at the moment. Nothing was stored; try again later.",
    DatabaseBusy: "The database is busy. Nothing was changed; try again in a moment.",
    NotMigrated: "The database has not been migrated to this version: `alembic upgrade head` does that.",
    RefusedValue: "The database cannot store a name or a value of this request.",
    Unavailable: "The database does not answer. Nothing was changed; try again in a moment.",
}


def fault_of(error: SQLAlchemyError) -> PastebinError | None:
    """Return the service's own error for what went wrong in the database; None if that is a bug of ours."""
    kind = _kind_of(error)
    if kind is None:
        return None
    fault = kind(_MESSAGES[kind])
    fault.__cause__ = error
    return fault


def _kind_of(error: SQLAlchemyError) -> type[PastebinError] | None:
    code, text = code_of(error), str(getattr(error, "orig", ""))
    kind: type[PastebinError] | None = None
    if code in _FULL or _NO_ROOM_FOR_MARIADB in text:
        kind = StorageFull
    elif code in _READ_ONLY:
        kind = DatabaseReadOnly
    elif code in _BUSY or isinstance(error, PoolTimeout):
        kind = DatabaseBusy
    elif code in _NOT_MIGRATED or any(words in text for words in _NOT_MIGRATED_WORDS):
        kind = NotMigrated
    elif isinstance(error, DataError):
        kind = RefusedValue
    elif isinstance(error, DBAPIError) and not isinstance(error, IntegrityError | ProgrammingError):
        kind = Unavailable
    return kind


def code_of(error: SQLAlchemyError) -> object:
    """Return MariaDB's number of an error, or the first two words of SQLite's name for it."""
    cause = getattr(error, "orig", None)
    name = getattr(cause, "sqlite_errorname", None)
    if name is not None:
        return "_".join(name.split("_")[:2])
    return next(iter(getattr(cause, "args", ())), None)


def is_conflict(error: SQLAlchemyError) -> bool:
    """Tell whether a transaction met another one and may well succeed if it is done again."""
    return isinstance(error, OperationalError) and code_of(error) in _CONFLICTS


def is_lost_connection(error: DBAPIError) -> bool:
    """Tell whether only the connection was lost, so that another one may do.

    A server that hangs would hang again. A disk that failed SQLite must not be believed a second time: the
    kernel reports a failed write once.
    """
    is_of_sqlite = getattr(error.orig, "sqlite_errorname", None) is not None
    return error.connection_invalidated and not is_of_sqlite and "timed out" not in str(error.orig)


def summary_of(error: SQLAlchemyError | PastebinError) -> str:
    """Return one line for the log: never SQL, and no text of a driver that repeats values."""
    cause = getattr(error, "orig", None)
    if cause is None:
        return f"{type(error).__name__}: {error}".partition("\n")[0]
    if isinstance(error, IntegrityError | DataError):
        return f"{type(error).__name__} {code_of(error)}"
    return f"{type(error).__name__}: {cause}".replace("\n", " ")
