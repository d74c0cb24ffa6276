"""The worker's side: take a task, do it within its limits, answer; until the pool closes the socket."""

import io
import os
import socket
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any, BinaryIO

from .limits import lift_memory_limit, limit_task, max_rss
from .outcomes import describe_error
from .protocol import Ended, encode, receive_request

# A task reads its source from the beginning, takes JSON values, may write to its target (empty
# and open, or None), and returns a JSON object and bytes.
Task = Callable[[BinaryIO, dict[str, Any], BinaryIO | None], tuple[dict[str, Any], bytes]]


def serve(connection: socket.socket, tasks: Mapping[str, Task]) -> None:
    """Do one task after the other; return when nobody asks any more."""
    with suppress(Ended, ConnectionError):
        while True:
            request, descriptors = receive_request(connection)
            message, body = _answer(tasks, request, descriptors)
            connection.sendall(message)
            if body:
                connection.sendall(body)


def _answer(
    tasks: Mapping[str, Task], request: dict[str, Any], descriptors: list[int]
) -> tuple[bytes, bytes]:
    """Do a task; return the encoded answer and the bytes that follow it."""
    try:
        limit_task(request["cpu_seconds"], request["memory_bytes"])
        header, body = _do(tasks[request["task"]], request, descriptors)
        message = encode({"answer": header, "rss": max_rss()}, body)
    except BaseException as error:  # noqa: BLE001 - also SystemExit: the pool hears of it
        lift_memory_limit()
        return encode({**describe_error(error), "rss": max_rss()}), b""
    finally:
        for descriptor in descriptors:  # that were not opened
            os.close(descriptor)
    lift_memory_limit()
    return message, body


def _do(task: Task, request: dict[str, Any], descriptors: list[int]) -> tuple[dict[str, Any], bytes]:
    source = _open_source(descriptors.pop(0)) if request["source"] else io.BytesIO()
    with source:
        if not request["target"]:
            return task(source, request["params"], None)
        with _open_target(descriptors.pop(0)) as target:
            return task(source, request["params"], target)


def _open_source(descriptor: int) -> BinaryIO:
    """Open a file again by its descriptor: a passed descriptor shares its position with the pool's."""
    try:
        file: BinaryIO = open(f"/proc/self/fd/{descriptor}", "rb")  # noqa: SIM115
    except OSError:  # no /proc, or another owner's
        file = os.fdopen(descriptor, "rb")
        file.seek(0)
    else:
        os.close(descriptor)
    return file


def _open_target(descriptor: int) -> BinaryIO:
    """Open the target for writing, emptied: an earlier try may have left something."""
    os.ftruncate(descriptor, 0)
    os.lseek(descriptor, 0, os.SEEK_SET)
    return os.fdopen(descriptor, "w+b")
