"""Messages by e-mail: sent by a thread of its own, so that no request waits for a server."""

import logging
import os
import queue
import smtplib
import ssl
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import formatdate, make_msgid, parseaddr

from ..errors import Unavailable
from ..setting_mail import MailServer

log = logging.getLogger(__name__)

# How long a server may take for each step, in seconds, and how long to wait before it is tried again.
ANSWER_SECONDS = 10.0
PAUSES = (2.0, 20.0)

# Messages that may wait to be sent. Who asks for more is told to come back.
WAITING = 200

# How long the end of the service waits for what is being sent, in seconds.
END_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Message:
    """A message to one address."""

    to: str
    subject: str
    text: str


class Mail:
    """Sends messages, or shows them in the log where there is no server and this is no production.

    A message that waits is lost when the process ends: what is sent here can be asked for again.
    """

    def __init__(self, server: MailServer | None, sender: str, *, is_shown: bool) -> None:
        self._server = server
        self._sender = sender
        self._is_shown = is_shown
        self.is_possible = server is not None or is_shown
        self._start_lock = threading.Lock()
        self._forget()
        os.register_at_fork(after_in_child=self._forget)  # threads do not survive a fork

    def _forget(self) -> None:
        self._thread: threading.Thread | None = None
        self._stopped = threading.Event()
        self._waiting: queue.Queue[Message | None] = queue.Queue(WAITING)

    def require_room(self) -> None:
        """Raise Unavailable if too many messages wait."""
        if self._waiting.full():
            raise Unavailable("Too much mail waits to be sent. Try again later.")

    def send(self, message: Message) -> None:
        """Have a message sent soon; Unavailable if too many wait."""
        if self._server is None:
            if self._is_shown:
                log.info("To %s: %s: %s", message.to, message.subject, message.text)
            return
        try:
            self._waiting.put_nowait(message)
        except queue.Full as error:
            raise Unavailable("Too much mail waits to be sent. Try again later.") from error
        self._start()

    def close(self) -> None:
        """End the thread after what waits, or after END_SECONDS. What is sent later starts another."""
        thread, stopped = self._thread, self._stopped
        if thread is not None:
            with suppress(queue.Full):
                self._waiting.put_nowait(None)
            thread.join(END_SECONDS)
            stopped.set()
            self._forget()

    def _start(self) -> None:
        with self._start_lock:
            if self._thread is None:
                arguments = (self._waiting, self._stopped)
                self._thread = threading.Thread(target=self._loop, args=arguments, name="mail", daemon=True)
                self._thread.start()

    def _loop(self, waiting: "queue.Queue[Message | None]", stopped: threading.Event) -> None:
        while not stopped.is_set() and (message := waiting.get()) is not None:
            self._deliver(message, stopped)

    def _deliver(self, message: Message, stopped: threading.Event) -> None:
        """Try some times; what the server refuses for good is tried once. The log names no address."""
        for pause in (*PAUSES, None):
            try:
                self._send_once(message)
            except (OSError, smtplib.SMTPException, MessageError, ValueError) as error:
                if pause is None or _is_final(error):
                    log.error("A message could not be sent: %s", _summary(error))
                    return
                log.warning("The mail server fails, and is tried again: %s", _summary(error))
                stopped.wait(pause)
            else:
                return

    def _send_once(self, message: Message) -> None:
        server, mail = self._server, _as_mail(message, self._sender)
        if server is None:
            return
        with _connected(server) as connection:
            if server.user:
                connection.login(server.user, server.password)
            # The envelope is said, not read out of the headers: nobody writes an address that is two.
            connection.send_message(mail, parseaddr(self._sender)[1], [_wire_address(message.to)])


def _connected(server: MailServer) -> smtplib.SMTP:
    """Return a connection, whose certificate is checked where there is one."""
    if server.security == "tls":
        secure = ssl.create_default_context()
        return smtplib.SMTP_SSL(server.host, server.port, timeout=ANSWER_SECONDS, context=secure)
    connection = smtplib.SMTP(server.host, server.port, timeout=ANSWER_SECONDS)
    if server.security == "starttls":
        try:
            connection.starttls(context=ssl.create_default_context())
        except OSError:  # which SMTPException is too
            connection.close()
            raise
    return connection


def _as_mail(message: Message, sender: str) -> EmailMessage:
    name, address = parseaddr(sender)
    mail = EmailMessage()
    mail["From"] = _header_address(address, name)
    mail["To"] = _header_address(_wire_address(message.to))
    mail["Subject"] = message.subject
    mail["Date"] = formatdate(time.time(), usegmt=True)
    mail["Message-ID"] = make_msgid(domain=address.rpartition("@")[2])
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(message.text)
    return mail


def _header_address(address: str, name: str = "") -> Address:
    user, _, domain = address.rpartition("@")
    return Address(name, user, domain)


def _wire_address(address: str) -> str:
    """Return an address with its domain as name servers know it."""
    user, _, domain = address.rpartition("@")
    return f"{user}@{domain.encode('idna').decode()}"


def _is_final(error: Exception) -> bool:
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(code >= 500 for code, _ in error.recipients.values())
    if isinstance(error, smtplib.SMTPResponseException):
        return error.smtp_code >= 500
    return isinstance(error, MessageError | ValueError | smtplib.SMTPNotSupportedError)


def _summary(error: Exception) -> str:
    """Return what kind of error it is, and the server's number: what it says may name an address."""
    code = getattr(error, "smtp_code", "")
    return f"{type(error).__name__} {code}".strip()
