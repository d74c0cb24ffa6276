"""Who is believed about the address: the trusted proxy, and nobody else."""

import itertools
import socket

import requests

from tests.servers import AppServer
from tests.services.client import parse_answer, receive_all, upload
from tests.services.conftest import StartApp

FORGED = {
    "X-Forwarded-For": "203.0.113.9",
    "X-Forwarded-Host": "evil.example",
    "X-Forwarded-Proto": "https",
    "X-Forwarded-Port": "444",
    "X-Forwarded-By": "evil.example",
    "Forwarded": "for=203.0.113.9;host=evil.example;proto=https",
    "X-Real-IP": "203.0.113.9",
    "X-Script-Name": "/evil",
}


def assert_addresses_begin(answer: requests.Response, base: str) -> None:
    """Assert that every address in an upload's answer is at `base`."""
    addresses = [answer.json()[key] for key in ("url_p", "url_i", "url_d", "url_s")]
    addresses.append(answer.headers["Location"])
    assert [address for address in addresses if not address.startswith(f"{base}/")] == []


def test_without_a_trusted_proxy_forged_headers_change_nothing(start_app: StartApp) -> None:
    server = start_app()
    answer = upload(server.url, b"forged", "forged.txt", headers=FORGED)
    assert answer.status_code == 201
    assert_addresses_begin(answer, server.url)
    assert requests.get(server.url, headers=FORGED, timeout=30).text.find("evil.example") == -1
    assert "203.0.113.9" not in server.log_text()


def test_the_public_url_is_used_whatever_the_client_says(start_app: StartApp) -> None:
    server = start_app({"public_url": "https://files.example.org"})
    answer = upload(server.url, b"public", "public.txt", headers={**FORGED, "Host": "evil.example"})
    assert_addresses_begin(answer, "https://files.example.org")
    elsewhere = {"Host": "evil.example"}
    short = answer.json()["url_s"].replace("https://files.example.org", server.url)
    page = requests.get(short, headers=elsewhere, timeout=30, allow_redirects=False)
    assert page.headers["Location"].startswith("https://files.example.org/p/")


def test_another_machine_is_not_the_trusted_proxy(production: AppServer) -> None:
    headers = "".join(f"{name}: {value}\r\n" for name, value in FORGED.items())
    form = '--b\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n\r\nx\r\n--b--\r\n'
    head = f"POST / HTTP/1.1\r\nHost: files.example.org\r\n{headers}Content-Length: {len(form)}\r\n"
    kind = "Content-Type: multipart/form-data; boundary=b\r\nConnection: close\r\n\r\n"
    for source, base in (("127.0.0.2", "http://files.example.org"), ("127.0.0.1", "https://evil.example")):
        with socket.create_connection(("127.0.0.1", production.port), 30, (source, 0)) as connection:
            connection.sendall((head + kind + form).encode())
            answer = parse_answer(receive_all(connection))
        assert answer.json()["url_p"].startswith(base), "only 127.0.0.1 is production.ini's trusted proxy"


def test_a_proxy_that_says_nonsense_does_no_harm(production: AppServer) -> None:
    names = ("X-Forwarded-Host", "X-Forwarded-Proto", "X-Forwarded-For", "X-Forwarded-Port")
    values = ("a, b, c", '"', "<script>", "-1", "999999", "javascript", "\xff", "[::")
    for name, value in itertools.product(names, values):
        answer = requests.get(production.url, headers={name: value.encode("latin-1")}, timeout=30)
        assert answer.status_code in (200, 400), (name, value)
        assert "<script>" not in answer.text
    assert "Traceback" not in production.log_text()
