"""Resizing: by address, from us and from thumbor; a whole file, from us and from libvips; warm."""

import io
import itertools
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

import inputs
import ours
import peers
from effort import Effort
from load import exchange, processor_seconds, request, wrk
from peers import Thumbor
from results import OURS, Goal, Measurement, alternate
from rounds import compare

from pastebin.images import Transform, render
from pastebin.services.worker_pools import MOST_IMAGE_WORKERS
from tests.servers import ServerProcess

SOURCES = 24
CLIENTS = 4
WORKERS = min(os.cpu_count() or 1, MOST_IMAGE_WORKERS)
"""Processes that one of ours has for images; thumbor gets as many."""
QUALITY = 85


def cold(effort: Effort) -> Iterator[Measurement]:
    """A crop or size that nobody asked for before, of a JPEG of 2000×1333, about 512 pixels wide."""
    pictures = inputs.photos(SOURCES, 2000, 1333)
    for shape, processes in (("production", 1), ("embedded", 1), ("production", 2)):
        folder = effort.subfolder(f"resize-{shape}-{processes}")
        with ExitStack() as stack:
            apps = stack.enter_context(ours.services(shape, folder, processes))
            thumbor = stack.enter_context(Thumbor(folder / "thumbor", processes * WORKERS))
            names = [ours.put(apps[0], data, f"photo-{at}.jpg") for at, data in enumerate(pictures)]
            for at, data in enumerate(pictures):
                (thumbor.files / f"photo-{at}.jpg").write_bytes(data)
            work: dict[str, list[float]] = {}
            sides = {
                OURS: _resizing(apps, [f"/i/{name}?w={{w}}&q={QUALITY}" for name in names], effort, work),
                "thumbor": _resizing(
                    [thumbor], [f"/unsafe/{{w}}x0/photo-{at}.jpg" for at in range(SOURCES)], effort, work
                ),
            }
            figures = alternate(sides, effort.rounds)
            checked = ours.check(apps[0])
        shutil.rmtree(folder)
        several = ", 2 processes" if processes == 2 else ""
        yield Measurement(
            f"resize-cold-{shape}" + ("-processes" if several else ""),
            f"cold resize of a 2000×1333 JPEG to 512, 4 clients ({ours.SHAPE_TEXTS[shape]}{several})",
            "images/s",
            figures,
            [Goal("≥ 2.5 × thumbor", "thumbor", 2.5)],
            [],
            [
                f"{SOURCES} photos in widths around 512, no two requests alike, JPEG quality {QUALITY} "
                f"on both sides; thumbor keeps nothing and has {processes * WORKERS} processes, "
                "as many as we have for images.",
                "Processor time of the server an image: "
                + ", ".join(f"{name} {min(spent):.1f} ms" for name, spent in work.items()),
                checked,
            ],
        )


def _resizing(
    servers: Sequence[ServerProcess], patterns: list[str], effort: Effort, work: dict[str, list[float]]
) -> Callable[[], float]:
    """Return what asks for pictures that have not been made yet and gives pictures a second."""
    widths = itertools.count(500)
    addresses = (pattern.format(w=width) for width in widths for pattern in patterns)

    def run() -> float:
        sent = [request("GET", path) for path in itertools.islice(addresses, effort.resizes)]
        pids = [server.pid for server in servers]
        before = processor_seconds(pids)
        load = exchange([server.port for server in servers], sent, clients=CLIENTS, expect=(200,))
        spent = (processor_seconds(pids) - before) / len(sent)
        work.setdefault(servers[0].name, []).append(spent * 1e3)
        return load.rate

    return run


VIPS = """
import sys
import pyvips
path, quality = sys.argv[1], int(sys.argv[2])
for line in sys.stdin:
    image = pyvips.Image.thumbnail(path, 800, height=600)
    data = image.jpegsave_buffer(Q=quality, keep="icc")
    print(len(data), image.width, image.height, flush=True)
"""


def thumbnail(effort: Effort) -> Iterator[Measurement]:
    """From a JPEG of 12 MP to one of 800×600, file to bytes, in one thread; libvips in its own process."""
    folder = effort.subfolder("thumbnail")
    path = folder / "photo.jpg"
    path.write_bytes(inputs.photos(1, 4000, 3000)[0])
    with _worker("vips", VIPS, str(path), str(QUALITY)) as ask:
        answers: list[str] = []
        found = compare(
            OURS, lambda: _ours(path), "libvips", lambda: answers.append(ask()),
            rounds=11, seconds=4 * effort.kernel_seconds,
        )  # fmt: skip
    mine, theirs = _ours(path), answers[-1].split()[0]
    shutil.rmtree(folder)
    yield Measurement(
        "thumbnail",
        "12 MP JPEG file → 800×600 JPEG, one thread",
        "ms",
        {OURS: [found.median_a * 1e3], "libvips": [found.median_b * 1e3]},
        [Goal("faster than libvips' thumbnail", "libvips", 1)],
        [],
        [f"Quality {QUALITY} on both sides; {len(mine)} bytes from us, {theirs} from libvips."],
    )


def _ours(path: Path) -> bytes:
    output = io.BytesIO()
    with path.open("rb") as file:
        render(file, Transform(width=800, height=600, quality=QUALITY), output)
    return output.getvalue()


@contextmanager
def _worker(peer: str, code: str, *arguments: str) -> Iterator[Callable[[], str]]:
    """Run code in a peer's environment; each call lets it do its work once and returns its line."""
    command = ["env", "VIPS_CONCURRENCY=1", str(peers.python(peer)), "-c", code, *arguments]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as worker:

        def ask() -> str:
            print(file=worker.stdin, flush=True)
            return worker.stdout.readline()

        yield ask
        worker.stdin.close()


def warm(effort: Effort) -> Iterator[Measurement]:
    """A size that was made before, against the same bytes as a file of their own."""
    for shape in ours.SHAPES:
        folder = effort.subfolder(f"warm-{shape}")
        with ours.service(shape, folder) as app:
            name = ours.put(app, inputs.photos(1, 2000, 1333)[0], "photo.jpg")
            made = request("GET", f"/i/{name}?w=512")
            answers: list[bytes] = []
            exchange([app.port], [made], clients=1, expect=(200,), answers=answers)
            stored = ours.put(app, answers[0].partition(b"\r\n\r\n")[2], "made.jpg")
            sides = {
                OURS: _asking(app.url, f"/i/{name}?w=512", effort),
                "our own /i/": _asking(app.url, f"/i/{stored}", effort),
            }
            figures = alternate(sides, effort.rounds)
            checked = ours.check(app)
        shutil.rmtree(folder)
        yield Measurement(
            f"resize-warm-{shape}",
            f"warm resize, 8 clients ({ours.SHAPE_TEXTS[shape]})",
            "answers/s",
            figures,
            [Goal("≥ 0.9 × our own /i/ of the same bytes", "our own /i/", 0.9)],
            [],
            [checked],
        )


def _asking(url: str, path: str, effort: Effort) -> Callable[[], float]:
    return lambda: wrk(url, effort.folder, clients=8, seconds=effort.seconds, path=path).rate
