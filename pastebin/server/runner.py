"""Start waitress for the application (`paste.server_runner`)."""

import os
import re
from typing import Any

from waitress.server import BaseWSGIServer, create_server

from ..errors import ConfigurationError
from ..services.forms import FORM_OVERHEAD
from .receiving import make_channel

# waitress asks the socket for this many bytes at a time; its own 8 KiB makes large uploads slow.
RECV_BYTES = 256 * 2**10


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
    options.setdefault("ident", "pastebin")
    server = make_server(app, channel, **options)
    server.print_listen("Serving on http://{}:{}")
    server.run()
    return 0


def _with_port(listen: str, port: str) -> str:
    """Return the addresses of `listen` (`host:port`, separated by spaces) with another port."""
    if not re.fullmatch(r"[0-9]{1,5}", port) or not 0 < int(port) < 65536:
        raise ConfigurationError(f"PORT must be a number from 1 to 65535, not {port!r}.")
    return " ".join(f"{address.rpartition(':')[0]}:{port}" for address in listen.split())


def make_server(app: Any, channel: type, **options: Any) -> Any:
    """Return a waitress server whose connections are of the class `channel`."""
    sockets: dict[int, Any] = {}
    try:
        # The limit is the channel's: waitress's own answers in words of its own.
        server = create_server(app, map=sockets, max_request_body_size=2**62, **options)
    except OSError as error:
        for dispatcher in list(sockets.values()):
            dispatcher.close()
        where = options.get("listen", "the address of [server:main]")
        raise ConfigurationError(f"Cannot listen on {where}: {error.strerror}.") from error
    for dispatcher in sockets.values():
        if isinstance(dispatcher, BaseWSGIServer):
            dispatcher.channel_class = channel
    return server
