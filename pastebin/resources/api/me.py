"""Who asks, as the API tells it."""

from typing import ClassVar

from ...services.rights import AccountIdentity, Right
from ...services.versions import version_of
from .base import ApiItem


class ApiMe(ApiItem):
    """`/api/v1/me`: the account that asks, and how much it has and may have."""

    address = "me"
    methods: ClassVar[tuple[str, ...]] = ("GET", "HEAD")

    @property
    def account(self) -> AccountIdentity:
        """Return the account that asks."""
        return self.require(Right.SELF)

    @property
    def version(self) -> str:
        """Return what changes with the account, its token and what it has."""
        account, token = self.account, self.account.token
        granted = token and (token.id, sorted(token.scopes), token.max_size, sorted(token.terms.items()))
        return version_of(account.name, account.roles, granted, self.services.quotas.of(account.id))
