"""Uploads that come in over several requests, by their addresses."""

from collections.abc import Sequence
from typing import Any

from pyramid.request import Request

from ..errors import NotFound
from ..services import Services
from ..services.collection_records import Joining
from ..services.gate import Decision, Purpose
from ..services.resumable import ResumableService
from ..web.tus_headers import NAME, require_version
from .base import Noun
from .visitor import Visitor

# What a client of the protocol sends. Anybody may look.
_OF_TUS = frozenset({"POST", "HEAD", "PATCH", "DELETE"})


def require_tus(request: Request, uploads: ResumableService, names: Sequence[str]) -> None:
    """Raise BadProtocol for what is of another version, before anything is looked for.

    A fetch is stopped without a version as well: who has begun it needs no client of tus.
    """
    if request.method not in _OF_TUS:
        return
    is_plain = request.method == "DELETE" and "Tus-Resumable" not in request.headers
    if is_plain and len(names) == 1 and NAME.fullmatch(names[0]) and uploads.is_fetch(names[0]):
        return
    require_version(request)


class TusPreflight(Noun):
    """`OPTIONS` of `/tus` and of any upload: what the service can do, and who may ask."""

    methods = ("OPTIONS",)


class TusUpload(Noun):
    """`/tus/<name>`: an upload that its maker, or anybody who was given the address, goes on with."""

    methods = ("DELETE", "GET", "HEAD", "OPTIONS", "PATCH")

    @property
    def upload(self) -> str:
        """Return the name of the upload."""
        return self.__name__


class TusUploads(Noun):
    """`/tus`: begins uploads, and leads to them."""

    methods = ("OPTIONS", "POST")

    def __init__(self, name: str, parent: Any, services: Services, visitor: Visitor) -> None:
        super().__init__(name, parent)
        self._services = services
        self._visitor = visitor

    def require_open(self, joining: Joining) -> None:
        """Raise NotFound unless there is a collection of that code and key for who asks."""
        self._visitor.require_tries()
        try:
            found = self._services.collections.by_key_hash(joining.key_hash)
        except NotFound:
            self._visitor.count_wrong_try()
            raise
        is_gone = self._visitor.decide(found, Purpose.MANAGEMENT) is Decision.NOT_THERE
        if found.code != joining.code or is_gone:
            raise NotFound("There is no such collection.")

    def __getitem__(self, name: str) -> TusUpload:
        if not NAME.fullmatch(name):
            raise KeyError(name)
        try:
            file = self._services.resumable.find(name, self._visitor.user)
        except NotFound as error:
            if type(error) is not NotFound:  # it was here
                raise
            raise KeyError(name) from error
        if file is not None and self._visitor.decide(file, Purpose.MANAGEMENT) is Decision.NOT_THERE:
            raise KeyError(name)
        return TusUpload(name, self)
