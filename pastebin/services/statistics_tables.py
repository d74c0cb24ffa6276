"""Statistics as tables for other programs: CSV, and a workbook of spreadsheets.

Names of files are strangers' words: none becomes a formula in whatever opens the table.
"""

import csv
import io
from collections.abc import Sequence
from typing import TYPE_CHECKING

from .statistics import DayOfService, MonthOfService, TopFile

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

Cell = str | int
Table = Sequence[Sequence[Cell]]

# What a spreadsheet takes for the beginning of a formula, also behind white space.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")

# The longest text of a cell of XLSX.
_LONGEST = 32_767


def days_table(days: Sequence[DayOfService]) -> Table:
    """Return a row for each day, below the names of the columns."""
    head = ("day", "uploads", "bytes", "downloads", "active accounts")
    return [head, *((one.day.isoformat(), one.uploads, one.bytes, one.downloads, one.active) for one in days)]


def months_table(months: Sequence[MonthOfService]) -> Table:
    """Return a row for each month, below the names of the columns."""
    return [("month", "active accounts"), *((one.month, one.active) for one in months)]


def files_table(files: Sequence[TopFile]) -> Table:
    """Return a row for each file, below the names of the columns."""
    rows = ((one.file.filename, one.file.filehash, one.file.size, one.downloads) for one in files)
    return [("name", "file", "bytes", "downloads"), *rows]


def as_csv(table: Table) -> bytes:
    """Return a table as CSV in UTF-8, with the mark by which spreadsheets know that."""
    out = io.StringIO()
    csv.writer(out).writerows([_plain(cell) for cell in row] for row in table)
    return out.getvalue().encode("utf-8-sig", "replace")


def as_workbook(tables: dict[str, Table]) -> bytes:
    """Return tables as a workbook (XLSX) with a sheet for each."""
    import xlsxwriter  # noqa: PLC0415 - large, and rarely wanted

    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        bold = book.add_format({"bold": True})
        for name, table in tables.items():
            sheet = book.add_worksheet(name)
            sheet.set_column(0, 0, 24)
            for number, row in enumerate(table):
                for place, cell in enumerate(row):
                    _write(sheet, number, place, cell, None if number else bold)
    return out.getvalue()


def _write(sheet: "Worksheet", row: int, place: int, cell: Cell, form: object) -> None:
    if isinstance(cell, str):  # never `write`, which makes formulas and links of texts
        sheet.write_string(row, place, cell[:_LONGEST], form)
    else:
        sheet.write_number(row, place, cell, form)


def _plain(cell: Cell) -> Cell:
    if (isinstance(cell, str) and cell.lstrip().startswith(_FORMULA)) or str(cell)[:1] in "\t\r\n":
        return f"'{cell}"
    return cell
