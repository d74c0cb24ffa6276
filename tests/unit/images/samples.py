"""Every sample image of the tests, made in code."""

import io
import random
import struct
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import BinaryIO

from PIL import Image, ImageCms, ImageDraw

from pastebin import images
from pastebin.images import DEFAULT_LIMITS, ImageLimits, Transform

GPS_MARK = b"GPSMARK-48.8584N"
COMMENT_MARK = b"COMMENTMARK"


def picture(width: int = 120, height: int = 80, mode: str = "RGB") -> Image.Image:
    """A smooth picture whose four corners differ, so that every turn and flip shows."""
    across = Image.linear_gradient("L").rotate(90).resize((width, height))
    down = Image.linear_gradient("L").resize((width, height))
    image = Image.merge("RGB", (across, down, Image.new("L", (width, height), 90)))
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 0, width // 3, height // 3), fill=(250, 20, 20))
    draw.rectangle((width * 3 // 4, 0, width, height // 4), fill=(20, 240, 40))
    if mode in ("RGBA", "LA"):
        image.putalpha(across)
        return image.convert(mode)
    return image.convert(mode)


def noise(width: int, height: int, seed: int = 1) -> Image.Image:
    """A picture of as many colours as pixels, the same for the same seed."""
    return Image.frombytes("RGB", (width, height), random.Random(seed).randbytes(3 * width * height))


def encoded(image: Image.Image, kind: str, **options: object) -> io.BytesIO:
    """Encode an image with Pillow."""
    output = io.BytesIO()
    image.save(output, kind, **options)
    output.seek(0)
    return output


def decoded(data: bytes) -> Image.Image:
    """Decode an image completely."""
    image = Image.open(io.BytesIO(data))
    image.load()
    return image


def exif(orientation: int | None = None) -> bytes:
    """An EXIF block with a camera, a GPS position, and an orientation if one is given."""
    block = Image.Exif()
    block[0x010F] = GPS_MARK.decode()
    block[0x8825] = {1: "N", 2: (48.0, 51.0, 30.24), 3: "E", 4: (2.0, 17.0, 40.0), 29: GPS_MARK.decode()}
    if orientation is not None:
        block[0x0112] = orientation
    return block.tobytes()


def frames(count: int = 4, size: tuple[int, int] = (48, 32), alpha: bool = False) -> list[Image.Image]:
    """Frames in few colours: a block that wanders over an opaque or a transparent ground."""
    made = []
    for index in range(count):
        frame = Image.new("RGBA", size, (0, 0, 0, 0) if alpha else (30, 60, 200, 255))
        left = index * size[0] // (count + 1)
        ImageDraw.Draw(frame).rectangle((left, 4, left + 10, size[1] - 6), fill=(250, 40 * index, 0, 255))
        made.append(frame if alpha else frame.convert("RGB"))
    return made


def animated(pictures: Sequence[Image.Image], kind: str, **options: object) -> io.BytesIO:
    """Encode frames as an animation."""
    options.setdefault("duration", [100 * (index + 1) for index in range(len(pictures))])
    options.setdefault("loop", 3)
    if kind == "WEBP":
        options.setdefault("lossless", True)
    if kind == "GIF" and pictures[0].mode == "RGBA":
        options.setdefault("disposal", 2)
    return encoded(pictures[0], kind, save_all=True, append_images=list(pictures[1:]), **options)


def played(data: bytes) -> tuple[list[Image.Image], list[float]]:
    """Decode an animation into its composed frames, in RGBA, and their durations."""
    image = Image.open(io.BytesIO(data))
    shown, durations = [], []
    for index in range(getattr(image, "n_frames", 1)):
        image.seek(index)
        image.load()
        shown.append(image.convert("RGBA"))
        durations.append(image.info.get("duration", 0))
    return shown, durations


# Files that promise more than they hold.


def chunk(kind: bytes, data: bytes) -> bytes:
    """A chunk of a PNG."""
    return struct.pack(">L", len(data)) + kind + data + struct.pack(">L", zlib.crc32(kind + data))


def png_header(width: int, height: int) -> bytes:
    """A PNG of the stated size, with next to no pixels."""
    header = struct.pack(">LLBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", b"\x78\x9c\x03\x00")


def png_bomb(width: int, height: int) -> bytes:
    """A whole PNG with one bit a pixel, all zero: a thousand times smaller than its pixels."""
    packer = zlib.compressobj(9)
    row = b"\0" * (1 + (width + 7) // 8)
    data = b"".join(packer.compress(row) for _ in range(height)) + packer.flush()
    header = struct.pack(">LLBBBBB", width, height, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", data) + chunk(b"IEND", b"")


def gif_of_frames(
    count: int, width: int = 1000, height: int = 1000, frame: tuple[int, int] = (1, 1)
) -> bytes:
    """A GIF with a large canvas and `count` tiny frames."""
    screen = b"GIF89a" + struct.pack("<HHBBB", width, height, 0x80, 0, 0) + b"\0\0\0\xff\xff\xff"
    control = b"!\xf9\x04\x08" + struct.pack("<H", 10) + b"\0\0"
    part = control + b"," + struct.pack("<HHHHB", 0, 0, *frame, 0) + b"\x02\x02\x44\x01\x00"
    return screen + part * count + b";"


def webp_header(width: int, height: int) -> bytes:
    """An extended WebP that states a canvas and holds nothing else."""
    canvas = (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    body = b"WEBPVP8X" + struct.pack("<L", 10) + b"\x02\0\0\0" + canvas
    return b"RIFF" + struct.pack("<L", len(body)) + body


def icon_of_png(png: bytes) -> bytes:
    """An icon that states 16 × 16 and holds the given PNG."""
    return b"\0\0\1\0\1\0" + struct.pack("<BBBBHHLL", 16, 16, 0, 0, 1, 32, len(png), 22) + png


def tiff_of_tiles(side: int, tile: int) -> bytes:
    """A grey, packed TIFF of `side` squared pixels that states tiles of `tile` squared ones."""
    tags = {256: side, 257: side, 258: 8, 259: 5, 262: 1, 277: 1, 322: tile, 323: tile, 324: 8, 325: 1000}
    entries = b"".join(struct.pack("<HHLL", tag, 4, 1, value) for tag, value in tags.items())
    return (
        b"II*\0" + struct.pack("<L", 1008) + bytes(1000) + struct.pack("<H", len(tags)) + entries + bytes(4)
    )


def sequential_scans(width: int, height: int, count: int) -> bytes:
    """A baseline JPEG of three components with `count` empty scans of one component each, and one more."""

    def segment(marker: int, data: bytes) -> bytes:
        return bytes((0xFF, marker)) + struct.pack(">H", len(data) + 2) + data

    frame = struct.pack(">BHHB", 8, height, width, 3) + b"\x01\x11\0\x02\x11\0\x03\x11\0"
    codes = bytes([1] + [0] * 15) + b"\0"
    head = segment(0xDB, b"\0" + b"\1" * 64) + segment(0xC0, frame)
    head += segment(0xC4, b"\x00" + codes) + segment(0xC4, b"\x10" + codes)
    scans = (
        segment(0xDA, b"\x01" + bytes([1 + number % 3]) + b"\0\x3f\0") + b"\0" for number in range(count + 1)
    )
    return b"\xff\xd8" + head + b"".join(scans) + b"\xff\xd9"


# Colour profiles (ICC.1:2022).


def srgb_profile() -> bytes:
    """The usual RGB profile."""
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def swapped_profile() -> bytes:
    """An RGB profile in which red and blue have changed places."""
    profile = srgb_profile()
    return profile.replace(b"rXYZ", b"tmp!").replace(b"bXYZ", b"rXYZ").replace(b"tmp!", b"bXYZ")


def grey_profile(gamma: float = 1.0) -> bytes:
    """A grey profile with a gamma curve; 1.0 makes the middle much lighter than sRGB has it."""
    curve = b"curv" + bytes(4) + struct.pack(">LH", 1, round(gamma * 256)) + bytes(2)
    return _profile(b"scnr", b"GRAY", b"XYZ ", {b"wtpt": _D50, b"kTRC": curve})


def cmyk_profile() -> bytes:
    """A CMYK profile with two steps an ink, in which every colour prints as one red."""
    line = bytes(range(256))
    red = bytes((138, 209, 198))  # L*a*b* in 8 bits
    head = b"mft1" + bytes(4) + bytes((4, 3, 2, 0))
    matrix = struct.pack(">9l", 65536, 0, 0, 0, 65536, 0, 0, 0, 65536)
    table = head + matrix + line * 4 + red * 16 + line * 3
    return _profile(b"prtr", b"CMYK", b"Lab ", {b"wtpt": _D50, b"A2B0": table})


_D50 = b"XYZ " + bytes(4) + struct.pack(">lll", 63190, 65536, 54061)


def _profile(kind: bytes, space: bytes, connection: bytes, tags: dict[bytes, bytes]) -> bytes:
    text = b"desc" + bytes(4) + struct.pack(">L", 5) + b"test\0" + bytes(79)
    tags = {b"desc": text, b"cprt": b"text" + bytes(4) + b"none\0", **tags}
    table, body, offset = struct.pack(">L", len(tags)), b"", 128 + 4 + 12 * len(tags)
    for name, data in tags.items():
        padded = data + bytes(-len(data) % 4)
        table += name + struct.pack(">LL", offset + len(body), len(data))
        body += padded
    header = struct.pack(
        ">L4sL4s4s4s", 132 + 12 * len(tags) + len(body), bytes(4), 0x02400000, kind, space, connection
    )
    header += bytes(12) + b"acsp" + bytes(28) + struct.pack(">lll", 63190, 65536, 54061)
    return header.ljust(128, b"\0") + table + body


def mutations(data: bytes, seed: int, count: int) -> bytes:
    """Change some bytes, and now and then cut the end off."""
    chance = random.Random(seed)
    changed = bytearray(data)
    for _ in range(count):
        changed[chance.randrange(len(changed))] = chance.choice((0, 255, chance.randrange(256)))
    return bytes(changed[: chance.randrange(1, len(changed))] if chance.random() < 0.2 else changed)


@dataclass(frozen=True)
class Result:
    """A rendered image with its bytes."""

    data: bytes
    mimetype: str
    suffix: str
    width: int
    height: int


def render(file: BinaryIO, transform: Transform, limits: ImageLimits = DEFAULT_LIMITS) -> Result:
    """Render into memory."""
    output = io.BytesIO()
    image = images.render(file, transform, output, limits)
    return Result(output.getvalue(), image.format.mimetype, image.format.suffix, image.width, image.height)
