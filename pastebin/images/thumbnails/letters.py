"""How a text begins, in letters, for the cards that messengers show of a link.

Letters are drawn one after the other in columns, which is right for scripts whose letters do not join.
Words of others, and those that no font has all letters of, are bars.
"""

import io
import unicodedata
from collections.abc import Iterator
from functools import cache, lru_cache

from PIL import Image, ImageDraw, ImageFont

from pastebin.images.thumbnails.sheets import INK, PALE, PAPER, words_of
from pastebin.images.thumbnails.typefaces import column_fonts

# What the sites that show cards ask for.
SIZE = (1200, 630)

_MARGIN, _LINE, _HEIGHT = 48, 34, 24
_LINES = (SIZE[1] - 2 * _MARGIN) // _LINE

# No font has a letter for it, so it looks as what is missing does.
_MISSING = "\U0010fffe"


def lettered_sheet(text: str) -> Image.Image:
    """Draw the first lines of a text."""
    image = Image.new("RGB", SIZE, PAPER)
    draw = ImageDraw.Draw(image)
    width = _fonts()[0].getlength("0")
    columns = int((SIZE[0] - _MARGIN) / width)
    for number, line in enumerate(text.split("\n", _LINES)[:_LINES]):
        middle = _MARGIN + number * _LINE + _LINE // 2
        _draw_line(draw, line.expandtabs(4)[:columns], width, middle)
    draw.rectangle((SIZE[0] - _MARGIN // 2, 0, *SIZE), fill=PAPER)
    return image


def _draw_line(draw: ImageDraw.ImageDraw, line: str, width: float, middle: int) -> None:
    places = _places(line)
    for start, end in words_of(line):
        fonts = [number for sign in line[start:end] if (number := _font_of(sign)) is not None]
        if len(fonts) < end - start:
            left, right = (_MARGIN + places[place] * width for place in (start, end))
            draw.rectangle((left, middle - 7, right, middle + 7), fill=PALE)
            continue
        for place, number in enumerate(fonts, start):
            left = _MARGIN + places[place] * width
            draw.text((left, middle), line[place], font=_fonts()[number], fill=INK, anchor="lm")


def _places(line: str) -> list[int]:
    """Return in which column each sign of a line begins, and where it ends; wide ones take two."""
    places = [0]
    for sign in line:
        places.append(places[-1] + (2 if unicodedata.east_asian_width(sign) in "WF" else 1))
    return places


@lru_cache(4096)
def _font_of(sign: str) -> int | None:
    """Return the number of the first font that has a letter; None where it is not drawn by itself."""
    if unicodedata.bidirectional(sign) in ("R", "AL") or unicodedata.category(sign)[0] in "MC":
        return None
    return next(_having(sign), None)


def _having(sign: str) -> Iterator[int]:
    for number, font in enumerate(_fonts()):
        if bytes(font.getmask(sign)) != _missing(number):
            yield number


@cache
def _missing(number: int) -> bytes:
    return bytes(_fonts()[number].getmask(_MISSING))


@cache
def _fonts() -> tuple[ImageFont.FreeTypeFont, ...]:
    layout = ImageFont.Layout.BASIC
    return tuple(
        ImageFont.truetype(io.BytesIO(font), _HEIGHT, layout_engine=layout) for font in column_fonts()
    )
