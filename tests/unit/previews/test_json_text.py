"""JSON is indented and otherwise left as it is."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pastebin.previews.json_text import indented

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.text(), inner, max_size=5),
    max_leaves=30,
)


@given(VALUES, st.booleans(), st.sampled_from([None, 0, 3]))
def test_it_is_what_the_standard_library_writes(value: Any, ascii_only: bool, indent: int | None) -> None:
    source = json.dumps(value, ensure_ascii=ascii_only, indent=indent)
    expected = json.dumps(value, ensure_ascii=ascii_only, indent=2)
    assert indented(source, 10**6, 10**6) == expected


def test_numbers_and_repeated_names_stay_as_they_are() -> None:
    assert indented('{"a":1.50,"a":1e999,"b":12345678901234567890123}', 1000, 100) == (
        '{\n  "a": 1.50,\n  "a": 1e999,\n  "b": 12345678901234567890123\n}'
    )


@pytest.mark.parametrize(
    "text", ["", "{", '{"a":NaN}', "[1,]", "[" * 100_000, "'a'", "[1] [2]", '{"a":1}}', "1" * 5, "[\x00]"]
)
def test_what_is_no_json_stays(text: str) -> None:
    assert indented(text, 10**6, 10**6) == (text if text == "11111" else None)


def test_a_result_that_is_too_long_is_none() -> None:
    deep = "[" * 500 + "1," * 5000 + "1" + "]" * 500
    assert indented(deep, 100_000, 10**6) is None
    assert indented("[1,2,3]", 1000, 3) is None


@given(st.text(alphabet='[]{}",:\\ \n1eE.-tn'))
def test_nothing_is_raised(text: str) -> None:
    indented(text, 1000, 100)
