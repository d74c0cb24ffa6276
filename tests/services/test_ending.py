"""SIGTERM ends the service in order: what is under way is finished, and nothing is left behind."""

import ctypes
import hashlib
import os
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import psutil
import pytest
import requests

from tests.servers import AppServer
from tests.servers.app import GRANIAN, ROOT, granian_options
from tests.services.client import (
    END_OF_FORM,
    MEBIBYTE,
    LargeContent,
    assert_still_serving,
    at,
    eventually,
    exchange,
    parse_answer,
    receive_all,
    request_head,
    start_of_form,
    upload,
)
from tests.services.conftest import StartApp

OPTIONS, SHORT = granian_options(), {"GRANIAN_WORKERS_KILL_TIMEOUT": "1"}
IN_A_NAMESPACE = ("unshare", "--pid", "--fork", "--kill-child=SIGKILL", "--mount-proc", *GRANIAN)


def test_sigterm_ends_the_idle_service(start_app: StartApp) -> None:
    server = start_app(forked=False)
    upload(server.url, b"kept", "kept.txt")
    processes = server.processes()
    assert server.stop() == 0
    assert [process for process in processes if process.is_running()] == []
    assert "Traceback" not in server.log_text()
    server.restart()
    assert len(server.contents()) == 1
    assert_still_serving(server)


def test_sigterm_ends_a_worker_whichever_of_its_threads_gets_it(start_app: StartApp) -> None:
    server = start_app(forked=False)
    upload(server.url, b"kept", "kept.txt")
    worker = next(one for one in server.processes() if one.pid != server.pid and "granian" in one.cmdline())
    other = max(thread.id for thread in worker.threads())
    assert other != worker.pid
    assert ctypes.CDLL(None).tgkill(worker.pid, other, signal.SIGTERM) == 0
    assert worker.wait(10) is None  # a grandchild: its status is not ours
    assert "Traceback" not in server.log_text()


def half_an_upload(server: AppServer, content: bytes) -> socket.socket:
    """Return a connection over which half of an upload has gone."""
    size = len(start_of_form()) + len(content) + len(END_OF_FORM)
    connection = socket.create_connection(("127.0.0.1", server.port), timeout=30)
    head = request_head(f"Content-Length: {size}", "Connection: close")
    connection.sendall(head + start_of_form() + content[: len(content) // 2])
    return connection


def read_slowly(response: requests.Response) -> Iterator[bytes]:
    """Yield the rest of an answer, a little later than it could be had."""
    for piece in iter(lambda: response.raw.read(4 * MEBIBYTE), b""):
        time.sleep(0.05)
        yield piece


def test_sigterm_lets_an_upload_and_a_download_end_well(start_app: StartApp) -> None:
    server, large = start_app(forked=False), LargeContent(64)
    head = request_head(f"Content-Length: {large.form_size()}", "Connection: close")
    address = at(server, parse_answer(exchange(server, [head, *large.form()])).json()["url_d"])
    content = hashlib.shake_128(b"under way").digest(6 * MEBIBYTE)
    statuses: list[int] = []
    with requests.get(address, stream=True, timeout=30) as got, half_an_upload(server, content) as sending:
        digest = hashlib.sha256(got.raw.read(MEBIBYTE))
        assert eventually(server.leftovers)
        stopping = threading.Thread(target=lambda: statuses.append(server.stop()))
        stopping.start()
        assert eventually(lambda: not is_taking_connections(server))
        for piece in read_slowly(got):
            digest.update(piece)
        sending.sendall(content[len(content) // 2 :] + END_OF_FORM)
        answer = parse_answer(receive_all(sending))
    stopping.join()
    assert (statuses, answer.status, digest.hexdigest()) == ([0], 201, large.sha256())
    assert server.contents() == sorted([large.sha256(), hashlib.sha256(content).hexdigest()])
    assert "Traceback" not in server.log_text()


def is_taking_connections(server: AppServer) -> bool:
    """Tell whether the port can be connected to."""
    with socket.socket() as connection:
        return connection.connect_ex(("127.0.0.1", server.port)) == 0


def test_an_upload_that_does_not_end_is_cut_after_the_time_for_it(
    start_app: StartApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tests.servers.app.granian_options", lambda: {**OPTIONS, **SHORT})
    server = start_app(forked=False)
    with half_an_upload(server, bytes(4 * MEBIBYTE)):
        assert eventually(server.leftovers)
        started = time.monotonic()
        assert server.stop() == 0
        assert 0.5 < time.monotonic() - started < 10
    server.restart()
    assert server.contents() == []
    assert_still_serving(server)
    assert server.run("check").returncode == 0


def test_the_first_process_of_a_container_ends(start_app: StartApp) -> None:
    command = IN_A_NAMESPACE if os.geteuid() == 0 else ("unshare", "--map-root-user", *IN_A_NAMESPACE[1:])
    server = start_app(serve=command)
    (inner,) = psutil.Process(server.pid).children()
    workers = inner.children()
    assert workers
    inner.send_signal(signal.SIGTERM)
    assert server.process is not None
    assert server.process.wait(10) == 0
    server.process = None
    assert [process for process in (inner, *workers) if process.is_running()] == []


def test_a_worker_does_not_outlive_its_server(start_app: StartApp) -> None:
    """Nor does what it has forked, nor while somebody reads slowly: nobody would be there to end it."""
    server = start_app(forked=False)
    address = upload(server.url, os.urandom(40 * MEBIBYTE)).json()["url_d"]
    assert requests.get(f"{upload(server.url, b'1,2', 'a.csv').json()['url_p']}", timeout=30).ok
    with requests.get(address, stream=True, timeout=30) as reading:
        assert reading.raw.read(1) != b""
        main, *others = server.processes()
        assert len(others) >= 3  # with the template of workers
        main.kill()
        assert eventually(lambda: not any(is_at_work(other) for other in others))
    assert server.process is not None
    server.process.wait()
    server.process = None


def is_at_work(process: psutil.Process) -> bool:
    """Tell whether a process runs, or will again."""
    with suppress(psutil.NoSuchProcess):
        return bool(process.status() != psutil.STATUS_ZOMBIE)
    return False


def test_bin_serve_ends_by_sigterm_and_leaves_nothing_readable_by_others(
    tmp_path: Path, free_port: int
) -> None:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PASTEBIN_")}
    environment |= {"PORT": str(free_port), "PASTEBIN_DATA": str(tmp_path / "data")}
    with (tmp_path / "log").open("wb") as log:
        process = subprocess.Popen([ROOT / "bin" / "serve"], env=environment, stdout=log, stderr=log)
    try:
        assert eventually(lambda: is_healthy(free_port), 60), (tmp_path / "log").read_text()
        assert upload(f"http://127.0.0.1:{free_port}", bytes(MEBIBYTE)).status_code == 201
    finally:
        process.terminate()
        status = process.wait(20)
    assert status == 0
    made = [tmp_path / "data", *(tmp_path / "data").rglob("*")]
    assert {oct(path.stat().st_mode & 0o077) for path in made} == {"0o0"}


def is_healthy(port: int) -> bool:
    """Tell whether the service answers that it is well."""
    try:
        return requests.get(f"http://127.0.0.1:{port}/health", timeout=5).status_code == 200
    except requests.ConnectionError:
        return False
