"""File requests, as the API has them: those of the account that asks."""

from typing import Any

from ...errors import NotFound
from ...services import Services
from ...services.file_request_records import StoredRequest
from ...services.rights import Right
from ..visitor import Visitor
from .base import ApiItem, ApiList


class ApiRequest(ApiItem):
    """`/api/v1/requests/<code>`: a file request."""

    address = "requests/{code}"

    def __init__(
        self, name: str, parent: Any, services: Services, visitor: Visitor, found: StoredRequest
    ) -> None:
        super().__init__(name, parent, services, visitor)
        self.found = found

    @property
    def version(self) -> str:
        """Return what changes with its limits, and with what comes."""
        return self.found.version


class ApiRequests(ApiList):
    """`/api/v1/requests`: makes file requests, and lists those of the account that asks."""

    address = "requests"
    item = ApiRequest

    def __getitem__(self, name: str) -> ApiRequest:
        account = self.require(Right.DELETE if self.visitor.is_changing else Right.READ)
        try:
            found = self.services.file_requests.named(account.id, name)
        except NotFound as error:
            raise KeyError(name) from error
        return ApiRequest(name, self, self.services, self.visitor, found)
