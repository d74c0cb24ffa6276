"""Files that are made to hold up what reads them, some for each decoder: bombs, circles, depth, lies."""

import base64
import bz2
import gzip
import io
import lzma
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

from PIL import ImageFont

from pastebin.previews.decompression import zstd
from tests.unit.images import samples
from tests.unit.images.samples import chunk

from . import contents, documents

_PHOTOS = Path(__file__).parents[1] / "unit" / "images" / "files"
_NAMES = b'xmlns="http://www.w3.org/2000/svg" xmlns:x="http://www.w3.org/1999/xlink"'
_SVG = b'<svg %s width="900" height="900">' % _NAMES


def box(kind: bytes, data: bytes = b"") -> bytes:
    """Return a box of an ISO base media file."""
    return struct.pack(">L4s", len(data) + 8, kind) + data


def _boxes(brand: bytes, kind: bytes) -> bytes:
    return box(b"ftyp", brand + bytes(4) + brand) + box(kind) * 100_000


def _depth(brand: bytes) -> bytes:
    return box(b"ftyp", brand + bytes(4) + brand) + struct.pack(">L4s", 2**31 - 1, b"moov") * 100_000


def _sides(data: bytes) -> bytes:
    """Return a HEIC or AVIF that says that it is larger than anything."""
    place = data.index(b"ispe") + 8
    return data[:place] + struct.pack(">LL", 60_000, 60_000) + data[place + 8 :]


def _png(*chunks: bytes) -> bytes:
    whole = contents.image()
    return whole[:33] + b"".join(chunks) + whole[33:]


def _exif_in_a_circle() -> bytes:
    details = b"\x69\x87\4\0\1\0\0\0\x08\0\0\0" * 1000
    block = b"Exif\0\0II*\0\x08\0\0\0\xe8\3" + details
    segment = b"\xff\xe1" + struct.pack(">H", len(block) + 2) + block
    whole = contents.image("JPEG")
    return whole[:2] + segment * 200 + whole[2:]


def _psd(width: int, height: int) -> bytes:
    return b"8BPS" + struct.pack(">H6xHLLHH", 1, 3, height, width, 8, 3) + bytes(14)


def _copies() -> bytes:
    """Return a drawing of a hundred million copies of one shape."""
    groups = (b'<g id="a%d">' % (n + 1) + b'<use x:href="#a%d"/>' % n * 10 + b"</g>" for n in range(8))
    return (
        _SVG + b'<defs><path id="a0" d="M0 0h9v9z"/>' + b"".join(groups) + b'</defs><use x:href="#a8"/></svg>'
    )


def _entities(document: bytes) -> bytes:
    """Return an XML document behind the declaration of an entity that is a thousand million letters."""
    steps = (b'<!ENTITY b%d "%s">' % (n, (b"&b%d;" % (n - 1) if n else b"laugh") * 10) for n in range(9))
    return b"<!DOCTYPE x [" + b"".join(steps) + b"]>" + document


def _pdf(kids: bytes) -> bytes:
    pages = b"2 0 obj<</Type/Pages/Kids[%s]/Count 1000000>>endobj\n" % kids
    head = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
    page = b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 99999999 99999999]>>endobj\n"
    return head + pages + page + b"trailer<</Root 1 0 R>>\n%%EOF\n"


def _workbook(sheet: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(documents.xlsx([["a"]]))) as whole:
        parts: dict[str, str | bytes] = {name: whole.read(name) for name in whole.namelist()}
    return documents.package({**parts, "xl/worksheets/sheet1.xml": sheet})


def _far_apart() -> bytes:
    """Return a workbook of two cells, in the first and the last place that there is."""
    rows = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    return _workbook(f'<sheet xmlns="{documents.CELLS}"><sheetData>{rows}</sheetData></sheet>')


def _word(document: bytes) -> bytes:
    return documents.package(
        {"[Content_Types].xml": "<T/>", "_rels/.rels": "<R/>", "word/document.xml": document}
    )


def _tar_bomb(pack: Callable[[bytes], bytes]) -> bytes:
    entry = tarfile.TarInfo("zeros")
    entry.size = 2**40
    return pack(entry.tobuf(tarfile.GNU_FORMAT) + bytes(2**27))


def _far_away() -> bytes:
    """Return a tar whose first header says that it is followed by more than any file system has room for."""
    header = bytearray(tarfile.TarInfo("a").tobuf(tarfile.GNU_FORMAT))
    header[124:136], header[156:157] = b"\x80" + (2**62).to_bytes(11, "big"), b"x"
    header[148:156] = b" " * 8
    header[148:156] = b"%06o\0 " % sum(header)
    return bytes(header) + bytes(2**17)


def _paths() -> bytes:
    """Return a zip whose names lead elsewhere, and a link."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as opened:
        for name in ("../../etc/passwd", "/etc/passwd", "..\\..\\x", "C:\\x", "a\nb", "<script>"):
            opened.writestr(name, "x")
        link = zipfile.ZipInfo("link")
        link.external_attr = 0o120777 << 16
        opened.writestr(link, "/etc/passwd")
    return out.getvalue()


def _sound_with(cover: bytes) -> bytes:
    frame = b"APIC" + struct.pack(">LH", len(cover) + 14, 0) + b"\0image/png\0\3a\0" + cover
    size = bytes(len(frame) >> shift & 127 for shift in (21, 14, 7, 0))
    return b"ID3\3\0\0" + size + frame + contents.MP3


# Decoder → name of a file → how it is made.
HOSTILE: dict[str, dict[str, Callable[[], bytes]]] = {
    "HEIC (libheif)": {
        "sides.heic": lambda: _sides((_PHOTOS / "photo.heic").read_bytes()),
        "boxes.heic": lambda: (_PHOTOS / "photo.heic").read_bytes() + box(b"free") * 100_000,
        "depth.heic": lambda: _depth(b"heic"),
    },
    "AVIF (libavif)": {
        "sides.avif": lambda: _sides(contents.image("AVIF", speed=10)),
        "boxes.avif": lambda: _boxes(b"avif", b"free"),
        "depth.avif": lambda: _depth(b"avif"),
        "far.avif": lambda: (
            box(b"ftyp", b"avif" + bytes(4) + b"avif")
            + struct.pack(">L4sQ", 1, b"free", 2**62)
            + bytes(2**17)
        ),
    },
    "JPEG XL (libjxl)": {
        "sides.jxl": lambda: (
            b"\xff\x0a" + struct.pack("<Q", 3 << 1 | (2**30 - 1) << 3 | 3 << 36) + b"\xff" * 200
        ),
        "boxes.jxl": lambda: b"\0\0\0\x0cJXL \r\n\x87\n" + box(b"ftyp", b"jxl ") + box(b"xml ") * 100_000,
    },
    "PNG (zlib)": {
        "pixels.png": lambda: samples.png_bomb(10_000, 10_000),
        "profile.png": lambda: _png(chunk(b"iCCP", b"a\0\0" + zlib.compress(bytes(2**27)))),
        "text.png": lambda: _png(chunk(b"zTXt", b"a\0\0" + zlib.compress(bytes(2**27)))),
        "chunks.png": lambda: _png(chunk(b"tEXt", b"a\0b") * 100_000),
    },
    "JPEG (libjpeg)": {
        "scans.jpg": lambda: samples.sequential_scans(9000, 9000, 90),
        "segments.jpg": lambda: b"\xff\xd8" + b"\xff\xe1\0\2" * 200_000,
        "exif.jpg": _exif_in_a_circle,
    },
    "GIF": {
        "frames.gif": lambda: samples.gif_of_frames(10_000),
        "sides.gif": lambda: samples.gif_of_frames(2, 9000, 9000, (9000, 9000)),
    },
    "WebP (libwebp)": {"sides.webp": lambda: samples.webp_header(16_000, 16_000)},
    "TIFF (libtiff)": {
        "tiles.tif": lambda: samples.tiff_of_tiles(100, 9000),
        "circle.tif": lambda: b"II*\0\x08\0\0\0\1\0\x4a\1\4\0\1\0\0\0\x08\0\0\0\x08\0\0\0",
    },
    "PSD": {"sides.psd": lambda: _psd(300_000, 300_000), "cut.psd": lambda: _psd(9000, 9000)},
    "RAW": {
        "circle.dng": lambda: (
            b"II*\0\x08\0\0\0\2\0\x4a\1\4\0\1\0\0\0\x08\0\0\0\x12\xc6\4\0\1\0\0\0\1\0\0\0\x08\0\0\0"
        ),
        "boxes.cr3": lambda: _boxes(b"crx ", b"uuid"),
        "depth.cr3": lambda: _depth(b"crx "),
    },
    "ICO": {"pixels.ico": lambda: samples.icon_of_png(samples.png_bomb(10_000, 10_000))},
    "SVG (resvg)": {
        "depth.svg": lambda: _SVG + b"<g>" * 200_000,
        "copies.svg": _copies,
        "entities.svg": lambda: _entities(_SVG + b"<text>&b8;</text></svg>"),
        "picture.svg": lambda: (
            _SVG
            + b'<image width="9" height="9" x:href="data:image/png;base64,%s"/></svg>'
            % base64.b64encode(samples.png_bomb(10_000, 10_000))
        ),
        "files.svg": lambda: _SVG + b'<image width="9" height="9" x:href="/etc/passwd"/></svg>',
    },
    "PDF (PDFium)": {"circle.pdf": lambda: _pdf(b"2 0 R 2 0 R"), "sides.pdf": lambda: _pdf(b"3 0 R")},
    "fonts (FreeType)": {
        "broken.ttf": lambda: ImageFont.load_default(10).path.getvalue()[:60] + b"\xff" * 20_000  # type: ignore[union-attr]
    },
    "docx, odt (expat)": {
        "zeros.docx": lambda: documents.docx(body="x" * 2**26),
        "entities.docx": lambda: _word(_entities(b"<w:document><w:t>&b8;</w:t></w:document>")),
        "names.docx": lambda: _word(b"<a " + b" ".join(b'b%d="c"' % n for n in range(100_000)) + b"/>"),
        "depth.odt": lambda: documents.package(
            {"content.xml": "<a>" * 2**20}, "application/vnd.oasis.opendocument.text"
        ),
    },
    "xlsx (calamine)": {"apart.xlsx": _far_apart, "zeros.xlsx": lambda: _workbook(" " * 2**26)},
    "EPUB": {
        "zeros.epub": lambda: documents.package(
            {"META-INF/container.xml": "x" * 2**26}, "application/epub+zip"
        ),
        "cover.epub": lambda: documents.epub("A", "B", samples.png_bomb(10_000, 10_000)),
    },
    "archives": {
        "bomb.tar.gz": lambda: _tar_bomb(gzip.compress),
        "bomb.tar.bz2": lambda: _tar_bomb(bz2.compress),
        "bomb.tar.xz": lambda: _tar_bomb(lambda data: lzma.compress(data, preset=0)),
        "bomb.tar.zst": lambda: _tar_bomb(zstd.compress),
        "streams.tar.zst": lambda: zstd.compress(b"") * 100_000,
        "paths.zip": _paths,
        "far.tar": _far_away,
    },
    "sounds (tinytag)": {
        "frames.mp3": lambda: b"ID3\4\0\0\0\x7f\x7f\x7f" + b"TIT2\0\0\0\0\0\0" * 50_000,
        "cover.mp3": lambda: _sound_with(samples.png_bomb(10_000, 10_000)),
        "blocks.flac": lambda: b"fLaC" + b"\x04\0\0\0" * 500_000,
    },
    "videos (ffmpeg)": {
        "boxes.mp4": lambda: _boxes(b"isom", b"moov"),
        "depth.mp4": lambda: _depth(b"isom"),
    },
    "texts (chardet, Pygments)": {
        "guessed.txt": lambda: b"\xe0\xe1 \xe4\n" * 2**19,
        "depth.json": lambda: b"[" * 2**19,
        "hang.scala": lambda: b'"' + b"\\" * 60,
        "colours.log": lambda: b"\x1b[31m" * 2**18,
    },
}

# Those that take seconds, and are tried by `bench/hostile.py` alone.
COSTLY = frozenset(
    {"pixels.png", "chunks.png", "picture.svg", "copies.svg", "cover.epub", "cover.mp3"}
    | {"bomb.tar.xz", "bomb.tar.bz2", "streams.tar.zst", "hang.scala", "names.docx", "guessed.txt"}
)
