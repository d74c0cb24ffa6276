"""What files that are made to hold up their readers take: time, memory, and how long others wait meanwhile.

    PYTHONPATH=. .venv/bin/python bench/hostile.py [WORD …]

Each file is uploaded to a service in this process, and its page, its thumbnail, a smaller size and its
first entry are asked for; meanwhile somebody else has a picture resized again and again. With words only the
files are tried whose names have one of them. The times are those of a machine that does nothing else.
"""

import itertools
import logging
import shutil
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil

from tests.inprocess import Service, contents
from tests.inprocess.database import make_sqlite_template
from tests.inprocess.hostile import HOSTILE

ADDRESSES = ("/p/{}", "/t/{}", "/i/{}?w=100", "/d/{}?entry=0")


class Observer:
    """Notes the most memory that a worker has, and the longest that somebody else waits."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._address = f"/i/{service.filehash(contents.image(width=300, height=200), 'other.png')}"
        self._widths = itertools.count(10)
        self.memory, self.longest = 0, 0.0
        self._wait()  # which starts the workers

    @contextmanager
    def watching(self) -> Iterator[None]:
        """Watch meanwhile."""
        self.memory, self.longest = 0, 0.0
        is_over = threading.Event()
        threads = [
            threading.Thread(target=self._repeat, args=(is_over, work)) for work in (self._look, self._wait)
        ]
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            is_over.set()
            for thread in threads:
                thread.join()

    def _repeat(self, is_over: threading.Event, work: Callable[[], None]) -> None:
        while not is_over.wait(0.02):
            work()

    def _look(self) -> None:
        for child in psutil.Process().children(recursive=True):
            with suppress(psutil.Error):
                self.memory = max(self.memory, child.memory_info().rss)

    def _wait(self) -> None:
        began = time.monotonic()
        self._service.ask(f"{self._address}?w={next(self._widths)}")
        self.longest = max(self.longest, time.monotonic() - began)


def answers(service: Service, name: str, data: bytes) -> list[str]:
    """Return status and seconds of the answers to a file's addresses, the upload first."""
    began = time.monotonic()
    uploaded = service.upload(data, name, to="/j")
    found = [f"{uploaded.status_int} {time.monotonic() - began:.1f}"]
    for address in ADDRESSES:
        began = time.monotonic()
        answer = service.ask(address.format(uploaded.json["hash"]), accept="text/html")
        found.append(f"{answer.status_int} {time.monotonic() - began:.1f}")
    return found


def main() -> None:
    """Print the table."""
    logging.disable(logging.CRITICAL)
    folder = Path(tempfile.mkdtemp(prefix="hostile-"))
    (folder / "template").mkdir()
    (folder / "data").mkdir()
    shutil.copy(make_sqlite_template(folder / "template"), folder / "data")
    service = Service(folder / "data")
    observer = Observer(service)
    print(
        "| decoder | file | upload | page | thumbnail | 100 wide | first entry | worker MiB | others wait s |"
    )
    print("|---|---|---|---|---|---|---|---|---|")
    for decoder, files in HOSTILE.items():
        for name, make in files.items():
            if sys.argv[1:] and not any(word in name for word in sys.argv[1:]):
                continue
            data = make()
            with observer.watching():
                found = answers(service, name, data)
            row = [decoder, name, *found, str(observer.memory >> 20), f"{observer.longest:.1f}"]
            print("| " + " | ".join(row) + " |", flush=True)
    service.close()
    shutil.rmtree(folder)


if __name__ == "__main__":
    main()
