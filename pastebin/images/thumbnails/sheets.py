"""Thumbnails that are drawn: of a text the pattern of its words, of other files a sheet with their suffix."""

import re

from PIL import Image, ImageDraw, ImageFont

# Thumbnails that are drawn here have one size only.
SIZE = (400, 300)

PAPER, INK, PALE, _ACCENT = (250, 250, 249), (92, 99, 112), (214, 217, 222), (52, 101, 164)
_MARGIN, _LINE, _LETTER = 18, 11, 5
_LINES = (SIZE[1] - 2 * _MARGIN) // _LINE
_COLUMNS = (SIZE[0] - 2 * _MARGIN) // _LETTER

_WORD = re.compile(r"\S+")

# The corner that is folded, and the longest suffix that is written.
_FOLD = 60
_LONGEST = 6


def text_sheet(text: str) -> Image.Image:
    """Draw the first lines of a text as bars, a word each."""
    image = Image.new("RGB", SIZE, PAPER)
    draw = ImageDraw.Draw(image)
    for number, line in enumerate(text.split("\n", _LINES)[:_LINES]):
        top = _MARGIN + number * _LINE
        for start, end in words_of(line.expandtabs(4)[:_COLUMNS]):
            left, right = _MARGIN + start * _LETTER, _MARGIN + end * _LETTER - 2
            draw.rectangle((left, top, right, top + _LINE - 5), fill=PALE if end - start < 3 else INK)
    return image


def words_of(line: str) -> list[tuple[int, int]]:
    """Return where words begin and end."""
    return [match.span() for match in _WORD.finditer(line)]


def suffix_sheet(suffix: str) -> Image.Image:
    """Draw a sheet of paper with a suffix without its dot, of ASCII letters and digits."""
    image = Image.new("RGB", SIZE, (236, 238, 241))
    draw = ImageDraw.Draw(image)
    left, top, right, bottom = 110, 30, 290, 270
    corner = (right - _FOLD, top), (right, top + _FOLD)
    outline = [(left, top), corner[0], corner[1], (right, bottom), (left, bottom)]
    draw.polygon(outline, fill=PAPER, outline=PALE)
    draw.polygon([corner[0], (right - _FOLD, top + _FOLD), corner[1]], fill=PALE)
    if suffix:
        font = ImageFont.load_default(44)
        middle = (left + right) // 2, (top + bottom) // 2 + 20
        draw.text(middle, suffix[:_LONGEST].upper(), font=font, fill=_ACCENT, anchor="mm")
    return image
