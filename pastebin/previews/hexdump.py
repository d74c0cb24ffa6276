"""The beginning of any file in hex digits."""

from typing import BinaryIO

from .kinds import HexPreview

HEX_SIZE = 4096
_WIDTH = 16


def read_hex(reader: BinaryIO, size: int) -> HexPreview:
    """Return the first HEX_SIZE bytes from where `reader` stands, of `size` in all."""
    data = reader.read(HEX_SIZE)
    lines = [_line(offset, data[offset : offset + _WIDTH]) for offset in range(0, len(data), _WIDTH)]
    return HexPreview(lines, len(data), size)


def _line(offset: int, data: bytes) -> str:
    printable = "".join(chr(byte) if 0x20 <= byte < 0x7F else "." for byte in data)
    return f"{offset:08x}  {data[:8].hex(' '):23}  {data[8:].hex(' '):23}  |{printable}|"
