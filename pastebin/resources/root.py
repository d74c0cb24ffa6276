"""The root of the tree and the nouns right below it."""

from collections.abc import Callable
from typing import Any, ClassVar

from ..services import Services
from .base import Noun, Resource
from .files import (
    DownloadContext,
    FilesByHash,
    FilesByShortCode,
    InlineContext,
    LegacyFilesByHash,
    PreviewContext,
    ResizedContext,
)


class MachineUpload(Noun):
    """`/j`: uploads by programs, from any origin."""

    methods: ClassVar[tuple[str, ...]] = ("OPTIONS", "POST")


class Health(Noun):
    """`/health`: the state of the service."""


class Root(Noun):
    """`/`: the upload page, and where every address begins."""

    methods: ClassVar[tuple[str, ...]] = ("GET", "HEAD", "POST")

    def __init__(self, services: Services) -> None:
        super().__init__("", None)
        self._services = services

    def __getitem__(self, name: str) -> Resource:
        return CHILDREN[name](name, self, self._services)


def _by_hash(container: type[FilesByHash], context: Any) -> Callable[[str, Root, Services], Resource]:
    return lambda name, root, services: container(name, root, services, context)


CHILDREN: dict[str, Callable[[str, Root, Services], Resource]] = {
    "p": _by_hash(LegacyFilesByHash, PreviewContext),
    "i": _by_hash(LegacyFilesByHash, InlineContext),
    "d": _by_hash(LegacyFilesByHash, DownloadContext),
    "r": _by_hash(FilesByHash, ResizedContext),
    "s": FilesByShortCode,
    "j": lambda name, root, _services: MachineUpload(name, root),
    "health": lambda name, root, _services: Health(name, root),
}
