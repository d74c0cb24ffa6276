"""kill -9 at random moments: every acknowledged file is whole, and nothing half-stored is served."""

import hashlib
import random
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests

from tests.servers import AppServer, MariaDB
from tests.services.client import MEBIBYTE, assert_still_serving, download, eventually, upload
from tests.services.conftest import StartApp

ROUNDS = 3
CLIENTS = 4

# A row, files, and now and then one that is so large that a thread of its own hashes it.
SIZES = [*[100] * 4, *[20_000] * 4, *[700_000] * 2, 5 * MEBIBYTE]
PAUSE = 0.02  # seconds between the uploads of a client, as all of them are downloaded again


class Uploaders:
    """Clients that upload different files without pause, and note what was acknowledged."""

    def __init__(self, server: AppServer, seed: int) -> None:
        self.server = server
        self.acknowledged: dict[str, str] = {}  # address → SHA-256
        self._random = random.Random(seed)
        self._stopped = threading.Event()

    def during(self, happening: Callable[[], None]) -> None:
        """Let the clients upload until `happening` has happened."""
        self._stopped.clear()
        with ThreadPoolExecutor(CLIENTS) as pool:
            clients = [pool.submit(self._upload_on, self._random.random()) for _ in range(CLIENTS)]
            try:
                happening()
            finally:
                self._stopped.set()
        for client in clients:
            client.result()

    def wait_for_some(self) -> None:
        """Wait for some acknowledged uploads, then for a random moment more."""
        count = len(self.acknowledged)
        assert eventually(lambda: len(self.acknowledged) > count + 2, 30)
        time.sleep(self._random.random() / 2)

    def _upload_on(self, seed: float) -> None:
        own = random.Random(seed)
        while not self._stopped.is_set():
            content = own.randbytes(own.choice(SIZES))
            try:
                answer = upload(self.server.url, content, f"{own.random()}.bin")
            except requests.RequestException:
                return
            if answer.status_code == 201:
                self.acknowledged[answer.json()["url_d"]] = hashlib.sha256(content).hexdigest()
            else:
                assert answer.status_code == 503, answer.text
            self._stopped.wait(PAUSE)


def assert_all_whole(server: AppServer, acknowledged: dict[str, str]) -> None:
    """Assert that `check` is content and that every acknowledged file comes back as it was sent."""
    checked = server.run("check")
    assert checked.returncode == 0, checked.stdout + checked.stderr
    for address, sha256 in acknowledged.items():
        assert hashlib.sha256(download(address).content).hexdigest() == sha256


def test_the_service_is_killed(start_app: StartApp, database: dict[str, str]) -> None:
    server = start_app(database)
    uploaders = Uploaders(server, 1)

    def happening() -> None:
        uploaders.wait_for_some()
        server.kill()

    for _ in range(ROUNDS):
        uploaders.during(happening)
        checked = server.run("check")
        assert checked.returncode == 0, checked.stdout + checked.stderr
        server.restart()
        assert_all_whole(server, uploaders.acknowledged)
    assert_still_serving(server)
    assert len(uploaders.acknowledged) > 2 * ROUNDS


def test_service_and_database_are_killed_together(
    start_app: StartApp, tmp_path_factory: pytest.TempPathFactory
) -> None:
    with MariaDB(tmp_path_factory.mktemp("mariadb")) as mariadb:
        server = start_app({"database_url": mariadb.create_database()})
        uploaders = Uploaders(server, 2)

        def happening() -> None:
            uploaders.wait_for_some()
            mariadb.kill()
            server.kill()

        for _ in range(3):
            uploaders.during(happening)
            mariadb.restart()
            server.restart()
            assert_all_whole(server, uploaders.acknowledged)
        assert_still_serving(server)


def test_sweep_while_uploading_takes_nothing_away(start_app: StartApp, database: dict[str, str]) -> None:
    server = start_app(database)
    uploaders = Uploaders(server, 3)

    def happening() -> None:
        for _ in range(2):
            uploaders.wait_for_some()
            swept = server.run("sweep")
            assert swept.returncode == 0, swept.stdout + swept.stderr

    uploaders.during(happening)
    assert_all_whole(server, uploaders.acknowledged)
