"""Services of this process hash passwords quickly."""

from collections.abc import Iterator

import pytest

from pastebin.services import passwords
from tests.servers.passwords import QuickHasher


@pytest.fixture(scope="session", autouse=True)
def quick_passwords() -> Iterator[None]:
    """Let services of this process hash quickly."""
    with pytest.MonkeyPatch.context() as patches:
        patches.setattr(passwords, "PasswordHasher", QuickHasher)
        yield
