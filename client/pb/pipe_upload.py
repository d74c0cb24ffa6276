"""What comes from a pipe, by a resumable upload whose length is told at its end."""

import hashlib
from typing import Any

from .body import Bytes
from .resumable import Tus, arrived
from .sources import Pipe, read_fully
from .terminal import Terminal
from .terms import Terms

PIECE = 8 * 2**20  # kept in memory until the server has it


class PipeUpload:
    """Sends pipes to one server by tus; cut off they go on, but not in another run: the bytes are gone."""

    def __init__(self, tus: Tus, terminal: Terminal) -> None:
        self._tus = tus
        self._terminal = terminal

    def send(self, source: Pipe, first: bytes, name: str, terms: Terms) -> dict[str, Any] | None:
        """Send all of a pipe, whose first piece was read already; None where the server has no tus."""
        upload = self._tus.create(None, {"filename": name, **terms.fields()})
        if upload is None:
            return None
        piece, offset, sha256 = first, 0, hashlib.sha256()
        while True:
            sha256.update(piece)
            end = offset + len(piece)
            is_last = len(piece) < PIECE
            self._tus.send(upload, offset, end, _PieceReader(piece, offset), end if is_last else None)
            if is_last:
                return arrived(self._tus, upload, sha256.hexdigest())
            self._terminal.progress(name, end, None)
            piece, offset = read_fully(source.stream, PIECE), end


class _PieceReader:
    """Gives bodies from a piece, by the offset in the whole."""

    def __init__(self, piece: bytes, start: int) -> None:
        self._piece = piece
        self._start = start

    def __call__(self, offset: int, size: int) -> Bytes:
        begin = offset - self._start
        return Bytes(self._piece[begin : begin + size])
