"""File requests: the address for guests, and the page of who made them."""

from typing import Any

from ..errors import NotFound
from ..services import Services
from ..services.collection_records import StoredCollection
from ..services.file_request_records import StoredRequest
from ..services.gate import Decision, Purpose
from .base import Container, Noun
from .visitor import Visitor


class FileRequestContext(Noun):
    """`/u/<code>`: takes the files of guests."""

    methods = ("GET", "HEAD", "POST")

    def __init__(
        self, name: str, parent: Any, services: Services, visitor: Visitor, found: StoredRequest
    ) -> None:
        super().__init__(name, parent)
        self.found = found
        self._services = services
        self._visitor = visitor

    def collection(self) -> StoredCollection | None:
        """Return what others have sent, as far as the gate lets the visitor; None where that is hidden."""
        code = self.found.collection_code
        if self.found.is_blind or code is None:
            return None
        try:
            collection = self._services.collections.by_code(code)
        except NotFound:
            return None
        decision = self._visitor.decide(collection, Purpose.PAGE)
        return collection if decision is Decision.ALLOWED else None


class FileRequestsContainer(Container):
    """`/u`: leads to file requests."""

    def __init__(self, name: str, parent: Any, services: Services, visitor: Visitor) -> None:
        super().__init__(name, parent)
        self._services = services
        self._visitor = visitor

    def __getitem__(self, name: str) -> FileRequestContext:
        self._visitor.require_tries()
        try:
            found = self._services.file_requests.find(name)
        except NotFound as error:
            self._visitor.count_wrong_try()
            raise KeyError(name) from error
        return FileRequestContext(name, self, self._services, self._visitor, found)


class AccountRequests(Noun):
    """`/account/requests`: makes file requests, lists and ends them."""

    methods = ("GET", "HEAD", "POST")
