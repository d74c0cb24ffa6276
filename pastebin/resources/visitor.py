"""Who asks, as the tree needs to know it."""

import time

from pyramid.request import Request

from ..services import Services
from ..services.gate import NOBODY, Decision, Guarded, Identity, Purpose, decide
from ..web.origins import SAFE
from ..web.security import basic_password, identity_of

_NONE: frozenset[int] = frozenset()


class Visitor:
    """A visitor of one request, who may know the passwords of files."""

    def __init__(self, request: Request) -> None:
        self._request = request
        self._identity: Identity | None = None

    @property
    def identity(self) -> Identity:
        """Return what the visitor has shown so far."""
        if self._identity is None:
            self._identity = identity_of(self._request)
        return self._identity

    @property
    def user(self) -> str | None:
        """Return who is signed in, None for nobody."""
        found = self._request.authenticated_userid
        return None if found is None else str(found)

    @property
    def is_changing(self) -> bool:
        """Tell whether the request is to change something, by its method."""
        return self._request.method not in SAFE

    def decide(self, item: Guarded, purpose: Purpose) -> Decision:
        """Ask the gate; a password that came with the request is tried where one is needed."""
        decision = self._decide(item, purpose)
        if decision is Decision.LOCKED and self._knows_password(item):
            self._identity = self.identity.having_unlocked(item)
            decision = self._decide(item, purpose)
        return decision

    def _decide(self, item: Guarded, purpose: Purpose) -> Decision:
        """Ask the gate. Who the visitor is takes a look-up, and matters only where there are restrictions."""
        matters = item.is_restricted and purpose is not Purpose.MANAGEMENT
        matters = matters or purpose in (Purpose.CURATION, Purpose.MODERATION)
        suspended = self._services.suspensions.ids() if item.owner_id is not None else _NONE
        return decide(self.identity if matters else NOBODY, item, purpose, time.time(), suspended)

    def require_tries(self) -> None:
        """Raise TooManyRequests for who has tried too many keys and codes that do not exist."""
        self._services.rate_limits.wrong_keys.require(self._address)

    def count_wrong_try(self) -> None:
        """Note that there was nothing under a key or a code."""
        self._services.rate_limits.wrong_keys.count(self._address)

    @property
    def _services(self) -> Services:
        found: Services = self._request.registry.services  # also where the request is not of our own class
        return found

    @property
    def _address(self) -> str:
        return self._request.client_addr or ""

    def _knows_password(self, item: Guarded) -> bool:
        password = basic_password(self._request)
        return password is not None and self._services.unlocking.is_right(item, password, self._address)
