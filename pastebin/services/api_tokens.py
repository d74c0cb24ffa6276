"""Tokens of programs: `pb_<id>_<secret>`, told once."""

import hashlib
import hmac
import json
import re
import secrets
from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, delete, false, insert, select, update
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import SQLAlchemyError

from ..errors import BadRequest, InvalidField, NotFound, Unavailable
from ..models import ACCOUNTS, TOKENS, WriteTransactions, retry_on_disconnect
from ..models.account import NOTE_LENGTH, TERMS_LENGTH
from ..names import visible_name
from .account_records import locked_account, note_act
from .audit import Act
from .files import MAX_ID
from .keyset import Keyset, ListPage, Order, Wanted, has_words
from .rights import LOGIN, SCOPES, AccountIdentity, TokenGrant

SCOPE_NAMES = tuple(dict.fromkeys(SCOPES.values()))

# What the text of every token begins with.
PREFIX = "pb_"

# How exactly it is known when a token was used last: it costs a write.
TOUCH = timedelta(minutes=1)

# How many tokens an account may have.
MOST = 100

_TOKEN = re.compile(r"pb_([0-9a-f]{16})_([A-Za-z0-9_-]{43})", re.ASCII)
_PUBLIC_ID = re.compile(r"[0-9a-f]{16}", re.ASCII)
_FIND = (
    select(TOKENS, ACCOUNTS.c.name.label("account_name"), ACCOUNTS.c.roles)
    .join(ACCOUNTS, ACCOUNTS.c.id == TOKENS.c.account_id)
    .where(TOKENS.c.public_id == bindparam("public"), ACCOUNTS.c.is_suspended == false())
)
SORTS = {"newest": Order(TOKENS.c.id, is_down=True), "oldest": Order(TOKENS.c.id)}
_KEYSET = Keyset(TOKENS, SORTS, TOKENS.c.id)
_OF_ACCOUNT = select(TOKENS).where(TOKENS.c.account_id == bindparam("account")).order_by(TOKENS.c.id)
_TOUCH = update(TOKENS).where(TOKENS.c.id == bindparam("number"))


@dataclass(frozen=True, slots=True)
class NewToken:
    """A token to make. `max_size` is in bytes; `terms` are texts by name, checked by who asks for them."""

    name: str
    scopes: Collection[str]
    expires: datetime | None = None
    max_size: int | None = None
    terms: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class StoredToken:
    """A token as its account sees it: all but its secret."""

    public_id: str
    name: str
    scopes: tuple[str, ...]
    created: datetime
    expires: datetime | None
    last_used: datetime | None
    max_size: int | None
    terms: Mapping[str, str]


class TokenService:
    """Tokens, looked up at each use. They may never do more than their account may at that moment."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._transactions = WriteTransactions(engine)

    def create(
        self, account_id: int, new: NewToken, *, session_id: int | None = None, actor: str | None = None
    ) -> str:
        """Make a token and return its text. BadRequest if it cannot be.

        `session_id` is the session by which its account makes it (Forbidden if that has ended), `actor`
        who makes it in the account's place, for the audit.
        """
        row, text = _row_of(account_id, new)

        def write(connection: Connection) -> None:
            account = locked_account(connection, account_id, session_id)
            if len(connection.execute(_OF_ACCOUNT, {"account": account_id}).all()) >= MOST:
                raise BadRequest(f"An account has at most {MOST} tokens. Revoke one first.")
            connection.execute(insert(TOKENS), row)
            if actor is not None:
                note_act(
                    connection, Act.TOKEN_MADE, actor, account, f"{row['public_id']} for {row['scopes']}"
                )

        self._transactions.run(write)
        return text

    def find(self, text: str) -> AccountIdentity | None:
        """Return whom a token stands for; None if it is wrong, over, or its account may not sign in."""
        named = _TOKEN.fullmatch(text)
        row = None if named is None else retry_on_disconnect(lambda: self._row(named[1]))
        if named is None or row is None or not hmac.compare_digest(_hash(named[2]), row.secret_hash):
            return None
        now = datetime.now(UTC)
        if (row.expires is not None and row.expires <= now) or not row.roles & LOGIN:
            return None
        if row.last_used is None or row.last_used < now - TOUCH:
            statement = _TOUCH.values(last_used=now)
            with suppress(SQLAlchemyError, Unavailable):  # who only reads needs no write
                self._transactions.run(lambda connection: connection.execute(statement, {"number": row.id}))
        grant = TokenGrant(row.id, frozenset(row.scopes.split()), row.max_size, json.loads(row.terms))
        return AccountIdentity(row.account_id, row.account_name, row.roles, token=grant)

    def _row(self, public_id: str) -> Any:
        with self._engine.connect() as connection:
            return connection.execute(_FIND, {"public": public_id}).first()

    def of_account(self, account_id: int) -> list[StoredToken]:
        """Return the tokens of an account, the oldest first."""
        with self._engine.connect() as connection:
            return [_stored(row) for row in connection.execute(_OF_ACCOUNT, {"account": account_id})]

    def page(self, account_id: int, wanted: Wanted) -> ListPage[StoredToken]:
        """Return a page of an account's tokens. BadRequest for nonsense."""
        conditions = [TOKENS.c.account_id == account_id, *has_words(wanted.words, TOKENS.c.name)]
        return _KEYSET.page(self._engine, conditions, wanted).of(_stored)

    def named(self, account_id: int, public_id: str) -> StoredToken:
        """Return the token of an account with an id; NotFound if it has none."""
        for token in self.of_account(account_id):
            if token.public_id == public_id:
                return token
        raise NotFound("There is no such token.")

    def revoke(self, account_id: int, public_id: str) -> None:
        """End a token of an account; NotFound if it has none with this id."""
        if not _PUBLIC_ID.fullmatch(public_id):
            raise NotFound("There is no such token.")
        statement = delete(TOKENS).where(TOKENS.c.account_id == account_id, TOKENS.c.public_id == public_id)
        if not self._transactions.run(lambda connection: connection.execute(statement).rowcount):
            raise NotFound("There is no such token.")


def _row_of(account_id: int, new: NewToken) -> tuple[dict[str, Any], str]:
    """Return the row of a new token, and its text."""
    name = " ".join(new.name.split())
    if not 1 <= len(name) <= NOTE_LENGTH - 1 or visible_name(name, NOTE_LENGTH) != name:
        raise InvalidField(
            "name", f"The name of a token has 1 to {NOTE_LENGTH - 1} characters that can be seen."
        )
    scopes = [scope for scope in SCOPE_NAMES if scope in new.scopes]
    if not scopes or len(scopes) != len(set(new.scopes)):
        raise InvalidField("scopes", f"A token has one or several scopes of {', '.join(SCOPE_NAMES)}.")
    if new.expires is not None and new.expires <= datetime.now(UTC):
        raise InvalidField("expires", "A token must end in the future.")
    if new.max_size is not None and not 0 < new.max_size <= MAX_ID:
        raise InvalidField(
            "max_size", "The largest upload of a token has 1 byte or more, and a size that exists."
        )
    terms = json.dumps(dict(new.terms))
    if len(terms) > TERMS_LENGTH:
        raise InvalidField("terms", "The terms of the token are too long.")
    public_id, secret = secrets.token_hex(8), secrets.token_urlsafe(32)
    row = {
        "public_id": public_id,
        "secret_hash": _hash(secret),
        "account_id": account_id,
        "name": name,
        "scopes": " ".join(scopes),
        "created": datetime.now(UTC),
        "expires": new.expires,
        "max_size": new.max_size,
        "terms": terms,
    }
    return row, f"{PREFIX}{public_id}_{secret}"


def _stored(row: Any) -> StoredToken:
    return StoredToken(
        row.public_id,
        row.name,
        tuple(row.scopes.split()),
        row.created,
        row.expires,
        row.last_used,
        row.max_size,
        json.loads(row.terms),
    )


def _hash(secret: str) -> str:
    """Return what is kept of a secret of 256 random bits."""
    return hashlib.sha256(secret.encode()).hexdigest()
