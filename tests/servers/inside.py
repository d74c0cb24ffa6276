"""The service's own server within the test's process, around an application of the test's."""

import http.client
import threading
from typing import Any, Self

from pastebin.server.channel import make_channel
from pastebin.server.crew import Crew
from pastebin.server.runner import make_server

SECONDS = 10
LIMIT = 10_000


class InsideServer:
    """`app` served on a free port of 127.0.0.1, with `threads` that answer."""

    def __init__(self, app: Any, threads: int) -> None:
        self.threads = threads
        self._server = make_server(app, make_channel(LIMIT, None), listen="127.0.0.1:0", threads=threads)
        self._port = self._server._server.effective_port
        self._thread = threading.Thread(target=self._server.run, daemon=True)
        self._connections: list[http.client.HTTPConnection] = []
        self._thread.start()

    @property
    def crew(self) -> Crew:
        """Return the threads."""
        return self._server._crew

    def connect(self) -> http.client.HTTPConnection:
        """Return a connection, which ends with the server."""
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=SECONDS)
        self._connections.append(connection)
        connection.connect()
        return connection

    def get(self, path: str) -> http.client.HTTPResponse:
        """Ask for an address on a connection of its own; return the answer, whose body is not read yet."""
        connection = self.connect()
        connection.request("GET", path)
        return connection.getresponse()

    def stop(self) -> None:
        """End the server in order."""
        self.crew.shutdown()
        self._thread.join(SECONDS)
        for channel in list(self._server._server.active_channels.values()):
            channel.handle_close()
        self._server.close()
        for connection in self._connections:
            connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
