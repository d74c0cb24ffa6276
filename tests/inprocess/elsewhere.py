"""A server elsewhere: on this machine, with answers that tests give to the byte."""

import socket
import ssl
import threading
from collections.abc import Callable
from types import TracebackType
from typing import Self

Speak = Callable[[socket.socket], None]


def answer(body: bytes = b"", status: str = "200 OK", **headers: str) -> bytes:
    """Return an answer with the length of its body, unless a header says another one (or none: empty)."""
    told = {"content_length": str(len(body)), **headers}
    lines = [f"{name.replace('_', '-').title()}: {text}" for name, text in told.items() if text]
    return "\r\n".join([f"HTTP/1.1 {status}", *lines, "", ""]).encode("latin-1") + body


def redirect(to: str, status: str = "302 Found") -> bytes:
    """Return an answer that leads elsewhere."""
    return answer(b"moved", status, location=to)


class Elsewhere:
    """Answers each path with the bytes in `answers`, or lets a function speak. `asked` is what came in."""

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        self.answers: dict[str, bytes | Speak] = {}
        self.asked: list[str] = []
        self.is_over = threading.Event()
        self._tls = tls
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._threads = [threading.Thread(target=self._accept, daemon=True)]
        self._threads[0].start()

    def url(self, path: str = "/", host: str = "127.0.0.1") -> str:
        """Return the address of a path."""
        return f"http{'s' if self._tls else ''}://{host}:{self.port}{path}"

    def settings(self, **more: str) -> dict[str, str]:
        """Return the settings of a service that may fetch from here, and nothing else of this machine."""
        on = {"remote_fetch": "true", "remote_allow": "127.0.0.1/32", "remote_ports": f"80 443 {self.port}"}
        return {**on, **more}

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:  # closed
                return
            thread = threading.Thread(target=self._serve, args=(connection,), daemon=True)
            self._threads.append(thread)
            thread.start()

    def _serve(self, connection: socket.socket) -> None:
        with connection:
            try:
                connection.settimeout(20)
                self._speak(self._tls.wrap_socket(connection, server_side=True) if self._tls else connection)
            except OSError:  # the client has gone
                return

    def _speak(self, connection: socket.socket) -> None:
        with connection:
            head = b""
            while b"\r\n\r\n" not in head:
                piece = connection.recv(65536)
                if not piece:
                    return
                head += piece
            self.asked.append(head.decode("latin-1"))
            path = head.split(b" ", 2)[1].decode("latin-1")
            said = self.answers.get(path, answer(b"nothing here, secret!", "404 Not Found"))
            if isinstance(said, bytes):
                connection.sendall(said)
            else:
                said(connection)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.is_over.set()
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for thread in self._threads:
            thread.join(20)
