"""What people upload in 10 KB: texts and screenshots; random bytes for comparison.

Each kind is a few contents of exactly SIZE bytes with a hole for a number of 16 digits, which makes
every upload another one; in a PNG the hole is within a text chunk, whose checksum follows it.
"""

import io
import random
import struct
import zlib
from collections.abc import Callable
from dataclasses import dataclass

from PIL import Image, ImageDraw

SIZE = 10_000
DIGITS = 16
COUNT = 16
ROW = 14
"""Pixels from one line of a screenshot to the next."""

_WORDS = """\
the of and to a in that it is was for on are as with they be at one have this from or had by but some
what there we can out other were all your when up use word how said each she which do their time if will
way about many then them would write like so these her long make thing see him two has look more day could
go come did my sound no most number who over know water than call first people may down side been now find
any new work part take get place made live where after back little only round man year came show every good
me give our under name very through just form much great think say help low line before turn cause same mean
differ move right boy old too does tell sentence set three want air well also play small end put home read
hand port large spell add even land here must big high such follow act why ask men change went light kind
off need house picture try us again animal point mother world near build self earth father"""
WORDS = _WORDS.split()


@dataclass(frozen=True)
class Kind:
    """Contents of one kind: where the number goes, and where the checksum over it begins, if there is one."""

    name: str
    title: str
    filename: str
    media_type: str
    bodies: list[bytes]
    hole: int
    checksum: int = 0


def text() -> Kind:
    """Return notes in prose, UTF-8 with a few letters beyond ASCII."""
    title = b"Notes "
    bodies = []
    for number in range(COUNT):
        chance = random.Random(number)
        prose = (title + b"0" * DIGITS + b"\n\n" + _prose(chance).encode())[:SIZE]
        bodies.append(prose.decode(errors="ignore").encode().ljust(SIZE - 1, b".")[: SIZE - 1] + b"\n")
    return Kind("text", "texts", "notes-{}.txt", "text/plain", bodies, len(title))


def _prose(chance: random.Random) -> str:
    paragraphs: list[str] = []
    while sum(map(len, paragraphs)) < SIZE:
        paragraphs.append(" ".join(_sentence(chance) for _ in range(chance.randint(3, 8))))
    return "\n\n".join(paragraphs)


def _sentence(chance: random.Random) -> str:
    words = chance.choices(WORDS, k=chance.randint(5, 18))
    if chance.random() < 0.2:
        words.insert(
            chance.randrange(1, len(words)), chance.choice(["café", "naïve", "–", "Zürich", "100 €"])
        )
    return " ".join(words).capitalize() + chance.choice("...?")


def png() -> Kind:
    """Return screenshots of a window full of text, with the time it was taken in a text chunk."""
    begin = b"tEXtTitle\0Screenshot "
    title = begin + b"0" * DIGITS
    # The signature, IHDR and the length of the chunk come first.
    before = 8 + 25 + 4
    bodies = []
    for number in range(COUNT):
        picture = _screenshot(number, SIZE - len(_chunk(title)) - len(_chunk(b"tEXtComment\0")))
        head, pixels = picture[:33], picture[33:]
        gap = SIZE - len(picture) - len(_chunk(title)) - len(_chunk(b"tEXtComment\0"))
        bodies.append(head + _chunk(title) + _chunk(b"tEXtComment\0" + b" " * gap) + pixels)
    return Kind("png", "screenshots", "screenshot-{}.png", "image/png", bodies, before + len(begin), before)


def _chunk(data: bytes) -> bytes:
    """Return a chunk of a PNG: `data` is its type and what it holds."""
    return struct.pack(">I", len(data) - 4) + data + struct.pack(">I", zlib.crc32(data))


def _screenshot(seed: int, limit: int) -> bytes:
    """Return a PNG with as many lines of text as fit into `limit` bytes."""
    chance = random.Random(seed)
    image = Image.new("RGB", (720, 480), "#f6f8fa")
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 0, 719, 23), fill="#24292f")
    draw.rectangle((0, 24, 140, 479), fill="#eaeef2")
    for at, colour in enumerate(("#ff5f57", "#febc2e", "#28c840")):
        draw.ellipse((8 + 18 * at, 6, 20 + 18 * at, 18), fill=colour)
    found = _encoded(image)
    for top in range(32, 480 - ROW, ROW):
        draw.text((8, top), " ".join(chance.choices(WORDS, k=2)), fill="#57606a")
        draw.text((152, top), " ".join(chance.choices(WORDS, k=chance.randint(4, 14))), fill="#1f2328")
        more = _encoded(image)
        if len(more) > limit:
            break
        found = more
    return found


def _encoded(image: Image.Image) -> bytes:
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


def noise() -> Kind:
    """Return random bytes."""
    bodies = [b"0" * DIGITS + random.Random(number).randbytes(SIZE - DIGITS) for number in range(COUNT)]
    return Kind("random", "random bytes", "data-{}.bin", "application/octet-stream", bodies, 0)


KINDS: dict[str, Callable[[], Kind]] = {"text": text, "png": png, "random": noise}
USUAL = ("text", "png")
