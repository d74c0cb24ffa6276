"""Highlighting within bounds of time and size, whatever the text is (Pygments). For workers only."""

import html
import io
import re
from collections.abc import Callable, Iterator
from functools import lru_cache, partial
from typing import Any

from pygments.formatters.html import HtmlFormatter
from pygments.lexer import Lexer
from pygments.lexers import find_lexer_class_by_name, get_lexer_for_filename
from pygments.lexers.special import TextLexer
from pygments.token import STANDARD_TYPES, Token
from pygments.util import ClassNotFound

from .budget import Deadline, OutOfBudget
from .terminal import coloured, is_of_terminal, without_escapes

# Seconds of processor time one text may be highlighted; what is left then is shown plain.
TIME_LIMIT = 1.0

# How many times longer than its source, plus how many characters, the HTML of a text may be.
GROWTH = 8
ALLOWANCE = 256 * 2**10

# A text with a longer line or gap is not highlighted: one expression of a lexer, which cannot be
# interrupted, can take quadratic time over it (zeros in Zeek: 0.3 s for 2,000).
LONGEST_LINE = 2000
_LONG_GAP = re.compile(r"\s{1000}")

# The kinds of tokens, by Pygments' short names, that look like the text around them: an element for each
# bracket and each name would make pages several times as large.
_PLAIN = frozenset({"", "esc", "n", "nx", "o", "p", "pm", "py", "w", "x"})

# Languages that people call otherwise than Pygments does; a text in none has no name.
_NAMES = {"Text only": "", "Transact-SQL": "SQL"}

# No alias of a language is longer.
_LONGEST_ALIAS = 40


def preload() -> None:
    """Have Pygments compile what finds a lexer by a file's name, which takes 80 ms."""
    _lexer_for("")


def highlight_file(text: str, filename: str) -> tuple[str, str]:
    """Return a text as HTML with classes, and the language that its name says it is in, for people."""
    lexer = _lexer_for(filename)
    if isinstance(lexer, TextLexer) and is_of_terminal(text):
        return _coloured(text), ""
    return highlight(text, lexer, Deadline(TIME_LIMIT)), _NAMES.get(lexer.name, lexer.name)


def _coloured(text: str) -> str:
    out = _BoundedText(GROWTH * len(text) + ALLOWANCE)
    try:
        out.writelines(coloured(text))
    except OutOfBudget:
        return html.escape(without_escapes(text), quote=False)
    return out.getvalue()


def highlight_code(code: str, language: str, deadline: Deadline) -> str:
    """Return a piece of code as HTML with classes, or nothing if the language is not known."""
    lexer_class = _lexer_class(language) if len(language) <= _LONGEST_ALIAS else None
    return highlight(code, lexer_class(stripnl=False), deadline) if lexer_class else ""


def highlight(text: str, lexer: Lexer, deadline: Deadline) -> str:
    """Return a text as HTML, plain from where the time is up, and plain as a whole if that gets too long."""
    if isinstance(lexer, TextLexer) or not _is_tame(text):
        return html.escape(text, quote=False)
    _guard(lexer, deadline)
    out = _BoundedText(GROWTH * len(text) + ALLOWANCE)
    try:
        _LeanFormatter(nowrap=True).format(_within_time(lexer, text, deadline), out)
    except OutOfBudget:
        return html.escape(text, quote=False)
    return out.getvalue()


class _LeanFormatter(HtmlFormatter[str]):
    """Marks up only what the stylesheet has a colour for."""

    def _get_css_classes(self, ttype: Any) -> str:
        while ttype not in STANDARD_TYPES:
            ttype = ttype.parent
        name = STANDARD_TYPES[ttype]
        return "" if name in _PLAIN else f"hl-{name}"


def _lexer_for(filename: str) -> Lexer:
    try:
        return get_lexer_for_filename(filename, stripnl=False)
    except ClassNotFound:
        return TextLexer(stripnl=False)


@lru_cache(maxsize=256)
def _lexer_class(language: str) -> type[Lexer] | None:
    """Return the lexer of a language by one of its aliases; to find that out takes long."""
    try:
        return find_lexer_class_by_name(language)
    except ClassNotFound:
        return None


def _is_tame(text: str) -> bool:
    return max(map(len, text.split("\n"))) <= LONGEST_LINE and not _LONG_GAP.search(text)


class _BoundedText(io.StringIO):
    """Raises OutOfBudget when it would hold more than `limit` characters."""

    def __init__(self, limit: int) -> None:
        super().__init__()
        self._left = limit

    def write(self, text: str) -> int:
        self._left -= len(text)
        if self._left < 0:
            raise OutOfBudget
        return super().write(text)


def _guard(lexer: Lexer, deadline: Deadline) -> None:
    """Make a lexer of two languages stop in time: it reads all of the text before its first token."""
    for part in (getattr(lexer, "root_lexer", None), getattr(lexer, "language_lexer", None)):
        if isinstance(part, Lexer):
            _guard(part, deadline)
            read = partial(_stopping, part.get_tokens_unprocessed, deadline)
            part.get_tokens_unprocessed = read  # type: ignore[method-assign]


def _stopping(read: Callable[[str], Iterator[Any]], deadline: Deadline, text: str) -> Iterator[Any]:
    for token in read(text):
        deadline.check()
        yield token


def _within_time(lexer: Lexer, text: str, deadline: Deadline) -> Iterator[tuple[Any, str]]:
    done = 0
    for kind, value in lexer.get_tokens(text):
        yield kind, value
        done += len(value)
        if deadline.is_over:
            yield Token.Text, text[done:]
            return
