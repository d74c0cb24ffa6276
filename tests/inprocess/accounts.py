"""Accounts of a service under test, and what their requests send along."""

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache

from pastebin.services.account_names import fold
from pastebin.services.account_records import StoredAccount, insert_account
from pastebin.services.api_tokens import NewToken
from pastebin.services.rights import LOGIN
from pastebin.web.cookies import SESSION_COOKIE
from tests.servers.passwords import QuickHasher

from .service import BASE, Service

PASSWORD = "correct horse battery"
OWN = {"origin": BASE}


@dataclass(frozen=True)
class Person:
    """An account, and the headers of its browser."""

    account: StoredAccount
    browser: dict[str, str]


@cache
def _hashed() -> str:
    return QuickHasher().hash(PASSWORD)


def sign_up(service: Service, name: str = "ada", roles: int = LOGIN) -> Person:
    """Make an account and sign it in, past the pages, and without a hash for each."""
    row = {
        **{"name": name, "folded": fold(name), "email": None, "folded_email": None},
        **{"password": _hashed(), "roles": roles, "created": datetime.now(UTC)},
    }
    with service.registry.services.engine.begin() as connection:
        account = insert_account(connection, row)
    return Person(account, session_of(service, account))


def session_of(service: Service, account: StoredAccount) -> dict[str, str]:
    """Return the headers of another browser of an account."""
    secret = service.registry.services.account_sessions.create(account, "Firefox")
    return {"cookie": f"{SESSION_COOKIE}={secret}"}


def token_of(service: Service, person: Person, *scopes: str, **limits: object) -> dict[str, str]:
    """Return the headers of a program with a token."""
    new = NewToken("test", scopes, **limits)  # type: ignore[arg-type]
    return {"authorization": f"Bearer {service.registry.services.tokens.create(person.account.id, new)}"}
