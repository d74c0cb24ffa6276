"""Comma- and tab-separated values as a table."""

import csv
import io
from collections import Counter
from itertools import islice

from .kinds import TablePreview

ROWS = 1000
COLUMNS = 100
CELL = 1000

_DELIMITERS = (",", ";", "\t", "|")

# How much of a text the delimiter is guessed from.
_SAMPLE_SIZE = 16 * 2**10
_SAMPLE_ROWS = 20


def read_table(text: str, size: int, *, only_tabs: bool, is_whole: bool) -> TablePreview | None:
    """Return the first rows of a table; None if the text is none with two columns or more.

    `text` is the whole file of `size` bytes or its beginning, whose last row is then left out.
    """
    delimiter = "\t" if only_tabs else _guess_delimiter(text)
    if delimiter is None:
        return None
    try:
        rows = list(islice(_rows(text, delimiter), ROWS + 2))
    except csv.Error:  # a quote that is never closed
        return None
    if not is_whole:
        rows = rows[:-1]
    width = max((len(row) for row in rows), default=0)
    if width < 2:
        return None
    fits = is_whole and len(rows) <= ROWS + 1 and width <= COLUMNS
    header, *rest = [_shown(row, min(width, COLUMNS)) for row in rows[: ROWS + 1]]
    return TablePreview(header, rest, fits, size)


def _rows(text: str, delimiter: str) -> "filter[list[str]]":
    return filter(None, csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))


def _guess_delimiter(text: str) -> str | None:
    """Return the delimiter that gives most rows the same number of columns, two or more.

    csv.Sniffer is not asked: its expressions take quadratic time on text made for that.
    """
    scores = {delimiter: _regularity(text[:_SAMPLE_SIZE], delimiter) for delimiter in _DELIMITERS}
    best = max(_DELIMITERS, key=lambda delimiter: scores[delimiter])
    return best if scores[best] > (0, 1) else None


def _regularity(sample: str, delimiter: str) -> tuple[float, int]:
    """Return which share of a sample's rows has the commonest number of columns, and that number."""
    try:
        counts = Counter(len(row) for row in islice(_rows(sample, delimiter), _SAMPLE_ROWS))
    except csv.Error:
        return 0, 0
    columns, rows = counts.most_common(1)[0] if counts else (0, 0)
    return (rows / counts.total(), columns) if columns > 1 else (0, 0)


def _shown(row: list[str], width: int) -> list[str]:
    cells = [cell if len(cell) <= CELL else cell[:CELL] + "…" for cell in row[:width]]
    return cells + [""] * (width - len(cells))
