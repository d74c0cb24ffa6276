"""Comma- and tab-separated values as a table."""

import csv
import io
import math
import re
from collections import Counter
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any, BinaryIO, ClassVar

from .base import LARGEST_NUMBER, N_, ContentPreview, FileFacts
from .decoding import charset, decode
from .workbooks import WORKBOOKS, BrokenWorkbook, read_sheet

# So many rows and columns are shown at most, and of a wide table fewer rows: cells are what a browser feels.
ROWS = 1000
ROWS_AT_LEAST = 100
CELLS = 4000
_LONGEST_NUMBER = 40
COLUMNS = 100
CELL = 1000

_DELIMITERS = (",", ";", "\t", "|")

_SUFFIXES = frozenset({".csv", ".tsv", ".tab"})
_TYPES = frozenset({"text/csv", "text/tab-separated-values"})

# How much of a text the delimiter is guessed from.
_SAMPLE_SIZE = 16 * 2**10
_SAMPLE_ROWS = 20


@dataclass(frozen=True, slots=True)
class TablePreview(ContentPreview):
    """The first rows of a table, all as wide as its header; the cells are text, not HTML.

    `total` is how many rows there are, None if only the beginning of the file was read, `read_size` bytes.
    Of a workbook, which has no `encoding`, it is the `sheet` of that name, one of `sheets`.
    """

    header: list[str]
    rows: list[list[str]]
    is_whole: bool
    size: int
    total: int | None = None
    read_size: int = 0
    encoding: str = "utf-8"
    sheet: str = ""
    sheets: int = 0

    kind: ClassVar[str] = "table"
    label: ClassVar[str] = N_("Table")
    is_long: ClassVar[bool] = True
    script: ClassVar[str | None] = "table"

    @property
    def is_small(self) -> bool:
        """Whether its first column may stay while others are scrolled: each cell that stays is costly."""
        return len(self.rows) <= ROWS_AT_LEAST

    @property
    def shown(self) -> int:
        """How many rows are here, the header not counted."""
        return len(self.rows)

    def sorted_by(self, column: int, *, is_down: bool) -> "TablePreview":
        """Return the same rows by the values of a column: numbers where all are, empty ones last."""
        if column not in range(len(self.header)):
            return self
        filled = [row for row in self.rows if row[column].strip()]
        empty = [row for row in self.rows if not row[column].strip()]
        numbers = [_number(row[column]) for row in filled]
        keys: list[Any] = list(numbers)
        if None in numbers:
            keys = [_words(row[column]) for row in filled]
        places = sorted(range(len(filled)), key=keys.__getitem__, reverse=is_down)
        return replace(self, rows=[filled[place] for place in places] + empty)

    @classmethod
    def suits(cls, file: FileFacts) -> bool:
        """Whether it is called a table."""
        is_table = file.suffix in _SUFFIXES or file.mimetype in _TYPES
        return (file.is_text and is_table) or file.mimetype in WORKBOOKS

    @classmethod
    def read(cls, reader: BinaryIO, file: FileFacts, limit: int) -> "TablePreview | None":
        """Return the first rows; None if there are no two columns, or a workbook cannot be read."""
        if not file.is_text:
            return _read_workbook(reader, file.size)
        data = reader.read(limit)
        text = decode(data, file.encoding)
        only_tabs = file.suffix in (".tsv", ".tab")
        table = read_table(text, file.size, only_tabs=only_tabs, is_whole=len(data) == file.size)
        return table and replace(table, read_size=len(data), encoding=charset(file.encoding))


def read_table(text: str, size: int, *, only_tabs: bool, is_whole: bool) -> TablePreview | None:
    """Return the first rows of a table; None if the text is none with two columns or more.

    `text` is the whole file of `size` bytes or its beginning, whose last row is then left out.
    """
    delimiter = "\t" if only_tabs else _guess_delimiter(text)
    if delimiter is None:
        return None
    reader = _rows(text, delimiter)
    try:
        rows = list(islice(reader, ROWS + 2))
        total = len(rows) - 1 + sum(1 for _ in reader) if is_whole else None
    except csv.Error:  # a quote that is never closed
        return None
    if not is_whole:
        rows = rows[:-1]
    width = max((len(row) for row in rows), default=0)
    if width < 2:
        return None
    most = min(ROWS, max(ROWS_AT_LEAST, CELLS // width))
    fits = is_whole and len(rows) <= most + 1 and width <= COLUMNS
    header, *rest = [_shown(row, min(width, COLUMNS)) for row in rows[: most + 1]]
    return TablePreview(header, rest, fits, size, total)


def _read_workbook(file: BinaryIO, size: int) -> TablePreview | None:
    try:
        sheet = read_sheet(file, ROWS + 1)
    except BrokenWorkbook:
        return None
    width = max(map(len, sheet.rows))
    header, *rest = [_shown(row, min(width, COLUMNS)) for row in sheet.rows]
    fits = sheet.total == len(sheet.rows) and width <= COLUMNS
    total = min(sheet.total, LARGEST_NUMBER) - 1
    return TablePreview(
        header, rest, fits, size, total, encoding="", sheet=sheet.name[:CELL], sheets=sheet.sheets
    )


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


def _number(cell: str) -> float | None:
    """Return the number that a cell says, such as `1,234.5 %`."""
    text = cell.strip(" \t%€$£¥").replace(",", "")
    try:
        value = float(text) if len(text) <= _LONGEST_NUMBER else math.nan
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def _words(cell: str) -> list[tuple[int, int, str]]:
    """Return what puts `file 9` before `file 10`."""
    parts = re.split(r"([0-9]+)", cell.strip().casefold())
    return [
        (0, int(part), "") if part.isdecimal() and part.isascii() else (1, 0, part) for part in parts if part
    ]


def _shown(row: list[str], width: int) -> list[str]:
    cells = [cell if len(cell) <= CELL else cell[:CELL] + "…" for cell in row[:width]]
    return cells + [""] * (width - len(cells))
