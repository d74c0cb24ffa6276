"""The frames of a GIF as browsers compose them. Layout: GIF89a specification, W3C.

Pillow fills what no frame covers, or what a frame is disposed of from, with the background colour;
browsers leave it transparent. Here each frame is decoded by Pillow as a picture of its own.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO, cast

from PIL import Image
from PIL.GifImagePlugin import GifImageFile

from pastebin.images.geometry import Size
from pastebin.images.spliced import SplicedFile

_EXTENSION, _IMAGE, _CONTROL = b"!", b",", b"\xf9"
_NO_MORE = (b"", b";")
_TO_BACKGROUND, _TO_PREVIOUS = 2, 3
_MILLISECONDS = 10  # a GIF's unit of time


@dataclass(slots=True)
class _Control:
    """What a graphic control extension says of the frame that follows it; `data` is the extension itself."""

    disposal: int = 0
    duration: int = 0
    data: bytes = b""


@dataclass(frozen=True, slots=True)
class _Frame:
    box: tuple[int, int, int, int]
    control: _Control
    image: SplicedFile


def composed_frames(file: BinaryIO, size: Size, count: int) -> Iterator[tuple[Image.Image, int]]:
    """Yield the first `count` frames on a canvas of `size`, RGBA, each with its duration in milliseconds.

    A frame that is yielded may be drawn over when the next one is asked for. Raises EOFError for too few.
    """
    canvas = Image.new("RGBA", size)
    for frame in _frames(file, count):
        before = canvas.copy() if frame.control.disposal == _TO_PREVIOUS else None
        with GifImageFile(cast(BinaryIO, frame.image)) as image:
            image.load()
            picture = image.convert("RGBA")
        canvas.paste(picture, frame.box[:2], picture)
        del picture, image  # they would be held while the canvas is scaled
        yield canvas, frame.control.duration
        if before is not None:
            canvas = before
        elif frame.control.disposal == _TO_BACKGROUND:
            canvas.paste((0, 0, 0, 0), frame.box)


def _frames(file: BinaryIO, count: int) -> Iterator[_Frame]:
    file.seek(0)
    header = file.read(13)
    colours = _colours(file, header[10])
    control = _Control()
    position = file.tell()
    while count:
        kind = _read_at(file, position, 1)
        if kind in _NO_MORE:
            raise EOFError("a frame is missing")
        if kind == _IMAGE:
            frame, position = _frame(file, header[10:13], colours, control)
            yield frame
            count -= 1
            control = _Control()
            continue
        if kind == _EXTENSION:
            control = _extension(file, control)
        position = file.tell()


def _extension(file: BinaryIO, control: _Control) -> _Control:
    """Pass over an extension; return what has been said of the next frame."""
    if file.read(1) == _CONTROL:
        return _control(file.read(6))
    _skip_blocks(file)
    return control


def _read_at(file: BinaryIO, position: int, size: int) -> bytes:
    """Read where the structure goes on: whoever got the frame before may have moved the file."""
    file.seek(position)
    return file.read(size)


def _control(data: bytes) -> _Control:
    """Return what six bytes of an extension say: a length, flags, a time, an index, an end."""
    if len(data) < 6 or data[0] != 4:
        return _Control()
    (hundredths,) = struct.unpack_from("<H", data, 2)
    disposal = data[1] >> 2 & 7
    return _Control(disposal, hundredths * _MILLISECONDS, b"!\xf9" + data)


def _frame(file: BinaryIO, screen: bytes, colours: bytes, control: _Control) -> tuple[_Frame, int]:
    """Return a frame as a GIF of its own, and where what follows begins; `screen` ends the header."""
    descriptor = file.read(9)
    left, top, width, height, flags = struct.unpack("<HHHHB", descriptor)
    own_colours = _colours(file, flags)
    if not (colours or own_colours):
        raise ValueError("a frame has no colours")
    start = file.tell()
    file.seek(1, 1)
    _skip_blocks(file)
    end = file.tell()
    head = b"GIF89a" + struct.pack("<HH", width, height) + screen + colours + control.data
    image = b"," + struct.pack("<HHHHB", 0, 0, width, height, flags) + own_colours
    box = (left, top, left + width, top + height)
    return _Frame(box, control, SplicedFile(file, [head + image, (start, end), b";"])), end


def _colours(file: BinaryIO, flags: int) -> bytes:
    return file.read(3 << (flags & 7) + 1) if flags & 0x80 else b""


def _skip_blocks(file: BinaryIO) -> None:
    while (length := file.read(1)) and length[0]:
        file.seek(length[0], 1)
