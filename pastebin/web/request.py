"""Requests, and what views and commands find on them."""

from typing import TYPE_CHECKING

from pyramid.config import Configurator
from pyramid.decorator import reify
from pyramid.interfaces import ISecurityPolicy
from pyramid.request import Request
from sqlalchemy.orm import Session

from ..services import Services
from ..services.gate import Identity

if TYPE_CHECKING:
    from transaction import TransactionManager


class ServiceRequest(Request):  # type: ignore[misc]
    """A request that brings the services along.

    What it has are attributes of this class, because Pyramid makes a class for every request
    that has something added to it (`add_request_method` with `reify`), and that costs more than
    finding a file. Each is made when it is first asked for.
    """

    @reify
    def services(self) -> Services:
        """The running service."""
        found: Services = self.registry.services
        return found

    @reify
    def root_address(self) -> str:
        """Where the service is: `pastebin.public_url`, or else the scheme, host and path the client used."""
        return self.services.settings.public_url or str(self.application_url)

    @reify
    def identity(self) -> Identity:
        """What the request shows of who asks, as the security policy tells once. Raises what that raises."""
        policy = self.registry.getUtility(ISecurityPolicy)
        found: Identity = policy.identity(self)
        return found

    @reify
    def tm(self) -> "TransactionManager":
        """The transaction of a shell or a command, begun by it and ended by it.

        A view needs none: whatever a request writes is one statement that commits by itself.
        """
        from transaction import TransactionManager  # noqa: PLC0415 - for shells and commands only

        return TransactionManager(explicit=True)

    @reify
    def dbsession(self) -> Session:
        """A session that commits and rolls back with `tm`."""
        import zope.sqlalchemy  # noqa: PLC0415 - for shells and commands only

        session: Session = self.services.sessions()
        zope.sqlalchemy.register(session, transaction_manager=self.tm)
        return session


def includeme(config: Configurator) -> None:
    """Have Pyramid make such requests."""
    config.set_request_factory(ServiceRequest)
