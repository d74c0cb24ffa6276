"""SIGTERM ends the service in order, also in the middle of work."""

import socket

import psutil

from tests.services.client import (
    MEBIBYTE,
    assert_still_serving,
    eventually,
    request_head,
    start_of_form,
    upload,
)
from tests.services.conftest import StartApp


def test_sigterm_ends_the_idle_service(start_app: StartApp) -> None:
    server = start_app()
    upload(server.url, b"kept", "kept.txt")
    process = psutil.Process(server.pid)
    assert server.stop() in (0, -15)
    assert not process.is_running()
    assert "Traceback" not in server.log_text()
    server.restart()
    assert len(server.contents()) == 1
    assert_still_serving(server)


def test_sigterm_ends_the_service_in_mid_upload(start_app: StartApp) -> None:
    server = start_app()
    with socket.create_connection(("127.0.0.1", server.port)) as connection:
        connection.sendall(request_head("Content-Length: 90000000") + start_of_form() + bytes(5 * MEBIBYTE))
        server.stop()
    assert "Traceback" not in server.log_text()
    server.restart()
    assert eventually(lambda: not server.contents())
    assert_still_serving(server)
    assert server.run("check").returncode == 0
