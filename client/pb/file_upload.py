"""One file by a resumable upload: begun or gone on with, never a mixture of two files."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, BinaryIO

from .body import FilePart
from .failures import LocalFault, NotThere
from .history import History, Unfinished
from .resumable import Tus, arrived
from .sources import LocalFile
from .terminal import Terminal
from .terms import Terms

PIECE = 64 * 2**20  # of a file; each is a request, synced to the server's disk
_BLOCK = 2**20


@dataclass
class _Hash:
    """The SHA-256 of the first bytes of a file, however often some of them are read."""

    done: int = 0
    sha256: Any = field(default_factory=hashlib.sha256)

    def take(self, position: int, data: bytes) -> None:
        """Take some bytes at a position."""
        if position > self.done:  # another pb has sent what is between; it is read at the end
            return
        new = data[self.done - position :]
        self.sha256.update(new)
        self.done += len(new)

    def hexdigest(self) -> str:
        """Return the SHA-256 so far."""
        return str(self.sha256.hexdigest())


class _Watch:
    """Hashes what is read of a file from a position on, and tells how far it is."""

    def __init__(self, position: int, digest: _Hash, show: Callable[[int], None]) -> None:
        self._position = position
        self._digest = digest
        self._show = show

    def __call__(self, data: bytes) -> None:
        self._digest.take(self._position, data)
        self._position += len(data)
        self._show(self._position)


class FileUpload:
    """Sends files to one server by tus."""

    def __init__(self, tus: Tus, history: History, terminal: Terminal) -> None:
        self._tus = tus
        self._history = history
        self._terminal = terminal

    def send(self, source: LocalFile, terms: Terms) -> dict[str, Any] | None:
        """Send a file and return what it became; None where the server has no resumable uploads."""
        with source.open() as file:
            known = self._go_on(source, file, terms)
            upload = known[0] if known else self._begin(source, terms)
            if upload is None:
                return None
            digest = known[1] if known else _Hash()
            self._send_pieces(source, file, upload, digest)
            said = self._finished(source, file, upload, digest)
        if known and terms.password:  # the one that was told when the upload began may be another
            terms.set_password(self._tus.web, said["url_m"])
        return {**said, "upload": upload}

    def _go_on(self, source: LocalFile, file: BinaryIO, terms: Terms) -> tuple[str, _Hash] | None:
        """Return an earlier upload of this file and the hash of what the server has of it."""
        for known in self._history.unfinished():
            if not self._is_of(known, source, terms):
                continue
            digest = self._prefix(known.upload, source, file)
            if digest is not None:
                return known.upload, digest
            self._history.note_end(known.upload)
        return None

    def _prefix(self, upload: str, source: LocalFile, file: BinaryIO) -> _Hash | None:
        """Return the hash of what the server has, if the file still begins so; else give the upload up."""
        try:
            state = self._tus.settled_state(upload)
        except NotThere:
            return None
        offset = state.get("offset")
        if state.get("length") == source.size and isinstance(offset, int) and 0 <= offset <= source.size:
            digest = _hash_up_to(file, offset)
            if digest.hexdigest() == state.get("prefix_sha256"):
                return digest
        self._terminal.say(f"{source.name} has changed: it is sent anew")
        self._tus.drop(upload)
        return None

    def _is_of(self, known: Unfinished, source: LocalFile, terms: Terms) -> bool:
        asked = (str(source.path.absolute()), source.name, terms.public(), bool(terms.password))
        kept = (known.path, known.name, known.terms, known.has_password)
        return asked == kept and known.upload.startswith(self._tus.base)

    def _begin(self, source: LocalFile, terms: Terms) -> str | None:
        upload = self._tus.create(source.size, {"filename": source.name, **terms.fields()})
        if upload is not None:
            begun = Unfinished(
                upload,
                str(source.path.absolute()),
                source.size,
                source.name,
                terms.public(),
                bool(terms.password),
                datetime.now(UTC).isoformat(timespec="seconds"),
            )
            self._history.note(begun)
        return upload

    def _send_pieces(self, source: LocalFile, file: BinaryIO, upload: str, digest: _Hash) -> None:
        def part(start: int, size: int) -> FilePart:
            return FilePart(file, start, size, _Watch(start, digest, lambda now: self._show(source, now)))

        offset = digest.done
        while True:
            self._require_unchanged(source, file, upload)
            offset = self._tus.send(upload, offset, min(source.size, offset + PIECE), part)
            if offset >= source.size:
                return

    def _show(self, source: LocalFile, position: int) -> None:
        self._terminal.way_on = (
            f"{position * 100 // source.size} % of {source.name} is sent: the same command goes on with it"
        )
        self._terminal.progress(source.name, position, source.size)

    def _require_unchanged(self, source: LocalFile, file: BinaryIO, upload: str) -> None:
        try:
            source.require_unchanged(file)
        except LocalFault:
            self._tus.drop(upload)
            self._history.note_end(upload)
            raise

    def _finished(self, source: LocalFile, file: BinaryIO, upload: str, digest: _Hash) -> dict[str, Any]:
        """Return what the upload became; take it back if its file changed in its last moments."""
        self._terminal.way_on = ""
        _hash_up_to(file, source.size, digest)
        said = arrived(self._tus, upload, digest.hexdigest())
        try:
            source.require_unchanged(file)
        except LocalFault:
            self._tus.web.ask("DELETE", said["url_m"])
            self._history.note_end(upload)
            raise
        return said


def _hash_up_to(file: BinaryIO, end: int, digest: _Hash | None = None) -> _Hash:
    """Hash the first bytes of a file, those that are not in `digest` yet."""
    digest = digest or _Hash()
    part = FilePart(file, digest.done, end - digest.done)
    while data := part.read(_BLOCK):
        digest.take(digest.done, data)
    return digest
