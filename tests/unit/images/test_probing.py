"""The look at an upload's header: right for every format, and bounded whatever the header says."""

import contextlib
import io
import struct
from typing import Any

import pytest
from PIL import ImageFile

from pastebin.errors import ImageTooLarge, NotAnImage
from pastebin.images import ImageLimits, decoding, probe
from pastebin.images.probing import MOST_BYTES, MOST_CALLS
from tests.unit.images import samples


class CountedFile(io.BytesIO):
    """Counts what is read of it."""

    calls = 0
    bytes_read = 0

    def read(self, size: int | None = -1, /) -> bytes:
        data = super().read(size)
        self.calls += 1
        self.bytes_read += len(data)
        return data


def _png_of_chunks(count: int, data: bytes) -> bytes:
    header = samples.png_header(16, 16)
    end = header.index(b"IDAT") - 4
    return header[:end] + samples.chunk(b"prIv", data) * count + header[end:]


def _jpeg_of_comments(count: int, data: bytes) -> bytes:
    jpeg = samples.encoded(samples.picture(), "JPEG").getvalue()
    return jpeg[:2] + (b"\xff\xfe" + struct.pack(">H", len(data) + 2) + data) * count + jpeg[2:]


def _tiff_of_tags(count: int, size: int) -> bytes:
    """Tags that all state the same bytes, as many of them as the file is long."""
    needed = {256: 16, 257: 16, 258: 8, 259: 1, 262: 1, 273: 8, 277: 1, 278: 16, 279: 256}
    tags = {tag: (4, 1, value) for tag, value in needed.items()}
    tags |= {40_000 + n: (1, size, 8) for n in range(count)}
    entries = b"".join(struct.pack("<HHLL", tag, *rest) for tag, rest in tags.items())
    directory = struct.pack("<H", len(tags)) + entries + bytes(4)
    return b"II*\0" + struct.pack("<L", 8 + size) + bytes(size) + directory


def _webp_of_chunks(count: int) -> bytes:
    return samples.webp_header(16, 16) + (b"prIv" + bytes(4)) * count


def _avif_of_boxes(count: int) -> bytes:
    return b"\0\0\0\x14ftypavif\0\0\0\0avif" + b"\0\0\0\x08free" * count


HOSTILE = {
    "png of 100,000 chunks": _png_of_chunks(100_000, b""),
    "png of 16 MiB before the pixels": _png_of_chunks(16, bytes(2**20)),
    "jpeg of 16,000 empty comments": _jpeg_of_comments(16_000, b""),
    "jpeg of 16 MiB of comments": _jpeg_of_comments(257, bytes(65_533)),
    "tiff of 20,000 tags": _tiff_of_tags(20_000, 8),
    "tiff of 100 tags of 4 MiB": _tiff_of_tags(100, 4 * 2**20),
    "webp of 100,000 chunks": _webp_of_chunks(100_000),
    "avif of 100,000 boxes": _avif_of_boxes(100_000),
    "icon of a bitmap": b"\0\0\1\0\1\0" + struct.pack("<BBBBHHLL", 16, 16, 0, 0, 1, 32, 40, 22) + bytes(40),
}


@pytest.mark.parametrize("data", HOSTILE.values(), ids=HOSTILE)
def test_a_look_has_an_end(data: bytes) -> None:
    file = CountedFile(data)
    with contextlib.suppress(NotAnImage, ImageTooLarge):
        probe(file)
    assert file.calls <= MOST_CALLS + 2
    assert file.bytes_read <= MOST_BYTES + 2


def _big_tiff(width: int, height: int) -> bytes:
    tags = struct.pack("<HHQQ", 256, 16, 1, width) + struct.pack("<HHQQ", 257, 16, 1, height)
    return b"II" + struct.pack("<HHHQQ", 43, 8, 0, 16, 2) + tags + bytes(8)


def _bitmap(width: int, height: int) -> bytes:
    return b"BM" + struct.pack("<LHHLLllHHLLllLL", 54, 0, 0, 54, 40, width, height, 1, 24, 0, 0, 0, 0, 0, 0)


@pytest.mark.parametrize(
    "data",
    [
        *(_big_tiff(*size) for size in ((2**64 - 1, 0), (0, 2**64 - 1), (0, 0))),
        b"8BPS\0\1" + bytes(6) + struct.pack(">HLLHH", 3, 0, 2**32 - 1, 8, 3),
        *(_bitmap(*size) for size in ((-5, 3), (0, 3), (5, 0))),
    ],
)
def test_a_size_that_no_image_has_is_none(data: bytes) -> None:
    with pytest.raises((NotAnImage, ImageTooLarge)):
        probe(io.BytesIO(data))


@pytest.mark.parametrize(
    "data",
    [_jpeg_of_comments(60, bytes(65_533)), _png_of_chunks(300, bytes(1000)), _tiff_of_tags(100, 1000)],
    ids=["jpeg", "png", "tiff"],
)
def test_much_metadata_is_no_obstacle(data: bytes) -> None:
    assert probe(io.BytesIO(data)).width in (16, 120)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "AVIF"])
@pytest.mark.parametrize("orientation", [1, 3, 6, 8])
def test_the_displayed_size(kind: str, orientation: int) -> None:
    file = samples.encoded(samples.picture(60, 40), kind, exif=samples.exif(orientation))
    info = probe(file)
    assert (info.width, info.height) == ((40, 60) if orientation >= 5 else (60, 40))


@pytest.mark.parametrize("kind", ["GIF", "PNG", "WEBP", "AVIF"])
def test_an_animation(kind: str) -> None:
    info = probe(samples.animated(samples.frames(3), kind))
    assert (info.format, info.width, info.height) == (kind.lower(), 48, 32)


@pytest.mark.parametrize("mode", ["RGB", "RGBA"])
@pytest.mark.parametrize("lossless", [False, True])
def test_every_kind_of_webp(mode: str, lossless: bool) -> None:
    file = samples.encoded(samples.picture(61, 40, mode), "WEBP", lossless=lossless)
    assert (probe(file).width, probe(file).height) == (61, 40)


KINDS = ["JPEG", "PNG", "GIF", "WEBP", "AVIF", "BMP", "TIFF", "ICO"]


@pytest.mark.parametrize("kind", KINDS)
def test_no_decoder_is_called(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """They make objects of all that a header says: of 8 MiB 232 MiB, or some seconds' work."""
    options = {"sizes": [(64, 64)]} if kind == "ICO" else {}
    file = samples.encoded(samples.picture(64, 64), kind, **options)
    for name in decoding.PLUGINS:
        monkeypatch.setitem(decoding.PLUGINS, name, lambda _file: pytest.fail("a decoder was called"))
    monkeypatch.setattr(ImageFile.ImageFile, "__init__", lambda *_: pytest.fail("a decoder was called"))
    monkeypatch.setattr("PIL.IcoImagePlugin.IcoFile.frame", lambda *_: pytest.fail("a decoder was called"))
    assert probe(file).width == 64


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("options", [{}, {"big_tiff": True}])
def test_every_kind_of_tiff(orientation: int, options: dict[str, Any]) -> None:
    file = samples.encoded(samples.picture(60, 40), "TIFF", exif=samples.exif(orientation), **options)
    info = probe(file)
    assert (info.width, info.height) == ((40, 60) if orientation >= 5 else (60, 40))


@pytest.mark.parametrize("filling", [b"", b"\xff" * 7])
@pytest.mark.parametrize("options", [{}, {"progressive": True}, {"comment": b"x" * 999}])
def test_every_kind_of_jpeg(filling: bytes, options: dict[str, Any]) -> None:
    data = samples.encoded(samples.picture(60, 40), "JPEG", **options).getvalue()
    info = probe(io.BytesIO(data[:2] + filling + data[2:]))
    assert (info.width, info.height) == (60, 40)


def test_too_many_pixels_are_said() -> None:
    with pytest.raises(ImageTooLarge):
        probe(samples.encoded(samples.picture(), "AVIF"), ImageLimits(max_pixels=120 * 80 - 1))
