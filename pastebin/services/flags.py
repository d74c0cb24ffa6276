"""Switches of an administrator, obeyed by every process within two seconds."""

from datetime import UTC, datetime
from enum import StrEnum

from sqlalchemy import delete, select
from sqlalchemy.engine import Connection, Engine

from ..errors import NotFound, SwitchedOff
from ..models import FLAGS, WriteTransactions, insert_unless_exists
from .audit import Act, note
from .invalidations import Invalidations, Kind, record_kind
from .watched_set import WatchedSet


class Flag(StrEnum):
    """What can be switched."""

    READ_ONLY = "read-only"
    NO_UPLOADS = "no-uploads"
    NO_SIGNUP = "no-signup"


_SAID = {
    Flag.READ_ONLY: "Nothing can be changed here at the moment. Try again later.",
    Flag.NO_UPLOADS: "Nothing can be uploaded here at the moment. Try again later.",
    Flag.NO_SIGNUP: "No accounts can be made here at the moment. Try again later.",
}


def flag_named(name: str) -> Flag:
    """Return the flag with a name; NotFound if there is none."""
    if name not in list(Flag):
        raise NotFound(f"There is no flag {name}: the flags are {', '.join(Flag)}.")
    return Flag(name)


class FlagService:
    """The flags, kept in memory: asking costs no statement."""

    def __init__(self, engine: Engine, invalidations: Invalidations) -> None:
        self._transactions = WriteTransactions(engine)
        self._invalidations = invalidations
        self._on = WatchedSet(engine, invalidations, Kind.FLAGS, select(FLAGS.c.name))

    def on(self) -> frozenset[str]:
        """Return the names of the flags that are on."""
        return self._on.values()

    def known(self) -> frozenset[str]:
        """Return those that were on when this process last looked, for a page that only says so."""
        return self._on.known()

    def require_off(self, *flags: Flag) -> None:
        """Raise SwitchedOff if one of some flags is on."""
        on = self.on()
        for flag in flags:
            if flag in on:
                raise SwitchedOff(_SAID[flag])

    def switch(self, flag: Flag, actor: str, *, is_on: bool) -> None:
        """Switch a flag; what is so already is no act."""

        def write(connection: Connection) -> bool:
            found = connection.execute(select(FLAGS).where(FLAGS.c.name == flag)).first()
            if (found is not None) is is_on:
                return False
            if is_on:
                row = {"name": flag, "moment": datetime.now(UTC)}
                insert_unless_exists(connection, FLAGS, "name", [row])
            else:
                connection.execute(delete(FLAGS).where(FLAGS.c.name == flag))
            note(connection, Act.FLAG_ON if is_on else Act.FLAG_OFF, actor, flag)
            record_kind(connection, Kind.FLAGS)
            return True

        if self._transactions.run(write):
            self._invalidations.forget_kind(Kind.FLAGS)
