"""Log records as one bounded line each, in which nothing of a file or of its owner shows.

What an exception says may hold a file's name, a path in the store or the parameters of a
statement. So of an exception the log gets the kinds and the places in the code, down to its
cause, and what it says only where that cannot be about a file.
"""

import copy
import logging
import os
import re
import traceback
from contextvars import ContextVar
from types import TracebackType
from typing import Any

log = logging.getLogger(__name__)

# The request that is being answered in this thread: every line it causes carries its id.
current_request: ContextVar[str] = ContextVar("current_request", default="")

LINE_LIMIT = 2000
CHAIN_LIMIT = 5
FRAME_LIMIT = 8

_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"")

# What a database driver's OperationalError says is about the database, not about a row.
_ABOUT_THE_DATABASE = "OperationalError"


class LineFormatter(logging.Formatter):
    """Formats a record as one line of at most LINE_LIMIT characters, its traceback included."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line, with the id of the request and the shortened traceback."""
        record = copy.copy(record)
        record.exc_text = None  # another handler's traceback
        line = super().format(record)
        request = current_request.get()
        line = _CONTROLS.sub(" ", f"{line} [{request}]" if request else line)
        return line if len(line) <= LINE_LIMIT else f"{line[: LINE_LIMIT - 1]}…"

    def formatException(self, ei: Any) -> str:
        """Return an exception and its causes, as `describe` does."""
        return describe(ei[1]) if ei[1] is not None else ""


def describe(error: BaseException) -> str:
    """Return the kinds of an exception and of its causes, and where in the code each was raised."""
    parts: list[str] = []
    current: BaseException | None = error
    while current is not None and len(parts) < CHAIN_LIMIT:
        parts.append(f"{type(current).__qualname__}{_detail(current)} at {_places(current.__traceback__)}")
        current = current.__cause__ or (None if current.__suppress_context__ else current.__context__)
    return "; caused by ".join(parts)


def _detail(error: BaseException) -> str:
    """Return what an exception says where it cannot be about a file: of the system and of databases."""
    if isinstance(error, OSError) and isinstance(error.errno, int):
        return f" ({os.strerror(error.errno)})"
    driver = getattr(error, "orig", None) or error
    if type(driver).__name__ == _ABOUT_THE_DATABASE:
        return f" ({_QUOTED.sub('…', str(driver))[:200]})"
    if isinstance(driver.args[0] if driver.args else None, int):
        return f" ({driver.args[0]})"
    return ""


def _places(trace: TracebackType | None) -> str:
    """Return `function (module.py:line)` of the innermost frames, innermost first."""
    frames = traceback.extract_tb(trace)[-FRAME_LIMIT:]
    places = [f"{frame.name} ({os.path.basename(frame.filename)}:{frame.lineno})" for frame in frames[::-1]]
    return " < ".join(places) or "no place"
