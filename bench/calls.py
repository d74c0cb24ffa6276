"""Where a request's time goes: Python calls, database statements and processor time of each kind of request.

    python bench/calls.py [KIND...] [--top 25] [--count 300]

Builds the application on an empty SQLite database and calls it as a WSGI server would, in this process,
with nothing between, one request after the other. The times are microseconds of processor time, of the
request's own thread and of all: a commit has a thread of its own. KIND is of upload, machine, preview, text,
bytes, resized; all by default. What is uploaded is a text.
"""

import argparse
import cProfile
import io
import os
import pstats
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from load import BOUNDARY, form_around
from sqlalchemy import event

HEADERS = {"HTTP_HOST": "127.0.0.1:6543", "HTTP_USER_AGENT": "bench", "HTTP_ACCEPT": "*/*"}


class Application:
    """The application on a folder of its own."""

    def __init__(self, folder: Path) -> None:
        os.environ["PASTEBIN_DATA"] = str(folder)
        from alembic.config import Config  # noqa: PLC0415
        from pyramid.paster import get_app  # noqa: PLC0415

        from alembic import command  # noqa: PLC0415  (settings come from the environment)

        command.upgrade(Config("development.ini"), "head")
        self.app = get_app("development.ini")
        self.statements = 0
        event.listen(self.app.registry.services.engine, "before_cursor_execute", self._note)

    def _note(self, *_: Any) -> None:
        self.statements += 1

    def ask(self, environ: dict[str, Any]) -> bytes:
        """Send one request through the application and return the body of its answer."""
        status = []
        answer = self.app(environ, lambda line, _headers, _error=None: status.append(line))
        body = b"".join(answer)
        getattr(answer, "close", lambda: None)()
        if not status[0].startswith("20"):
            raise SystemExit(f"{status[0]}: {body[:300]!r}")
        return body


def environ(method: str, path: str, body: bytes = b"") -> dict[str, Any]:
    """Return what a WSGI server hands over."""
    path, _, query = path.partition("?")
    return {
        "REQUEST_METHOD": method,
        "SCRIPT_NAME": "",
        "PATH_INFO": path,
        "QUERY_STRING": query,
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "6543",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "CONTENT_TYPE": f"multipart/form-data; boundary={BOUNDARY}" if body else "",
        "CONTENT_LENGTH": str(len(body)) if body else "",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(body),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
        **HEADERS,
    }


def kinds(application: Application) -> dict[str, Callable[[int], dict[str, Any]]]:
    """Return what makes the n-th request of each kind; files are uploaded first."""
    import json  # noqa: PLC0415

    import inputs  # noqa: PLC0415

    def form(data: bytes, filename: str) -> bytes:
        head, tail = form_around(filename)
        return head + data + tail

    def put(data: bytes, filename: str) -> str:
        return json.loads(application.ask(environ("POST", "/j", form(data, filename))))["hash"]

    module = inputs.text()
    image, text = put(inputs.photos(1, 2000, 1333)[0], "photo.jpg"), put(module, "module.py")
    plain = put(inputs.noise(10_000), "small.bin")

    def fresh(number: int, path: str) -> dict[str, Any]:
        return environ("POST", path, form(b"%d\n%b" % (number, module), f"{number}.txt"))

    return {
        "upload": lambda n: fresh(n, "/"),
        "machine": lambda n: fresh(n + 2**32, "/j"),
        "preview": lambda _: environ("GET", f"/p/{image}"),
        "text": lambda _: environ("GET", f"/p/{text}"),
        "bytes": lambda _: environ("GET", f"/i/{plain}"),
        "resized": lambda _: environ("GET", f"/i/{image}?w=512"),
    }


def numbers() -> Iterator[int]:
    """Count, so that no two uploads are alike."""
    number = 0
    while True:
        number += 1
        yield number


def main() -> None:
    """Print a line and the busiest functions for each kind of request."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("kinds", nargs="*")
    parser.add_argument("--top", type=int, default=25)
    parser.add_argument("--count", type=int, default=300)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        application = Application(Path(folder))
        made = kinds(application)
        unknown = set(given.kinds) - set(made)
        if unknown:
            parser.error(f"unknown: {', '.join(sorted(unknown))}; there is {', '.join(made)}")
        print(f"{'request':10} {'calls':>8} {'statements':>10} {'own µs':>8} {'all µs':>8}")
        busiest = {}
        for kind in given.kinds or made:
            line, busiest[kind] = measured(application, made[kind], given.count)
            print(f"{kind:10} {line}", flush=True)
        for kind, stats in busiest.items():
            print(f"\n{kind}: by time inside the function itself")
            stats.sort_stats("tottime").print_stats(given.top)


def measured(
    application: Application, make: Callable[[int], dict[str, Any]], count: int
) -> tuple[str, pstats.Stats]:
    """Run one kind of request `count` times without and with the profiler."""
    number = numbers()
    for _ in range(20):
        application.ask(make(next(number)))
    application.statements = 0
    ready = [make(next(number)) for _ in range(count)]
    own, whole = time.thread_time(), time.process_time()
    for asked in ready:
        application.ask(asked)
    own, whole = ((time.thread_time() - own) / count * 1e6, (time.process_time() - whole) / count * 1e6)
    statements = application.statements / count
    ready = [make(next(number)) for _ in range(count)]
    profile = cProfile.Profile()
    profile.enable()
    for asked in ready:
        application.ask(asked)
    profile.disable()
    stats = pstats.Stats(profile).strip_dirs()
    return f"{stats.total_calls / count:8.0f} {statements:10.1f} {own:8.0f} {whole:8.0f}", stats


if __name__ == "__main__":
    main()
