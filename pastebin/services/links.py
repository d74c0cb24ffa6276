"""What the holder of a management key may do: look, change the terms, let go."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, case, delete, insert, select, update
from sqlalchemy.engine import Connection, Engine

from ..errors import NotFound
from ..models import FILES, HOLDERS, ITEMS, REPORTS, WriteTransactions, retry_on_disconnect
from ..names import new_filehash, suffix_of
from .audit import Act, note
from .collection_records import take_download
from .events import FileRemoved, announce
from .file_records import key_hash, new_management_key, own_key
from .invalidations import Invalidations, record
from .quotas import Quotas
from .stored_file import StoredFile, draw_number

# What a change of terms sets, as columns of the row; None removes one.
Changes = Mapping[str, Any]

# Columns that say who may see a file.
RIGHTS = frozenset({"password", "expires", "downloads_left", "is_private", "owner_id"})

_BY_FIRST_KEY = select(FILES).where(FILES.c.key_hash == bindparam("hash"))
_OTHER_KEY = HOLDERS.c.key_hash == bindparam("hash")
_BY_OTHER_KEY = select(FILES).join(HOLDERS, HOLDERS.c.file_id == FILES.c.id).where(_OTHER_KEY)
_BY_ID = select(FILES).where(FILES.c.id == bindparam("number"))
_LOCKED = _BY_ID.with_for_update()
_HOLDERS = select(HOLDERS.c.key_hash).where(HOLDERS.c.file_id == bindparam("number"))
_DROP_OTHER = delete(HOLDERS).where(_OTHER_KEY)
_COPIES = select(FILES).where(FILES.c.source_id == bindparam("number"))
_REPORTS_OF = delete(REPORTS).where(REPORTS.c.file_id == bindparam("number"))
_LAST_REPEAT = bindparam("until", type_=FILES.c.expires.type)

# Whose last download is taken ends some time after that: until then it may be repeated. In this order, as
# MariaDB lets a later column see an earlier one's new value.
_CLAIM = (
    update(FILES)
    .where(FILES.c.id == bindparam("number"), FILES.c.downloads_left > 0)
    .ordered_values(
        (
            FILES.c.expires,
            case(
                (FILES.c.downloads_left > 1, FILES.c.expires),
                (FILES.c.expires < _LAST_REPEAT, FILES.c.expires),
                else_=_LAST_REPEAT,
            ),
        ),
        (FILES.c.downloads_left, FILES.c.downloads_left - 1),
    )
)


@dataclass(frozen=True, slots=True)
class Ending:
    """Why a link ends, for the audit: the act, who did it, and the reason if one was given."""

    act: Act
    actor: str
    reason: str = ""


LET_GO = Ending(Act.DELETED, "key")
LET_GO_BY_OWNER = Ending(Act.DELETED, "account")
EXPIRED = Ending(Act.EXPIRED, "service")
USED = Ending(Act.USED, "service")


class LinkService:
    """Changes and ends of links. What ends is gone at once here, and within a second in other processes.

    A link whose last download was taken ends `repeat_seconds` later.
    """

    def __init__(
        self, engine: Engine, invalidations: Invalidations, quotas: Quotas, repeat_seconds: float
    ) -> None:
        self._engine = engine
        self._quotas = quotas
        self._repeat = timedelta(seconds=repeat_seconds)
        self._transactions = WriteTransactions(engine)
        self._invalidations = invalidations

    def find(self, management_key: str) -> StoredFile:
        """Return the file that a key holds; NotFound if it holds none."""

        def read() -> Any:
            with self._engine.connect() as connection:
                return _row_of(connection, management_key)

        row = retry_on_disconnect(read)
        if row is None:
            raise NotFound("There is nothing at this address.")
        return StoredFile.of(row)

    def release(self, management_key: str, *, is_unheard: bool = False) -> None:
        """Let a key go; the link ends with its last one, unless it belongs to an account that knows of it.

        NotFound if the key holds none.
        """

        def write(connection: Connection) -> list[StoredFile]:
            row, is_last = lock_held(connection, management_key)
            if is_last and (is_unheard or row.owner_id is None):
                return end(connection, StoredFile.of(row), LET_GO)
            _drop_key(connection, row, management_key)
            return []

        self._invalidations.forget(*self._transactions.run(write))

    def change(self, management_key: str, changes: Changes) -> StoredFile:
        """Change a link's terms and return it; one that others hold too stays theirs, a copy is changed.

        Resized copies end where somebody's right to see them has changed. QuotaExceeded if a copy of the
        link is too much.
        """

        def write(connection: Connection) -> list[StoredFile]:
            row, is_last = lock_held(connection, management_key)
            number = row.id
            if not is_last:
                number = split(connection, row, management_key)
                self._quotas.require_kept_by(connection, row.owner_id)
            return set_terms(connection, number, changes, management_key)

        file, *gone = self._transactions.run(write)
        self._invalidations.forget(file, *gone)
        return file

    def claim(self, file: StoredFile) -> bool:
        """Take one of a file's downloads, or of its collection's; False if none is left."""

        def write(connection: Connection) -> list[StoredFile] | None:
            if file.collection_id is not None:
                return take_download(connection, file.collection_id, self._repeat)
            given = {"number": file.id, "until": datetime.now(UTC) + self._repeat}
            if connection.execute(_CLAIM, given).rowcount != 1:
                return None
            record(connection, file)
            return [file]

        changed = self._transactions.run(write)
        self._invalidations.forget(*(changed or [file]))
        return changed is not None

    def end(self, file: StoredFile, ending: Ending) -> bool:
        """End a link, whoever holds it, with the copies made of it; False if it has ended already."""
        ended = self._transactions.run(lambda connection: end(connection, file, ending))
        self._invalidations.forget(*ended)
        return bool(ended)


def set_terms(connection: Connection, number: int, changes: Changes, management_key: str) -> list[StoredFile]:
    """Change the terms of a link, which nobody's upload finds from then on; return it, then what ends by it.

    `management_key` is one that nobody else has: what identifies the link is made of it.
    """
    values = {**changes, "link_key": own_key(management_key)}
    connection.execute(update(FILES).where(FILES.c.id == number).values(values))
    file = StoredFile.of(connection.execute(_BY_ID, {"number": number}).one())
    record(connection, file)
    return [file, *(end_copies(connection, file) if RIGHTS & changes.keys() else [])]


def end(connection: Connection, file: StoredFile, ending: Ending) -> list[StoredFile]:
    """Remove a link and its copies from every table but the audit; return the files that are gone."""
    if connection.execute(_LOCKED, {"number": file.id}).first() is None:
        return []
    copies = _copies(connection, file)
    _remove(connection, [file, *copies], ending)
    announce(connection, [FileRemoved(file, ending.act)])
    return [file, *copies]


def _copies(connection: Connection, file: StoredFile) -> list[StoredFile]:
    """Return the copies made of a file, those of copies included."""
    found: list[StoredFile] = []
    sources = [file]
    while sources:
        given = {"number": sources.pop().id}
        copies = [StoredFile.of(row) for row in connection.execute(_COPIES, given)]
        sources += copies
        found += copies
    return found


def end_copies(connection: Connection, file: StoredFile) -> list[StoredFile]:
    """Remove the resized copies made of a file, and return them."""
    copies = _copies(connection, file)
    _remove(connection, copies, LET_GO)
    return copies


def _remove(connection: Connection, files: list[StoredFile], ending: Ending) -> None:
    record(connection, *files)
    for one in files:
        connection.execute(delete(HOLDERS).where(HOLDERS.c.file_id == one.id))
        connection.execute(update(ITEMS).where(ITEMS.c.file_id == one.id).values(path=""))
        connection.execute(delete(FILES).where(FILES.c.id == one.id))
        connection.execute(_REPORTS_OF, {"number": one.id})
        note(connection, ending.act, ending.actor, ending.reason, file_id=one.id, sha256=one.sha256 or None)


def _row_of(connection: Connection, management_key: str) -> Any:
    values = {"hash": key_hash(management_key)}
    return (
        connection.execute(_BY_FIRST_KEY, values).first() or connection.execute(_BY_OTHER_KEY, values).first()
    )


def lock_held(connection: Connection, management_key: str) -> tuple[Any, bool]:
    """Return the row that a key holds, locked, and whether no other key holds it; NotFound without one."""
    hashed = key_hash(management_key)
    found = _row_of(connection, management_key)
    row = None if found is None else connection.execute(_LOCKED, {"number": found.id}).first()
    holders = [] if row is None else list(connection.scalars(_HOLDERS, {"number": row.id}))
    if row is not None and row.key_hash is not None:
        holders.append(row.key_hash)
    if row is None or hashed not in holders:  # or let go since it was found
        raise NotFound("There is nothing at this address.")
    return row, holders == [hashed]


def _drop_key(connection: Connection, row: Any, management_key: str) -> None:
    hashed = key_hash(management_key)
    if row.key_hash == hashed:
        connection.execute(update(FILES).where(FILES.c.id == row.id).values(key_hash=None))
    else:
        connection.execute(_DROP_OTHER, {"hash": hashed})


def split(connection: Connection, row: Any, management_key: str) -> int:
    """Move a key from a link that others hold to a copy of it, under a new name; return the copy's id."""
    _drop_key(connection, row, management_key)
    if row.link_key == own_key(management_key):  # as of one whose terms were changed before others held it
        others = {"link_key": own_key(new_management_key())}
        connection.execute(update(FILES).where(FILES.c.id == row.id).values(others))
    return insert_copy(connection, row, management_key)


def insert_copy(connection: Connection, row: Any, management_key: str, *, is_held: bool = True) -> int:
    """Insert a copy of a link under a new name, which a key holds or nothing yet; return its id."""
    values = dict(row._mapping)
    del values["id"]
    values |= {
        "filehash": new_filehash(suffix_of(row.filename)),
        "link_key": own_key(management_key),
        "key_hash": key_hash(management_key) if is_held else None,
        "short_id": draw_number(),
        "uploadtime": datetime.now(UTC),
        "collection_id": None,
    }
    number: int = connection.execute(insert(FILES).values(values)).lastrowid
    return number
