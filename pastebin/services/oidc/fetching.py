"""Requests to the provider: no redirects, and a bound for time and size, whatever it answers."""

import json
import socket
import threading
from contextlib import suppress
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import Any
from urllib.parse import urlencode, urlsplit

from ...errors import ProviderFailed

# Seconds for each step, and for all of them together once there is a connection.
STEP_SECONDS = 5.0
TOTAL_SECONDS = 10.0

# Bytes of an answer.
SIZE_LIMIT = 256 * 2**10

# How many requests may be under way at once: each holds a thread of the server.
AT_ONCE = 8

_slots = threading.BoundedSemaphore(AT_ONCE)


def fetch_object(
    address: str, form: dict[str, str] | None = None, headers: dict[str, str] | None = None
) -> dict[str, Any]:
    """Return the JSON object at an address, or the one that it answers a form with.

    ProviderFailed for everything else.
    """
    if not _slots.acquire(blocking=False):
        raise ProviderFailed("Too many sign-ins are under way. Try again in a moment.")
    try:
        found = json.loads(_fetch(address, form, headers or {}))
    except (OSError, HTTPException, ValueError, RecursionError) as error:
        raise ProviderFailed(FAILED) from error
    finally:
        _slots.release()
    if not isinstance(found, dict):
        raise ProviderFailed(FAILED)
    return found


FAILED = "The sign-in provider does not answer as it should. Try again later."


def _fetch(address: str, form: dict[str, str] | None, headers: dict[str, str]) -> bytes:
    parts = urlsplit(address)
    kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
    connection = kind(parts.hostname or "", parts.port, timeout=STEP_SECONDS)
    connection.connect()
    watch = threading.Timer(TOTAL_SECONDS, _cut, [connection.sock])
    watch.daemon = True
    watch.start()
    try:
        target = f"{parts.path or '/'}{'?' + parts.query if parts.query else ''}"
        headers = {"Accept": "application/json", "User-Agent": "pastebin", **headers}
        if form is None:
            connection.request("GET", target, headers=headers)
        else:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
            connection.request("POST", target, urlencode(form), headers)
        return _body(connection)
    finally:
        watch.cancel()
        connection.close()


def _body(connection: HTTPConnection) -> bytes:
    with connection.getresponse() as answer:
        data = answer.read(SIZE_LIMIT + 1)
    if answer.status != 200 or len(data) > SIZE_LIMIT:
        raise ValueError(f"status {answer.status}, {len(data)} bytes")
    return data


def _cut(connected: socket.socket) -> None:
    """End a connection that takes too long, in the middle of whatever it is at."""
    with suppress(OSError):
        connected.shutdown(socket.SHUT_RDWR)
