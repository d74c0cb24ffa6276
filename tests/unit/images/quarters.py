"""Pictures of four flat quarters, described, composed and damaged in the ways that browsers understand."""

import io
import struct
import zlib
from pathlib import Path

from PIL import Image, ImageFile

from tests.unit.images.samples import chunk

SIZE = (160, 120)
RED, GREEN, BLUE, YELLOW = COLOURS = [(220, 40, 30), (40, 200, 60), (50, 70, 210), (230, 220, 60)]
# What a picture with more light than white has in its file: its brightest part is about 100 nits.
DARK = [(130, 60, 50), (60, 120, 70), (70, 80, 125), (125, 120, 70)]
CLEAR = (0, 0, 0, 0)

FILES = Path(__file__).parent / "files"


def picture(colours=COLOURS, size=SIZE, mode="RGB"):
    image = Image.new(mode, size)
    for number, colour in enumerate(colours):
        left, top = number % 2 * size[0] // 2, number // 2 * size[1] // 2
        image.paste(colour, (left, top, left + size[0] // 2, top + size[1] // 2))
    return image


def encoded(image, kind, **options):
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def with_chunks(png, *chunks):
    """Put chunks behind a PNG's header."""
    return png[:33] + b"".join(chunks) + png[33:]


def png(*chunks, image=None):
    return with_chunks(encoded(image or picture(), "PNG"), *chunks)


def damaged(part):
    """Return a chunk with a wrong checksum."""
    return part[:-1] + bytes([part[-1] ^ 1])


def gamma(value):
    return chunk(b"gAMA", struct.pack(">L", round(value * 100_000)))


def chromaticities(*points):
    return chunk(b"cHRM", struct.pack(">8L", *(round(number * 100_000) for number in points)))


P3 = (0.3127, 0.3290, 0.680, 0.320, 0.265, 0.690, 0.150, 0.060)


def cicp(primaries, transfer):
    return chunk(b"cICP", bytes((primaries, transfer, 0, 1)))


def grey_png(bits, key):
    """Return a PNG whose quarters are the four darkest, or first, shades of 2 or 4 bits."""
    width, height = SIZE
    shades = [0, 1, 2, 3] if bits == 2 else [0, 5, 10, 15]
    rows = b""
    for y in range(height):
        pair = shades[:2] if y < height // 2 else shades[2:]
        per_byte = 8 // bits
        halves = [sum(shade << bits * place for place in range(per_byte)) for shade in pair]
        rows += b"\0" + b"".join(bytes([half]) * (width // 2 // per_byte) for half in halves)
    head = struct.pack(">LLBBBBB", width, height, bits, 0, 0, 0, 0)
    parts = [
        (b"IHDR", head),
        (b"tRNS", struct.pack(">H", key)),
        (b"IDAT", zlib.compress(rows)),
        (b"IEND", b""),
    ]
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunk(*part) for part in parts)


def icon(colours, mask=None):
    """Return an icon of 32 × 32 with 32 bits a pixel that are never opaque, and maybe a mask."""
    image = picture(colours, (32, 32)).convert("RGBA")
    rows = b"".join(
        bytes((blue, green, red, 0))
        for y in reversed(range(32))
        for red, green, blue, _ in (image.getpixel((x, y)) for x in range(32))
    )
    data = struct.pack("<LllHHLLllLL", 40, 32, 64, 1, 32, 0, 0, 0, 0, 0, 0) + rows + (mask or b"")
    return struct.pack("<3H", 0, 1, 1) + struct.pack("<4B2H2L", 32, 32, 0, 0, 1, 32, len(data), 22) + data


# GIF

CANVAS = (32, 24)


def gif(*frames, background=1):
    """Return a GIF of frames: box, number of their only colour, disposal, whether 7 is transparent."""
    palette = b"".join(bytes(colour) for colour in (*COLOURS, *[(9, 9, 9)] * 4))
    out = b"GIF89a" + struct.pack("<HHBBB", *CANVAS, 0x80 | 2, background, 0) + palette
    out += b"!\xff\x0bNETSCAPE2.0\x03\x01\0\0\0"
    for box, colour, disposal, has_key in frames:
        left, top, right, bottom = box
        out += b"!\xf9\x04" + struct.pack("<BHB", disposal << 2 | has_key, 10, 7) + b"\0"
        size = (right - left, bottom - top)
        out += b"," + struct.pack("<HHHHB", left, top, *size, 0) + _lzw(size[0] * size[1], colour)
    return out + b";"


def _lzw(count, colour):
    """Return pixels of one colour in codes of four bits, cleared often enough to stay that short."""
    codes = []
    for _ in range(count):
        codes += [8, colour]
    codes.append(9)
    value = sum(code << 4 * place for place, code in enumerate(codes))
    data = value.to_bytes((4 * len(codes) + 7) // 8, "little")
    blocks = (data[start : start + 255] for start in range(0, len(data), 255))
    return b"\x03" + b"".join(bytes([len(block)]) + block for block in blocks) + b"\0"


def look(data, frame=0):
    """Return the colour in the middle of each quarter, RGBA, colour times alpha."""
    image = Image.open(io.BytesIO(data))
    image.seek(frame)
    shown = image.convert("RGBA")
    width, height = shown.size
    found = []
    for number in range(4):
        x, y = (1 + 2 * (number % 2)) * width // 4, (1 + 2 * (number // 2)) * height // 4
        red, green, blue, alpha = shown.getpixel((x, y))
        found.append((red * alpha // 255, green * alpha // 255, blue * alpha // 255, alpha))
    return found


assert not ImageFile.LOAD_TRUNCATED_IMAGES
