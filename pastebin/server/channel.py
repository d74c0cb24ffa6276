"""Connections, and the thread that answers on one and sends the answer too.

waitress leaves what does not go out at once to the thread that polls. Here the thread that
answers goes on sending as long as the client takes it and the crew has threads to spare, so
that several large files leave on several cores.
"""

import select
import time
from concurrent.futures import Future
from contextlib import suppress
from pathlib import Path
from typing import Any

from waitress.channel import HTTPChannel
from waitress.receiver import ChunkedReceiver
from waitress.task import WSGITask

from ..pace import Awaiting
from . import live
from .receiving import PIECE, Parser
from .sendfile import SLICE, FileBuffer, SliceSocket

# How long a thread waits for a client to take more of its answer, in milliseconds.
LINGER = 50


class Parked(BaseException):
    """Leaves a request whose answer is not ready: it comes back when `awaited` is done."""

    def __init__(self, awaiting: Awaiting) -> None:
        super().__init__()
        self.awaiting = awaiting


def parking(app: Any) -> Any:
    """Return `app` such that it raises Parked where its answer is not ready."""

    def application(environ: dict[str, Any], start_response: Any) -> Any:
        answer = app(environ, start_response)
        if isinstance(answer, Awaiting) and not answer.awaited.done():
            raise Parked(answer)
        return answer

    return application


class Task(WSGITask):  # type: ignore[misc]
    """A request at the application, which may answer with a file."""

    close_on_finish: bool
    _awaiting: Awaiting | None = None

    def get_environment(self) -> dict[str, Any]:
        """Return the WSGI environment, in which `wsgi.file_wrapper` sends files without reading them."""
        environ: dict[str, Any] = super().get_environment()
        environ["wsgi.file_wrapper"] = FileBuffer
        return environ

    def execute(self) -> None:
        """Call the application, or take up again what was parked."""
        if self._awaiting is None:
            try:
                super().execute()
            except Parked as parked:
                self._awaiting = parked.awaiting
                self.channel.park(self, parked.awaiting.awaited)
                raise
        else:
            awaiting, self._awaiting = self._awaiting, None
            for piece in awaiting:
                self.write(piece)

    def service(self) -> None:
        """Answer, send the answer, and be done with the request's body."""
        super().service()
        self.channel.send_answer()
        body = self.request.body_rcv
        if isinstance(body, live.LiveBody) and not body.drain():
            self.close_on_finish = True


class Channel(HTTPChannel):  # type: ignore[misc]
    """A connection."""

    parser_class = Parser
    request: Any
    requests: list[Any]
    sent_continue: bool
    _is_sending = False
    _parked: Task | None = None

    def __init__(self, server: Any, sock: Any, *rest: Any, **options: Any) -> None:
        super().__init__(server, sock, *rest, **options)
        self.socket = SliceSocket(sock)
        self._crew = server.task_dispatcher
        self._room = select.poll()
        self._room.register(sock.fileno(), select.POLLOUT)

    def task_class(self, _channel: Any, request: Any) -> Task:
        """Return the task that was parked, or else a new one."""
        task, self._parked = self._parked or Task(self, request), None
        return task

    def park(self, task: Task, awaited: "Future[Any]") -> None:
        """Take up `task` again when `awaited` is done."""
        self._parked = task
        self._crew.park(self, awaited)

    def service(self) -> None:
        """Answer the first request, or begin to."""
        resumed = self._parked is not None
        with suppress(Parked):
            super().service()
        if resumed:
            self._crew.unpark()

    def writable(self) -> bool:
        """Tell whether the polling thread should send: not while another one does, or has hardly begun."""
        if self.requests and (self._is_sending or self.total_outbufs_len < self.adj.send_bytes):
            return False
        return bool(super().writable())

    def _flush_some(self, do_close: bool = True) -> bool:
        """Send what the client takes, and keep the polling thread from trying the same meanwhile."""
        was_sending, self._is_sending = self._is_sending, True
        try:
            return bool(super()._flush_some(do_close=do_close))
        finally:
            self._is_sending = was_sending

    def write_soon(self, data: Any) -> int:
        """Take a piece of the answer, and send what there is room for."""
        if isinstance(data, FileBuffer) and data.remain > SLICE:
            self._crew.step_down()
        return int(super().write_soon(data))

    def send_answer(self) -> None:
        """Send while the client takes it, in a thread that answers; the rest is left to the polling one."""
        self._is_sending = True
        self._send_some()
        while self.connected and self.total_outbufs_len and self._may_go_on():
            if not self._send_some():  # the client has left, or the file has become shorter
                break
        self._is_sending = False

    def _send_some(self) -> bool:
        """Tell whether anything could be sent. What went wrong is for the polling thread to find."""
        with self.outbuf_lock:
            return bool(self._flush_exception(self._flush_file, do_close=False)[0])

    def _flush_file(self, do_close: bool = True) -> bool:
        """Send the file that is next as long as the client takes it; what is no file, as far as it does."""
        file = self.outbufs[0]
        if not isinstance(file, FileBuffer):
            return self._flush_some(do_close)
        had_room = False
        while file.remain:
            sent = self.send(file.get(), do_close=do_close)
            if not sent and (had_room or not self._may_go_on()):
                return False
            had_room = not sent
            file.skip(sent)
            self.total_outbufs_len -= sent
            self.last_activity = time.time()
        self._flush_some(do_close)
        return True

    def _may_go_on(self) -> bool:
        """Tell whether there are threads to spare and the client takes more, now or in a moment.

        A client that has left takes nothing: the polling thread sees it off.
        """
        self._crew.step_down()
        events = self._room.poll(LINGER) if self._crew.has_followers() else []
        return bool(events) and not events[0][1] & (select.POLLERR | select.POLLHUP)

    @property
    def is_live(self) -> bool:
        """Tell whether the body of the request to be answered is still coming in."""
        return bool(self.requests) and isinstance(self.requests[0].body_rcv, live.LiveBody)

    def received(self, data: bytes) -> bool:
        """Take what came in; tell whether more is welcome."""
        start, going_on = 0, False
        while start < len(data):
            stop = start + PIECE + _body_ahead(self.request)
            going_on = super().received(data[start:stop])
            if not going_on:
                break
            start = stop
            if self._begin_live(data[start:]):
                break
        return going_on

    def _begin_live(self, rest: bytes) -> bool:
        """Have a large body read by the application itself, if it has just begun to come in."""
        with self.requests_lock:
            request = self.request
            if self.requests or request is None or not request.is_acceptable:
                return False
            if not live.begin(request, rest, self.socket, self.adj.channel_timeout):
                return False
            self.requests.append(request)
            self.request, self.sent_continue = None, False
        self.server.add_task(self)
        return True


def make_channel(limit: int, folder: Path | None) -> type[Channel]:
    """Return the channel class for bodies of at most `limit` bytes, kept in `folder` meanwhile."""
    parser = type("LimitedParser", (Parser,), {"limit": limit, "folder": folder})
    return type("LimitedChannel", (Channel,), {"parser_class": parser})


def _body_ahead(request: Any) -> int:
    """Return how many bytes are certain to be a body's own before anything has to be parsed."""
    receiver = None if request is None else request.body_rcv
    if receiver is None:
        return 0
    ahead: int = receiver.chunk_remainder if isinstance(receiver, ChunkedReceiver) else receiver.remain
    return ahead
