"""Tasks as hostile files make them: they hang, grow, die, lie, or try to get out."""

import ctypes
import json
import os
import re
import signal
import socket
import struct
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from typing import Any, BinaryIO

from pastebin.errors import ImageTooLarge, NotAnImage
from pastebin.workers.serving import Task

Result = tuple[dict[str, Any], bytes]


class NotEvenAnImage(NotAnImage):
    """An error of which the pool knows only the base."""


def echo(source: BinaryIO, params: dict[str, Any], target: BinaryIO | None) -> Result:
    """Return the parameters and the source, by body or target."""
    data = source.read()
    if target is None:
        return params, data
    target.write(data)
    return params, b""


def count(source: BinaryIO, params: dict[str, Any], target: BinaryIO | None) -> Result:
    """Leave a line in a file for every call, after some time."""
    time.sleep(params.get("seconds", 0))
    with open(params["path"], "a") as file:
        file.write(f"{os.getpid()}\n")
    return echo(source, params, target)


def identify(source: BinaryIO, params: dict[str, Any], target: BinaryIO | None) -> Result:
    """Tell what the worker has: its process, descriptors, limits and priority."""
    descriptors = {}
    for name in os.listdir("/proc/self/fd"):
        with suppress(OSError):  # the one of the listing is closed
            descriptors[name] = os.readlink(f"/proc/self/fd/{name}")
    with open("/proc/self/status") as status:
        lines = dict(line.rstrip("\n").split(":\t", 1) for line in status if ":\t" in line)
    inner = {"descriptors": descriptors, "nice": os.nice(0), "privileges": lines["NoNewPrivs"].strip()}
    return inner | {"pid": os.getpid(), "network": os.readlink("/proc/self/ns/net")}, b""


def sleep(source: BinaryIO, params: dict[str, Any], target: BinaryIO | None) -> Result:
    """Use time but no processor."""
    time.sleep(params["seconds"])
    return {"slept": params["seconds"]}, b""


def hang(source: BinaryIO, params: dict[str, Any], target: BinaryIO | None) -> Result:
    """Hang in C code, where Python runs no signal handler."""
    re.match(r"(a+)+$", "a" * 40 + "b")
    return {}, b""


def grow(source: BinaryIO, params: dict[str, Any], target: BinaryIO | None) -> Result:
    """Take memory until there is none."""
    hoard = []
    while True:
        hoard.append(bytearray(16 * 2**20))


def bloat(source: BinaryIO, params: dict[str, Any], target: BinaryIO | None) -> Result:
    """Use much memory, as allowed, and answer."""
    return {"size": len(b"x" * params["bytes"])}, b""


def hold(source: BinaryIO, params: dict[str, Any], target: BinaryIO | None) -> Result:
    """Use memory for a while, or until there is a file; or have a child do it, as ffmpeg does."""
    child = os.fork() if params.get("child") else 0
    if child:
        os.waitpid(child, 0)
        return {}, b""
    held, end = b"x" * params["bytes"], time.monotonic() + params["seconds"]
    while time.monotonic() < end and not os.path.exists(params.get("until", "")):
        time.sleep(0.01)
    if params.get("child"):
        os._exit(0)
    return {"size": len(held)}, b""


def abort(source: BinaryIO, params: dict[str, Any], target: BinaryIO | None) -> Result:
    """Die as C code does that notices its own confusion."""
    os.abort()


def segfault(source: BinaryIO, params: dict[str, Any], target: BinaryIO | None) -> Result:
    """Die as C code does that does not."""
    ctypes.string_at(0)
    return {}, b""


def leave(source: BinaryIO, params: dict[str, Any], target: BinaryIO | None) -> Result:
    """Raise SystemExit."""
    sys.exit(3)


def vanish(source: BinaryIO, params: dict[str, Any], target: BinaryIO | None) -> Result:
    """End without a word."""
    os._exit(0)


def kill_once(source: BinaryIO, params: dict[str, Any], target: BinaryIO | None) -> Result:
    """Be killed as by the kernel's OOM killer, the first time, with half of the result written."""
    if target is not None:
        target.write(b"half of the result, and more")
        target.flush()
    if not os.path.exists(params["path"]):
        with open(params["path"], "w"):
            os.kill(os.getpid(), signal.SIGKILL)
            time.sleep(10)  # pragma: no cover
    return _rewrite(source, params, target)


def _rewrite(source: BinaryIO, params: dict[str, Any], target: BinaryIO | None) -> Result:
    if target is not None:
        target.seek(0)
        target.truncate()
    return echo(source, params, target)


def breed(source: BinaryIO, params: dict[str, Any], target: BinaryIO | None) -> Result:
    """Fork children that stay, some in sessions of their own, then hang."""
    for number in range(10):
        if not os.fork():
            if number % 2 and params.get("hide"):
                os.setsid()
            time.sleep(60)
            os._exit(0)
    time.sleep(60)
    return {}, b""


def connect(source: BinaryIO, params: dict[str, Any], target: BinaryIO | None) -> Result:
    """Try to reach a server of this machine."""
    try:
        socket.create_connection(("127.0.0.1", params["port"]), 2).close()
    except OSError as error:
        return {"error": error.strerror}, b""
    return {"error": None}, b""


def raise_error(source: BinaryIO, params: dict[str, Any], target: BinaryIO | None) -> Result:
    """Raise one of several errors."""
    kinds = {"own": ImageTooLarge("too many pixels"), "derived": NotEvenAnImage("no image at all")}
    kinds |= {"full": OSError(28, "No space left on device")}  # type: ignore[dict-item]
    raise kinds.get(params["kind"], ValueError("a bug \x1b[31m"))


def write_huge(source: BinaryIO, params: dict[str, Any], target: BinaryIO | None) -> Result:
    """Return a body of some size."""
    return {}, bytes(params["bytes"])


def _prefix(header: int, body: int) -> bytes:
    return struct.pack("!4sIQ", b"pbw1", header, body)


def _frame(header: Any) -> bytes:
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    return _prefix(len(text), 0) + text


# What a worker that was taken over may say in the place of an answer.
LIES: Mapping[str, bytes] = {
    "noise": bytes(range(256)) * 64,
    "long header": _prefix(2**32 - 1, 0),
    "long body": _prefix(2, 2**63) + b"{}",
    "no JSON": _frame(b"{]"),
    "not UTF-8": _frame(b'{"a": "\xff"}'),
    "deep JSON": _frame(b"[" * 200_000),
    "long number": _frame(b'{"answer": ' + b"9" * 10_000 + b"}"),
    "infinity": _frame(b'{"answer": {"a": Infinity}}'),
    "a list": _frame([1, 2]),
    "an empty object": _frame({}),
    "no object": _frame({"answer": [1]}),
    "unknown error": _frame({"error": "configuration", "message": "x"}),
    "the pool's error": _frame({"error": "overloaded", "message": "x"}),
    "message no text": _frame({"error": "not_found", "message": {"a": 1}}),
    "code no text": _frame({"error": ["not_found"], "message": "x"}),
    "unknown reason": _frame({"killed": "by the butler"}),
}


def lie(source: BinaryIO, params: dict[str, Any], target: BinaryIO | None) -> Result:
    """Write something of one's own to the pool's socket."""
    os.write(_connection(), LIES[params["lie"]])
    time.sleep(60)
    return {}, b""


def stutter(source: BinaryIO, params: dict[str, Any], target: BinaryIO | None) -> Result:
    """Write the beginning of an answer, and die."""
    os.write(_connection(), _prefix(100, 100) + b'{"answer"')
    os._exit(1)


def repeat(source: BinaryIO, params: dict[str, Any], target: BinaryIO | None) -> Result:
    """Answer, and leave an answer for the next question."""
    os.write(_connection(), _frame({"answer": {"who": "first"}, "rss": 1}))
    return {"who": "second"}, b""


def _connection() -> int:
    names = os.listdir("/proc/self/fd")
    return next(int(n) for n in names if _is_socket(n))


def _is_socket(name: str) -> bool:
    try:
        return os.readlink(f"/proc/self/fd/{name}").startswith("socket:")
    except OSError:
        return False


TASKS: dict[str, Task] = {
    task.__name__: task
    for task in (
        echo, count, identify, sleep, hang, grow, bloat, hold, abort, segfault, leave, vanish, kill_once,
        breed, connect, raise_error, write_huge, lie, stutter, repeat,
    )
}  # fmt: skip
