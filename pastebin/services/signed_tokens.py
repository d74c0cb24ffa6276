"""Texts that this service signs, hands out, and takes back once until a moment.

Nothing of them is stored before they are used: what a token is for is in it, under a MAC.
"""

import base64
import hashlib
import hmac
import json
import re
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import delete, insert
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import IntegrityError

from ..errors import NotFound
from ..models import SPENT_TOKENS, WriteTransactions

_TOKEN = re.compile(r"([A-Za-z0-9_-]{1,3000})\.([0-9]{1,12})\.([0-9a-f]{64})", re.ASCII)

# A used token is remembered so many seconds longer than it holds, as clocks of machines differ.
MARGIN = 3600

OVER = "This address has been used, or is over. Ask for a new one."


class SignedTokens:
    """Makes and reads tokens. Those of one kind are never taken for those of another."""

    def __init__(self, engine: Engine, secret: str) -> None:
        self._secret = secret.encode()
        self._transactions = WriteTransactions(engine)

    def make(self, kind: str, values: Sequence[Any], seconds: int) -> str:
        """Return a token that holds values of JSON for so many seconds."""
        said = json.dumps(list(values), separators=(",", ":")).encode()
        body = base64.urlsafe_b64encode(said).decode().rstrip("=")
        until = str(int(time.time()) + seconds)
        return f"{body}.{until}.{self._seal(kind, body, until)}"

    def read(self, kind: str, text: str) -> list[Any] | None:
        """Return the values of a token; None if it is none of this kind, or over."""
        parts = _TOKEN.fullmatch(text)
        if parts is None or not hmac.compare_digest(self._seal(kind, parts[1], parts[2]), parts[3]):
            return None
        if int(parts[2]) < time.time():
            return None
        said = base64.urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4))
        values: list[Any] = json.loads(said)
        return values

    def spend(self, connection: Connection, text: str) -> None:
        """Use a token up, in the transaction of what it is used for; NotFound if it has been used."""
        until = datetime.fromtimestamp(int(text.split(".")[1]) + MARGIN, UTC)
        row = {"digest": hashlib.sha256(text.encode()).hexdigest(), "until": until}
        try:
            connection.execute(insert(SPENT_TOKENS), row)
        except IntegrityError as error:
            raise NotFound(OVER) from error

    def spend_alone(self, text: str) -> None:
        """Use a token up in a transaction of its own; NotFound if it has been used."""
        self._transactions.run(lambda connection: self.spend(connection, text))

    def remove_old(self) -> None:
        """Forget the tokens that are over anyway."""
        statement = delete(SPENT_TOKENS).where(SPENT_TOKENS.c.until < datetime.now(UTC))
        self._transactions.run(lambda connection: connection.execute(statement))

    def _seal(self, kind: str, body: str, until: str) -> str:
        said = "\n".join(("token", kind, body, until)).encode()
        return hmac.new(self._secret, said, hashlib.sha256).hexdigest()
