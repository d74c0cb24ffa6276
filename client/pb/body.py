"""What requests carry: bytes, a part of a file, a form."""

import os
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import BinaryIO, Protocol
from urllib.parse import quote
from uuid import uuid4

from .failures import LocalFault

Watch = Callable[[bytes], None]

_PLAIN = re.compile(r"[\w .+,;=@()-]+", re.ASCII)


class Body(Protocol):
    """What is sent: bytes, from the beginning, and how many there are."""

    size: int

    def read(self, size: int = -1) -> bytes:
        """Return the next bytes, nothing at the end."""


class Bytes:
    """Some bytes in memory."""

    def __init__(self, data: bytes, watch: Watch = lambda _data: None) -> None:
        self.size = len(data)
        self._left = memoryview(data)
        self._watch = watch

    def read(self, size: int = -1) -> bytes:
        """Return the next bytes."""
        size = len(self._left) if size < 0 else size
        data, self._left = bytes(self._left[:size]), self._left[size:]
        self._watch(data)
        return data


class FilePart:
    """A part of an open file, of a length that was promised; LocalFault if the file has less."""

    def __init__(self, file: BinaryIO, start: int, size: int, watch: Watch = lambda _data: None) -> None:
        self.size = size
        self._file = file
        self._position = start
        self._end = start + size
        self._watch = watch

    def read(self, size: int = -1) -> bytes:
        """Return the next bytes."""
        left = self._end - self._position
        wanted = left if size < 0 else min(size, left)
        if wanted == 0:
            return b""
        try:
            data = os.pread(self._file.fileno(), wanted, self._position)
        except OSError as error:
            raise LocalFault(f"{self._file.name} cannot be read: {error.strerror}") from error
        if not data:
            raise LocalFault(f"{self._file.name} became shorter while it was sent")
        self._position += len(data)
        self._watch(data)
        return data


@dataclass
class FormFile:
    """A file of a form: its name there, and a function that opens its bytes."""

    name: str
    size: int
    open: Callable[[], "Bytes | FilePart"]


class Form:
    """multipart/form-data, made while it is sent: files are never in memory as a whole."""

    def __init__(self, fields: Sequence[tuple[str, str]], files: Sequence[FormFile]) -> None:
        self._boundary = uuid4().hex
        small = b"".join(self._head(f'name="{name}"') + _text(value) + b"\r\n" for name, value in fields)
        self._pieces: list[bytes | FormFile] = [small]
        for file in files:
            self._pieces += [self._head(f'name="file"; {_filename(file.name)}'), file, b"\r\n"]
        self._pieces.append(f"--{self._boundary}--\r\n".encode())
        self.size = sum(len(piece) if isinstance(piece, bytes) else piece.size for piece in self._pieces)
        self._open: Bytes | FilePart = Bytes(b"")

    @property
    def content_type(self) -> str:
        """Return the media type, with the boundary."""
        return f"multipart/form-data; boundary={self._boundary}"

    def read(self, size: int = -1) -> bytes:
        """Return the next bytes, seldom as many as are asked for; nothing at the end."""
        while not (data := self._open.read(size)) and self._pieces:
            piece = self._pieces.pop(0)
            self._open = Bytes(piece) if isinstance(piece, bytes) else piece.open()
        return data

    def _head(self, disposition: str) -> bytes:
        return _text(f"--{self._boundary}\r\nContent-Disposition: form-data; {disposition}\r\n\r\n")


def _text(text: str) -> bytes:
    return text.encode("utf-8", "replace")


def _filename(name: str) -> str:
    """Return the parameter of a file name: quoted where that has one meaning, else as RFC 5987 has it."""
    if _PLAIN.fullmatch(name):
        return f'filename="{name}"'
    return f"filename*=UTF-8''{quote(name, safe='', errors='replace')}"
