"""What was shared from here, with the addresses to change and delete it: history.jsonl."""

import fcntl
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from .failures import LocalFault
from .private import open_private
from .settings import origin_of, xdg_folder


def history_path(environ: Mapping[str, str]) -> Path:
    """Return where the history is kept."""
    return xdg_folder(environ, "XDG_DATA_HOME", ".local/share") / "pb" / "history.jsonl"


def same_place(address: str) -> tuple[object, ...]:
    """Return what two spellings of an address have in common."""
    return (*origin_of(address), urlsplit(address).path.rstrip("/"))


@dataclass(frozen=True)
class Shared:
    """A file or a collection that is on a server: its links and its management address."""

    link: str
    manage: str
    name: str
    size: int
    time: str
    expires: str | None = None
    links: list[str] = field(default_factory=list)

    def is_at(self, address: str) -> bool:
        """Tell whether an address leads to it."""
        return same_place(address) in map(same_place, [self.link, self.manage, *self.links])

    @property
    def has_expired(self) -> bool:
        """Tell whether its time is over."""
        with suppress(ValueError):
            moment = datetime.fromisoformat(self.expires) if self.expires else None
            return moment is not None and moment.tzinfo is not None and moment <= datetime.now(UTC)
        return False


@dataclass(frozen=True)
class Unfinished:
    """An upload that was begun: its address, the file, and what it is to become."""

    upload: str
    path: str
    size: int
    name: str
    terms: dict[str, str]
    has_password: bool
    time: str


_EVENTS: dict[str, type[Shared] | type[Unfinished]] = {"shared": Shared, "unfinished": Unfinished}


class History:
    """Events, one a line, only ever appended; one that is broken costs that line."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def require_writable(self) -> None:
        """Raise LocalFault if nothing could be kept: better before something is shared than after it."""
        os.close(open_private(self.path, os.O_RDWR | os.O_APPEND))

    def note(self, event: Shared | Unfinished) -> None:
        """Keep what was shared or begun."""
        kind = next(name for name, made in _EVENTS.items() if isinstance(event, made))
        self._append({"event": kind, **vars(event)})

    def note_end(self, address: str) -> None:
        """Keep that an upload or a link, by its management address, is no more."""
        self._append({"event": "ended", "address": address})

    def shared(self) -> list[Shared]:
        """Return what is shared, in order; the newest state of each."""
        return list(self._read()[0].values())

    def unfinished(self) -> list[Unfinished]:
        """Return the uploads that were begun and did not end."""
        return list(self._read()[1].values())

    def _read(self) -> tuple[dict[str, Shared], dict[str, Unfinished]]:
        shared: dict[str, Shared] = {}
        unfinished: dict[str, Unfinished] = {}
        for row in self._rows():
            match _event(row):
                case Shared() as event:
                    shared[event.manage] = event
                case Unfinished() as event:
                    unfinished[event.upload] = event
                case str(address):
                    shared.pop(address, None)
                    unfinished.pop(address, None)
        return shared, unfinished

    def _rows(self) -> Iterator[Any]:
        try:
            data = self.path.read_bytes()
        except FileNotFoundError:
            return
        except OSError as error:
            raise LocalFault(f"{self.path} cannot be read: {error.strerror}") from error
        for line in data.splitlines():
            with suppress(ValueError, RecursionError):
                yield json.loads(line)

    def _append(self, row: dict[str, Any]) -> None:
        line = json.dumps(row).encode() + b"\n"
        descriptor = open_private(self.path, os.O_RDWR | os.O_APPEND)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            if not _ends_with_newline(descriptor):
                line = b"\n" + line  # somebody was killed while writing
            if os.write(descriptor, line) != len(line):
                raise LocalFault(f"{self.path} cannot be written: the disk is full")
            os.fsync(descriptor)
        except OSError as error:
            raise LocalFault(f"{self.path} cannot be written: {error.strerror}") from error
        finally:
            os.close(descriptor)


def _ends_with_newline(descriptor: int) -> bool:
    size = os.fstat(descriptor).st_size
    return size == 0 or os.pread(descriptor, 1, size - 1) == b"\n"


def _event(row: Any) -> Shared | Unfinished | str | None:
    """Return what a row says, the address of what ended as text; None if it makes no sense."""
    if not isinstance(row, dict):
        return None
    kind, values = row.get("event"), {name: value for name, value in row.items() if name != "event"}
    if kind == "ended" and isinstance(values.get("address"), str):
        return str(values["address"])
    if kind not in _EVENTS or not _are_sound(values):
        return None
    with suppress(TypeError):
        return _EVENTS[kind](**values)
    return None


_TYPES: dict[str, type | tuple[type, ...]] = {
    **dict.fromkeys(("link", "manage", "name", "time", "upload", "path"), str),
    "size": int,
    "expires": (str, type(None)),
    "links": list,
    "terms": dict,
    "has_password": bool,
}


def _are_sound(values: dict[str, Any]) -> bool:
    """Tell whether values are of their types; who can write the file may have written nonsense."""
    if not all(isinstance(value, _TYPES.get(name, ())) for name, value in values.items()):
        return False
    inner = [*values.get("links", ()), *values.get("terms", {}).values()]
    return all(isinstance(one, str) for one in inner)
