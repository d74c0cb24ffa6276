"""A page of every kind on a server that was started to measure them, and what a browser has for each."""

import io
import json
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from zipfile import ZipFile

import requests
from PIL import Image, ImageFont

from tests.browser import samples as make
from tests.inprocess import documents
from tests.servers import AppServer
from tests.servers.process import find_program

PASSWORD = "correct horse battery"

# What a browser that has shared much remembers, and what somebody was writing in this tab.
HISTORY = """
const at = (noun, n) => `${location.origin}/${noun}/${n}.txt`;
localStorage.setItem("pastebin.history", JSON.stringify([...Array(200).keys()].map((n) => ({
  url_p: at("p", n), url_i: at("i", n), url_s: at("s", n), keys: [at("m", n)],
  filename: `file ${n} of the history.txt`, type: "binary", bytes: n, when: Date.now(),
}))));
"""
DRAFT = """
const text = "a line of a log that somebody pasted, as long as most are\\n".repeat(1000);
sessionStorage.setItem("pastebin.draft", JSON.stringify({ text, title: "log", language: "" }));
"""


@dataclass(frozen=True)
class Place:
    """A page: its address, a script that runs before it, and whether somebody is signed in."""

    address: str
    script: str = ""
    is_signed_in: bool = False


def photo(width: int, height: int) -> bytes:
    """Return a JPEG with about as much in it as a photo has."""
    out = io.BytesIO()
    grain = Image.effect_noise((width // 4, height // 4), 90).resize(
        (width, height), Image.Resampling.BICUBIC
    )
    mirrored = grain.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    Image.merge("RGB", (grain, mirrored, grain)).save(out, "JPEG", quality=80)
    return out.getvalue()


def samples() -> Iterator[tuple[str, bytes]]:
    """Yield a file of each kind, larger than most."""
    yield "photo.jpg", photo(4000, 3000)
    yield (
        "notes.md",
        b"# Title\n\nSome *text* with `code`.\n\n- [x] done\n\n```python\ndef f(): pass\n```\n" * 60,
    )
    yield "table.csv", b"name,number,text\n" + b"".join(b"row,%d,some text\n" % n for n in range(1500))
    wide = b",".join(b"column %d" % n for n in range(20)) + b"\n"
    yield (
        "wide.csv",
        wide + b"".join(b",".join(b"%d" % (n * m % 977) for m in range(20)) + b"\n" for n in range(1000)),
    )
    yield "server.log", b"2026-11-25 12:00:00 INFO a line of a log that is as long as most are\n" * 70_000
    yield "data.json", json.dumps([{"key": n, "values": [1, 2, 3]} for n in range(700)]).encode()
    yield "code.py", b"def f(x: int) -> str:\n    return f'{x}'  # comment\n" * 400
    yield "archive.zip", _archive()
    yield "unknown.bin", bytes(range(256)) * 40
    yield "clip.webm", _film()
    yield "tone.wav", make.sound()
    yield "report.pdf", make.pdf()
    yield "letter.docx", documents.docx(*(f"Paragraph {number} of a letter. " * 8 for number in range(80)))
    yield "letters.ttf", ImageFont.load_default(10).path.getvalue()  # type: ignore[union-attr]
    yield "page.html", b"<!doctype html><title>Page</title>" + b"<p>Some <b>words</b> of a page.</p>\n" * 1000
    yield (
        "drawing.svg",
        b'<svg xmlns="http://www.w3.org/2000/svg" width="40" height="30"><path d="M0 0h9v9z"/></svg>',
    )
    yield "icon.png", make.png(24, 24)
    yield "broken.jpg", b"\xff\xd8\xff\xe0" + bytes(60)
    yield "empty", b""


def _archive() -> bytes:
    out = io.BytesIO()
    with ZipFile(out, "w") as writer:
        for number in range(1000):
            writer.writestr(f"folder/file {number}.txt", "text")
    return out.getvalue()


def _film() -> bytes:
    source = ("-f", "lavfi", "-i", "testsrc=duration=2:size=640x360:rate=10")
    command = [find_program("ffmpeg"), "-v", "error", *source, "-c:v", "libvpx", "-f", "webm", "-"]
    return subprocess.run(command, check=True, capture_output=True).stdout


def places_on(server: AppServer) -> dict[str, Place]:
    """Upload a file of each kind, and return the pages of a server by their names."""
    put = {name: _put(server.url, ("file", (name, data))) for name, data in samples()}
    pages = {name: Place(said["url_p"]) for name, said in put.items()}
    return {
        "upload": Place(f"{server.url}/"),
        "writing": Place(f"{server.url}/", DRAFT),
        "history": Place(f"{server.url}/", HISTORY),
        **pages,
        **_others(server.url, {name: said["url_p"] for name, said in put.items()}),
        "managed": Place(put["photo.jpg"]["url_m"]),
        **_signed_in(server),
    }


def _others(url: str, pages: dict[str, str]) -> dict[str, Place]:
    """Return pages for everybody that are not of one open file."""
    pictures = [("file", (f"{number}.jpg", photo(800, 600 + number))) for number in range(6)]
    collection = _put(url, *pictures, collection="Photos")
    others = {
        "comparison": f"{pages['code.py']}?against={pages['notes.md'].rpartition('/')[2]}",
        "edited": f"{pages['notes.md']}?edit=utf-8",
        "collection": collection["url_c"],
        "collected": collection["url_m"],
        "locked": _put(url, ("file", ("locked.txt", b"locked")), password="sesame")["url_p"],
        "limited": _put(url, ("file", ("limited.txt", b"limited")), downloads="3")["url_p"],
        "latest": f"{url}/latest",
        "missing": f"{url}/p/missing",
        "login": f"{url}/login",
        "signup": f"{url}/signup",
        "api": f"{url}/api/v1/",
    }
    return {name: Place(address) for name, address in others.items()}


def _signed_in(server: AppServer) -> dict[str, Place]:
    """Return the pages of an administrator, who has asked for files."""
    asked = server.run("user", "add", "Ada", "--admin", given=PASSWORD)
    assert asked.returncode == 0, asked.stderr
    token = server.run("token", "add", "Ada", "--scope", "upload", "--scope", "read")
    headers = {"Authorization": f"Bearer {token.stdout.split()[-1]}"}
    for number in range(60):
        files = {"file": (f"own {number}.txt", b"%d" % number)}
        requests.post(server.url, files=files, headers=headers, timeout=60).raise_for_status()
    made = requests.post(
        f"{server.url}/api/v1/requests", json={"title": "Photos"}, headers=headers, timeout=60
    )
    made.raise_for_status()
    paths = ("account", "account/files", "account/files?view=grid", "account/collections", "account/requests")
    paths += ("admin", "admin/users", "admin/files", "admin/audit", "admin/flags", "admin/statistics?days=90")
    own = {path: Place(f"{server.url}/{path}", is_signed_in=True) for path in paths}
    return {"request": Place(made.json()["url_u"]), **own}


def _put(url: str, *files: tuple[str, tuple[str, bytes]], **fields: str) -> dict[str, str]:
    headers = {"Accept": "application/json"}
    answer = requests.post(url, files=files, data=fields, headers=headers, timeout=60)
    answer.raise_for_status()
    said: dict[str, str] = answer.json()
    return said
