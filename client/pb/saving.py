"""Files that downloads become: never over an existing one, never outside the folder."""

import fcntl
import hashlib
import os
import re
from email.message import Message
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self
from urllib.parse import unquote

from .failures import LocalFault
from .words import visible

_EXTENDED = re.compile(r"filename\*\s*=\s*UTF-8''([^\s;]+)", re.IGNORECASE)
_BLOCK = 2**20
_NAME_BYTES = 200  # file systems take 255; something is put in front of it while it comes in


def name_in(headers: Message, fallback: str) -> str:
    """Return the file name that a server tells, as it may be used in a folder of ours."""
    said = headers.get("Content-Disposition", "")
    found = _EXTENDED.search(said)
    return safe_name(unquote(found[1], errors="replace") if found else fallback)


def safe_name(name: str) -> str:
    """Return the last part of a name, visible, not hidden, and short enough."""
    last = visible(re.split(r"[/\\]", name)[-1]).strip()
    if last.startswith("."):
        last = f"_{last[1:]}"  # a stranger's .bashrc is not to be one
    stem, dot, suffix = last.rpartition(".")
    tail = (dot + suffix).encode()[:20] if stem else b""
    head = (stem or last).encode()[: _NAME_BYTES - len(tail)]
    return (head + tail).decode("utf-8", "ignore") or "file"


def target_of(output: str | None, name: str) -> Path:
    """Return the path to save under: a name in this folder, in another one, or a whole path."""
    if output is None:
        return Path(name)
    path = Path(output)
    return path / name if output.endswith("/") or path.is_dir() else path


def _open_plain(path: str, flags: int) -> int:
    """Open a file in its folder: a symbolic link under its name could lead out of it."""
    return os.open(path, flags | os.O_NOFOLLOW, 0o666)


class Part:
    """What has come of a download, beside its target, until it is whole; `tag` says of which bytes."""

    def __init__(self, target: Path, tag: str) -> None:
        self._target = target
        mark = hashlib.sha256(f"{target.name} {tag}".encode("utf-8", "replace")).hexdigest()[:16]
        self.path = target.with_name(f".pb-{mark}.part")
        try:
            self._file = open(self.path, "a+b", buffering=0, opener=_open_plain)  # noqa: SIM115 - see __exit__
        except OSError as error:
            raise _fault(self.path, error) from error
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            self._file.close()
            raise LocalFault(f"{target} is being downloaded by another pb") from error

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()

    @property
    def size(self) -> int:
        """Return how many bytes are here."""
        return os.fstat(self._file.fileno()).st_size

    def write(self, data: bytes) -> None:
        """Add some bytes."""
        try:
            while data:
                data = data[self._file.write(data) :]
        except OSError as error:
            raise _fault(self.path, error) from error

    def restart(self) -> None:
        """Forget what is here."""
        self._file.truncate(0)

    def sha256(self) -> str:
        """Return the SHA-256 of what is here."""
        digest = hashlib.sha256()
        self._file.seek(0)
        while data := self._file.read(_BLOCK):
            digest.update(data)
        return digest.hexdigest()

    def discard(self) -> None:
        """Remove it."""
        self.path.unlink(missing_ok=True)

    def finish(self, *, replace: bool) -> None:
        """Make it the target; LocalFault if something is there by now."""
        try:
            os.fsync(self._file.fileno())
            if replace:
                os.replace(self.path, self._target)
            else:
                _move_to_new(self.path, self._target)
        except OSError as error:
            raise _fault(self._target, error) from error


class Stream:
    """A download that goes straight on, to standard output: what was written cannot be taken back."""

    def __init__(self, stream: BinaryIO) -> None:
        self.size = 0
        self._stream = stream
        self._digest = hashlib.sha256()

    def write(self, data: bytes) -> None:
        """Pass some bytes on."""
        try:
            self._stream.write(data)
            self._stream.flush()
        except OSError as error:
            raise LocalFault(f"standard output: {error.strerror}") from error
        self.size += len(data)
        self._digest.update(data)

    def restart(self) -> None:
        """Begin anew, if nothing was written."""
        if self.size:
            raise LocalFault("the download was cut off, and what was written cannot be taken back")

    def sha256(self) -> str:
        """Return the SHA-256 of what was written."""
        return self._digest.hexdigest()


def require_new(target: Path) -> None:
    """Raise LocalFault if something is at a path, a broken link too."""
    if os.path.lexists(target):
        raise LocalFault(f"{visible(str(target))} is there already: -f replaces it")


def _move_to_new(part: Path, target: Path) -> None:
    try:
        os.link(part, target)
    except FileExistsError:
        require_new(target)
        raise
    except OSError:  # a file system without hard links
        require_new(target)
        os.rename(part, target)
    else:
        os.unlink(part)


def _fault(path: Path, error: OSError) -> LocalFault:
    return LocalFault(f"{visible(str(path))} cannot be written: {error.strerror}")
