"""A picture without its metadata: the same pixels, turn, colours and frames, and nothing of people."""

import contextlib
import io
import struct
import time
import zlib

import pytest
from PIL import Image, PngImagePlugin

from pastebin.errors import NotAnImage
from pastebin.images.metadata import KINDS, find, strip
from pastebin.images.metadata.kinds import in_exif
from tests.unit.images import samples
from tests.unit.images.quarters import FILES, damaged, encoded, picture
from tests.unit.images.samples import chunk
from tests.unit.images.test_browsers_looks import look, rendered

SECRET = samples.GPS_MARK
XMP = b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><exif:GPSLatitude>48</exif:GPSLatitude></x:xmpmeta>' + SECRET


def exif(orientation=6):
    block = Image.Exif()
    block[0x010F] = SECRET.decode()
    block[0x013B] = "somebody"
    block[0x8825] = {1: "N", 2: (48.0, 51.0, 30.24), 3: "E", 4: (2.0, 17.0, 40.0)}
    block[0x8769] = {0x9003: "2020:01:01 00:00:00", 0xA431: "serial number 7"}
    block[0x0112] = orientation
    return block.tobytes()


def jpeg(*segments, **options):
    data = encoded(picture(), "JPEG", exif=exif(), **options)
    added = b"".join(bytes((0xFF, kind)) + struct.pack(">H", len(text) + 2) + text for kind, text in segments)
    return data[:2] + added + data[2:]


def png(*parts):
    text = PngImagePlugin.PngInfo()
    text.add_text("Comment", SECRET.decode())
    text.add_itxt("XML:com.adobe.xmp", XMP.decode())
    data = encoded(picture(), "PNG", exif=exif(), pnginfo=text, icc_profile=samples.swapped_profile())
    return data[:-12] + b"".join(parts) + data[-12:]


def png_text(kind, data):
    whole = encoded(picture(), "PNG")
    return whole[:-12] + chunk(kind, data) + whole[-12:]


def tiff(**options):
    return encoded(picture(), "TIFF", exif=exif(1), tiffinfo={700: XMP, 270: SECRET.decode()}, **options)


def psd(*resources):
    """Return a PSD of nothing but its composite and resources, (number, data)."""
    bands, head = picture().split(), b"8BPS" + struct.pack(">H6xHLLHH", 1, 3, 120, 160, 8, 3) + bytes(4)
    packed = b"".join(
        b"8BIM" + struct.pack(">HHL", kind, 0, len(data)) + data + bytes(len(data) % 2)
        for kind, data in resources
    )
    pixels = b"".join(band.tobytes() for band in bands)
    return head + struct.pack(">L", len(packed)) + packed + bytes(4) + b"\0\0" + pixels


SAMPLES = {
    "jpeg": jpeg(
        (0xFE, SECRET), (0xE1, b"http://ns.adobe.com/xap/1.0/\0" + XMP), (0xED, b"Photoshop 3.0\0" + SECRET)
    ),
    "progressive jpeg": jpeg(progressive=True),
    "jpeg with a profile": jpeg(icc_profile=samples.swapped_profile()),
    "jpeg of four inks": encoded(picture().convert("CMYK"), "JPEG", exif=exif()),
    "jpeg and a film behind it": jpeg() + b"\0\0\0\x18ftypmp42" + SECRET,
    "jpeg without an end": jpeg()[:-2],
    "png": png(),
    "png and more behind it": png(chunk(b"tIME", bytes(7)), chunk(b"prVt", SECRET)) + SECRET,
    "webp": encoded(picture(), "WEBP", exif=exif(), xmp=XMP, lossless=True),
    "webp with alpha": encoded(picture().convert("RGBA"), "WEBP", exif=exif(), lossless=True),
    "animated webp": samples.animated(samples.frames(), "WEBP", exif=exif()).getvalue(),
    "gif": samples.animated(samples.frames(), "GIF", comment=SECRET).getvalue(),
    "animated png": samples.animated(samples.frames(), "PNG", exif=exif()).getvalue(),
    "avif": encoded(picture(), "AVIF", exif=exif(), xmp=XMP, speed=10),
    "heic": (FILES / "turned.heic").read_bytes(),
    "tiff": tiff(),
    "packed tiff": tiff(compression="tiff_lzw"),
    "tiff of strips": tiff(strip_size=4000),
    "tiff of two pages": tiff(save_all=True, append_images=[picture()]),
    "psd": psd(
        (1028, b"\x1c\x02\x50\0\x08somebody"), (1036, bytes(28) + SECRET), (1058, exif()), (1060, XMP),
        (1005, bytes(16)), (1039, b""),
    ),
}  # fmt: skip


def frames_of(data):
    image = Image.open(io.BytesIO(data))
    if image.format == "JPEG" and not data.endswith(b"\xff\xd9"):
        image = Image.open(io.BytesIO(data + b"\xff\xd9"))
    found = []
    for number in range(getattr(image, "n_frames", 1)):
        image.seek(number)
        image.load()
        found.append((image.mode, image.tobytes(), image.info.get("duration"), image.info.get("loop")))
    return found, image.info.get("icc_profile"), image.getexif().get(0x0112, 1)


def stripped(data):
    target = io.BytesIO()
    return strip(io.BytesIO(data), target), target.getvalue()


@pytest.mark.parametrize("name", SAMPLES)
def test_nothing_but_the_picture_is_left(name):
    data = SAMPLES[name]
    removed, result = stripped(data)
    assert removed == find(io.BytesIO(data))
    assert removed
    assert SECRET not in result
    assert b"somebody" not in result
    assert b"GPSLatitude" not in result
    if name != "heic":
        assert frames_of(result) == frames_of(data)
    assert stripped(result) == ([], result)


@pytest.mark.parametrize("name", ["jpeg", "png", "webp", "avif"])
def test_what_was_removed_is_named(name):
    removed, _ = stripped(SAMPLES[name])
    assert {"position", "camera", "time", "author"} <= set(removed)
    assert [kind for kind in KINDS if kind in removed] == removed


def box(kind, data):
    return struct.pack(">L4s", len(data) + 8, kind) + data


def between(data, added):
    """Put a box before another one that shows something, so that it has to stay where it is."""
    return data + added + box(b"mdat", b"")


IPTC = b"Photoshop 3.0\08BIM\x04\x04\0\0\0\0\0\x30" + b"".join(
    b"\x1c\x02" + bytes((number,)) + struct.pack(">H", len(SECRET)) + SECRET for number in (80, 90, 120, 55)
)
PACKED = zlib.compress(b"\nexif\n%8d\n" % len(exif()) + exif().hex().encode())

NAMED = {
    "jpeg, iptc": (jpeg((0xED, IPTC)), {"author", "position", "text", "time"}),
    "jpeg, a comment of a program": (encoded(picture(), "JPEG", comment=b"CREATOR: gd-jpeg"), {"software"}),
    "jpeg, a comment": (encoded(picture(), "JPEG", comment=SECRET), {"text"}),
    "jpeg, a small picture in its header": (
        b"\xff\xd8\xff\xe0\0\x19JFIF\0\1\1\0\0\1\0\1\1\3" + SECRET[:9] + encoded(picture(), "JPEG")[20:],
        {"preview"},
    ),
    "jpeg, cut exif": (encoded(picture(), "JPEG", exif=exif()[:60]), {"camera"}),
    "png, program": (png_text(b"tEXt", b"Software\0a program"), {"software"}),
    "png, author": (png_text(b"tEXt", b"Author\0" + SECRET), {"author"}),
    "png, position": (png_text(b"tEXt", b"exif:GPSLatitude\048"), {"position"}),
    "png, exif in digits": (png_text(b"zTXt", b"Raw profile type exif\0\0" + PACKED), {"position", "author"}),
    "png, packed xmp": (png_text(b"iTXt", b"XML:com.adobe.xmp\0\1\0\0\0" + zlib.compress(XMP)), {"position"}),
    "png, digits that are none": (png_text(b"tEXt", b"Raw profile type exif\0\nexif\n 9\nxyz"), {"other"}),
    "tiff, where it lies": (
        encoded(picture(), "TIFF", tiffinfo={33922: (0.0, 0.0, 0.0, 48.1, 2.2, 0.0)}),
        {"position"},
    ),
    "tiff, iptc": (encoded(picture(), "TIFF", tiffinfo={33723: IPTC}), {"author", "position"}),
    "heic and a film behind it": (SAMPLES["heic"] + box(b"mpvd", SECRET), {"other"}),
    "avif and something behind it": (encoded(picture(), "AVIF", speed=10) + SECRET, {"other"}),
    "avif and a box in it": (between(encoded(picture(), "AVIF", speed=10), box(b"uuid", XMP)), {"position"}),
}


@pytest.mark.parametrize("name", NAMED)
def test_kinds_are_told_by_what_is_there(name):
    data, kinds = NAMED[name]
    removed, result = stripped(data)
    assert kinds <= set(removed)
    assert SECRET not in result
    assert stripped(result) == ([], result)
    assert rendered(result) == rendered(data)


def test_a_heic_keeps_its_turn():
    _, result = stripped(SAMPLES["heic"])
    assert look(rendered(result, "png")) == look(rendered(SAMPLES["heic"], "png"))


def test_a_jpeg_xl_loses_its_boxes():
    import pillow_jxl  # noqa: F401

    data = encoded(picture(), "JXL", lossless=True, exif=exif(1), use_container=True)
    assert SECRET in data or b"brob" in data
    removed, result = stripped(data)
    assert removed
    assert SECRET not in result
    before, after = Image.open(io.BytesIO(data)), Image.open(io.BytesIO(result))
    assert before.tobytes() == after.tobytes()


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF", "AVIF"])
def test_a_picture_without_metadata_stays_as_it_is(kind):
    data = encoded(picture(), kind)
    removed, result = stripped(data)
    assert (removed, result) == ([], data)


def test_a_turn_is_all_that_is_kept_of_exif():
    for name in ("jpeg", "png", "webp"):
        _, result = stripped(SAMPLES[name])
        left = Image.open(io.BytesIO(result)).getexif()
        assert dict(left) == {0x0112: 6}


def test_a_damaged_chunk_of_metadata_goes_too():
    data = encoded(picture(), "PNG")
    data = data[:33] + damaged(chunk(b"tEXt", b"a\0" + SECRET)) + data[33:]
    assert SECRET not in stripped(data)[1]


def test_what_is_no_exif_counts_as_something():
    assert in_exif(b"nonsense") == {"other"}
    assert in_exif(b"II*\0\xff\xff\xff\xff") == {"other"}


@pytest.mark.parametrize("data", [b"", b"text", b"II*\0" + b"\xff" * 60, b"BM" + bytes(60), b"\xff\xd8\xff"])
def test_what_cannot_be_stripped_is_refused(data):
    with pytest.raises(NotAnImage):
        stripped(data)


@pytest.mark.parametrize("name", SAMPLES)
def test_damaged_files_are_refused_or_stripped_in_time(name):
    began = time.process_time()
    for seed in range(40):
        broken = samples.mutations(SAMPLES[name], seed, 5)
        try:
            removed, result = stripped(broken)
        except NotAnImage:
            continue
        assert len(result) <= len(broken) + 100
        assert set(removed) <= set(KINDS)
    assert time.process_time() - began < 5


DETAILS = b"\x69\x87\4\0\1\0\0\0\x08\0\0\0" * 1000
ENDLESS_EXIF = b"\xff\xe1" + struct.pack(">H", 12_018) + b"Exif\0\0II*\0\x08\0\0\0\xe8\3" + DETAILS

HOSTILE = {
    "segments": b"\xff\xd8" + b"\xff\xe1\0\2" * 200_000,
    "directories": b"\xff\xd8" + ENDLESS_EXIF * 60,
    "filling": b"\xff\xd8" + b"\xff" * 400_000,
    "chunks": b"\x89PNG\r\n\x1a\n" + chunk(b"tEXt", b"") * 250_000,
    "blocks": encoded(picture(), "GIF")[:-1] + b"!\xfe\0" * 250_000,
    "sub-blocks": encoded(picture(), "GIF")[:-1] + b"!\xfe" + b"\1a" * 400_000,
    "riff": b"RIFF\xff\xff\xff\x7fWEBP" + b"XXXX\0\0\0\0" * 100_000,
    "boxes": b"\0\0\0\x14ftypavif\0\0\0\0avif" + b"\0\0\0\x08free" * 100_000,
    "scans": b"\xff\xd8" + b"\xff\xda\0\2" * 200_000,
    "resources": psd(*[(1028, b"")] * 100_000),
    "a directory of itself": b"II*\0\x08\0\0\0\1\0\x4a\1\4\0\1\0\0\0\x08\0\0\0\x08\0\0\0",
    "values on values": b"II*\0\x08\0\0\0\2\0"
    + struct.pack("<HHLLHHLL", 270, 2, 99, 0, 305, 2, 99, 1)
    + bytes(4),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_no_structure_takes_long(name):
    began = time.process_time()
    with contextlib.suppress(NotAnImage):
        stripped(HOSTILE[name])
    assert time.process_time() - began < 3
