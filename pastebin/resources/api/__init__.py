"""`/api/v1`: the nouns of the API, each a list of things and the way to one of them.

A noun is a class here, in a module of its own, with its place in NOUNS; its operations are in `views/api`.
"""

from typing import Any

from ...services import Services
from ..base import Container, Noun
from ..visitor import Visitor
from .administration import ApiAudit, ApiBans, ApiFlags, ApiReports, ApiUsers
from .base import ApiItem, ApiList, ApiNoun
from .collections import ApiCollections
from .files import ApiFiles
from .me import ApiMe
from .requests import ApiRequests
from .tokens import ApiTokens

__all__ = ["ApiDocument", "ApiItem", "ApiList", "ApiNoun", "ApiPage", "ApiPreflight", "api", "preflight"]

NOUNS: dict[str, type[ApiList] | type[ApiItem]] = {
    "audit": ApiAudit,
    "bans": ApiBans,
    "collections": ApiCollections,
    "files": ApiFiles,
    "flags": ApiFlags,
    "me": ApiMe,
    "reports": ApiReports,
    "requests": ApiRequests,
    "tokens": ApiTokens,
    "users": ApiUsers,
}


class ApiDocument(Noun):
    """`/api/v1/openapi.json`: what the API does, for programs."""


class ApiPreflight(Noun):
    """`OPTIONS` of any address of the API: a browser asks without a right whether it may ask with one."""

    methods = ("OPTIONS",)

    def __init__(self, allowed: tuple[str, ...]) -> None:
        super().__init__("", None)
        self.allowed = allowed


class ApiPage(Noun):
    """`/api/v1/`: what the API does, for people, and the way to its nouns."""

    def __init__(self, name: str, parent: Any, services: Services, visitor: Visitor) -> None:
        super().__init__(name, parent)
        self._services = services
        self._visitor = visitor

    def __getitem__(self, name: str) -> Noun:
        if name == "openapi.json":
            return ApiDocument(name, self)
        return NOUNS[name](name, self, self._services, self._visitor)


class Api(Container):
    """`/api`: leads to the only version that there is."""

    def __init__(self, name: str, parent: Any, services: Services, visitor: Visitor) -> None:
        super().__init__(name, parent)
        self._services = services
        self._visitor = visitor

    def __getitem__(self, name: str) -> ApiPage:
        if name != "v1":
            raise KeyError(name)
        return ApiPage(name, self, self._services, self._visitor)


def api(name: str, root: Any) -> Api:
    """Return where the API begins."""
    return Api(name, root, root.services, root.visitor)


def preflight(segments: list[str]) -> ApiPreflight:
    """Return what answers `OPTIONS` below `/api/v1`, whatever is there; KeyError where nothing can be."""
    noun, *rest = segments
    if noun in ("", "openapi.json") and not rest:
        return ApiPreflight(Noun.methods)
    kind = NOUNS[noun]
    if not rest:
        return ApiPreflight(kind.methods)
    if len(rest) > 1 or not rest[0] or not issubclass(kind, ApiList):
        raise KeyError(noun)
    return ApiPreflight(kind.item.methods)
