"""GIF without comments and what applications have added, but for loops and profiles (GIF89a, 24 and 26)."""

from typing import BinaryIO

from pastebin.images.metadata.kinds import in_xmp
from pastebin.images.metadata.plan import Plan, Unreadable, read_exactly

_COMMENT, _APPLICATION, _PLAIN_TEXT = 0xFE, 0xFF, 0x01
_KEPT = (b"NETSCAPE2.0", b"ANIMEXTS1.0", b"ICCRGBG1012")
_MOST_BLOCKS = 100_000


def plan_gif(file: BinaryIO, size: int) -> Plan:
    """Plan a GIF without metadata. What follows its end is left out."""
    plan = Plan()
    position = 13 + _colours(read_exactly(file, 10, 1)[0])
    plan.keep(0, position)
    for _ in range(_MOST_BLOCKS):
        file.seek(position)
        kind = file.read(1)
        if kind in (b"", b";"):
            plan.keep(position, min(position + 1, size))
            if size > position + 1:
                plan.removed.add("other")
            return plan
        if kind == b"!":
            position = _take_extension(plan, file, position)
        elif kind == b",":
            start = position + 10 + _colours(read_exactly(file, position + 9, 1)[0]) + 1
            end = _end_of_blocks(file, start)
            plan.keep(position, end)
            position = end
        else:
            raise Unreadable("there is no such block")
    raise Unreadable("there are too many blocks")


def _take_extension(plan: Plan, file: BinaryIO, position: int) -> int:
    label = read_exactly(file, position + 1, 1)[0]
    end = _end_of_blocks(file, position + 2)
    if label == _COMMENT:
        plan.removed.add("text")
    elif label == _APPLICATION:
        data = read_exactly(file, position + 3, min(end - position - 3, 2**20))
        if data.startswith(_KEPT):
            plan.keep(position, end)
        else:
            plan.removed |= in_xmp(data) if data.startswith(b"XMP") else {"other"}
    else:
        plan.keep(position, end)
    return end


def _colours(flags: int) -> int:
    return 3 << (flags & 7) + 1 if flags & 0x80 else 0


def _end_of_blocks(file: BinaryIO, position: int) -> int:
    file.seek(position)
    while (length := file.read(1)) and length[0]:
        file.seek(length[0], 1)
    return file.tell()
