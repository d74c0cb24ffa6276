"""Boxes of ISO base media files, one after the other (ISO/IEC 14496-12, 4.2)."""

import struct
from collections.abc import Iterator
from typing import BinaryIO, NamedTuple

_MOST_BOXES = 5000


class BrokenBox(ValueError):
    """A box is longer than what holds it."""


class Box(NamedTuple):
    """The kind of a box, and where in the file it, its content and what follows it begin."""

    kind: bytes
    start: int
    content: int
    end: int


def boxes(file: BinaryIO, position: int, end: int) -> Iterator[Box]:
    """Yield the boxes that lie between two places of a file. Raises BrokenBox."""
    for _ in range(_MOST_BOXES):
        if position + 8 > end:
            return
        file.seek(position)
        head = file.read(16)
        if len(head) < 8:
            raise BrokenBox("the file ends within a box")
        length, kind = struct.unpack_from(">L4s", head)
        content = position + 8
        if length == 1:
            length = int.from_bytes(head[8:], "big")
            content += 8
        stop = end if length == 0 else position + length
        if stop < content or stop > end:
            raise BrokenBox("a box is longer than what holds it")
        yield Box(kind, position, content, stop)
        position = stop


def inside(file: BinaryIO, outer: Box, *path: bytes) -> Iterator[Box]:
    """Yield all boxes to which a path of kinds leads within one. Raises BrokenBox."""
    kind, *rest = path
    for box in boxes(file, outer.content, outer.end):
        if box.kind == kind:
            yield from inside(file, box, *rest) if rest else (box,)
