"""Logs with colours: colours are shown, other escapes are not, and lines stay lines."""

import time

import pytest

from pastebin.previews.highlighting import highlight_file
from pastebin.previews.terminal import without_escapes
from pastebin.previews.text import excerpt_of

SHOWN = {
    "\x1b[31mred\x1b[0m plain": '<span class="hl-gd">red</span> plain',
    "\x1b[32ma\nb\x1b[m\n": '<span class="hl-s">a</span>\n<span class="hl-s">b</span>\n',
    "\x1b[1;94m<b>\x1b[39m&": '<span class="hl-gs hl-k">&lt;b&gt;</span><span class="hl-gs">&amp;</span>',
    "\x1b[31m\x1b[37mwhite": "white",
    "\x1b[1mbold\x1b[22m not": '<span class="hl-gs">bold</span> not',
    "\x1b[38;5;196mx\x1b[48;2;1;2;31my\x1b[0m": "xy",
    "\x1b[38:5:31mx": "x",
    "\x1b[2K\x1b]0;a title\x07\x1b[?25l\x1b(B\x1b7\x1b[36mx\x1b": '<span class="hl-nf">x</span>',
    "\x1b[33m\x1b]8;;https://example.org\x1b\\link\x1b]8;;\x1b\\": '<span class="hl-mi">link</span>',
    "N\bNA\bAM\bM\x1b[0m": "NAM",
}


@pytest.mark.parametrize("text", SHOWN)
def test_colours_are_shown_and_nothing_else_of_escapes(text: str) -> None:
    assert highlight_file(text, "build.log") == (SHOWN[text], "")


def test_a_program_with_escapes_in_it_is_code() -> None:
    code, language = highlight_file("print('\x1b[31mred')\n", "a.py")
    assert language == "Python"
    assert "\x1b[31m" in code


def test_what_is_said_of_a_log_has_no_escapes() -> None:
    assert excerpt_of("\x1b[31mred\x1b[0m and\n_\bmore\n") == "red and more"
    assert without_escapes("plain") == "plain"


@pytest.mark.parametrize(
    "piece",
    [
        "\x1b[",
        "\x1b]",
        "\x1b[31m",
        "\x1b[31mx",
        "a\n",
        "\x1b[31ma\n",
        "\b",
        "x\b",
        "\x1b[" + "9" * 70,
        "\x1b]" + "a" * 1999,
    ],
)
def test_no_log_takes_long(piece: str) -> None:
    text = ("\x1b[31m" + piece * 2**17)[: 2**18]
    began = time.process_time()
    code, _ = highlight_file(text, "a.log")
    assert time.process_time() - began < 2
    assert code.count("\n") == text.count("\n")
    assert "\x1b" not in code
