"""Highlighting within a time, whatever the text is (Pygments)."""

import html
import io
import re
import time
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from pygments.formatters import HtmlFormatter
from pygments.lexer import Lexer
from pygments.lexers import TextLexer, get_lexer_by_name
from pygments.token import Token
from pygments.util import ClassNotFound

# A text with a longer line or gap is not highlighted: one expression of a lexer, which cannot be
# interrupted, can take quadratic time over it.
LONGEST_LINE = 5000
_LONG_GAP = re.compile(r"\s{1000}")


def highlight_code(code: str, language: str, deadline: float) -> str:
    """Return a piece of code as HTML with classes, or nothing if the language is not known."""
    try:
        lexer = get_lexer_by_name(language, stripnl=False)
    except ClassNotFound:
        return ""
    return highlight(code, lexer, deadline)


def highlight(text: str, lexer: Lexer, deadline: float) -> str:
    """Return a text as HTML, plain where it would take longer than until `deadline` (monotonic seconds)."""
    if isinstance(lexer, TextLexer) or not _is_tame(text):
        return html.escape(text, quote=False)
    _guard(lexer, deadline)
    out = io.StringIO()
    try:
        HtmlFormatter(nowrap=True, classprefix="hl-").format(_within_time(lexer, text, deadline), out)
    except _OutOfTime:
        return html.escape(text, quote=False)
    return out.getvalue()


def _is_tame(text: str) -> bool:
    return max(map(len, text.split("\n"))) <= LONGEST_LINE and not _LONG_GAP.search(text)


class _OutOfTime(Exception):
    pass


def _guard(lexer: Lexer, deadline: float) -> None:
    """Make a lexer of two languages stop in time: it reads all of the text before its first token."""
    for part in (getattr(lexer, "root_lexer", None), getattr(lexer, "language_lexer", None)):
        if isinstance(part, Lexer):
            _guard(part, deadline)
            read = partial(_stopping, part.get_tokens_unprocessed, deadline)
            part.get_tokens_unprocessed = read  # type: ignore[method-assign]


def _stopping(read: Callable[[str], Iterator[Any]], deadline: float, text: str) -> Iterator[Any]:
    for token in read(text):
        if time.monotonic() > deadline:
            raise _OutOfTime
        yield token


def _within_time(lexer: Lexer, text: str, deadline: float) -> Iterator[tuple[Any, str]]:
    done = 0
    for kind, value in lexer.get_tokens(text):
        yield kind, value
        done += len(value)
        if time.monotonic() > deadline:
            yield Token.Text, text[done:]
            return
