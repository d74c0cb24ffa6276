"""What is left of a file without its metadata: pieces of it, and the kinds of what is left out."""

from dataclasses import dataclass, field
from typing import BinaryIO

from pastebin.images.metadata.kinds import in_exif
from pastebin.images.spliced import Piece

# EXIF blocks that are looked into; one is usual.
_MOST_BLOCKS = 8


@dataclass(slots=True)
class Plan:
    """Pieces that are kept, in order, and the kinds (`kinds.KINDS`) of what is not.

    With nothing removed the file is left as it is. `is_whole` is false where the file's end is missing.
    `exif` is the first EXIF block (TIFF, maybe after `Exif\\0\\0`).
    """

    pieces: list[Piece] = field(default_factory=list)
    removed: set[str] = field(default_factory=set)
    is_whole: bool = True
    exif: bytes = b""
    exif_blocks: int = 0

    def leave_out_exif(self, exif: bytes) -> None:
        """Note an EXIF block that is not kept."""
        self.exif = self.exif or exif
        self.exif_blocks += 1
        self.removed |= in_exif(exif) if self.exif_blocks <= _MOST_BLOCKS else {"other"}

    def keep(self, start: int, end: int) -> None:
        """Keep a part of the file; parts that touch are joined."""
        last = self.pieces[-1] if self.pieces else None
        if isinstance(last, tuple) and last[1] == start:
            self.pieces[-1] = (last[0], end)
        elif start < end:
            self.pieces.append((start, end))

    def splice(self, patches: dict[int, bytes], size: int) -> None:
        """Make the pieces: a file of `size` bytes with other bytes in some places, each for itself."""
        position = 0
        for place, data in sorted(patches.items()):
            if place < position or place + len(data) > size:
                raise Unreadable("metadata lies on something else")
            self.keep(position, place)
            self.pieces.append(data)
            position = place + len(data)
        self.keep(position, size)


class Unreadable(ValueError):
    """The structure of a file is not what it should be."""


def read_exactly(file: BinaryIO, position: int, size: int) -> bytes:
    """Return bytes of a file. Raises Unreadable where it ends before."""
    file.seek(position)
    data = file.read(size)
    if len(data) < size:
        raise Unreadable("the file ends within its structure")
    return data
