"""Connections to servers, directly or through the proxies that the environment names."""

import queue
import ssl
import threading
import urllib.request
from base64 import b64encode
from http.client import HTTPConnection, HTTPSConnection
from urllib.parse import SplitResult, quote, unquote, urlsplit

from .failures import WrongUsage
from .settings import PORTS

CONNECT_TIMEOUT = 15.0
TIMEOUT = 120.0  # seconds without a byte
_AS_IT_IS = "%/?:@!$&'()*+,;=-._~[]"  # whatever else is in an address is escaped
BLOCK = 256 * 2**10  # bytes sent at a time


def open_connection(address: str) -> tuple[HTTPConnection, str, dict[str, str]]:
    """Connect to the server of an address; return what to ask it for, and the headers for a proxy, too.

    Raises OSError.
    """
    parts = urlsplit(address)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise WrongUsage("an address begins with http:// or https://")
    target = quote(parts._replace(scheme="", netloc="", fragment="").geturl() or "/", safe=_AS_IT_IS)
    headers: dict[str, str] = {}
    proxy, port = _proxy_for(parts), parts.port or PORTS[parts.scheme]
    if proxy is None:
        connection = _connection(parts.scheme, parts.hostname, port)
    elif parts.scheme == "https":
        connection = _connection("https", proxy.hostname or "", proxy.port or PORTS["http"])
        connection.set_tunnel(parts.hostname, port, _credentials(proxy))
    else:
        connection = _connection("http", proxy.hostname or "", proxy.port or PORTS["http"])
        target, headers = f"http://{parts.netloc}{target}", _credentials(proxy)
    _connect(connection)
    return connection, target, headers


def _credentials(proxy: SplitResult) -> dict[str, str]:
    """Return what a proxy wants that is given as http://user:password@proxy:3128."""
    if proxy.username is None:
        return {}
    pair = f"{unquote(proxy.username)}:{unquote(proxy.password or '')}"
    return {"Proxy-Authorization": f"Basic {b64encode(pair.encode()).decode()}"}


def _connection(scheme: str, host: str, port: int) -> HTTPConnection:
    if scheme == "http":
        return HTTPConnection(host, port, timeout=CONNECT_TIMEOUT, blocksize=BLOCK)
    context = ssl.create_default_context()
    return HTTPSConnection(host, port, timeout=CONNECT_TIMEOUT, blocksize=BLOCK, context=context)


def _proxy_for(parts: SplitResult) -> SplitResult | None:
    address = urllib.request.getproxies().get(parts.scheme)
    if not address or urllib.request.proxy_bypass(parts.netloc.rpartition("@")[2]):
        return None
    return urlsplit(address if "://" in address else f"http://{address}")


def _connect(connection: HTTPConnection) -> None:
    """Connect in another thread: looking a name up cannot be interrupted, waiting for a thread can."""
    outcome: queue.Queue[Exception | None] = queue.Queue()

    def connect() -> None:
        try:
            connection.connect()
            connection.sock.settimeout(TIMEOUT)
        except Exception as error:  # noqa: BLE001 - raised below, where somebody waits
            outcome.put(error)
        else:
            outcome.put(None)

    threading.Thread(target=connect, daemon=True).start()
    if (error := outcome.get()) is not None:
        raise error
