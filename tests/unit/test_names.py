"""File names as people see them, and public names."""

import re
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pastebin.errors import BadUpload
from pastebin.names import (
    NAME_LIMIT,
    clean_filename,
    may_be_filehash,
    new_filehash,
    suffix_of,
    visible_name,
    with_suffix,
)

# All of Unicode, lone surrogates included, with the dangerous made frequent.
anything = st.text(
    st.one_of(st.characters(exclude_categories=()), st.sampled_from("/\\.: \0\r\n\t\u202e\u2066\ud800%")),
    max_size=80,
)
HIDDEN = {"Cc", "Cs", "Zl", "Zp"}
REORDERING = set("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def hides_or_reorders(text: str) -> bool:
    return any(unicodedata.category(c) in HIDDEN or c in REORDERING for c in text)


@pytest.mark.parametrize(
    ("given_name", "name"),
    [
        ("photo.jpg", "photo.jpg"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Documents and Settings\\me\\plan.doc", "plan.doc"),
        ("\\\\server\\share\\a.txt", "a.txt"),
        ("a/b\\c.txt", "c.txt"),
        ("/", "file"),
        ("", "file"),
        ("...", "file"),
        (" \t ", "file"),
        ("\0\u202e", "file"),
        ("  a b  ", "a b"),
        (".bashrc", ".bashrc"),
        ("a\0b\rc\nd.txt", "abcd.txt"),
        ("\u202egpj.exe", "gpj.exe"),
        ("\ud800x\udfff.txt", "x.txt"),
        ("日本語 😀.txt", "日本語 😀.txt"),
        ("e\u0301.txt", "e\u0301.txt"),
        ('"><img src=x onerror=alert(1)>', '"><img src=x onerror=alert(1)>'),
    ],
)
def test_a_name_is_the_last_part_of_what_was_sent_without_what_hides(given_name: str, name: str) -> None:
    assert clean_filename(given_name) == name


@given(anything)
@example("..\\..")
@example(". /")
def test_a_clean_name_is_harmless_whatever_was_sent(text: str) -> None:
    name = clean_filename(text)
    assert name not in ("", ".", "..")
    assert not set(name) & {"/", "\\"}
    assert not hides_or_reorders(name)
    assert name.encode("utf-8").decode("utf-8") == name
    assert clean_filename(name) == name


def test_a_name_may_have_the_limits_length_and_no_character_more() -> None:
    longest = "é" * NAME_LIMIT
    assert clean_filename(longest) == longest
    assert clean_filename(f"{'folder' * 1000}/{longest}\0") == longest
    with pytest.raises(BadUpload, match=str(NAME_LIMIT + 1)):
        clean_filename(longest + "x")


@given(anything, st.integers(0, 40))
def test_a_name_shown_from_inside_a_file_hides_nothing_and_is_short(text: str, limit: int) -> None:
    shown = visible_name(text, limit)
    assert not hides_or_reorders(shown)
    assert len(shown) == min(len(text), limit + 1)


@pytest.mark.parametrize(
    ("filename", "suffix"),
    [
        ("photo.JPG", ".jpg"),
        ("archive.tar.gz", ".gz"),
        ("a.7z", ".7z"),
        ("x.abcdefghijklmnop", ".abcdefghijklmnop"),
        ("x.abcdefghijklmnopq", ""),
        ("none", ""),
        ("dot.", ""),
        (".bashrc", ""),
        ("a.b c", ""),
        ("a.é", ""),
        ("a.\u0661", ""),
        ("a.\u212a", ""),  # KELVIN SIGN, `k` in lower case
        ("a.jpg\n", ""),
        ("a\n.jpg", ".jpg"),
        ("a.jp-g", ""),
        ("a.<script>", ""),
    ],
)
def test_a_suffix_is_1_to_16_ascii_letters_or_digits_at_the_end(filename: str, suffix: str) -> None:
    assert suffix_of(filename) == suffix


@given(anything)
def test_a_suffix_is_what_the_name_ends_in(text: str) -> None:
    suffix = suffix_of(text)
    assert re.fullmatch(r"(\.[a-z0-9]{1,16})?", suffix)
    assert text.lower().endswith(suffix)


@pytest.mark.parametrize("suffix", ["", ".jpg", ".abcdefghijklmnop"])
def test_a_public_name_is_32_random_hex_digits_and_the_suffix(suffix: str) -> None:
    names = {new_filehash(suffix) for _ in range(1000)}
    assert len(names) == 1000
    assert all(re.fullmatch(rf"[0-9a-f]{{32}}{re.escape(suffix)}", name) for name in names)
    assert all(may_be_filehash(name) for name in names)


@pytest.mark.parametrize(
    "name", ["ec12e434b48648f0a65ac28a28759ba5.jpg", "a", "old_name-1.tar.gz", "x" * 128]
)
def test_what_may_be_a_public_name(name: str) -> None:
    assert may_be_filehash(name)


@pytest.mark.parametrize(
    "name",
    [
        "",
        ".",
        "..",
        ".hidden",
        "-rf",
        "_x",
        "a/b",
        "a\\b",
        "a\0",
        "a\n",
        "a b",
        "a%2e",
        "é",
        "\u0661",
        "x" * 129,
    ],
)
def test_what_cannot_be_a_public_name(name: str) -> None:
    assert not may_be_filehash(name)


@pytest.mark.parametrize(
    ("filename", "addition", "suffix", "result"),
    [
        ("photo.jpg", "-800x600", ".png", "photo-800x600.png"),
        ("photo", "-80x60", ".png", "photo-80x60.png"),
        ("photo.JPG", "", ".webp", "photo.webp"),
        ("a.b.c", "-1x1", ".gif", "a.b-1x1.gif"),
        (".png", "-1x1", ".png", ".png-1x1.png"),
    ],
)
def test_a_new_suffix_takes_the_place_of_the_old_one(
    filename: str, addition: str, suffix: str, result: str
) -> None:
    assert with_suffix(filename, addition, suffix) == result


@given(st.text(min_size=1, max_size=NAME_LIMIT), st.integers(1, 20000))
@example("x" * NAME_LIMIT, 1)
def test_a_name_with_an_addition_stays_within_the_limit(filename: str, width: int) -> None:
    name = with_suffix(filename, f"-{width}x{width}", ".avif")
    assert len(name) <= NAME_LIMIT
    assert name.endswith(f"-{width}x{width}.avif")
