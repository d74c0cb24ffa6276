"""Where Pyramid gets the tree from."""

from pyramid.config import Configurator
from pyramid.httpexceptions import HTTPNotFound
from pyramid.request import Request

from .root import Root
from .visitor import Visitor


def root_factory(request: Request) -> Root:
    """Return the tree for a request; HTTPNotFound for an address that is not written plainly.

    Traversal would take `//p//x`, `/p/./x`, `/p/x/` and `/p/x/@@` for `/p/x`. Each resource
    has one address, so those have none.
    """
    segments = request.environ["PATH_INFO"].split("/")[1:]  # bytes in Latin-1, which is all the same here
    if segments != [""] and any(s in ("", ".", "..") or s.startswith("@@") for s in segments):
        raise HTTPNotFound
    visitor = Visitor(request)
    if "HTTP_AUTHORIZATION" in request.environ:  # a wrong token is refused wherever it is sent
        visitor.identity  # noqa: B018
    return Root(request.registry.services, visitor)


def includeme(config: Configurator) -> None:
    """Set the root of traversal."""
    config.set_root_factory(root_factory)
