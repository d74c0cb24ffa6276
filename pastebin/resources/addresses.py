"""The absolute addresses of files, as answers and pages give them."""

from typing import Any

from pyramid.config import Configurator
from pyramid.request import Request

from .base import Container

_ROOT = Container("", None)
CONTAINERS = {noun: Container(noun, _ROOT) for noun in "pidrsq"}


def address(request: Request, noun: str = "", name: str = "", query: Any = None) -> str:
    """Return the address of `name` below a noun (`p`, `i`, `d`, `r`, `s`, `q`), or below the root itself.

    Its scheme and host are those of `pastebin.public_url`, or else those the client used.
    """
    public_url = request.registry["pastebin.settings"].public_url or None
    parent = CONTAINERS[noun] if noun else _ROOT
    return str(request.resource_url(parent, *([name] if name else []), app_url=public_url, query=query))


def includeme(config: Configurator) -> None:
    """Set up `request.address`."""
    config.add_request_method(address, "address")
