"""Raw photographs by the largest picture that the camera has put into them, a JPEG."""

import struct
from collections.abc import Iterator
from contextlib import suppress
from typing import BinaryIO, NamedTuple, cast

from pastebin.errors import NotAnImage
from pastebin.images import exif
from pastebin.images.geometry import Size
from pastebin.images.headers import FRAMES, jpeg_size
from pastebin.images.iso_boxes import BrokenBox
from pastebin.images.jpeg import Jpeg, open_jpeg
from pastebin.images.raw_containers import Span, cr3_directory, cr3_pictures, orf_pictures, raf_pictures
from pastebin.images.spliced import SplicedFile
from pastebin.images.tiff_directories import BrokenTiff, Directory, TiffReader
from pastebin.media.raw_photographs import raw_signature

_COMPRESSION, _STRIPS, _ORIENTATION, _STRIP_LENGTHS = 0x0103, 0x0111, 0x0112, 0x0117
_JPEG_PLACE, _JPEG_LENGTH = 0x0201, 0x0202
_JPEG_COMPRESSIONS = (6, 7)
_PANASONIC_JPEG = 0x002E

_HEAD = 16

# Frames of a JPEG that is shown: baseline, extended, progressive. Raw data is kept in lossless ones.
_SHOWN_FRAMES = (0xC0, 0xC1, 0xC2)
_MOST_SEGMENTS = 100


class _Preview(NamedTuple):
    """A JPEG in a file: its pixels, its size, where it begins and ends."""

    pixels: int
    size: Size
    start: int
    end: int


def open_raw(file: BinaryIO) -> Jpeg:
    """Open the largest preview of a raw photograph, to be turned as the photograph is."""
    found, turned = _largest(file)
    image = open_jpeg(cast(BinaryIO, SplicedFile(file, [(found.start, found.end)])))
    image.info["exif"] = exif.orientation_block(turned)
    return image


def stored_size(file: BinaryIO) -> tuple[Size, int]:
    """Return the size of the largest preview, and the orientation of the photograph, 1 to 8."""
    found, turned = _largest(file)
    return found.size, turned


def _largest(file: BinaryIO) -> tuple[_Preview, int]:
    try:
        found = max(_previews(file), default=None)
        turned = _orientation(file, found)
    except (BrokenTiff, BrokenBox, struct.error, IndexError) as error:
        raise NotAnImage("this raw photograph is broken") from error
    if found is None:
        raise NotAnImage("there is no preview in this raw photograph")
    return found, turned


def _previews(file: BinaryIO) -> Iterator[_Preview]:
    for start, end in _spans(file):
        width, height = _size(file, start, end)
        if width * height:
            yield _Preview(width * height, (width, height), start, end)


def _spans(file: BinaryIO) -> Iterator[Span]:
    """Yield where there may be pictures."""
    file.seek(0)
    match raw_signature(file.read(_HEAD)):
        case "image/x-fuji-raf":
            return raf_pictures(file)
        case "image/x-canon-cr3":
            return cr3_pictures(file)
        case _:
            return _in_directories(file)


def _in_directories(file: BinaryIO) -> Iterator[Span]:
    reader = TiffReader(file)
    directories = list(reader.directories())
    for directory in directories:
        yield from _in_directory(reader, directory)
    with suppress(BrokenTiff):
        yield from orf_pictures(file, reader, directories[0])


def _in_directory(reader: TiffReader, directory: Directory) -> Iterator[Span]:
    whole = directory.get(_PANASONIC_JPEG)
    if whole:
        yield whole.place, whole.place + whole.size
    start = reader.first_number(directory, _JPEG_PLACE)
    length = reader.first_number(directory, _JPEG_LENGTH)
    if not start and reader.first_number(directory, _COMPRESSION) in _JPEG_COMPRESSIONS:
        strips = directory.get(_STRIPS)
        if strips is None or strips.count != 1:
            return
        start = reader.first_number(directory, _STRIPS)
        length = reader.first_number(directory, _STRIP_LENGTHS)
    yield start, start + length


def _orientation(file: BinaryIO, found: _Preview | None) -> int:
    """Return how a photograph is to be turned, 1 to 8: a RAF says it in its picture."""
    file.seek(0)
    match raw_signature(file.read(_HEAD)):
        case "image/x-fuji-raf":
            picture = SplicedFile(file, [(found.start, found.end)] if found else [])
            return jpeg_size(cast(BinaryIO, picture))[1]
        case "image/x-canon-cr3":
            return exif.orientation(cr3_directory(file))
    reader = TiffReader(file)
    turned = reader.first_number(reader.directory(reader.first), _ORIENTATION)
    return turned if 1 <= turned <= 8 else 1


def _size(file: BinaryIO, start: int, end: int) -> Size:
    """Return the size of the JPEG in a part of a file; 0 and 0 if there is none that can be shown."""
    file.seek(start)
    if end - start < 4 or file.read(2) != b"\xff\xd8":
        return 0, 0
    position = start + 2
    for _ in range(_MOST_SEGMENTS):
        file.seek(position)
        head = file.read(9)
        if len(head) < 9 or head[0] != 0xFF or position > end:
            return 0, 0
        if head[1] in FRAMES:
            height, width = int.from_bytes(head[5:7], "big"), int.from_bytes(head[7:9], "big")
            return (width, height) if head[1] in _SHOWN_FRAMES else (0, 0)
        position += 2 + int.from_bytes(head[2:4], "big")
    return 0, 0
