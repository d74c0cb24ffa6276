"""A real Chromium against a real server; every page must keep to the Content-Security-Policy."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import requests
from playwright.sync_api import Browser, Page, Playwright, sync_playwright

from tests.browser.windows import Window, Windows
from tests.servers import AppServer
from tests.servers.process import find_program

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--js-flags=--no-maglev --no-opt",  # scripts here end before it pays to optimize them
]

MAX_UPLOAD_SIZE = 3 * 2**20


@dataclass
class Site:
    """A server, and what tests put into it."""

    url: str

    def put(self, data: bytes, filename: str) -> dict[str, str]:
        """Upload a file and return what the server says of it."""
        headers = {"Accept": "application/json"}
        answer = requests.post(f"{self.url}/", files={"file": (filename, data)}, headers=headers, timeout=30)
        assert answer.ok, answer.text
        return answer.json()


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Give a server that all browser tests share."""
    settings = {"max_upload_size": str(MAX_UPLOAD_SIZE), "public_listing": "true"}
    with AppServer(tmp_path_factory.mktemp("app"), settings) as server:
        yield Site(server.url)


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """Give what drives browsers."""
    with sync_playwright() as driver:
        yield driver


@pytest.fixture(scope="session")
def launch(playwright: Playwright) -> Iterator[Callable[..., Browser]]:
    """Give a function that returns the browser of all tests; one that has crashed is started anew.

    The shell has the engine of Chromium and nothing around it: a new profile takes a third of the time.
    """
    launched: dict[str, Browser] = {}

    def launch(program: str = "chromium-headless-shell") -> Browser:
        if program not in launched or not launched[program].is_connected():
            path = find_program(program)
            launched[program] = playwright.chromium.launch(executable_path=path, args=FLAGS)
        return launched[program]

    yield launch
    for browser in launched.values():
        browser.close()


@pytest.fixture(scope="module")
def chromium(launch: Callable[..., Browser]) -> Browser:
    """Give the tests of a module a browser; a missing one fails them."""
    return launch()


@pytest.fixture(scope="module")
def whole_chromium(launch: Callable[..., Browser]) -> Browser:
    """Give Chromium with what is around its engine, as the viewer of PDF."""
    return launch("chromium")


@pytest.fixture
def open_page(chromium: Browser, site: Site) -> Iterator[Callable[..., Page]]:
    """Give a function that opens a page in a new profile: `open_page("/", width=360)`.

    When the test is over, a page of ours that broke its policy or had an error in a script fails it.
    """
    opened: list[Window] = []

    def open_one(path: str = "/", *, width: int = 1024, height: int = 800, **options: Any) -> Page:
        opened.append(Window(chromium, site.url, options))
        return opened[-1].open(path, width, height)

    yield open_one
    for window in opened:
        window.close()
    assert not [fault for window in opened for fault in window.faults]


@pytest.fixture(scope="module")
def windows() -> Iterator[Windows]:
    """Give the windows that tests of a module have used and others may use."""
    windows = Windows()
    yield windows
    windows.close()


@pytest.fixture
def open_used_page(chromium: Browser, site: Site, windows: Windows) -> Iterator[Callable[..., Page]]:
    """Give a function as `open_page` is, with a window that another test may have had: a third of the work.

    Nothing of that test is kept but what the browser has in its cache, and axe-core, if that read pages.
    Not for tests that add scripts to documents or listeners, or that set the clock or the speed of the line.
    """
    opened: list[Window] = []

    def open_one(path: str = "/", *, width: int = 1024, height: int = 800, **options: Any) -> Page:
        opened.append(windows.take(chromium, site.url, options))
        return opened[-1].open(path, width, height)

    yield open_one
    faults = [fault for window in opened for fault in window.faults]
    for window in opened:
        windows.put_back(window)
    assert not faults


@pytest.fixture
def samples(tmp_path: Path) -> Callable[[str, bytes], str]:
    """Give a function that writes a file to choose in the browser, and returns its path."""

    def write(name: str, data: bytes) -> str:
        path = tmp_path / name
        path.write_bytes(data)
        return str(path)

    return write


def filehash_of(address: str) -> str:
    """Return the public name at the end of an address."""
    return re.sub(r".*/", "", address)
