"""Fetching from a server elsewhere, whatever it answers."""

import gzip
import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from pastebin.errors import BadRemote, RemoteFailed, RemoteTimeout
from pastebin.remote import Deadline, RemotePolicy, Target, connection, exchange, fetched
from pastebin.setting_types import networks
from tests.inprocess.elsewhere import Elsewhere, answer, redirect


def read(url: str, policy: RemotePolicy, seconds: float = 20) -> bytes:
    with fetched(url, policy, Deadline(seconds)) as file:
        return b"".join(file.pieces)


def test_a_file_comes_with_its_name_and_length(elsewhere: Elsewhere, policy: RemotePolicy) -> None:
    body = bytes(300_000)
    elsewhere.answers["/a/b%20c.bin?x=1"] = answer(body, content_disposition='attachment; filename="d.bin"')
    with fetched(elsewhere.url("/a/b%20c.bin?x=1#part"), policy, Deadline(20)) as file:
        assert (file.length, file.last_segment) == (300_000, "b c.bin")
        assert file.disposition == 'attachment; filename="d.bin"'
        assert b"".join(file.pieces) == body


def test_nothing_is_told_of_who_asks(
    elsewhere: Elsewhere, policy: RemotePolicy, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    elsewhere.answers["/a"] = redirect("/b")
    elsewhere.answers["/b"] = answer(b"b", set_cookie="a=b")
    assert read(elsewhere.url("/a"), policy) == b"b"
    told = {line.partition(":")[0].lower() for head in elsewhere.asked for line in head.splitlines()[1:]}
    assert told == {"host", "user-agent", "accept", "accept-encoding", "connection", ""}
    assert all(f"Host: 127.0.0.1:{elsewhere.port}\r\n" in head for head in elsewhere.asked)
    assert all("Accept-Encoding: identity\r\n" in head for head in elsewhere.asked)


def test_what_comes_in_chunks_or_until_the_end_is_read(elsewhere: Elsewhere, policy: RemotePolicy) -> None:
    chunks = b"5\r\nhello\r\n6;a=b\r\n world\r\n0\r\n\r\n"
    elsewhere.answers["/chunks"] = answer(content_length="", transfer_encoding="chunked") + chunks
    elsewhere.answers["/end"] = answer(content_length="") + b"hello world"
    elsewhere.answers["/none"] = answer()
    assert read(elsewhere.url("/chunks"), policy) == read(elsewhere.url("/end"), policy) == b"hello world"
    assert read(elsewhere.url("/none"), policy) == b""


@pytest.mark.parametrize(
    "said",
    [
        answer(b"secret", "404 Not Found"),
        answer(b"secret", "500 Oops"),
        answer(b"", "204 No Content"),
        answer(b"part", "206 Partial Content", content_range="bytes 0-3/9"),
        answer(b"", "304 Not Modified"),
        answer(b"", "302 Found"),
        answer(gzip.compress(bytes(10_000_000)), content_encoding="gzip"),
        answer(b"short", content_length="6"),
        answer(b"longer", content_length="5"),
        answer(b"nonsense", content_length="-1"),
        answer(b"nonsense", content_length="8, 9"),
        answer(b"nonsense", content_length="\xb2"),
        answer(content_length="", transfer_encoding="chunked") + b"5\r\nhel",
        answer(content_length="", transfer_encoding="chunked") + b"zz\r\nhello\r\n0\r\n\r\n",
        answer(content_length="", transfer_encoding="gzip, chunked") + b"5\r\nhello\r\n0\r\n\r\n",
        b"SSH-2.0-OpenSSH_9.2\r\n",
        b"",
        b"HTTP/1.1 200 OK\r\n" + b"".join(b"A%d: b\r\n" % number for number in range(200)) + b"\r\n",
        b"HTTP/1.1 200 OK\r\nA: " + bytes(100_000),
    ],
    ids=lambda said: repr(said[:60]),
)
def test_an_answer_that_is_no_whole_file_is_a_failure(
    elsewhere: Elsewhere, policy: RemotePolicy, said: bytes
) -> None:
    elsewhere.answers["/a"] = said
    with pytest.raises(RemoteFailed) as raised:
        read(elsewhere.url("/a"), policy)
    assert "secret" not in raised.value.message


def test_a_closed_port_is_a_failure(elsewhere: Elsewhere, policy: RemotePolicy) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    with pytest.raises(RemoteFailed):
        read(f"http://127.0.0.1:{port}/", RemotePolicy(frozenset({port}), policy.allowed))


def test_redirects_are_followed_to_the_fifth(elsewhere: Elsewhere, policy: RemotePolicy) -> None:
    for number, status in enumerate(("301 A", "302 B", "303 C", "307 D", "308 E")):
        elsewhere.answers[f"/{number}"] = redirect(f"{number + 1}?x", status)
        elsewhere.answers[f"/{number}?x"] = elsewhere.answers[f"/{number}"]
    elsewhere.answers["/5?x"] = answer(b"here")
    assert read(elsewhere.url("/0"), policy) == b"here"
    elsewhere.answers["/again"] = redirect("/0")
    with pytest.raises(RemoteFailed):
        read(elsewhere.url("/again"), policy)
    elsewhere.answers["/loop"] = redirect("/loop")
    with pytest.raises(RemoteFailed):
        read(elsewhere.url("/loop"), policy)


@pytest.mark.parametrize(
    "location",
    [
        "file:///etc/passwd",
        "gopher://127.0.0.1:{port}/_x",
        "http://127.0.0.1:22/",
        "http://127.0.0.2:{port}/",
        "http://[::1]:{port}/",
        "http://10.0.0.1/",
        "http://169.254.169.254/latest/meta-data/",
        "//10.0.0.1/",
        "http://user:password@127.0.0.1:{port}/",
        "http://[",
        f"/{'a' * 2000}",
    ],
)
def test_a_redirect_is_checked_as_the_address_itself(
    elsewhere: Elsewhere, policy: RemotePolicy, location: str
) -> None:
    elsewhere.answers["/a"] = redirect(location.format(port=elsewhere.port))
    with pytest.raises(BadRemote):
        read(elsewhere.url("/a"), policy)
    assert len(elsewhere.asked) == 1


def test_a_name_is_looked_up_once_and_the_address_that_was_checked_is_asked(
    elsewhere: Elsewhere, policy: RemotePolicy, monkeypatch: pytest.MonkeyPatch
) -> None:
    names: list[str] = []

    def rebound(host: str, port: int, **_: object) -> list[tuple]:
        names.append(host)
        address = "127.0.0.1" if len(names) == 1 else "10.0.0.1"
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))]

    monkeypatch.setattr(connection.socket, "getaddrinfo", rebound)
    monkeypatch.setattr(connection.socket, "create_connection", _only_addresses(socket.create_connection))
    elsewhere.answers["/a"] = answer(b"a")
    assert read(elsewhere.url("/a", "rebinding.example"), policy) == b"a"
    assert names == ["rebinding.example"]
    assert f"Host: rebinding.example:{elsewhere.port}\r\n" in elsewhere.asked[0]
    with pytest.raises(BadRemote):
        read(elsewhere.url("/a", "rebinding.example"), policy)


def _only_addresses(connect: Callable) -> Callable:
    """Return a function that connects past any look-up of names."""

    def connect_to(address: tuple[str, int], seconds: float) -> socket.socket:
        made = socket.socket(socket.AF_INET)
        made.settimeout(seconds)
        made.connect(address)
        return made

    return connect_to


def waiting(*pieces: bytes, pause: float, server: Elsewhere) -> Callable[[socket.socket], None]:
    """Return what sends pieces with pauses, and then nothing more until the server is over."""

    def speak(client: socket.socket) -> None:
        for piece in pieces:
            client.sendall(piece)
            if server.is_over.wait(pause):
                return
        server.is_over.wait(20)

    return speak


@pytest.fixture
def busy_port() -> Iterator[int]:
    """Give a port whose queue of connections is full: nobody takes one up, and nobody refuses it."""
    with ExitStack() as stack:
        full = stack.enter_context(socket.socket())
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        for _ in range(4):
            waiting = stack.enter_context(socket.socket())
            waiting.setblocking(False)
            waiting.connect_ex(full.getsockname())
        yield full.getsockname()[1]


def test_a_connection_that_nobody_takes_up_is_ended(busy_port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "CONNECT_SECONDS", 0.3)
    policy = RemotePolicy(frozenset({busy_port}), networks("127.0.0.1/32"))
    begun = time.monotonic()
    with pytest.raises(RemoteTimeout):
        read(f"http://127.0.0.1:{busy_port}/", policy)
    assert time.monotonic() - begun < 10


def test_a_handshake_that_is_never_answered_is_ended(
    elsewhere: Elsewhere, policy: RemotePolicy, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The other server speaks no TLS: it waits for the rest of a line."""
    monkeypatch.setattr(connection, "CONNECT_SECONDS", 0.3)
    begun = time.monotonic()
    with pytest.raises(RemoteTimeout):
        read(elsewhere.url("/a").replace("http:", "https:"), policy)
    assert time.monotonic() - begun < 10


HEAD = b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n"


@pytest.mark.parametrize(
    "pieces", [(), (b"HTTP/1.1 200 ",), (HEAD,), (HEAD, b"some")], ids=["0", "line", "head", "body"]
)
def test_silence_ends_it(
    elsewhere: Elsewhere, policy: RemotePolicy, pieces: tuple[bytes, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection, "SILENCE_SECONDS", 0.3)
    elsewhere.answers["/a"] = waiting(*pieces, pause=0.05, server=elsewhere)
    with pytest.raises(RemoteTimeout):
        read(elsewhere.url("/a"), policy)


@pytest.mark.parametrize("beginning", [b"HTTP/1.1 200 OK\r\nA: ", HEAD, b"HTTP/1.1 100 Continue\r\n\r\n" * 9])
def test_what_drips_for_too_long_in_all_is_ended(
    elsewhere: Elsewhere, policy: RemotePolicy, beginning: bytes
) -> None:
    elsewhere.answers["/a"] = waiting(beginning, *[b"a"] * 90, pause=0.1, server=elsewhere)
    begun = time.monotonic()
    with pytest.raises(RemoteTimeout):
        read(elsewhere.url("/a"), policy, 0.5)
    assert time.monotonic() - begun < 5


def test_a_look_up_that_never_ends_is_ended(policy: RemotePolicy, monkeypatch: pytest.MonkeyPatch) -> None:
    import threading

    over = threading.Event()
    monkeypatch.setattr(connection.socket, "getaddrinfo", lambda *_, **__: over.wait(20) and [])
    with pytest.raises(RemoteTimeout):
        read("http://slow.example/", policy, 0.2)
    over.set()


def certificate(folder: Path, name: str) -> tuple[Path, Path]:
    """Make a certificate that vouches for itself, and its key."""
    key, made = folder / f"{name}.key", folder / f"{name}.pem"
    subprocess.run(
        [
            *("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"),
            *("-nodes", "-days", "2", "-subj", f"/CN={name}", "-addext", f"subjectAltName=DNS:{name}"),
            *("-keyout", str(key), "-out", str(made)),
        ],
        check=True,
        capture_output=True,
    )
    return made, key


def test_a_certificate_must_be_of_the_name_in_the_address(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made, key = certificate(tmp_path, "files.example")
    server_side = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server_side.load_cert_chain(made, key)
    trusting = ssl.create_default_context(cafile=str(made))
    monkeypatch.setattr(connection.socket, "getaddrinfo", _here)
    monkeypatch.setattr(connection.socket, "create_connection", _only_addresses(socket.create_connection))
    with Elsewhere(server_side) as server:
        policy = RemotePolicy(frozenset({server.port}), networks("127.0.0.1"))
        server.answers["/a"] = answer(b"secure")
        with pytest.raises(RemoteFailed):  # nobody trusts it
            read(server.url("/a", "files.example"), policy)
        monkeypatch.setattr(connection, "tls", lambda: trusting)
        with pytest.raises(RemoteFailed):  # it is another one's
            read(server.url("/a", "other.example"), policy)
        assert read(server.url("/a", "files.example"), policy) == b"secure"


def _here(_host: str, port: int, **_: object) -> list[tuple]:
    return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))]


def test_a_body_is_sent_and_any_status_is_an_answer(elsewhere: Elsewhere, policy: RemotePolicy) -> None:
    elsewhere.answers["/hook"] = answer(b"no", "410 Gone")
    target = Target.parse(elsewhere.url("/hook"), policy.ports)
    given = {"Content-Type": "application/json", "X-Signature": "abc"}
    with exchange("POST", target, policy, Deadline(20), body=b"{}", headers=given) as found:
        assert (found.status, b"".join(found.pieces())) == (410, b"no")
    assert elsewhere.asked[0].startswith("POST /hook HTTP/1.1\r\n")
    assert {"Content-Length: 2", "X-Signature: abc"} <= set(elsewhere.asked[0].splitlines())


@pytest.mark.parametrize("length", ["10", ""], ids=["told", "until the end"])
def test_what_is_ended_early_is_no_whole_file(
    elsewhere: Elsewhere, policy: RemotePolicy, length: str
) -> None:
    has_begun, may_end = threading.Event(), threading.Event()

    def slow(client: socket.socket) -> None:
        client.sendall(answer(b"0123", content_length=length))
        has_begun.set()
        may_end.wait(60)

    elsewhere.answers["/slow"] = slow
    deadline = Deadline(60)
    ended = threading.Thread(target=lambda: has_begun.wait(20) and deadline.end())
    ended.start()
    with pytest.raises(RemoteTimeout), fetched(elsewhere.url("/slow"), policy, deadline) as file:
        list(file.pieces)
    may_end.set()
    ended.join()
