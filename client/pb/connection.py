"""Connections to servers, directly or through the proxies that the environment names."""

import queue
import ssl
import threading
import urllib.request
from http.client import HTTPConnection, HTTPSConnection
from urllib.parse import SplitResult, quote, urlsplit

from .failures import WrongUsage
from .settings import PORTS

CONNECT_TIMEOUT = 15.0
TIMEOUT = 120.0  # seconds without a byte
_AS_IT_IS = "%/?:@!$&'()*+,;=-._~[]"  # whatever else is in an address is escaped
BLOCK = 256 * 2**10  # bytes sent at a time


def open_connection(address: str) -> tuple[HTTPConnection, str]:
    """Connect to the server of an address; return what to ask it for, too. Raises OSError."""
    parts = urlsplit(address)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise WrongUsage("an address begins with http:// or https://")
    target = quote(parts._replace(scheme="", netloc="", fragment="").geturl() or "/", safe=_AS_IT_IS)
    proxy, port = _proxy_for(parts), parts.port or PORTS[parts.scheme]
    if proxy is None:
        connection = _connection(parts.scheme, parts.hostname, port)
    elif parts.scheme == "https":
        connection = _connection("https", proxy.hostname or "", proxy.port or PORTS["http"])
        connection.set_tunnel(parts.hostname, port)
    else:
        connection = _connection("http", proxy.hostname or "", proxy.port or PORTS["http"])
        target = f"http://{parts.netloc}{target}"
    _connect(connection)
    return connection, target


def _connection(scheme: str, host: str, port: int) -> HTTPConnection:
    if scheme == "http":
        return HTTPConnection(host, port, timeout=CONNECT_TIMEOUT, blocksize=BLOCK)
    context = ssl.create_default_context()
    return HTTPSConnection(host, port, timeout=CONNECT_TIMEOUT, blocksize=BLOCK, context=context)


def _proxy_for(parts: SplitResult) -> SplitResult | None:
    host = parts.hostname or ""
    address = urllib.request.getproxies().get(parts.scheme)
    if not address or urllib.request.proxy_bypass(host):
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
