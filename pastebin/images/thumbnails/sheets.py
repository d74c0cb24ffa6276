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
    """Draw the first lines of a text as bars, a word each; of a short text larger ones."""
    image = Image.new("RGB", SIZE, PAPER)
    draw = ImageDraw.Draw(image)
    lines = [line.expandtabs(4)[:_COLUMNS] for line in text.split("\n", _LINES)[:_LINES]]
    times = _enlargement(lines)
    line_height, letter = _LINE * times, _LETTER * times
    left_edge, top_edge = _edges(lines, times)
    for number, line in enumerate(lines):
        top = top_edge + number * line_height
        for start, end in words_of(line):
            left, right = left_edge + start * letter, left_edge + end * letter - 2 * times
            colour = PALE if end - start < 3 else INK
            draw.rectangle((left, top, right, top + line_height - 5 * times), fill=colour)
    return image


def _edges(lines: list[str], times: int) -> tuple[int, int]:
    """Return where the first line begins: in the middle, if the lines are few and larger than usual."""
    if times == 1:
        return _MARGIN, _MARGIN
    longest = max(len(line.rstrip()) for line in lines)
    return (SIZE[0] - longest * _LETTER * times) // 2, (SIZE[1] - len(lines) * _LINE * times) // 2


def _enlargement(lines: list[str]) -> int:
    """Return how many times as large as usual lines can be and still fit."""
    longest = max(len(line.rstrip()) for line in lines)
    return max(1, min(4, _LINES // len(lines), _COLUMNS // max(1, longest)))


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
