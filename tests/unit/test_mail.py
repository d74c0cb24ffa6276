"""Messages reach a server, or the log says why not; nobody waits for them."""

import socket
import ssl
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from pastebin.errors import Unavailable
from pastebin.services import mail as mail_module
from pastebin.services.mail import WAITING, Mail, Message
from pastebin.setting_mail import mail_server, sender
from tests.servers.mailbox import Mailbox

HELLO = Message(
    "ada@example.org", "Grüße 你好", "A text, with a line that is longer than what a line may be. " * 20
)
FROM = "Files <files@example.org>"


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    """Give a mail server."""
    with Mailbox() as server:
        yield server


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have what failed tried again at once."""
    monkeypatch.setattr(mail_module, "PAUSES", (0.01, 0.01))


def mail_to(address: str) -> Mail:
    return Mail(mail_server(f"smtp://{address}"), FROM, is_shown=False)


def test_a_message_arrives_whole(mailbox: Mailbox) -> None:
    mail = mail_to(mailbox.address)
    mail.send(HELLO)
    recipients, message = mailbox.next()
    assert recipients == ["ada@example.org"]
    assert (message["Subject"], message.get_content().strip()) == (HELLO.subject, HELLO.text.strip())
    assert (message["From"], message["To"]) == (FROM, "ada@example.org")
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Message-ID"].endswith("@example.org>")
    mail.close()
    mail.send(HELLO)  # what is closed opens again
    mailbox.next()
    mail.close()


def test_it_signs_in_where_the_address_says_who() -> None:
    with Mailbox(auth_require_tls=False) as server:
        server._controller.SMTP_kwargs["authenticator"] = server.authenticate
        mail = mail_to(f"me%40here:p%3Aw@{server.address}")
        mail.send(HELLO)
        server.next()
        mail.close()
        assert server.logins == [(b"me@here", b"p:w")]


def test_what_waits_is_sent_before_the_end(mailbox: Mailbox) -> None:
    mail = mail_to(mailbox.address)
    for _ in range(5):
        mail.send(HELLO)
    mail.close()
    for _ in range(5):
        mailbox.next()


def test_a_server_that_says_nothing_holds_nobody() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        mail = mail_to(f"127.0.0.1:{silent.getsockname()[1]}")
        begun = time.monotonic()
        mail.send(HELLO)
        while not mail._waiting.empty():  # until the thread is at it
            time.sleep(0.01)
        for _ in range(WAITING):
            mail.send(HELLO)
        for ask in (mail.require_room, lambda: mail.send(HELLO)):
            with pytest.raises(Unavailable):
                ask()
        assert time.monotonic() - begun < 5


@pytest.mark.usefixtures("quick")
def test_what_fails_for_a_while_is_tried_again(mailbox: Mailbox, caplog: pytest.LogCaptureFixture) -> None:
    mailbox.refusal = "451 later"
    mail = mail_to(mailbox.address)
    mail.send(HELLO)
    mail.close()
    assert [record.levelname for record in caplog.records] == ["WARNING", "WARNING", "ERROR"]
    assert "ada" not in caplog.text


@pytest.mark.usefixtures("quick")
def test_what_is_refused_for_good_is_not(mailbox: Mailbox, caplog: pytest.LogCaptureFixture) -> None:
    mailbox.refusal = "550 unknown"
    mail = mail_to(mailbox.address)
    mail.send(HELLO)
    mail.close()
    assert [record.levelname for record in caplog.records] == ["ERROR"]
    assert "ada" not in caplog.text


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize("to", ["no address", "a@" + "x" * 70 + ".org", "a@b\nBcc: c@d", "a@..", ""])
def test_what_is_no_address_stops_nothing(
    mailbox: Mailbox, caplog: pytest.LogCaptureFixture, to: str
) -> None:
    mail = mail_to(mailbox.address)
    mail.send(Message(to, "subject", "text"))
    mail.send(HELLO)
    assert mailbox.next()[0] == ["ada@example.org"]
    mail.close()
    assert [record.levelname for record in caplog.records] == ["ERROR"]
    assert mailbox.is_empty


def test_a_domain_is_told_as_name_servers_know_it(mailbox: Mailbox) -> None:
    mail = mail_to(mailbox.address)
    mail.send(Message("ada@bücher.example", "subject", "text"))
    assert mailbox.next()[0] == ["ada@xn--bcher-kva.example"]
    mail.close()


@pytest.mark.usefixtures("quick")
def test_a_certificate_that_nobody_vouches_for_is_refused(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(*own_certificate(tmp_path))
    with Mailbox(tls_context=context) as server:
        mail = Mail(mail_server(f"smtp://{server.address}?starttls"), FROM, is_shown=False)
        mail.send(HELLO)
        mail.close()
        assert server.is_empty
    assert "SSLCertVerificationError" in caplog.text


def test_a_certificate_that_is_vouched_for_is_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    certificate, key = own_certificate(tmp_path)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate, key)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    with Mailbox(tls_context=context, require_starttls=True) as server:
        port = server.address.partition(":")[2]
        mail = Mail(mail_server(f"smtp://localhost:{port}?starttls"), FROM, is_shown=False)
        mail.send(HELLO)
        server.next()
        mail.close()


def own_certificate(folder: Path) -> tuple[Path, Path]:
    """Return a certificate of localhost that is signed by itself, and its key."""
    import subprocess

    certificate, key = folder / "certificate.pem", folder / "key.pem"
    command = [
        "openssl",
        "req",
        "-x509",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:prime256v1",
        "-nodes",
    ]
    command += ["-keyout", key, "-out", certificate, "-days", "2", "-subj", "/CN=localhost"]
    command += ["-addext", "subjectAltName=DNS:localhost"]
    subprocess.run(command, check=True, capture_output=True)
    return certificate, key


def test_without_a_server_nothing_is_sent_or_shown(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO", "pastebin")
    mail = Mail(None, "", is_shown=False)
    mail.send(HELLO)
    assert not mail.is_possible
    assert caplog.text == ""


@pytest.mark.parametrize(
    ("text", "server"),
    [
        ("", None),
        ("smtp://host", ("host", 25, "", "", "none")),
        ("smtp://host:26?starttls", ("host", 26, "", "", "starttls")),
        ("smtp://u:p%40@host?starttls", ("host", 587, "u", "p@", "starttls")),
        ("smtps://u:p@host/", ("host", 465, "u", "p", "tls")),
    ],
)
def test_addresses_of_servers(text: str, server: tuple[str, int, str, str, str] | None) -> None:
    found = mail_server(text)
    told = found and (found.host, found.port, found.user, found.password, found.security)
    assert told == server
    assert "p@" not in repr(found)


@pytest.mark.parametrize(
    "text",
    [
        "host",
        "http://host",
        "smtp://",
        "smtp://h:x",
        "smtp://h?tls",
        "smtps://h?starttls",
        "smtp://h/x",
        "smtp://[h",
    ],
)
def test_what_is_no_server(text: str) -> None:
    with pytest.raises(ValueError, match="must be such as smtp://"):
        mail_server(text)


@pytest.mark.parametrize("text", ["", "a@b.c", "Files <a@b.c>", "文件 <a@b.c>"])
def test_senders(text: str) -> None:
    assert sender(text) == text


@pytest.mark.parametrize("text", ["a", "a@b, c@d", "A <a@b> x", "A <a>", "A\n<a@b>", "A <a@b>, B <c@d>"])
def test_what_is_no_sender(text: str) -> None:
    with pytest.raises(ValueError, match="must be an e-mail address"):
        sender(text)
