"""The beginning of any file in hex digits."""

from dataclasses import dataclass
from typing import BinaryIO, ClassVar, Self

from .base import N_, ContentPreview, FileFacts

HEX_SIZE = 4096
_WIDTH = 16


@dataclass(frozen=True, slots=True)
class HexPreview(ContentPreview):
    """The first `shown` of `size` bytes: lines of offset, hex digits and printable characters (text)."""

    lines: list[str]
    shown: int
    size: int

    kind: ClassVar[str] = "hex"
    label: ClassVar[str] = N_("Bytes")
    is_openable: ClassVar[bool] = False
    is_long: ClassVar[bool] = True

    @property
    def is_whole(self) -> bool:
        """Whether all bytes are here."""
        return self.shown == self.size

    @classmethod
    def suits(cls, file: FileFacts) -> bool:
        """Every file begins somehow."""
        return True

    @classmethod
    def read(cls, reader: BinaryIO, file: FileFacts, limit: int) -> Self:
        """Return the first HEX_SIZE bytes from where `reader` stands, whatever the limit is."""
        data = reader.read(HEX_SIZE)
        lines = [_line(offset, data[offset : offset + _WIDTH]) for offset in range(0, len(data), _WIDTH)]
        return cls(lines, len(data), file.size)


def _line(offset: int, data: bytes) -> str:
    printable = "".join(chr(byte) if 0x20 <= byte < 0x7F else "." for byte in data)
    return f"{offset:08x}  {data[:8].hex(' '):23}  {data[8:].hex(' '):23}  |{printable}|"
