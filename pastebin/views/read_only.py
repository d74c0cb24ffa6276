"""What stands before every view: while the service is read-only, none that writes is called."""

from collections.abc import Callable
from typing import Any

from pyramid.request import Request
from pyramid.response import Response

from ..resources import Noun
from ..services.flags import Flag
from ..web.origins import SAFE

View = Callable[[Any, Request], Response]


def while_read_only(view: View, _info: Any) -> View:
    """Return a view that raises SwitchedOff for what would change something, before its body is read."""

    def guarded(context: Any, request: Request) -> Response:
        if request.environ["REQUEST_METHOD"] not in SAFE and _is_change(context):
            request.registry.services.flags.require_off(Flag.READ_ONLY)
        return view(context, request)

    return guarded


def _is_change(context: Any) -> bool:
    """Tell whether a request is for one of our nouns, and not for its error."""
    return isinstance(context, Noun) and not context.is_open_when_read_only
