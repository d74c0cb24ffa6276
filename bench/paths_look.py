"""Looking: the preview page and the bytes, from us, from the peers and from nginx."""

import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path

import inputs
import ours
from effort import Effort
from load import FORM, download, form_around, one, processor_seconds, request, wrk
from peers import Bepasty, Copyparty
from results import OURS, Goal, Measurement, alternate

from tests.servers import AppServer, Nginx
from tests.servers.nginx import behind_nginx as deployed

CLIENTS = 8
COUNTS = ((CLIENTS, "8 clients"), (1, "1 client"))
SMALL = 10_000
SMALL_NOTE = (
    "One address again and again: after the first time nginx answers from its own cache, as docs/nginx.conf "
    "sets it up for small files; an address that nobody asked for before costs what the service costs."
)


def preview(effort: Effort) -> Iterator[Measurement]:
    """The page of an image and of a text, against bepasty's page for the same text."""
    for shape in ours.SHAPES:
        folder = effort.subfolder(f"preview-{shape}")
        with ExitStack() as stack:
            app = stack.enter_context(ours.service(shape, folder))
            bepasty = stack.enter_context(Bepasty(folder / "bepasty"))
            image = ours.put(app, inputs.photos(1, 2000, 1333)[0], "photo.jpg")
            text = ours.put(app, inputs.text(), "module.py")
            theirs = _bepasty_item(bepasty, inputs.text(), "module.py", "text/x-python")
            for kind, name in (("an image", image), ("a text", text)):
                work: dict[str, list[float]] = {}
                figures = alternate(
                    {
                        OURS: _asking(app, f"/p/{name}", effort, work),
                        "bepasty": _asking(bepasty, theirs, effort, work),
                    },
                    effort.rounds,
                )
                yield Measurement(
                    f"preview-{kind.split()[1]}-{shape}",
                    f"preview page of {kind}, 8 clients ({ours.SHAPE_TEXTS[shape]})",
                    "pages/s",
                    figures,
                    [Goal("≥ 2 × bepasty's page of the same text", "bepasty", 2)],
                    [],
                    [ours.check(app)],
                    work=work,
                )
        shutil.rmtree(folder)


def _bepasty_item(server: Bepasty, data: bytes, filename: str, media_type: str) -> str:
    """Upload to bepasty and return the address of the page."""
    head, tail = form_around(filename, media_type)
    answer = one(server.port, request("POST", "/+upload", FORM, body=head + data + tail), expect=(302,))
    location = answer[answer.lower().find(b"\r\nlocation:") + 11 :].split(b"\r\n", 1)[0].strip().decode()
    return location.partition("#")[0].removeprefix(server.url)


def _asking(
    server: AppServer | Bepasty | Copyparty | Nginx,
    path: str,
    effort: Effort,
    work: dict[str, list[float]],
    clients: int = CLIENTS,
) -> Callable[[], float]:
    """Return what asks a server for one address with wrk and gives answers a second."""

    def run() -> float:
        before = processor_seconds([server.pid])
        load = wrk(server.url, effort.folder, clients=clients, seconds=effort.seconds, path=path)
        spent = (processor_seconds([server.pid]) - before) / load.requests
        work.setdefault(server.name, []).append(spent * 1e3)
        return load.rate

    wrk(server.url, effort.folder, clients=2, seconds=1, path=path)
    return run


def _nginx(folder: Path, files: Path, apps: Sequence[AppServer] = ()) -> Nginx:
    """Return an nginx that serves `files` as `/alone/`; with apps, in front of them by docs/nginx.conf."""
    alone = f"location /alone/ {{ alias {files}/; sendfile on; tcp_nopush on; }}"
    if not apps:
        return Nginx(folder, f"server {{ listen 127.0.0.1:{{port}}; {alone} }}")
    return deployed(folder, *apps, **{"server_name files.example.org;": alone})


def small_contents(effort: Effort) -> Iterator[Measurement]:
    """`/i/` of 10 KB, from us directly, from the peers and from nginx."""
    yield from _contents(effort, "bytes-small", _small)


def large_contents(effort: Effort) -> Iterator[Measurement]:
    """`/i/` of 1 GiB, from the same."""
    yield from _contents(effort, "bytes-large", _large)


def _contents(
    effort: Effort, name: str, measure: Callable[[Effort, str, "Servers"], Iterator[Measurement]]
) -> Iterator[Measurement]:
    for shape in ours.SHAPES:
        folder = effort.subfolder(f"{name}-{shape}")
        with ExitStack() as stack:
            app = stack.enter_context(ours.service(shape, folder, sendfile="off"))  # no nginx before it
            bepasty = stack.enter_context(Bepasty(folder / "bepasty"))
            copyparty = stack.enter_context(Copyparty(folder / "copyparty"))
            nginx = stack.enter_context(_nginx(folder / "nginx", copyparty.files))
            yield from measure(effort, shape, (app, bepasty, copyparty, nginx))
        shutil.rmtree(folder)


Servers = tuple[AppServer, Bepasty, Copyparty, Nginx]


def _places(servers: Servers, data: bytes, filename: str) -> dict[str, str]:
    """Give every server the same file and return its address on each."""
    app, bepasty, copyparty, _ = servers
    (copyparty.files / filename).write_bytes(data)
    return {
        OURS: f"/i/{ours.put(app, data, filename)}",
        "bepasty": _bepasty_item(bepasty, data, filename, "application/octet-stream") + "/+inline",
        "copyparty": f"/{filename}",
        "nginx": f"/alone/{filename}",
    }


def _small(effort: Effort, shape: str, servers: Servers) -> Iterator[Measurement]:
    places = _places(servers, inputs.noise(SMALL), "small.bin")
    named = dict(zip(places, servers, strict=True))
    for clients, count in COUNTS:
        work: dict[str, list[float]] = {}
        sides = {name: _asking(named[name], path, effort, work, clients) for name, path in places.items()}
        yield Measurement(
            f"bytes-small-{clients}-{shape}",
            f"/i/ of 10 KB, {count} ({ours.SHAPE_TEXTS[shape]})",
            "answers/s",
            alternate(sides, effort.rounds),
            [Goal("≥ 4 × bepasty", "bepasty", 4)],
            [],
            [ours.check(servers[0])],
            work=work,
        )


def _large(effort: Effort, shape: str, servers: Servers) -> Iterator[Measurement]:
    data = inputs.noise(effort.large_size // 16) * 16
    places = _places(servers, data, "large.bin")
    del data
    named = dict(zip(places, servers, strict=True))
    for clients, count in COUNTS:
        sides = {
            name: _downloading(named[name].port, path, clients, effort.seconds)
            for name, path in places.items()
        }
        yield Measurement(
            f"bytes-large-{clients}-{shape}",
            f"/i/ of {effort.large_text}, {count} ({ours.SHAPE_TEXTS[shape]})",
            "MB/s",
            alternate(sides, effort.rounds),
            [Goal(f"ahead of {peer}", peer, 1) for peer in ("bepasty", "copyparty")],
            [],
            ["The client has the kernel drop what arrives.", ours.check(servers[0])],
        )


def _downloading(port: int, path: str, clients: int, seconds: float) -> Callable[[], float]:
    def run() -> float:
        load = download(port, path, clients=clients, seconds=seconds)
        return load.size / load.seconds / 1e6

    return run


def behind_nginx(effort: Effort) -> Iterator[Measurement]:
    """`/i/` through nginx with `pastebin.sendfile = x-accel`, against nginx by itself."""
    for processes in (1, 2):
        folder = effort.subfolder(f"nginx-{processes}")
        several = ", 2 processes" if processes == 2 else ""
        suffix = "-processes" if several else ""
        with ExitStack() as stack:
            apps = stack.enter_context(ours.services("production", folder, processes, sendfile="x-accel"))
            alone = folder / "alone"
            alone.mkdir()
            nginx = stack.enter_context(_nginx(folder / "nginx", alone, apps))
            for size, filename in ((SMALL, "small.bin"), (effort.large_size, "large.bin")):
                data = inputs.noise(min(size, 2**26)) * max(1, size // 2**26)
                (alone / filename).write_bytes(data)
                path = f"/i/{ours.put(apps[0], data, filename)}"
                del data
                named = "10 KB" if size == SMALL else effort.large_text
                sides = _through(nginx, path, f"/alone/{filename}", size, effort)
                yield Measurement(
                    f"nginx-{filename.partition('.')[0]}{suffix}",
                    f"/i/ of {named} by x-accel, 8 clients (MariaDB, memcached{several})",
                    "answers/s" if size == SMALL else "MB/s",
                    alternate(sides, effort.rounds),
                    [Goal("≥ 0.8 × nginx alone", "nginx alone", 0.8)],
                    [],
                    [*([SMALL_NOTE] if size == SMALL else []), ours.check(apps[0])],
                )
        shutil.rmtree(folder)


def _through(
    nginx: Nginx, path: str, alone: str, size: int, effort: Effort
) -> dict[str, Callable[[], float]]:
    if size == SMALL:
        return {
            OURS: _asking(nginx, path, effort, {}),
            "nginx alone": _asking(nginx, alone, effort, {}),
        }
    return {
        OURS: _downloading(nginx.port, path, CLIENTS, effort.seconds),
        "nginx alone": _downloading(nginx.port, alone, CLIENTS, effort.seconds),
    }
