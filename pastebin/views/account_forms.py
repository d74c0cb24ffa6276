"""The forms of an account's pages."""

from pyramid.request import Request

from ..web.bodies import read_small_form_lists
from ..web.cookies import require_form_token


def read_form(request: Request) -> dict[str, list[str]]:
    """Return the fields of a form that this browser was given."""
    fields = read_small_form_lists(request)
    require_form_token(request, {name: values[-1] for name, values in fields.items()})
    return fields


def one(fields: dict[str, list[str]], name: str) -> str:
    """Return the last value of a field, empty where there is none."""
    return fields.get(name, [""])[-1]
