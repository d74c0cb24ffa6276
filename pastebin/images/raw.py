"""Raw photographs by the largest picture that the camera has put into them, a JPEG."""

from collections.abc import Iterator
from typing import BinaryIO, NamedTuple, cast

from pastebin.errors import NotAnImage
from pastebin.images.exif import orientation_block
from pastebin.images.geometry import Size
from pastebin.images.headers import FRAMES
from pastebin.images.jpeg import Jpeg, open_jpeg
from pastebin.images.spliced import SplicedFile
from pastebin.images.tiff_directories import BrokenTiff, Directory, TiffReader

_COMPRESSION, _STRIPS, _ORIENTATION, _STRIP_LENGTHS = 0x0103, 0x0111, 0x0112, 0x0117
_JPEG_PLACE, _JPEG_LENGTH = 0x0201, 0x0202
_JPEG_COMPRESSIONS = (6, 7)

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
    image.info["exif"] = orientation_block(turned)
    return image


def stored_size(file: BinaryIO) -> tuple[Size, int]:
    """Return the size of the largest preview, and the orientation of the photograph, 1 to 8."""
    found, turned = _largest(file)
    return found.size, turned


def _largest(file: BinaryIO) -> tuple[_Preview, int]:
    try:
        reader = TiffReader(file)
        directories = list(reader.directories())
        found = max(_previews(file, reader, directories), default=None)
        turned = reader.first_number(directories[0], _ORIENTATION)
    except BrokenTiff as error:
        raise NotAnImage("this raw photograph is broken") from error
    if found is None:
        raise NotAnImage("there is no preview in this raw photograph")
    return found, turned if 1 <= turned <= 8 else 1


def _previews(file: BinaryIO, reader: TiffReader, directories: list[Directory]) -> Iterator[_Preview]:
    for directory in directories:
        start = reader.first_number(directory, _JPEG_PLACE)
        length = reader.first_number(directory, _JPEG_LENGTH)
        if not start and reader.first_number(directory, _COMPRESSION) in _JPEG_COMPRESSIONS:
            strips = directory.get(_STRIPS)
            if strips is None or strips.count != 1:
                continue
            start = reader.first_number(directory, _STRIPS)
            length = reader.first_number(directory, _STRIP_LENGTHS)
        width, height = _size(file, start, start + length)
        if width * height:
            yield _Preview(width * height, (width, height), start, start + length)


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
