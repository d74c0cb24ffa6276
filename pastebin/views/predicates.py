"""Conditions on which view answers a request."""

from typing import Any

from pyramid.request import Request

from ..images.transform import PARAMETERS


class AsksForTransform:
    """View predicate: the address asks for a size, a crop or another format."""

    def __init__(self, value: bool, _info: Any) -> None:
        self._value = value

    def text(self) -> str:
        """Return how `pviews` names the predicate."""
        return f"transform = {self._value}"

    phash = text

    def __call__(self, _context: Any, request: Request) -> bool:
        """Tell whether the query names a transform, or does not, as the view wants."""
        asked = bool(request.query_string) and not set(PARAMETERS).isdisjoint(request.GET.keys())
        return asked is self._value
