"""The first sheet of a workbook as rows of text: Excel's formats and OpenDocument's, by calamine."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import islice
from typing import Any, BinaryIO

from .panics import Panics

_OFFICE = "application/vnd.openxmlformats-officedocument."

WORKBOOKS = frozenset(
    {
        f"{_OFFICE}spreadsheetml.sheet",
        "application/vnd.ms-excel",
        "application/vnd.oasis.opendocument.spreadsheet",
    }
)

_MOST_SHEETS = 200

_Cell = int | float | str | bool | time | date | datetime | timedelta | None


class BrokenWorkbook(ValueError):
    """A workbook cannot be read."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """The first rows of a sheet that has `total` rows, its name, and how many sheets there are."""

    name: str
    sheets: int
    rows: list[list[str]]
    total: int


def read_sheet(file: BinaryIO, most: int) -> Sheet:
    """Return at most `most` rows of the first sheet that has some. Raises BrokenWorkbook."""
    import python_calamine  # noqa: PLC0415 - for workers only

    broken = BrokenWorkbook("this workbook cannot be read")
    with Panics(broken, python_calamine.CalamineError):
        book = python_calamine.load_workbook(file)
        names = book.sheet_names[:_MOST_SHEETS]
        for name in names:
            sheet = book.get_sheet_by_name(name)
            if sheet.height:
                rows = [[_text(cell) for cell in row] for row in islice(_rows(sheet), most)]
                return Sheet(name, len(names), rows, sheet.height)
    raise BrokenWorkbook("there is nothing in this workbook")


def _rows(sheet: Any) -> Iterator[list[_Cell]]:
    return iter(sheet.iter_rows())


def _text(cell: _Cell) -> str:
    if isinstance(cell, bool):
        return str(cell).upper()
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else f"{cell:.15g}"
    if isinstance(cell, datetime):
        return cell.isoformat(" ")
    return "" if cell is None else str(cell)
