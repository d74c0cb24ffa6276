"""What texts of settings mean, and which mean nothing."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pastebin import setting_types as types
from pastebin.setting_types import parse_duration, parse_size


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("1", 1),
        ("1048576", 2**20),
        ("512 KiB", 512 * 2**10),
        ("512k", 512 * 2**10),
        ("512 kb", 512 * 2**10),
        ("1.5 GB", 3 * 2**29),
        ("2 GiB", 2**31),
        ("2  gib", 2**31),
        (" 3 T ", 3 * 2**40),
        ("7 B", 7),
        ("0.5k", 512),
    ],
)
def test_a_size_counts_in_powers_of_1024(text: str, size: int) -> None:
    assert parse_size(text) == size


@pytest.mark.parametrize(
    "text",
    ["", "0", "0.1", "-1", "GiB", "1 PiB", "1 2", "1,5 GiB", "1e6", "٣", "inf", "0x10", "1 KiBB", "9" * 400],
)
def test_what_is_no_size_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="must be"):
        parse_size(text)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("0", 0),
        ("90", 90),
        ("90s", 90),
        ("30m", 1800),
        ("12h", 43_200),
        ("7d", 604_800),
        ("4w", 2_419_200),
        (" 1 D ", 86_400),
    ],
)
def test_a_duration_counts_in_seconds(text: str, seconds: int) -> None:
    assert parse_duration(text) == seconds


@pytest.mark.parametrize("text", ["", "s", "-1s", "1.5h", "1h30m", "1 month", "1y", "٣s", "9" * 400, "1e3"])
def test_what_is_no_duration_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="must be a time such as"):
        parse_duration(text)


@pytest.mark.parametrize("text", ["59", "59s", "2h", "61m"])
def test_a_duration_has_limits(text: str) -> None:
    with pytest.raises(ValueError, match="from 60 to 3600 seconds"):
        types.duration(60, 3600)(text)
    assert [types.duration(60, 3600)(limit) for limit in ("1m", "1h")] == [60, 3600]


@pytest.mark.parametrize("text", ["", " ", ",", " , ,"])
def test_no_words_are_no_words(text: str) -> None:
    assert types.words(text) == ()


def test_words_stand_between_spaces_and_commas() -> None:
    assert types.words("a:1,b:2, c:3\n d:4,") == ("a:1", "b:2", "c:3", "d:4")


PARSERS: dict[str, Callable[[str], object]] = {
    "size": parse_size,
    "size up to": types.size_up_to(10),
    "duration": types.duration(1, 10),
    "whole number": types.whole_number(1, 10),
    "choice": types.choice("a", "b"),
    "boolean": types.boolean,
    "folder": types.folder,
    "optional folder": types.optional_folder,
    "optional file": types.optional_file,
    "words": types.words,
    "short line": types.short_line,
    "colour": types.colour,
    "links": types.links,
    "url": types.url,
    "database url": types.database_url,
    "alphabet": types.alphabet,
}


@contextmanager
def wrong_only_as(beginning: str) -> Iterator[None]:
    """Check the beginning of the ValueError that comes, if one does."""
    try:
        yield
    except ValueError as error:
        if not str(error).startswith(beginning):
            pytest.fail(str(error))
        raise


@pytest.mark.parametrize("name", PARSERS)
@given(
    text=st.one_of(
        st.text(max_size=40),
        st.sampled_from(["https://", "http://a", "~", "1"]).flatmap(
            lambda start: st.text("[]:/@?#.a1~%", max_size=20).map(start.__add__)
        ),
    )
)
def test_a_parser_says_what_must_be_or_gives_a_value(name: str, text: str) -> None:
    with suppress(ValueError), wrong_only_as("must "):
        PARSERS[name](text)
