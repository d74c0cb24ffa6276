"""The language switch: a form that works without JavaScript."""

from urllib.parse import parse_qs

from pyramid.httpexceptions import HTTPSeeOther
from pyramid.request import Request
from pyramid.response import Response
from pyramid.view import view_config

from ..errors import BadRequest
from ..http import body_reader
from ..locales import COOKIE, LANGUAGES
from ..resources import Language

# A form of two short fields has no more bytes than this.
FORM_LIMIT = 8 * 2**10

YEAR = 365 * 86400


@view_config(context=Language, request_method="POST")
def choose_language(request: Request) -> Response:
    """Remember the field `language` in a cookie and lead back to the path in the field `next`."""
    fields = _read_form(request)
    language = fields.get("language", "")
    if language not in LANGUAGES:
        raise BadRequest(f"Choose one of these languages: {', '.join(LANGUAGES)}.")
    answer = HTTPSeeOther(location=own_path(fields.get("next", "")))
    answer.set_cookie(
        COOKIE, language, max_age=YEAR, samesite="Lax", httponly=True, secure=request.scheme == "https"
    )
    return answer


def own_path(text: str) -> str:
    """Return a path on this server; `/` for anything that a browser could take for another place.

    Browsers drop tabs and newlines and read a backslash as a slash, so `/\\host` is a host.
    """
    plain = text.isascii() and text.isprintable() and "\\" not in text and " " not in text
    return text if plain and text.startswith("/") and not text.startswith("//") else "/"


def _read_form(request: Request) -> dict[str, str]:
    """Return the first value of each field of a small URL-encoded form."""
    read, data = body_reader(request), b""
    while len(data) <= FORM_LIMIT and (piece := read(FORM_LIMIT + 1 - len(data))):
        data += piece
    if len(data) > FORM_LIMIT:
        raise BadRequest("The form is too large.")
    try:
        fields = parse_qs(data.decode(), max_num_fields=16)
    except ValueError as error:
        raise BadRequest("The form cannot be read.") from error
    return {name: values[0] for name, values in fields.items()}
