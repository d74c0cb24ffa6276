"""Raw photographs are shown by the largest picture in them, as it is to be turned."""

import contextlib
import io
import struct
import time

import pytest
from PIL import Image

from pastebin.errors import ImageTooLarge, NotAnImage
from pastebin.images import probe
from pastebin.images.metadata import strip
from pastebin.media.sniffing import sniff
from tests.unit.images import samples
from tests.unit.images.quarters import COLOURS, encoded, look, picture
from tests.unit.images.test_browsers_looks import near, psd, rendered

LONG, SHORT, ASCII, UNDEFINED, IFD = 4, 3, 2, 7, 13
LARGE, SMALL = (160, 120), (32, 24)


def lossless(size):
    """Return how a JPEG with raw data begins: its frame is a lossless one."""
    frame = struct.pack(">BHHB", 14, size[1], size[0], 1) + b"\1\x11\0"
    return b"\xff\xd8\xff\xc3" + struct.pack(">H", len(frame) + 2) + frame + bytes(400)


class Tiff:
    """A TIFF that is put together: blocks of bytes, then directories that know where these are."""

    def __init__(self, order="<", extra=b""):
        self.order = order
        self.data = bytearray((b"II*\0" if order == "<" else b"MM\0*") + bytes(4) + extra)

    def block(self, data):
        place = len(self.data)
        self.data += data + bytes(len(data) % 2)
        return place

    def directory(self, entries, following=0):
        """Add a directory of (tag, kind, value); text values are put before it."""
        fixed = []
        for tag, kind, value in sorted(entries):
            count, number = self._value(kind, value)
            code, values = ("HH", (number, 0)) if kind == SHORT else ("L", (number,))
            packed = struct.pack(f"{self.order}{code}", *values)
            fixed.append(struct.pack(f"{self.order}HHL", tag, kind, count) + packed)
        place = len(self.data)
        self.data += struct.pack(f"{self.order}H", len(fixed)) + b"".join(fixed)
        self.data += struct.pack(f"{self.order}L", following)
        return place

    def _value(self, kind, value):
        """Return how many values there are, and the only one or where they are."""
        if kind == ASCII:
            return len(value) + 1, self.block(value + b"\0")
        if isinstance(value, list):
            return len(value), self.block(struct.pack(f"{self.order}{len(value)}L", *value))
        return 1, value

    def whole(self, first):
        struct.pack_into(f"{self.order}L", self.data, 4, first)
        return bytes(self.data)


def jpeg(size=LARGE, **options):
    return encoded(picture(size=size), "JPEG", quality=95, subsampling=0, **options)


def with_jpeg(tiff, data):
    return [(0x0201, LONG, tiff.block(data)), (0x0202, LONG, len(data))]


def in_strip(tiff, data, compression=6):
    return [(0x0103, SHORT, compression), (0x0111, LONG, tiff.block(data)), (0x0117, LONG, len(data))]


def nef(order=">", orientation=6):
    tiff = Tiff(order, extra=bytes(4096))
    large = tiff.directory(with_jpeg(tiff, jpeg()))
    raw = tiff.directory([(0x0106, SHORT, 32803), *in_strip(tiff, bytes(500), 34713)])
    front = [(0x00FE, LONG, 1), (0x010F, ASCII, b"NIKON CORPORATION"), (0x0112, SHORT, orientation),
             (0x014A, LONG, [large, raw])]  # fmt: skip
    return tiff.whole(tiff.directory(front))


def arw():
    tiff = Tiff()
    raw = tiff.directory([(0x0106, SHORT, 32803), *in_strip(tiff, bytes(500), 32767)])
    front = [(0x00FE, LONG, 1), (0x010F, ASCII, b"SONY"), (0x0112, SHORT, 1), (0x014A, LONG, raw)]
    return tiff.whole(tiff.directory([*front, *with_jpeg(tiff, jpeg())]))


def cr2():
    tiff = Tiff(extra=b"CR\2\0" + bytes(4))
    raw = tiff.directory(in_strip(tiff, lossless((9000, 6000))))
    small = tiff.directory(with_jpeg(tiff, jpeg(SMALL)), raw)
    front = [(0x010F, ASCII, b"Canon"), (0x0112, SHORT, 1), *in_strip(tiff, jpeg())]
    return tiff.whole(tiff.directory(front, small))


def dng():
    tiff = Tiff()
    large = tiff.directory([(0x00FE, LONG, 1), *in_strip(tiff, jpeg(), 7)])
    raw = tiff.directory([(0x00FE, LONG, 0), *in_strip(tiff, lossless((9000, 6000)), 7)])
    front = [(0x0112, SHORT, 1), (0xC612, LONG, 0x01040000), (0x014A, LONG, [raw, large])]
    return tiff.whole(tiff.directory([*front, *with_jpeg(tiff, jpeg(SMALL))]))


def pef():
    tiff = Tiff(">")
    large = tiff.directory(with_jpeg(tiff, jpeg()))
    small = tiff.directory(with_jpeg(tiff, jpeg(SMALL)), large)
    front = [(0x010F, ASCII, b"PENTAX Corporation"), (0x0112, SHORT, 8), *in_strip(tiff, bytes(500), 0xFFFF)]
    return tiff.whole(tiff.directory(front, small))


def srw():
    tiff = Tiff()
    large = tiff.directory(with_jpeg(tiff, jpeg()))
    return tiff.whole(tiff.directory([(0x00FE, LONG, 1), (0x010F, ASCII, b"SAMSUNG"), (0x014A, LONG, large)]))


def rw2():
    tiff = Tiff()
    data = jpeg()
    place = tiff.block(data)
    whole = bytearray(tiff.whole(tiff.directory([(0x0112, SHORT, 6), (0x002E, LONG, [0] * 9)])))
    entry = whole.index(struct.pack("<HHL", 0x002E, LONG, 9))
    struct.pack_into("<HLL", whole, entry + 2, UNDEFINED, len(data), place)
    return b"IIU\0" + bytes(whole[4:])


def orf(mark=b"OLYMPUS\0II\3\0", kind=IFD):
    """Return an ORF: its picture is found by the notes of the camera, whose offsets count from there."""
    tiff, data = Tiff(), jpeg()
    start = tiff.block(mark)
    first = tiff.directory([(0x2020, LONG, 0)])
    settings = tiff.directory([(0x0101, LONG, tiff.block(data) - start), (0x0102, LONG, len(data))])
    struct.pack_into("<HHLL", tiff.data, first + 2, 0x2020, kind, 1 if kind == IFD else 400, settings - start)
    details = tiff.directory([(0x927C, LONG, [0] * 9)])
    struct.pack_into("<HLL", tiff.data, details + 4, UNDEFINED, 4000, start)
    return b"IIRO" + tiff.whole(tiff.directory([(0x0112, SHORT, 3), (0x8769, LONG, details)]))[4:]


def raf():
    data = jpeg(exif=samples.exif(6))
    head = b"FUJIFILMCCD-RAW 0201FF383501".ljust(84, b"\0") + struct.pack(">LL", 160, len(data))
    return head.ljust(160, b"\0") + data + bytes(500)


def box(kind, data):
    return struct.pack(">L4s", len(data) + 8, kind) + data


def cr3(*, whole=True):
    """Return a CR3 with a middling picture in a box, and maybe the whole one as a track."""
    front, small, large = Tiff(), jpeg((80, 60)), jpeg()
    words = front.whole(front.directory([(0x0112, SHORT, 8)]))
    preview = box(b"PRVW", struct.pack(">LHHHHL", 0, 1, 80, 60, 1, len(small)) + small)
    canon = (
        bytes.fromhex("85c0b687820f11e08111f4ce462b6a48") + box(b"CNCV", b"CanonCR3") + box(b"CMT1", words)
    )

    def file(place):
        table = box(b"stsz", struct.pack(">4L", 0, len(large), 1, 0)) + box(
            b"co64", struct.pack(">2LQ", 0, 1, place)
        )
        track = box(b"trak", box(b"mdia", box(b"minf", box(b"stbl", table))))
        movie = box(b"moov", box(b"uuid", canon) + (track if whole else b""))
        shown = box(b"uuid", bytes.fromhex("eaf42b5e1c984b88b9fbb7dc406e4d16") + bytes(8) + preview)
        return box(b"ftyp", b"crx \0\0\0\1crx isom") + movie + shown + box(b"mdat", large)

    return file(len(file(0)) - len(large))


RAW = {
    "a.nef": (nef(), "image/x-nikon-nef", LARGE[::-1]),
    "b.nef": (nef("<", 1), "image/x-nikon-nef", LARGE),
    "a.arw": (arw(), "image/x-sony-arw", LARGE),
    "a.cr2": (cr2(), "image/x-canon-cr2", LARGE),
    "a.dng": (dng(), "image/x-adobe-dng", LARGE),
    "a.pef": (pef(), "image/x-pentax-pef", LARGE[::-1]),
    "a.srw": (srw(), "image/x-samsung-srw", LARGE),
    "a.rw2": (rw2(), "image/x-panasonic-rw2", LARGE[::-1]),
    "a.orf": (orf(), "image/x-olympus-orf", LARGE),
    "older.orf": (orf(kind=UNDEFINED), "image/x-olympus-orf", LARGE),
    "newer.orf": (orf(b"OM SYSTEM\0\0\0II\4\0"), "image/x-olympus-orf", LARGE),
    "a.raf": (raf(), "image/x-fuji-raf", LARGE[::-1]),
    "a.cr3": (cr3(), "image/x-canon-cr3", LARGE[::-1]),
    "b.cr3": (cr3(whole=False), "image/x-canon-cr3", (60, 80)),
}


@pytest.mark.parametrize("name", RAW)
def test_a_raw_photograph_is_its_largest_preview(name):
    data, mimetype, size = RAW[name]
    assert sniff(data, name).mimetype == mimetype
    info = probe(io.BytesIO(data))
    assert (info.format, info.width, info.height) == ("raw", *size)
    for target in ("webp", "jpeg", "png"):
        result = rendered(data, target)
        assert Image.open(io.BytesIO(result)).size == size
    if size == LARGE:
        assert near(look(rendered(data)), COLOURS[::-1] if name.endswith(".orf") else COLOURS)
    assert Image.open(io.BytesIO(rendered(data, "png", width=40))).width == 40


@pytest.mark.parametrize("name", RAW)
def test_a_raw_photograph_cannot_lose_what_it_is_read_by(name):
    with pytest.raises(NotAnImage):
        strip(io.BytesIO(RAW[name][0]), io.BytesIO())


def test_a_tiff_of_a_camera_is_a_tiff():
    data = encoded(picture(), "TIFF", exif=samples.exif(1))
    assert sniff(data, "a.tif").mimetype == "image/tiff"
    assert near(look(rendered(data)), COLOURS)


def test_a_raw_photograph_without_a_preview_is_refused():
    tiff = Tiff()
    data = tiff.whole(tiff.directory([(0xC612, LONG, 1), *in_strip(tiff, lossless((90, 60)), 7)]))
    with pytest.raises(NotAnImage, match="no preview"):
        rendered(data)


def hostile():
    """Yield files whose directories lead into themselves, everywhere and nowhere."""
    tiff = Tiff()
    here = len(tiff.data)
    data = tiff.whole(tiff.directory([(0xC612, LONG, 1), (0x014A, LONG, here)], here))
    yield "a circle", data
    many = Tiff()
    first = many.directory([(0xC612, LONG, 1), (0x014A, LONG, [10**6 * n for n in range(1, 4000)])])
    yield "directories nowhere", many.whole(first)
    wide = bytearray(dng())
    first = int.from_bytes(wide[4:8], "little")
    wide[first : first + 2] = b"\xff\xff"
    yield "entries without end", bytes(wide)
    segments = Tiff()
    endless = b"\xff\xd8" + b"\xff\xe1\0\2" * 200_000
    yield "segments", segments.whole(segments.directory([(0xC612, LONG, 1), *with_jpeg(segments, endless)]))


@pytest.mark.parametrize(("name", "data"), list(hostile()))
def test_hostile_directories_take_no_time(name, data):
    began = time.process_time()
    with pytest.raises(NotAnImage):
        rendered(data)
    assert time.process_time() - began < 1


@pytest.mark.parametrize("name", RAW)
def test_damaged_raw_photographs_raise_nothing_else(name):
    for seed in range(60):
        with contextlib.suppress(NotAnImage, ImageTooLarge):
            rendered(samples.mutations(RAW[name][0], seed, 6), width=40)


def test_a_psd_of_a_depth_that_is_not_read_shows_its_small_picture():
    small = jpeg()
    resource = b"8BIM" + struct.pack(">HHL", 1036, 0, 28 + len(small))
    resource += struct.pack(">6L2H", 1, *LARGE, 480, 0, len(small), 24, 1) + small
    head = b"8BPS" + struct.pack(">H6xHLLHH", 1, 3, 120, 160, 16, 3) + bytes(4)
    data = head + struct.pack(">L", len(resource)) + resource + bytes(4) + b"\0\0" + bytes(160 * 120 * 6)
    assert near(look(rendered(data)), COLOURS)
    assert near(look(rendered(psd(picture()))), COLOURS)
    with pytest.raises(NotAnImage):
        rendered(head + bytes(8) + b"\0\0" + bytes(160 * 120 * 6))
