"""Requests: what is sent, what came back, and trying again."""

import contextlib
import json
import ssl
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from email.message import Message
from http.client import HTTPException, HTTPResponse
from typing import Any, TypeVar
from urllib.parse import urljoin, urlsplit

from . import __version__
from .body import Body
from .connection import open_connection
from .failures import Busy, Failure, NotThere, Refused, Unreachable, WrongUsage
from .settings import origin_of

Result = TypeVar("Result")

PAUSES = (0.5, 1.0, 2.0, 4.0, 8.0, 15.0)  # seconds; the last one again and again
LONGEST_WAIT = 60.0  # a server that asks for more is told about instead
ANSWER_LIMIT = 4 * 2**20
REDIRECTS = 5
_PASSING = frozenset({423, 429})


@dataclass(frozen=True)
class Answer:
    """A response that has been read."""

    status: int
    headers: Message
    body: bytes

    def json(self) -> dict[str, Any]:
        """Return the object in it; Unreachable if it is something else than this service answers."""
        try:
            said = json.loads(self.body)
        except (ValueError, RecursionError):
            said = None
        if not isinstance(said, dict):
            raise Unreachable("the answer makes no sense: is this the address of a pastebin server?")
        return said


@dataclass
class Web:
    """Sends requests, with the token that belongs to their server, and tries again what may pass."""

    token_for: Callable[[str], str | None]
    retries: int
    tell: Callable[[str], None]
    cookies: dict[tuple[str, str, int | None], dict[str, str]] = field(default_factory=dict)

    def ask(
        self, method: str, address: str, headers: dict[str, str] | None = None, body: Body | None = None
    ) -> Answer:
        """Send one request and return its answer, whatever the status."""
        with self.exchange(method, address, headers, body) as response:
            data = b"" if method == "HEAD" else response.read(ANSWER_LIMIT)
            return Answer(response.status, response.headers, data)

    def get(self, address: str, headers: dict[str, str] | None = None) -> Answer:
        """Return the successful answer to a GET, which is tried again where that may help."""
        return self.patiently(lambda: successful(self.ask("GET", address, headers)))

    @contextlib.contextmanager
    def exchange(
        self, method: str, address: str, headers: dict[str, str] | None = None, body: Body | None = None
    ) -> Iterator[HTTPResponse]:
        """Send one request and give its response, to be read. Unreachable where the network fails."""
        if not origin_of(address)[1]:
            raise WrongUsage("an address begins with http:// or https:// and a host")
        sent = self._headers(address, headers or {}, body)
        host = urlsplit(address).netloc.rpartition("@")[2]
        connection = None
        try:
            connection, target, for_proxy = open_connection(address)
            with contextlib.suppress(BrokenPipeError, ConnectionResetError):  # it may have answered already
                connection.request(method, target, body, {**sent, **for_proxy})
            response = connection.getresponse()
            self._keep_cookies(address, response)
            yield response
        except ssl.SSLCertVerificationError as error:
            raise _untrusted(host, error) from error
        except (OSError, HTTPException, UnicodeError) as error:
            raise Unreachable(f"{host} cannot be reached: {_reason(error)}") from error
        finally:
            if connection is not None:
                connection.close()

    def patiently(self, do: Callable[[], Result]) -> Result:
        """Do something again, after growing pauses, while it fails in a way that may pass."""
        patience = Patience(self)
        while True:
            try:
                return do()
            except Failure as failure:
                patience.wait(failure)

    def follow(self, address: str, answer: Answer | HTTPResponse) -> str | None:
        """Return where an answer leads to, if it leads anywhere."""
        location = answer.headers.get("Location")
        if not location or answer.status not in (301, 302, 303, 307, 308):
            return None
        try:
            return urljoin(address, location)
        except ValueError as error:
            raise Refused("the server leads to what is no address") from error

    def _headers(self, address: str, headers: dict[str, str], body: Body | None) -> dict[str, str]:
        own = {"User-Agent": f"pb/{__version__}", "Accept": "application/json", "Connection": "close"}
        token = self.token_for(address)
        if token and "Authorization" not in headers:
            own["Authorization"] = f"Bearer {token}"
        cookies = self.cookies.get(origin_of(address))
        if cookies:
            own["Cookie"] = "; ".join(f"{name}={value}" for name, value in cookies.items())
        if body is not None:
            own["Content-Length"] = str(body.size)
        return {**own, **headers}

    def _keep_cookies(self, address: str, response: HTTPResponse) -> None:
        """Keep what a server gives with a counted download, so that going on does not count again."""
        for line in response.headers.get_all("Set-Cookie") or ():
            name, equals, value = line.partition(";")[0].partition("=")
            if equals:
                self.cookies.setdefault(origin_of(address), {})[name.strip()] = value.strip()


class Patience:
    """Growing pauses between tries; used up after some without progress."""

    def __init__(self, web: Web) -> None:
        self._web = web
        self._tries = 0

    def reset(self) -> None:
        """Begin anew: something has moved."""
        self._tries = 0

    def wait(self, failure: Failure) -> None:
        """Pause before the next try; raise the failure where there is none."""
        if not failure.may_pass or self._tries >= self._web.retries or failure.after > LONGEST_WAIT:
            raise failure
        pause = max(failure.after, PAUSES[min(self._tries, len(PAUSES) - 1)])
        self._tries += 1
        self._web.tell(f"{failure}; trying again in {pause:g} s")
        time.sleep(pause)


def successful(answer: Answer) -> Answer:
    """Return an answer that is a success; raise what another one means."""
    if 200 <= answer.status < 300:
        return answer
    raise failure_of(answer)


def failure_of(answer: Answer) -> Failure:
    """Return what an answer means that is no success: the server's words, in our classes."""
    status, text = answer.status, f"the server says {_message(answer)}"
    failure: Failure
    if status in (404, 410, 451):
        failure = NotThere(text)
    elif status >= 500:
        failure = Unreachable(text)
    elif status in _PASSING:
        failure = Busy(text)
    else:
        failure = Refused(text)
    failure.after = _seconds(answer.headers.get("Retry-After"))
    return failure


def _message(answer: Answer) -> str:
    """Return the status and the message of an error; of a foreign one only the status."""
    if 300 <= answer.status < 400:
        return f"{answer.status}: look at {answer.headers.get('Location', 'another address')}"
    with contextlib.suppress(ValueError, RecursionError, KeyError, TypeError):
        return f"{answer.status}: {str(json.loads(answer.body)['error']['message'])[:500]}"
    return str(answer.status)


def _seconds(text: str | None) -> float:
    return float(text) if text and text.isascii() and text.isdigit() else 0.0


def _untrusted(host: str, error: ssl.SSLCertVerificationError) -> Unreachable:
    failure = Unreachable(f"{host} cannot be trusted: {error.verify_message}")
    failure.may_pass = False
    return failure


def _reason(error: Exception) -> str:
    text = getattr(error, "strerror", None) or str(error) or "the connection was cut"
    return text[:200]
