"""Tables: which text is one, and what is shown of it."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pastebin.previews import tables
from pastebin.previews.tables import read_table


def read(text: str, *, only_tabs: bool = False, is_whole: bool = True) -> tuple[list[list[str]], bool] | None:
    table = read_table(text, len(text), only_tabs=only_tabs, is_whole=is_whole)
    return table and ([table.header, *table.rows], table.is_whole)


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_found(delimiter: str) -> None:
    text = f"name{delimiter}price\na{delimiter}1.5\nb{delimiter}2.5\n"
    assert read(text) == ([["name", "price"], ["a", "1.5"], ["b", "2.5"]], True)


def test_decimal_commas_do_not_mislead() -> None:
    assert read("a;b\n1,5;2,5\n3,5;4\n") == ([["a", "b"], ["1,5", "2,5"], ["3,5", "4"]], True)


def test_quotes_hold_anything() -> None:
    assert read('a,b\n"x,""y""\nz",<b>\n') == ([["a", "b"], ['x,"y"\nz', "<b>"]], True)


def test_short_rows_are_filled_up() -> None:
    assert read("a,b,c\n1,2,3\n4\n5,6,7\n") == (
        [["a", "b", "c"], ["1", "2", "3"], ["4", "", ""], ["5", "6", "7"]],
        True,
    )


def test_the_row_that_was_cut_is_left_out() -> None:
    assert read("a,b\n1,2\n3,", is_whole=False) == ([["a", "b"], ["1", "2"]], False)


@pytest.mark.parametrize("text", ["", "\n\n", "abc\ndef\n", 'a,b\n"' + "x" * 140_000])
def test_what_is_no_table(text: str) -> None:
    assert read(text) is None


def test_what_is_too_much_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "ROWS", 2)
    monkeypatch.setattr(tables, "COLUMNS", 3)
    monkeypatch.setattr(tables, "CELL", 5)
    assert read("a,b\n1,2\n3,4\n5,6\n") == ([["a", "b"], ["1", "2"], ["3", "4"]], False)
    assert read("a,b,c,d\n1,2,3,4\n") == ([["a", "b", "c"], ["1", "2", "3"]], False)
    assert read("a,b\n1234567,2\n") == ([["a", "b"], ["12345…", "2"]], True)


@given(st.lists(st.lists(st.text(), min_size=2, max_size=4), min_size=1, max_size=10))
def test_what_was_written_as_tabs_is_read(rows: list[list[str]]) -> None:
    out = io.StringIO(newline="")
    csv.writer(out, delimiter="\t", quoting=csv.QUOTE_ALL).writerows(rows)
    table = read(out.getvalue(), only_tabs=True)
    width = max(map(len, rows))
    assert table == ([row + [""] * (width - len(row)) for row in rows], True)


@given(st.text(alphabet='a,;\t|"\n\r\x00'))
def test_nothing_is_raised(text: str) -> None:
    read(text)
    read(text, only_tabs=True, is_whole=False)
