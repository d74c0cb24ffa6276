"""A file of each kind, larger than most, for measuring its page."""

import io
import json
import subprocess
from collections.abc import Iterator
from zipfile import ZipFile

from PIL import Image, ImageFont

from tests.browser import samples as make
from tests.inprocess import documents
from tests.servers.process import find_program


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
