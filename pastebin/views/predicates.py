"""Conditions on which view answers a request."""

from typing import Any

from pyramid.request import Request

from ..web.transform_query import asks_for_transform


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
        return asks_for_transform(request.query_string) is self._value
