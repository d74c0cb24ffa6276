"""Start waitress for the application (`paste.server_runner`)."""

import gc
import os
import re
from functools import partial
from typing import Any

from waitress import wasyncore
from waitress.server import BaseWSGIServer, create_server

from ..errors import ConfigurationError
from ..pace import on_long
from ..services.forms import FORM_OVERHEAD
from .channel import make_channel, parking
from .crew import Crew

# waitress asks the socket for this many bytes at a time; its own 8 KiB makes large uploads slow.
RECV_BYTES = 256 * 2**10

# Head and body of a small answer leave together; waitress alone sends them one after the other.
SEND_BYTES = 64 * 2**10


def serve(app: Any, _global_config: dict[str, Any] | None = None, **options: Any) -> int:
    """Serve `app` with waitress until told to stop; `options` are waitress's own.

    Bodies are limited by `pastebin.max_upload_size`, for chunked ones too, and wait for the
    application on the store's own disk. The environment's `PORT` replaces the port of `listen`.
    """
    registry = app.registry
    if os.environ.get("PORT"):
        options["listen"] = _with_port(options.get("listen", "127.0.0.1:6543"), os.environ["PORT"])
    limit = registry["pastebin.settings"].max_upload_size + FORM_OVERHEAD
    channel = make_channel(limit, registry["pastebin.store"].spool_folder())
    options.setdefault("recv_bytes", RECV_BYTES)
    options.setdefault("send_bytes", SEND_BYTES)
    options.setdefault("ident", "pastebin")
    server = make_server(app, channel, **options)
    server.print_listen("Serving on http://{}:{}")
    _collect_less()
    server.run()
    return 0


def _collect_less() -> None:
    """Have the garbage collector leave out what is here for good, and look less often at the rest.

    Without a last collection before: it would take 25 to 45 ms, for some 200 objects.
    """
    gc.freeze()
    gc.set_threshold(10_000, 20, 20)


def _with_port(listen: str, port: str) -> str:
    """Return the addresses of `listen` (`host:port`, separated by spaces) with another port."""
    if not re.fullmatch(r"[0-9]{1,5}", port) or not 0 < int(port) < 65536:
        raise ConfigurationError(f"PORT must be a number from 1 to 65535, not {port!r}.")
    return " ".join(f"{address.rpartition(':')[0]}:{port}" for address in listen.split())


class Server:
    """A waitress server and the crew that runs it."""

    def __init__(self, server: Any, crew: Crew) -> None:
        self._server = server
        self._crew = crew

    def print_listen(self, text: str) -> None:
        """Say where it listens."""
        self._server.print_listen(text)

    def run(self) -> None:
        """Serve until the process is told to stop; then end what is being answered."""
        on_long(self._crew.step_down)
        self._crew.start(self._server.adj.threads)
        try:
            self._crew.wait()
        except (SystemExit, KeyboardInterrupt):
            self._crew.shutdown()

    def close(self) -> None:
        """Stop listening."""
        self._server.close()


def make_server(app: Any, channel: type, **options: Any) -> Server:
    """Return a server whose connections are of the class `channel`; `options` are waitress's own."""
    sockets: dict[int, Any] = {}
    crew = Crew()
    try:
        # The limit is the channel's: waitress's own answers in words of its own.
        server = create_server(
            parking(app), map=sockets, max_request_body_size=2**62, _dispatcher=crew, **options
        )
    except OSError as error:
        for dispatcher in list(sockets.values()):
            dispatcher.close()
        where = options.get("listen", "the address of [server:main]")
        raise ConfigurationError(f"Cannot listen on {where}: {error.strerror}.") from error
    for dispatcher in sockets.values():
        if isinstance(dispatcher, BaseWSGIServer):
            dispatcher.channel_class = channel
            crew.wake = dispatcher.pull_trigger
            dispatcher.pull_trigger = crew.wake_leader
    poll = wasyncore.poll2 if server.adj.asyncore_use_poll else wasyncore.poll
    crew.poll = partial(poll, server.adj.asyncore_loop_timeout, sockets)
    return Server(server, crew)
