"""What an upload asks for beside its body: terms and sizes in the query and in headers."""

import re
from collections.abc import Iterator, Mapping

from pyramid.request import Request

from ..errors import BadRequest, BadTerm
from ..services import terms
from .header_texts import is_blanked, text_of

# The addresses that a line of text may hold, by `?link=`.
LINKS = ("s", "p", "i", "d")

SIZES = ("w", "h")

_PREFIX = "HTTP_PB_"

# Terms in whose headers letters of any script make sense. None of these may get lost without a word.
_TEXTS = frozenset({"password", "title"})

# Headers of other hosts' clients, of transfer.sh and of linx: the term, and what follows the number.
_FOREIGN = {
    "HTTP_MAX_DOWNLOADS": ("downloads", ""),
    "HTTP_MAX_DAYS": ("expires", "d"),
    "HTTP_LINX_EXPIRY": ("expires", "s"),
}
_ACCESS_KEY = "HTTP_LINX_ACCESS_KEY"
_OTHERS = frozenset({*_FOREIGN, _ACCESS_KEY})
_FOR_EVER = ("HTTP_LINX_EXPIRY", "0")
_NUMBER = re.compile(r"[0-9]{1,10}", re.ASCII)


def asked_fields(request: Request) -> dict[str, str]:
    """Return the terms of the query and of headers, and `w` and `h` of the query, as a form has them.

    BadTerm for a term that is told in two ways, and for a header `Pb-…` that is none.
    """
    found: dict[str, str] = {}
    for name, text in (*_of_query(request), *_of_headers(request.environ)):
        if text and found.setdefault(name, text) != text:
            raise BadTerm(f"{name} is told twice, and differently.", name)
    return found


def combined(fields: Mapping[str, str], asked: Mapping[str, str]) -> dict[str, str]:
    """Return the fields of a form with what was asked for beside it; BadTerm where they differ."""
    if not asked:
        return dict(fields)
    for name, text in asked.items():
        if fields.get(name) and fields[name] != text:
            raise BadTerm(f"{name} is told twice, and differently.", name)
    return {**fields, **asked}


def wanted_link(request: Request) -> str:
    """Return which address a line of text shall hold: `s`, `p`, `i` or `d`; BadRequest for another."""
    wanted: str = request.GET.get("link", "s") if request.environ.get("QUERY_STRING") else "s"
    if wanted not in LINKS:
        raise BadRequest(f"link must be one of {', '.join(LINKS)}.")
    return wanted


def _of_query(request: Request) -> Iterator[tuple[str, str]]:
    if not request.environ.get("QUERY_STRING"):
        return
    for name, text in request.GET.items():
        if name in terms.NAMES or name in SIZES:
            yield name, text


def _of_headers(environ: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    if _PREFIX not in " ".join(environ) and _OTHERS.isdisjoint(environ):  # nearly always: one look at all
        return
    for key in environ:
        if key.startswith(_PREFIX) or key == _ACCESS_KEY:
            name = "password" if key == _ACCESS_KEY else key.removeprefix(_PREFIX).lower()
            if name not in terms.NAMES:
                known = ", ".join(f"Pb-{term.capitalize()}" for term in terms.NAMES)
                unknown = f"Pb-{name.capitalize()[:40]}"
                raise BadTerm(f"There is no such header as {unknown}; there are {known}.", unknown)
            if name in _TEXTS and is_blanked(environ, key):
                raise BadTerm(
                    f"{name} in a header has to be ASCII here, and not empty: write it as UTF-8''%C3%BC.",
                    name,
                )
            yield name, _text_of(name, environ[key])
        elif key in _FOREIGN and environ[key].strip() and (key, environ[key].strip()) != _FOR_EVER:
            name, unit = _FOREIGN[key]
            if not _NUMBER.fullmatch(environ[key].strip()):
                raise BadTerm(f"{name} must be a whole number in this header.", name)
            yield name, environ[key].strip() + unit


def _text_of(name: str, header: str) -> str:
    """Return a header's text; BadTerm if it is no UTF-8."""
    try:
        return text_of(header)
    except ValueError as error:
        raise BadTerm(f"{name} is not UTF-8, or UTF-8'' and what is percent-encoded.", name) from error
