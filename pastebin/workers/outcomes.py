"""How a task's end is put into the header of an answer, and taken out again.

A worker answers with one of {"answer": header}, {"error": code, "message": text},
{"killed": reason} and {"bug": name, "places": text}; the template process, in the place of a
worker that died, with {"ended": text, "from_outside": bool}.
"""

import errno
import logging
from typing import Any

from .. import errors
from ..logs import describe
from .protocol import Answer, Garbled

log = logging.getLogger(__name__)

# Characters of what a bug is and where, as `logs.describe` has it, and how many kinds of bugs are told apart.
_LONGEST_PLACES = 1500
_MAX_KINDS = 200

_POOLS_OWN = (errors.Overloaded, errors.TaskKilled, errors.TaskFailed)


def _raisable() -> dict[str, type[errors.PastebinError]]:
    """Return the classes that a task may raise, by code; others travel as the nearest of these."""
    found: dict[str, type[errors.PastebinError]] = {}
    for kind in vars(errors).values():
        if isinstance(kind, type) and issubclass(kind, errors.PastebinError) and kind not in _POOLS_OWN:
            found[kind.code] = kind
    return found


_ERRORS = _raisable()


def describe_error(error: BaseException) -> dict[str, Any]:
    """Return the header that tells of an error a task raised. Called in the worker."""
    if isinstance(error, errors.PastebinError):
        return {"error": _nearest_code(error), "message": error.message}
    number = error.errno if isinstance(error, OSError) else None
    if isinstance(error, MemoryError) or number in (errno.ENOMEM, errno.EFBIG):
        return {"killed": "memory"}
    if number in (errno.ENOSPC, errno.EDQUOT):
        return {"error": errors.StorageFull.code, "message": "the disk has no room left"}
    return {"bug": type(error).__name__, "places": describe(error)}


def _nearest_code(error: errors.PastebinError) -> str:
    kinds = set(_ERRORS.values())
    return next(kind.code for kind in type(error).__mro__ if kind in kinds)


class Crashed(Exception):
    """A worker died or talked nonsense; `from_outside` if an operator or the kernel killed it."""

    def __init__(self, from_outside: bool) -> None:
        super().__init__()
        self.from_outside = from_outside


class Outcomes:
    """Reads answers; logs every kind of bug once."""

    def __init__(self) -> None:
        self._logged: set[tuple[str, str]] = set()

    def read(self, task: str, header: dict[str, Any], body: bytes) -> Answer:
        """Return a task's answer, or raise its error, TaskKilled or TaskFailed.

        Raises Crashed if the worker died, Garbled if the header is none of those above.
        """
        match header:
            case {"answer": dict(answer)}:
                return Answer(answer, body)
            case {"error": str(code), "message": str(message)} if code in _ERRORS:
                raise _ERRORS[code](message)
            case {"killed": "memory"}:
                raise errors.TaskKilled("memory")
            case {"bug": str(name), "places": str(text)}:
                self._log(task, name, text[:_LONGEST_PLACES])
                raise errors.TaskFailed("something went wrong on the server; it has been logged")
            case {"ended": str(how), "from_outside": bool(from_outside)}:
                log.warning("A worker ended in task %s: %s", task, _printable(how[:40]))
                raise Crashed(from_outside)
        raise Garbled

    def _log(self, task: str, name: str, text: str) -> None:
        kind = (task, name[:100])
        if kind in self._logged or len(self._logged) >= _MAX_KINDS:
            return
        self._logged.add(kind)
        log.error("Bug in task %s, logged once: %s", task, _printable(text))


def _printable(text: str) -> str:
    return "".join(sign if sign.isprintable() else "?" for sign in text)
