"""Small contents of every kind that matters here, each made in code."""

import gzip
import io
import random
import tarfile
import wave
import zipfile
from typing import Any

from PIL import Image, ImageDraw

# A block of 128 bytes, and where to flip the highest bit to get another with the same MD5
# (Wang, Feng, Lai, Yu: Collisions for Hash Functions, 2004).
_WANG = bytes.fromhex(
    "d131dd02c5e6eec4693d9a0698aff95c2fcab58712467eab4004583eb8fb7f89"
    "55ad340609f4b30283e488832571415a085125e8f7cdc99fd91dbdf280373c5b"
    "d8823e3156348f5bae6dacd436c919c6dd53e2b487da03fd02396306d248cda0"
    "e99f33420f577ee8ce54b67080a80d1ec69821bcb6a8839396f9652b6ff72a70"
)
_FLIPPED = frozenset({19, 45, 59, 83, 109, 123})
COLLIDING = (_WANG, bytes(byte ^ 0x80 * (place in _FLIPPED) for place, byte in enumerate(_WANG)))


def noise(size: int, seed: int = 1) -> bytes:
    """Return bytes that are nothing in particular."""
    return random.Random(seed).randbytes(size)


def picture(width: int = 60, height: int = 40, mode: str = "RGB") -> Image.Image:
    """Return a picture whose columns differ from left to right and rows from top to bottom."""
    across = Image.linear_gradient("L").rotate(90).resize((width, height))
    down = Image.linear_gradient("L").resize((width, height))
    return Image.merge("RGB", (across, down, Image.new("L", (width, height), 90))).convert(mode)


def encoded(image: Image.Image, kind: str, **options: Any) -> bytes:
    """Return an image encoded by Pillow."""
    output = io.BytesIO()
    image.save(output, kind, **options)
    return output.getvalue()


def image(kind: str = "PNG", width: int = 60, height: int = 40, mode: str = "RGB", **options: Any) -> bytes:
    """Return a picture encoded by Pillow."""
    return encoded(picture(width, height, mode), kind, **options)


def animation(kind: str = "GIF", frames: int = 3, size: tuple[int, int] = (40, 30)) -> bytes:
    """Return an animated picture: a block that wanders."""
    shown = []
    for number in range(frames):
        frame = Image.new("RGB", size, (20, 20, 200))
        ImageDraw.Draw(frame).rectangle((number * 8, 5, number * 8 + 6, 20), fill=(250, 200, 0))
        shown.append(frame)
    output = io.BytesIO()
    shown[0].save(output, kind, save_all=True, append_images=shown[1:], duration=100, loop=0)
    return output.getvalue()


def opened(data: bytes) -> Image.Image:
    """Return an image, decoded."""
    decoded = Image.open(io.BytesIO(data))
    decoded.load()
    return decoded


def sound() -> bytes:
    """Return a tenth of a second of silence as WAV."""
    output = io.BytesIO()
    with wave.open(output, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)
        file.writeframes(bytes(1600))
    return output.getvalue()


def archive() -> bytes:
    """Return a ZIP archive."""
    output = io.BytesIO()
    with zipfile.ZipFile(output, "w") as file:
        file.writestr("a.txt", "a")
    return output.getvalue()


def tar_gz() -> bytes:
    """Return a compressed tar archive, always the same: tests are named after it."""
    output = io.BytesIO()
    with tarfile.open(fileobj=output, mode="w") as file:
        file.addfile(tarfile.TarInfo("a.txt"))
    return gzip.compress(output.getvalue(), mtime=0)


SCRIPT = "<script>alert(document.domain)</script>"
SVG = f'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)">{SCRIPT}</svg>'.encode()
HTML = f"<!DOCTYPE html><html><head><title>x</title></head><body>{SCRIPT}</body></html>".encode()
XHTML = (
    '<?xml version="1.0"?><!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN" '
    '"http://www.w3.org/TR/xhtml1/DTD/xhtml1-strict.dtd">'
    f'<html xmlns="http://www.w3.org/1999/xhtml"><body>{SCRIPT}</body></html>'
).encode()
XML = b'<?xml version="1.0"?><?xml-stylesheet type="text/xsl" href="#s"?><a/>'
XSL = (
    b'<?xml version="1.0"?><xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform">'
    b"</xsl:stylesheet>"
)
MHT = (
    b"From: <Saved by Blink>\r\nSubject: x\r\nMIME-Version: 1.0\r\n"
    b'Content-Type: multipart/related; type="text/html"; boundary="b"\r\n\r\n--b\r\n'
    b"Content-Type: text/html\r\n\r\n" + HTML + b"\r\n--b--\r\n"
)
JAVASCRIPT = b"#!/usr/bin/env node\n'use strict';\nalert(document.domain);\n"
CSS = b"body { background: url('javascript:alert(1)') }\n"
VTT = b"WEBVTT\n\n00:00.000 --> 00:01.000\n<c.x onload=alert(1)>hello\n"
PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R/OpenAction<</S/JavaScript/JS(app.alert(1))>>>>endobj\n"
    b"2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
)
MP4 = b"\0\0\0\x20ftypisom\0\0\x02\0isomiso2avc1mp41\0\0\0\x08free\0\0\0\0mdat"
WEBM = b"\x1a\x45\xdf\xa3\x9f\x42\x86\x81\x01\x42\xf7\x81\x01\x42\xf2\x81\x04\x42\xf3\x81\x08\x42\x82\x84webm"
MP3 = (
    b"ID3\x03\0\0\0\0\0\x0a" + bytes(10) + b"\xff\xfb\x90\x64" + bytes(413) + b"\xff\xfb\x90\x64" + bytes(413)
)
OGG = b"OggS\0\x02" + bytes(8) + b"\x01\0\0\0" + bytes(4) + bytes(4) + b"\x01\x1e\x01vorbis" + bytes(23)
FLAC = b"fLaC\0\0\0\x22\x10\0\x10\0" + bytes(6) + b"\x0a\xc4\x42\xf0" + bytes(20)
EXECUTABLE = b"\x7fELF\x02\x01\x01" + bytes(9) + b"\x02\0\x3e\0\x01\0\0\0" + bytes(40)
SWF = b"FWS\x09" + bytes(60)
