"""An account's tokens, as the API has them: a session alone leads here."""

from typing import Any, ClassVar

from ...errors import NotFound
from ...services import Services
from ...services.api_tokens import StoredToken
from ...services.rights import Right
from ...services.versions import version_of
from ..visitor import Visitor
from .base import ApiItem, ApiList


class ApiToken(ApiItem):
    """`/api/v1/tokens/<id>`: a token, without its secret."""

    address = "tokens/{id}"
    methods: ClassVar[tuple[str, ...]] = ("DELETE", "GET", "HEAD")

    def __init__(
        self, name: str, parent: Any, services: Services, visitor: Visitor, token: StoredToken
    ) -> None:
        super().__init__(name, parent, services, visitor)
        self.token = token

    @property
    def version(self) -> str:
        """Return what stays, as nothing of a token changes but when it was used."""
        return version_of(self.token.public_id, self.token.created)


class ApiTokens(ApiList):
    """`/api/v1/tokens`: makes tokens, and lists those of the account that asks."""

    address = "tokens"
    item = ApiToken

    def __getitem__(self, name: str) -> ApiToken:
        account = self.require(Right.ACCOUNT)
        try:
            token = self.services.tokens.named(account.id, name)
        except NotFound as error:
            raise KeyError(name) from error
        return ApiToken(name, self, self.services, self.visitor, token)
