"""Where Pyramid gets the tree from."""

from pyramid.config import Configurator
from pyramid.httpexceptions import HTTPNotFound
from pyramid.request import Request

from ..web.tus_answers import announce
from .api import ApiPreflight, preflight
from .base import Noun
from .new_files import Here, NewFile
from .root import Root
from .tus import TusPreflight, require_tus
from .visitor import Visitor

# Addresses that tell browsers themselves what pages of other origins may do.
_OWN_PREFLIGHT = frozenset({"j"})


def root_factory(request: Request) -> Root | NewFile | TusPreflight | ApiPreflight:
    """Return the tree for a request; HTTPNotFound for an address that is not written plainly.

    Traversal would take `//p//x`, `/p/./x`, `/p/x/` and `/p/x/@@` for `/p/x`. Each resource
    has one address, so those have none.
    """
    environ = request.environ
    method = environ["REQUEST_METHOD"]
    segments = environ["PATH_INFO"].split("/")[1:] or [""]  # bytes in Latin-1, which is all the same here
    visitor = Visitor(request)
    if "HTTP_AUTHORIZATION" in environ:  # a wrong token is refused wherever it is sent
        visitor.identity  # noqa: B018
    root = Root(request.registry.services, visitor)
    if segments[0] == "tus" and (method != "PUT" or len(segments) > 1):
        announce(request)
        if method == "OPTIONS":
            return TusPreflight("", None)
        require_tus(request, root.services.resumable, segments[1:])
        if segments == ["tus", ""]:
            return root
    if segments[:2] == ["api", "v1"] and len(segments) > 2:
        if method == "OPTIONS":
            return _api_preflight(segments[2:])
        if segments[2:] == [""]:
            return root
    if _is_put(method, segments):
        name = segments[0].encode("latin-1").decode() if segments and segments[0] else None
        return NewFile(name, _methods_of(root, name))
    if segments != [""] and any(s in ("", ".", "..") or s.startswith("@@") for s in segments):
        raise HTTPNotFound
    return root


def _api_preflight(segments: list[str]) -> ApiPreflight:
    try:
        return preflight(segments)
    except KeyError:
        raise HTTPNotFound from None


def _is_put(method: str, segments: list[str]) -> bool:
    """Tell whether a request puts a file, or asks whether it may: any name of one segment will do."""
    if len(segments) > 1:
        return False
    return method == "PUT" or (method == "OPTIONS" and segments[0] not in _OWN_PREFLIGHT)


def _methods_of(root: Root, name: str | None) -> tuple[str, ...]:
    """Return what else the address of a file to put takes."""
    found: object = root
    if name is not None:
        try:
            found = root[name]
        except KeyError:
            found = None
    return found.methods if isinstance(found, Noun) else ()


def includeme(config: Configurator) -> None:
    """Set the root of traversal."""
    config.set_root_factory(root_factory)
    config.add_traverser(Here, NewFile)
    config.add_traverser(Here, TusPreflight)
    config.add_traverser(Here, ApiPreflight)
