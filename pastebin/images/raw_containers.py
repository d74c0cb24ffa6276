"""Where the pictures are in raw photographs that are no usual TIFF: CR3, RAF, ORF.

Layouts as ExifTool and LibRaw document them.
"""

import struct
from collections.abc import Iterator
from contextlib import suppress
from typing import BinaryIO, cast

from pastebin.images.iso_boxes import BrokenBox, boxes, inside
from pastebin.images.spliced import SplicedFile
from pastebin.images.tiff_directories import BrokenTiff, Directory, TiffReader

# Where a picture begins in a file, and where it ends.
Span = tuple[int, int]

_RAF_PICTURE = 84  # where a RAF says where its picture begins, and how long it is

# Of a CR3: the box with a middling picture, that of the camera's words, and what stands before each of them.
_PREVIEW = bytes.fromhex("eaf42b5e1c984b88b9fbb7dc406e4d16")
_CANON = bytes.fromhex("85c0b687820f11e08111f4ce462b6a48")
_UUID, _BEFORE_PREVIEW, _PREVIEW_FIELDS = 16, 24, 24
_SAMPLES = (b"trak", b"mdia", b"minf", b"stbl")

_DETAILS, _MAKER_NOTE = 0x8769, 0x927C
_CAMERA_SETTINGS, _PREVIEW_PLACE, _PREVIEW_LENGTH = 0x2020, 0x0101, 0x0102
_UNDEFINED = 7  # a type of values

# How notes of Olympus begin, and how far their directory is from there; all offsets count from there too.
_NOTES = {b"OLYMPUS\0": 12, b"OM SYSTEM": 16}


def raf_pictures(file: BinaryIO) -> Iterator[Span]:
    """Yield where the picture in a RAF is. Raises struct.error."""
    file.seek(_RAF_PICTURE)
    start, length = struct.unpack(">LL", file.read(8))
    yield start, start + length


def cr3_pictures(file: BinaryIO) -> Iterator[Span]:
    """Yield where there may be pictures in a CR3. Raises BrokenBox, struct.error."""
    for box in boxes(file, 0, file.seek(0, 2)):
        if box.kind == b"uuid" and _at(file, box.content, _UUID) == _PREVIEW:
            start = box.content + _BEFORE_PREVIEW
            (length,) = struct.unpack_from(">L", _at(file, start, _PREVIEW_FIELDS), 20)
            yield start + _PREVIEW_FIELDS, start + _PREVIEW_FIELDS + length
        elif box.kind == b"moov":
            places = [_at(file, one.content + 8, 8) for one in inside(file, box, *_SAMPLES, b"co64")]
            sizes = [_at(file, one.content + 4, 12) for one in inside(file, box, *_SAMPLES, b"stsz")]
            for place, size in zip(places, sizes, strict=False):
                (start,) = struct.unpack(">Q", place)
                same, _, length = struct.unpack(">LLL", size.ljust(12, b"\0"))
                yield start, start + (same or length)


def cr3_directory(file: BinaryIO) -> bytes:
    """Return the first directory of a CR3, a TIFF, which says how it is turned; nothing without one."""
    with suppress(BrokenBox):
        for movie in boxes(file, 0, file.seek(0, 2)):
            for box in inside(file, movie, b"uuid") if movie.kind == b"moov" else ():
                if _at(file, box.content, _UUID) == _CANON:
                    words = boxes(file, box.content + _UUID, box.end)
                    return next((_at(file, one.content, 4096) for one in words if one.kind == b"CMT1"), b"")
    return b""


def orf_pictures(file: BinaryIO, reader: TiffReader, first: Directory) -> Iterator[Span]:
    """Yield where the picture in an ORF is. Raises BrokenTiff."""
    details = reader.directory(reader.first_number(first, _DETAILS))
    note = details.get(_MAKER_NOTE)
    if note is None:
        return
    head = _at(file, note.place, 16)
    place = next((place for mark, place in _NOTES.items() if head.startswith(mark)), None)
    if place is None:
        raise BrokenTiff("these are notes of another kind")
    order = b"II*\0" if reader.order == "<" else b"MM\0*"
    start = order + struct.pack(f"{reader.order}L", place)
    notes = TiffReader(cast(BinaryIO, SplicedFile(file, [start, (note.place + len(start), file.seek(0, 2))])))
    settings = notes.directory(_settings_place(notes, notes.directory(place)))
    begin = note.place + notes.first_number(settings, _PREVIEW_PLACE)
    yield begin, begin + notes.first_number(settings, _PREVIEW_LENGTH)


def _settings_place(notes: TiffReader, directory: Directory) -> int:
    """Return where the camera's settings are: a number says it, or they are the value themselves."""
    entry = directory.get(_CAMERA_SETTINGS)
    if entry is None:
        raise BrokenTiff("there are no settings")
    return entry.place if entry.kind == _UNDEFINED else notes.first_number(directory, _CAMERA_SETTINGS)


def _at(file: BinaryIO, place: int, size: int) -> bytes:
    file.seek(place)
    return file.read(size)
