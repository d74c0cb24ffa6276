"""TIFF without metadata: entries are taken out of their directories, and their values are blanked.

All else stays where it is, so that no other offset changes. Raw photographs are refused: how their pixels are
to be read is told in the same places.
"""

import struct
from typing import BinaryIO

from pastebin.images.metadata.kinds import in_iptc, in_xmp, kind_of_tag
from pastebin.images.metadata.plan import Plan, Unreadable
from pastebin.images.tiff_directories import BrokenTiff, Directory, Entry, TiffReader
from pastebin.media.raw_photographs import raw_type

_DETAILS, _GPS = 0x8769, 0x8825
_PACKETS = {0x02BC: in_xmp, 0x83BB: in_iptc}
_MOST_BLANKED = 64 * 2**20
_HEAD = 64 * 2**10

# Places of what is replaced, and what by.
_Patches = dict[int, bytes]


def plan_tiff(file: BinaryIO, size: int) -> Plan:
    """Plan a TIFF without metadata."""
    file.seek(0)
    if raw_type(file.read(_HEAD)):
        raise Unreadable("a raw photograph is read by its metadata")
    plan, patches = Plan(), _Patches()
    try:
        reader = TiffReader(file)
        if reader.is_big:
            raise Unreadable("this is a BigTIFF")
        for directory in reader.directories():
            _clean(file, reader, directory, plan, patches)
    except BrokenTiff as error:
        raise Unreadable(str(error)) from error
    plan.splice(patches, size)
    return plan


def _clean(file: BinaryIO, reader: TiffReader, directory: Directory, plan: Plan, patches: _Patches) -> None:
    """Leave out of a directory what says something of people."""
    kinds = {entry: _kinds(file, reader, entry) for entry in directory.entries}
    left = [entry for entry, found in kinds.items() if found]
    if not left:
        return
    for entry in left:
        plan.removed |= kinds[entry]
        _blank(entry, patches)
        if entry.tag in (_DETAILS, _GPS):
            _blank_directory(reader, entry, patches)
    patches[directory.place] = _rewritten(file, reader, directory, kinds)


def _kinds(file: BinaryIO, reader: TiffReader, entry: Entry) -> set[str]:
    if entry.tag == _GPS:
        return {"position"}
    if entry.tag == _DETAILS:
        (place,) = reader.numbers(entry)[:1] or (0,)
        found = {kind_of_tag(one.tag) for one in reader.directory(place).entries}
        return (found - {""}) or {"other"}
    if entry.tag in _PACKETS:
        file.seek(entry.place)
        return _PACKETS[entry.tag](file.read(min(entry.size, 2**20)))
    kind = kind_of_tag(entry.tag)
    return {kind} if kind else set()


def _blank(entry: Entry, patches: _Patches) -> None:
    if entry.size > _MOST_BLANKED:
        raise Unreadable("there is too much metadata")
    if entry.size > 4:
        patches[entry.place] = bytes(entry.size)


def _blank_directory(reader: TiffReader, entry: Entry, patches: _Patches) -> None:
    for place in reader.numbers(entry)[:1]:
        directory = reader.directory(place)
        for one in directory.entries:
            _blank(one, patches)
        patches[place] = bytes(6 + 12 * len(directory.entries))


def _rewritten(
    file: BinaryIO, reader: TiffReader, directory: Directory, kinds: dict[Entry, set[str]]
) -> bytes:
    """Return a directory without the entries that have a kind, as long as it was."""
    file.seek(directory.place + 2)
    data = file.read(12 * len(directory.entries))
    kept = [
        data[12 * number : 12 * number + 12]
        for number, entry in enumerate(directory.entries)
        if not kinds[entry]
    ]
    head, tail = (
        struct.pack(f"{reader.order}H", len(kept)),
        struct.pack(f"{reader.order}L", directory.following),
    )
    return (head + b"".join(kept) + tail).ljust(6 + len(data), b"\0")
