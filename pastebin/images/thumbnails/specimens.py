"""What a font looks like, by FreeType: its name, its letters, and the size of its letters in lines."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO

from PIL import Image, ImageDraw, ImageFont

from pastebin.errors import NotAnImage
from pastebin.images.geometry import Size

_LONGEST = 32 * 2**20

# What is shown of a font, as far as it has the letters: a line each.
_LINES = (
    "AaBbCcDdEeFfGgHhIi", "0123456789 &?!@€", "АаБбВвГгДдЕеЖж", "ΑαΒβΓγΔδΕεΖζ", "אבגדהוזח",
    "ابتثجحخد", "अआइईउऊ", "永和春天日本語", "あいうえおカキク", "한글가나다라",
)  # fmt: skip
_MOST_LINES = 5

_PAPER, _INK, _PALE = (250, 250, 249), (40, 44, 52), (110, 116, 128)

# No font has a letter for it, so it looks as what is missing does.
_MISSING = "\U0010fffe"

_Font = ImageFont.FreeTypeFont


def specimen(file: BinaryIO, size: Size) -> Image.Image:
    """Draw a specimen of a font (TrueType, OpenType, WOFF) as large as `size`. Raises NotAnImage."""
    with _reading():
        return _draw(_whole(file), size)


def names_of(file: BinaryIO) -> tuple[str, str]:
    """Return family and style of a font as far as they can be shown. Raises NotAnImage."""
    with _reading():
        family, style = _opened(_whole(file), 20).getname()
        return _printable(family), _printable(style)


def _printable(name: str | None) -> str:
    shown = (name or "").encode("utf-8", "replace").decode()
    return "".join(sign for sign in shown if sign.isprintable())[:200]


def _whole(file: BinaryIO) -> bytes:
    data = file.read(_LONGEST + 1)
    if len(data) > _LONGEST:
        raise NotAnImage("this font is too large to be shown")
    return data


@contextmanager
def _reading() -> Iterator[None]:
    try:
        yield
    except (OSError, ValueError, OverflowError) as error:
        raise NotAnImage("this font is broken, or of a kind that cannot be shown") from error


def _draw(data: bytes, size: Size) -> Image.Image:
    image = Image.new("RGB", size, _PAPER)
    draw = ImageDraw.Draw(image)
    margin, row = size[0] // 16, size[1] // (_MOST_LINES + 2)
    small, font = ImageFont.load_default(row * 0.5), _opened(data, row * 0.7)
    name = " ".join(part for part in font.getname() if part)
    draw.text((margin, row * 0.75), _latin(name), font=small, fill=_PALE, anchor="lm")
    lines = [line for line in _LINES if _has_most(font, line)] or _LINES[:1]
    for number, line in enumerate(lines[:_MOST_LINES]):
        draw.text((margin, row * (number + 1.9)), line, font=font, fill=_INK, anchor="lm")
    return image


def _opened(data: bytes, height: float) -> _Font:
    return ImageFont.truetype(io.BytesIO(data), height, layout_engine=ImageFont.Layout.BASIC)


def _latin(name: str) -> str:
    """Return what Pillow's own font can show of a name."""
    return "".join(sign for sign in name if sign.isascii() and sign.isprintable())[:60]


def _has_most(font: _Font, line: str) -> bool:
    missing = bytes(font.getmask(_MISSING))
    letters = [sign for sign in line if sign != " "]
    return sum(bytes(font.getmask(sign)) != missing for sign in letters) * 2 > len(letters)
