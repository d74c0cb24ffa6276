"""A server elsewhere, and who may ask it."""

from collections.abc import Iterator

import pytest

from pastebin.remote import RemotePolicy
from pastebin.setting_types import networks
from tests.inprocess.elsewhere import Elsewhere


@pytest.fixture
def elsewhere() -> Iterator[Elsewhere]:
    """Give a server on this machine."""
    with Elsewhere() as server:
        yield server


@pytest.fixture
def policy(elsewhere: Elsewhere) -> RemotePolicy:
    """Give a policy that lets nothing of this machine be asked but that server."""
    return RemotePolicy(frozenset({80, 443, elsewhere.port}), networks("127.0.0.1/32"))
