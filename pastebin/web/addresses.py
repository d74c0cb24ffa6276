"""The absolute addresses of files, as answers and pages give them.

Pyramid's `resource_url` would do, but remembers every name that it ever quoted: with a file's
name in each address, the process would grow with every file.
"""

import re
from typing import Any
from urllib.parse import quote

from pyramid.config import Configurator
from pyramid.encode import urlencode
from pyramid.request import Request
from pyramid.traversal import PATH_SEGMENT_SAFE

# What needs no quoting: nearly every name, and an answer to an upload has seven addresses.
_PLAIN = re.compile(r"[A-Za-z0-9._~-]*")


def path(noun: str = "", name: str = "") -> str:
    """Return the path of `name` below a noun (`p`, `i`, `d`, `r`, `s`, `q`), or below the root itself."""
    segment = name if _PLAIN.fullmatch(name) else quote(name, PATH_SEGMENT_SAFE)
    return f"/{noun}/{segment}" if noun else f"/{segment}"


def address(request: Request, noun: str = "", name: str = "", query: Any = None) -> str:
    """Return the address of `path(noun, name)`, below the request's `root_address`."""
    return f"{request.root_address}{path(noun, name)}" + (f"?{urlencode(query)}" if query else "")


def includeme(config: Configurator) -> None:
    """Set up `request.address`."""
    config.add_request_method(address, "address")
