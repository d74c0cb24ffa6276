"""The absolute addresses of files, as answers and pages give them."""

from pyramid.config import Configurator
from pyramid.request import Request

from .base import Container

_ROOT = Container("", None)
_CONTAINERS = {noun: Container(noun, _ROOT) for noun in "pidrs"}


def address(request: Request, noun: str = "", name: str = "") -> str:
    """Return the address of `name` below a noun (`p`, `i`, `d`, `r`, `s`), or of the service itself.

    Its scheme and host are those of `pastebin.public_url`, or else those the client used.
    """
    public_url = request.registry["pastebin.settings"].public_url or None
    if not noun:
        return str(request.resource_url(_ROOT, app_url=public_url))
    return str(request.resource_url(_CONTAINERS[noun], name, app_url=public_url))


def includeme(config: Configurator) -> None:
    """Set up `request.address`."""
    config.add_request_method(address, "address")
