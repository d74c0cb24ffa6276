"""Who asks, as the tree needs to know it."""

import time

from pyramid.request import Request

from ..services import Services
from ..services.gate import Decision, Guarded, Identity, Purpose, decide
from ..web.security import basic_password


class Visitor:
    """A visitor of one request, who may know the passwords of files."""

    def __init__(self, request: Request) -> None:
        self._request = request
        self._identity: Identity | None = None

    @property
    def identity(self) -> Identity:
        """Return what the visitor has shown so far."""
        if self._identity is None:
            self._identity = self._request.identity
        return self._identity

    def decide(self, item: Guarded, purpose: Purpose) -> Decision:
        """Ask the gate; a password that came with the request is tried where one is needed."""
        decision = decide(self.identity, item, purpose, time.time())
        if decision is Decision.LOCKED and self._knows_password(item):
            self._identity = self.identity.having_unlocked(item)
            decision = decide(self.identity, item, purpose, time.time())
        return decision

    def _knows_password(self, item: Guarded) -> bool:
        services: Services = self._request.services
        password = basic_password(self._request)
        return password is not None and services.unlocking.is_right(
            item, password, self._request.client_addr or ""
        )
