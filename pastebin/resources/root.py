"""The root of the tree and the nouns right below it."""

from collections.abc import Callable
from typing import ClassVar

from ..services import Services
from .accounts import AccountContext
from .admin import AdminContext
from .api import api
from .base import Noun, Resource
from .collections import Collections, Uploaded
from .file_requests import FileRequestsContainer
from .files import (
    DownloadContext,
    FileContext,
    Files,
    FilesByHash,
    FilesByShortCode,
    InlineContext,
    LegacyFilesByHash,
    PreviewContext,
    QRCodeContext,
    ResizedContext,
    ShortLinkContext,
    ThumbnailContext,
)
from .links import ManagedLinks
from .sign_in import Login, Logout, mailed_sign_ups, password_resets, sign_ups
from .tus import TusUploads
from .visitor import Visitor


class MachineUpload(Noun):
    """`/j`: uploads by programs, from any origin."""

    methods: ClassVar[tuple[str, ...]] = ("OPTIONS", "POST")


class Health(Noun):
    """`/health`: the state of the service."""


class Live(Noun):
    """`/live`: whether this process answers at all."""


class Robots(Noun):
    """`/robots.txt`: what search engines are asked to do."""


class OEmbed(Noun):
    """`/oembed`: how another site may show a file of this one."""


class Latest(Noun):
    """`/latest`: the newest public uploads. There is no such address unless they are listed."""


class Logo(Noun):
    """`/logo`: the operator's image."""


class BrandStyle(Noun):
    """`/brand.css`: the operator's colour."""


class Manifest(Noun):
    """`/manifest.webmanifest`: what lets a phone install the service and share to it."""


class ShareXUploader(Noun):
    """`/sharex.sxcu`: what makes ShareX upload here."""


class ScreenshotScript(Noun):
    """`/screenshot.sh`: what makes Flameshot, or any program that makes files, upload here."""


class Root(Noun):
    """`/`: the upload page, and where every address begins."""

    methods: ClassVar[tuple[str, ...]] = ("GET", "HEAD", "OPTIONS", "POST", "PUT")

    def __init__(self, services: Services, visitor: Visitor) -> None:
        super().__init__("", None)
        self.services = services
        self.visitor = visitor

    def __getitem__(self, name: str) -> Resource:
        return CHILDREN[name](name, self)


def _noun(kind: type[Noun]) -> Callable[[str, Root], Resource]:
    return kind


def _latest(name: str, root: Root) -> Resource:
    if root.services.listing is None:
        raise KeyError(name)
    return Latest(name, root)


def _files(container: type[Files], context: type[FileContext]) -> Callable[[str, Root], Resource]:
    return lambda name, root: container(name, root, root.services, root.visitor, context)


def _with_visitor(
    kind: type[AccountContext]
    | type[AdminContext]
    | type[Collections]
    | type[FileRequestsContainer]
    | type[TusUploads]
    | type[Uploaded],
) -> Callable[[str, Root], Resource]:
    return lambda name, root: kind(name, root, root.services, root.visitor)


def _where_possible(find: Callable[[str, Root, Services], Resource]) -> Callable[[str, Root], Resource]:
    return lambda name, root: find(name, root, root.services)


def _links(name: str, root: Root) -> Resource:
    return ManagedLinks(name, root, root.services, root.visitor)


CHILDREN: dict[str, Callable[[str, Root], Resource]] = {
    "p": _files(LegacyFilesByHash, PreviewContext),
    "i": _files(LegacyFilesByHash, InlineContext),
    "d": _files(LegacyFilesByHash, DownloadContext),
    "r": _files(FilesByHash, ResizedContext),
    "q": _files(FilesByHash, QRCodeContext),
    "t": _files(FilesByHash, ThumbnailContext),
    "s": _files(FilesByShortCode, ShortLinkContext),
    "c": _with_visitor(Collections),
    "m": _links,
    "u": _with_visitor(FileRequestsContainer),
    "login": _where_possible(Login),
    "logout": _noun(Logout),
    "signup": _where_possible(sign_ups),
    "confirm": _where_possible(mailed_sign_ups),
    "reset": _where_possible(password_resets),
    "account": _with_visitor(AccountContext),
    "admin": _with_visitor(AdminContext),
    "api": api,
    "tus": _with_visitor(TusUploads),
    "uploaded": _with_visitor(Uploaded),
    "j": _noun(MachineUpload),
    "health": _noun(Health),
    "live": _noun(Live),
    "latest": _latest,
    "oembed": _noun(OEmbed),
    "robots.txt": _noun(Robots),
    "logo": _noun(Logo),
    "brand.css": _noun(BrandStyle),
    "manifest.webmanifest": _noun(Manifest),
    "sharex.sxcu": _noun(ShareXUploader),
    "screenshot.sh": _noun(ScreenshotScript),
}
