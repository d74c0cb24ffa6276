"""Bad lines: a proxy that cuts connections, and a server that answers as it is told."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

PIECE = 64 * 2**10


class CuttingProxy:
    """Passes bytes on to a server; `cuts` says what becomes of the next connections.

    ("up", n) cuts one after n bytes of the client, ("down", n) after n bytes of the server, ("stall", n)
    holds what comes of the client after n bytes until `release()`. Others pass whole.
    """

    def __init__(self, port: int) -> None:
        self._target = ("127.0.0.1", port)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._released = threading.Event()
        self.cuts: list[tuple[str, int]] = []
        self.connections = 0
        self.sent = 0  # bytes of clients that were passed on
        self._threads: list[threading.Thread] = []
        self._start(self._accept)

    @property
    def url(self) -> str:
        """Return scheme, host and port."""
        return f"http://127.0.0.1:{self._listener.getsockname()[1]}"

    def release(self) -> None:
        """Let held connections go on."""
        self._released.set()

    def close(self) -> None:
        """Listen no more, and let connections end."""
        self.release()
        self._listener.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join(30)
        self._listener.close()

    def _start(self, *work: Any) -> None:
        thread = threading.Thread(target=work[0], args=work[1:], daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _address = self._listener.accept()
                self.connections += 1
                self._start(self._serve, client, *(self.cuts.pop(0) if self.cuts else ("", 0)))

    def _serve(self, client: socket.socket, kind: str, count: int) -> None:
        with client, socket.create_connection(self._target) as server:
            up = threading.Thread(target=self._pass_up, args=(client, server, kind, count), daemon=True)
            up.start()
            _pass_on(server, client, count if kind == "down" else -1)
            up.join()

    def _pass_up(self, client: socket.socket, server: socket.socket, kind: str, count: int) -> None:
        if kind == "stall":
            _pass_on(client, server, count, self._count, is_end=False)
            self._released.wait(60)
        _pass_on(client, server, count if kind == "up" else -1, self._count)

    def _count(self, size: int) -> None:
        self.sent += size


def _pass_on(
    source: socket.socket,
    target: socket.socket,
    left: int,
    count: Callable[[int], None] = lambda _size: None,
    *,
    is_end: bool = True,
) -> None:
    """Pass bytes on, `left` of them, or all if that is negative; then cut both ends off."""
    with suppress(OSError):
        while data := source.recv(PIECE if left < 0 else min(PIECE, left)):
            target.sendall(data)
            count(len(data))
            left = left if left < 0 else left - len(data)
    for one in (source, target) if is_end else ():
        with suppress(OSError):
            one.shutdown(socket.SHUT_RDWR)


@contextmanager
def cutting(port: int) -> Iterator[CuttingProxy]:
    """Give a proxy in front of a port."""
    proxy = CuttingProxy(port)
    try:
        yield proxy
    finally:
        proxy.close()


@contextmanager
def answering(status: int | Callable[[str], int], body: bytes = b"{}", **headers: str) -> Iterator[Any]:
    """Give a server that answers everything alike, but perhaps the status by path; `requests` are kept."""

    class Handler(BaseHTTPRequestHandler):
        def answer(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            server.requests.append((self.command, self.path, dict(self.headers)))
            self.send_response(status if isinstance(status, int) else status(self.path))
            for name, value in headers.items():
                self.send_header(name.replace("_", "-"), value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(body)

        do_GET = do_POST = do_PATCH = do_HEAD = do_DELETE = answer

        def log_message(self, *_arguments: Any) -> None:
            pass

    server: Any = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.requests = []
    server.url = f"http://127.0.0.1:{server.server_port}/"
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
