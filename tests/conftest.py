"""The private servers that tests share, and an orderly end for a test run that is told to stop."""

import gc
import signal
from collections.abc import Iterator
from types import FrameType

import pytest
from hypothesis import settings

from tests.servers import AppServer, MariaDB, Memcached, free_port
from tests.servers.loaders import remember_loaders
from tests.servers.once import share_folder


def _end(number: int, _frame: FrameType | None) -> None:
    pytest.exit(f"ended by {signal.Signals(number).name}", returncode=128 + number)


def pytest_configure() -> None:
    """Take SIGTERM and SIGHUP like Ctrl-C: fixtures end their servers first."""
    AppServer.forked = True
    remember_loaders()
    share_folder()
    settings.register_profile("here", deadline=None)  # how long an example takes is the machine's; see bench/
    settings.load_profile("here")
    gc.disable()  # until the tests are found: nearly all that is made meanwhile stays
    signal.signal(signal.SIGTERM, _end)
    signal.signal(signal.SIGHUP, _end)
    signal.signal(signal.SIGINT, signal.default_int_handler)  # ignored in a shell's background job


def pytest_collection_finish() -> None:
    """Let garbage collection pass over what stays to the end: modules, and the tests that were found.

    Later it is looked for less often than by default: tests make much that is gone by itself.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000)
    gc.enable()


@pytest.fixture(scope="session")
def mariadb(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MariaDB]:
    """Give a MariaDB that all tests share; each takes a database of its own from it."""
    with MariaDB(tmp_path_factory.mktemp("mariadb"), hasty=True) as server:
        yield server


@pytest.fixture(scope="session")
def memcached(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Memcached]:
    """Give a memcached that all tests share."""
    with Memcached(tmp_path_factory.mktemp("memcached")) as server:
        yield server


@pytest.fixture(name="free_port")
def _free_port() -> int:
    """Give a port that nobody listens on."""
    return free_port()
