"""Where the server listens, and what it says when it cannot."""

import socket
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from waitress.server import BaseWSGIServer

from pastebin.errors import ConfigurationError
from pastebin.server import runner, serve
from pastebin.server.channel import make_channel
from pastebin.server.runner import make_server

CHANNEL = make_channel(1000, None)


def application(_environ: dict[str, Any], _start_response: Any) -> list[bytes]:
    """Answer nothing."""
    return []


class Started(list[dict[str, Any]]):
    """The options of each server that was started, in the place of servers."""

    def __call__(self, _app: Any, _channel: type, **options: Any) -> Any:
        self.append(options)
        return SimpleNamespace(print_listen=lambda _text: None, run=lambda: None)


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> Started:
    """Keep servers from starting, and note with which options they would."""
    started = Started()
    monkeypatch.setattr(runner, "make_server", started)
    monkeypatch.delenv("PORT", raising=False)
    return started


@pytest.fixture
def app() -> Any:
    """Give what `serve` needs of an application."""
    parts = {
        "pastebin.settings": SimpleNamespace(max_upload_size=1000),
        "pastebin.store": SimpleNamespace(spool_folder=lambda: None),
    }
    return SimpleNamespace(registry=parts)


@pytest.fixture
def taken() -> Iterator[str]:
    """Give an address that somebody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield "{}:{}".format(*listener.getsockname())


def test_without_port_the_server_listens_where_its_section_says(started: Started, app: Any) -> None:
    assert serve(app, {}, listen="127.0.0.1:8000") == 0
    assert started[0]["listen"] == "127.0.0.1:8000"


@pytest.mark.parametrize(
    ("listen", "becomes"),
    [
        ("127.0.0.1:6543", "127.0.0.1:8080"),
        ("0.0.0.0:80", "0.0.0.0:8080"),
        ("[::1]:6543", "[::1]:8080"),
        ("*:6543", "*:8080"),
        ("127.0.0.1:1 [::1]:2", "127.0.0.1:8080 [::1]:8080"),
    ],
)
def test_port_replaces_the_port_and_nothing_else(
    started: Started, app: Any, monkeypatch: pytest.MonkeyPatch, listen: str, becomes: str
) -> None:
    monkeypatch.setenv("PORT", "8080")
    serve(app, {}, listen=listen)
    assert started[0]["listen"] == becomes


def test_port_alone_means_this_machine_only(
    started: Started, app: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PORT", "8080")
    serve(app, {})
    assert started[0]["listen"] == "127.0.0.1:8080"


@pytest.mark.parametrize("port", ["0", "65536", "-1", "+80", "80 ", "http", "8_0", "80.0", "٨٠", "0x50"])
def test_a_port_that_is_none_stops_the_start_and_is_named(
    started: Started, app: Any, monkeypatch: pytest.MonkeyPatch, port: str
) -> None:
    monkeypatch.setenv("PORT", port)
    with pytest.raises(ConfigurationError, match="PORT") as raised:
        serve(app, {}, listen="127.0.0.1:6543")
    assert repr(port) in str(raised.value)
    assert started == []


def test_an_empty_port_is_none(started: Started, app: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", "")
    serve(app, {}, listen="127.0.0.1:6543")
    assert started[0]["listen"] == "127.0.0.1:6543"


def test_options_of_the_section_are_kept(started: Started, app: Any) -> None:
    serve(app, {}, listen="127.0.0.1:1", threads="3", recv_bytes="100")
    assert (started[0]["threads"], started[0]["recv_bytes"]) == ("3", "100")


def test_a_port_in_use_stops_the_start_and_is_named(taken: str) -> None:
    with pytest.raises(ConfigurationError, match=taken):
        make_server(application, CHANNEL, listen=taken)


@pytest.mark.parametrize("listen", ["127.0.0.1:0", "127.0.0.1:0 127.0.0.2:0"])
def test_every_listener_makes_our_connections(monkeypatch: pytest.MonkeyPatch, listen: str) -> None:
    listeners: list[BaseWSGIServer] = []
    accept_connections = BaseWSGIServer.accept_connections

    def note(server: BaseWSGIServer) -> None:
        listeners.append(server)
        accept_connections(server)

    monkeypatch.setattr(BaseWSGIServer, "accept_connections", note)
    server = make_server(application, CHANNEL, listen=listen)
    assert [listener.channel_class for listener in listeners] == [CHANNEL] * len(listen.split())
    server.close()
    for listener in listeners:
        listener.close()
