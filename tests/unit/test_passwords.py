"""How passwords are kept."""

import argon2
import pytest

from pastebin.services import passwords
from pastebin.services.passwords import Passwords


def test_a_hash_takes_what_rfc_9106_recommends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "PasswordHasher", argon2.PasswordHasher)  # other tests hash quickly
    kept = Passwords().hash("correct horse")
    assert kept.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert Passwords().is_right(kept, "correct horse")
    assert not Passwords().is_right(kept, "another horse")


@pytest.mark.parametrize("kept", ["", "$argon2id$", "no hash at all", "$argon2id$v=19$m=8,t=1,p=1$c2FsdA$"])
def test_no_password_opens_what_is_no_hash(kept: str) -> None:
    assert not Passwords().is_right(kept, "")
