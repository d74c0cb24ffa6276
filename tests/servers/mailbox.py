"""A mail server of one's own, whose messages tests look into."""

import queue
import re
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult

from .process import free_port


class Mailbox:
    """Takes every message, as long as it is open. `refusal` is what it answers to recipients instead."""

    def __init__(self, **options: Any) -> None:
        self._messages: queue.Queue[tuple[list[str], EmailMessage]] = queue.Queue()
        self.refusal = ""
        self.logins: list[tuple[bytes, bytes]] = []
        self._controller = Controller(self, hostname="127.0.0.1", port=free_port(), **options)

    async def handle_RCPT(self, _server: Any, _session: Any, envelope: Any, to: str, _options: Any) -> str:
        """Take a recipient."""
        if self.refusal:
            return self.refusal
        envelope.rcpt_tos.append(to)
        return "250 OK"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
        """Keep a message."""
        message = message_from_bytes(envelope.content, policy=policy.default)
        self._messages.put((envelope.rcpt_tos, message))
        return "250 OK"

    def authenticate(self, _server: SMTP, _session: Any, _envelope: Any, _how: str, data: Any) -> AuthResult:
        """Let everybody in, and keep what they said."""
        self.logins.append((data.login, data.password))
        return AuthResult(success=True)

    @property
    def address(self) -> str:
        """Return host and port."""
        return f"127.0.0.1:{self._controller.port}"

    def next(self) -> tuple[list[str], EmailMessage]:
        """Wait for a message; return its recipients and itself."""
        return self._messages.get(timeout=20)

    def next_link(self) -> str:
        """Wait for a message and return the address in it."""
        found = re.search(r"https?://\S+", self.next()[1].get_content())
        assert found
        return found[0]

    @property
    def is_empty(self) -> bool:
        """Tell whether no message has come that nobody looked at."""
        return self._messages.empty()

    def __enter__(self) -> "Mailbox":
        self._controller.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._controller.stop()
