"""What an address asks to be done to an image.

The same few queries come again and again, and so what they mean is remembered.
"""

from functools import lru_cache

from webob.compat import parse_qsl_text

from ..errors import BadTransform
from ..images import PARAMETERS, ImageLimits, Transform

# Longer queries than any of ours are read anew each time: nobody shall fill the memory with them.
REMEMBERED_LENGTH = 200
REMEMBERED_QUERIES = 2048


def asks_for_transform(query: str) -> bool:
    """Tell whether a query string names a parameter of a transform; UnicodeDecodeError if it is no UTF-8."""
    if not query:
        return False
    return (_remembered_asks if len(query) <= REMEMBERED_LENGTH else _asks)(query)


def read_transform(query: str, limits: ImageLimits) -> Transform | None:
    """Return what a query string asks for, if anything; BadTransform if it says it badly or twice."""
    return (_remembered_transform if len(query) <= REMEMBERED_LENGTH else _transform)(query, limits)


def _pairs(query: str) -> list[tuple[str, str]]:
    """Return names and values of a query string, as `request.GET` has them."""
    return list(parse_qsl_text(query))


def _asks(query: str) -> bool:
    return any(name in PARAMETERS for name, _ in _pairs(query))


def _transform(query: str, limits: ImageLimits) -> Transform | None:
    given: dict[str, str] = {}
    for name, value in _pairs(query):
        if name in given and name in PARAMETERS:
            raise BadTransform(f"The parameter {name} is given twice.")
        given[name] = value
    return Transform.from_params(given, limits)


_remembered_asks = lru_cache(REMEMBERED_QUERIES)(_asks)
_remembered_transform = lru_cache(REMEMBERED_QUERIES)(_transform)
