"""Passwords that take next to no time; what the service takes is seen by tests/unit/test_passwords.py."""

from collections.abc import Iterator
from functools import partial

import pytest
from argon2 import PasswordHasher

from pastebin.services import passwords

# argon2id with the least of time, memory and threads: some 50 microseconds instead of milliseconds.
QuickHasher = partial(PasswordHasher, time_cost=1, memory_cost=8, parallelism=1)


@pytest.fixture(scope="session", autouse=True)
def quick_passwords() -> Iterator[None]:
    """Let services of this process hash quickly."""
    with pytest.MonkeyPatch.context() as patches:
        patches.setattr(passwords, "PasswordHasher", QuickHasher)
        yield
