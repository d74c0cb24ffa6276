"""Results look as Chromium shows the originals: colours, transparency, damage, formats."""

import contextlib
import io
import struct
import time
import zlib

import pytest
from PIL import Image

from pastebin.errors import ImageTooLarge, NotAnImage
from pastebin.images import Transform, probe
from tests.unit.images import quarters, samples
from tests.unit.images.quarters import (
    BLUE,
    CLEAR,
    COLOURS,
    DARK,
    FILES,
    GREEN,
    P3,
    RED,
    SIZE,
    YELLOW,
    chromaticities,
    cicp,
    damaged,
    encoded,
    gamma,
    gif,
    look,
    picture,
    png,
)
from tests.unit.images.samples import chunk, render


def rendered(data, target="png", **wanted):
    return render(io.BytesIO(data), Transform(format=target, **wanted)).data


def near(found, wanted, off=4):
    def same(one, other):
        other = (*other, 255) if len(other) == 3 else other
        return all(abs(a - b) <= off for a, b in zip(one, other, strict=True))

    return all(same(one, other) for one, other in zip(found, wanted, strict=True))


LINEAR = [(239, 110, 96), (110, 229, 133), (122, 143, 234), (244, 239, 133)]
WIDE = [(240, 0, 0), (0, 204, 12), (44, 71, 218), (232, 220, 0)]
SRGB_CHROMATICITIES = (0.3127, 0.3290, 0.64, 0.33, 0.30, 0.60, 0.15, 0.06)

DESCRIBED = {
    "gamma 1": (png(gamma(1.0)), LINEAR),
    "gamma 1, palette": (png(gamma(1.0), image=picture().quantize(4)), LINEAR),
    "gamma 1 with alpha": (
        png(gamma(1.0), image=picture([(*RED, 128), GREEN, BLUE, YELLOW], mode="RGBA")),
        [(120, 55, 48, 128), *LINEAR[1:]],
    ),
    "gamma of old Macs": (
        png(gamma(1 / 1.8)),
        [(227, 53, 40), (53, 210, 77), (65, 88, 219), (235, 227, 77)],
    ),
    "gamma and primaries": (
        png(gamma(0.45455), chromaticities(*P3)),
        [(241, 0, 0), (0, 205, 0), (40, 69, 219), (233, 221, 0)],
    ),
    "the usual gamma": (png(gamma(0.45455)), COLOURS),
    "the usual gamma and primaries": (png(gamma(0.45455), chromaticities(*SRGB_CHROMATICITIES)), COLOURS),
    "a gamma of nothing": (png(gamma(0)), COLOURS),
    "primaries that are none": (png(gamma(0.45455), chromaticities(*[0.3] * 8)), COLOURS),
    "cICP": (png(cicp(12, 13)), WIDE),
    "cICP of cameras": (
        png(cicp(1, 1)),
        [(218, 30, 20), (30, 198, 50), (40, 60, 209), (229, 219, 50)],
    ),
    "cICP of screens in cinemas": (
        png(cicp(1, 17)),
        [(224, 24, 16), (24, 203, 43), (34, 54, 215), (234, 224, 43)],
    ),
    "sRGB beats gamma": (png(chunk(b"sRGB", b"\0"), gamma(1.0)), COLOURS),
    "cICP beats gamma": (png(cicp(1, 13), gamma(1.0)), COLOURS),
    "an unknown cICP": (png(cicp(99, 99)), COLOURS),
    "AVIF with P3": ((FILES / "p3.avif").read_bytes(), WIDE),
    "AVIF with BT.2020": (
        (FILES / "bt2020.avif").read_bytes(),
        [(255, 0, 4), (0, 211, 2), (0, 70, 210), (241, 218, 0)],
    ),
}


@pytest.mark.parametrize("target", ["png", "webp", "jpeg", "avif"])
@pytest.mark.parametrize("name", DESCRIBED)
def test_colours_are_as_they_are_described(name, target):
    data, wanted = DESCRIBED[name]
    if target == "jpeg" and len(wanted[0]) == 4:
        return
    assert near(look(rendered(data, target)), wanted, 6 if target == "png" else 8)


def test_grey_has_a_gamma_too():
    data = png(gamma(1.0), image=Image.new("L", SIZE, 128))
    assert near(look(rendered(data)), [(188, 188, 188)] * 4)


def test_cicp_beats_a_profile():
    data = encoded(picture(), "PNG", icc_profile=samples.swapped_profile())
    assert near(look(rendered(quarters.with_chunks(data, cicp(12, 13)))), WIDE)


def test_the_profile_in_a_bitmap_is_used():
    profile = samples.swapped_profile()
    plain = encoded(picture(), "BMP")
    pixels = plain[54:]
    header = bytearray(124)
    header[:40] = plain[14:54]
    header[:4] = (124).to_bytes(4, "little")
    header[56:60] = b"DEBM"
    header[112:116] = (124 + len(pixels)).to_bytes(4, "little")
    header[116:120] = len(profile).to_bytes(4, "little")
    head = b"BM" + (138 + len(pixels)).to_bytes(4, "little") + bytes(4) + (138).to_bytes(4, "little")
    result = rendered(head + bytes(header) + pixels + profile)
    assert Image.open(io.BytesIO(result)).info["icc_profile"] == profile


# Between Chromium, which scales by 100/203, and a plain conversion with 203 nits as white.
HDR = {
    "PQ in PNG": (
        png(cicp(9, 16), image=picture(DARK)),
        [(171, 0, 2), (0, 121, 9), (0, 48, 131), (135, 113, 0)],
        [(234, 0, 5), (0, 166, 17), (0, 69, 180), (185, 156, 0)],
    ),
    "PQ in AVIF": (
        (FILES / "pq10.avif").read_bytes(),
        [(171, 0, 2), (0, 121, 9), (0, 48, 131), (135, 113, 0)],
        [(234, 0, 5), (0, 166, 17), (0, 69, 180), (185, 156, 0)],
    ),
    "HLG in AVIF": (
        (FILES / "hlg10.avif").read_bytes(),
        [(113, 30, 31), (0, 94, 46), (39, 58, 92), (99, 93, 47)],
        [(157, 44, 46), (0, 130, 67), (57, 82, 128), (138, 128, 67)],
    ),
}


@pytest.mark.parametrize("name", HDR)
def test_more_light_than_white_is_mapped(name):
    data, dark, light = HDR[name]
    for found, least, most in zip(look(rendered(data)), dark, light, strict=True):
        for value, low, high in zip(found, least, most, strict=False):
            assert low - 8 <= value <= high + 8


def test_what_is_brighter_than_white_keeps_its_steps():
    shades = [(150, 150, 150), (160, 160, 160), (168, 168, 168), (255, 255, 255)]  # 220 to 10,000 nits
    found = [colour[0] for colour in look(rendered(png(cicp(9, 16), image=picture(shades))))]
    assert found[0] < found[1] < found[2] <= found[3] == 255


TRANSPARENT = {
    "key of 2 bits": (quarters.grey_png(2, 3), [(0, 0, 0), (85, 85, 85), (170, 170, 170), CLEAR]),
    "key of 4 bits": (quarters.grey_png(4, 5), [(0, 0, 0), CLEAR, (170, 170, 170), (255, 255, 255)]),
    "icon without alpha": (quarters.icon(COLOURS, bytes(128)), COLOURS),
    "icon without alpha and mask": (quarters.icon(COLOURS), COLOURS),
    "icon with a mask only": (
        quarters.icon(COLOURS, b"\xff\xff\0\0" * 32),
        [CLEAR, GREEN, CLEAR, YELLOW],
    ),
}


@pytest.mark.parametrize("name", TRANSPARENT)
def test_what_a_browser_leaves_transparent_is(name):
    data, wanted = TRANSPARENT[name]
    assert near(look(rendered(data)), wanted)


WHOLE = (0, 0, *quarters.CANVAS)
CORNER = (0, 0, 16, 12)
ANIMATIONS = {
    "a first frame smaller than the canvas": (
        gif((CORNER, 0, 1, 0), ((16, 12, 32, 24), 1, 1, 0)),
        [[RED, CLEAR, CLEAR, CLEAR], [RED, CLEAR, CLEAR, GREEN]],
    ),
    "disposal to the background": (
        gif((WHOLE, 0, 2, 0), (CORNER, 1, 2, 0), ((16, 0, 32, 12), 2, 1, 0)),
        [[RED] * 4, [GREEN, CLEAR, CLEAR, CLEAR], [CLEAR, BLUE, CLEAR, CLEAR]],
    ),
    "disposal of a part": (
        gif((WHOLE, 0, 1, 0), (CORNER, 1, 2, 0), ((16, 0, 32, 12), 2, 1, 0)),
        [[RED] * 4, [GREEN, RED, RED, RED], [CLEAR, BLUE, RED, RED]],
    ),
    "disposal to what was before": (
        gif((WHOLE, 0, 1, 0), (CORNER, 1, 3, 0), ((16, 0, 32, 12), 2, 3, 0), (WHOLE, 7, 1, 1)),
        [[RED] * 4, [GREEN, RED, RED, RED], [RED, BLUE, RED, RED], [RED] * 4],
    ),
    "a first frame that is taken back": (
        gif((CORNER, 0, 3, 0), ((16, 0, 32, 12), 1, 1, 0)),
        [[RED, CLEAR, CLEAR, CLEAR], [CLEAR, GREEN, CLEAR, CLEAR]],
    ),
    "a transparent index": (
        gif((WHOLE, 0, 1, 1), (CORNER, 7, 1, 1), (CORNER, 3, 1, 1)),
        [[RED] * 4, [RED] * 4, [YELLOW, RED, RED, RED]],
    ),
}


@pytest.mark.parametrize("target", ["gif", "webp", "png"])
@pytest.mark.parametrize("name", ANIMATIONS)
def test_frames_are_composed_as_browsers_do(name, target):
    data, wanted = ANIMATIONS[name]
    result = rendered(data, None if target == "gif" else target, width=quarters.CANVAS[0])
    shown, durations = samples.played(result)
    assert sum(durations) == 100 * len(wanted)
    frames = iter(shown)
    frame = next(frames)
    for expected in wanted:
        if not near(look(encoded(frame, "PNG")), expected, 8):  # equal frames may have become one
            frame = next(frames)
        assert near(look(encoded(frame, "PNG")), expected, 8)
    still = look(rendered(data, "png", width=16))
    assert near(still, wanted[0], 60)


def behind(chunks):
    """Put chunks between the pixels of a PNG and its end."""
    data = png()
    return data[:-12] + chunks + data[-12:]


DAMAGED = {
    "png, text": png(damaged(chunk(b"tEXt", b"a\0b"))),
    "png, resolution": png(damaged(chunk(b"pHYs", bytes(9)))),
    "png, time": png(damaged(chunk(b"tIME", bytes(7)))),
    "png, profile": png(damaged(chunk(b"iCCP", b"a\0\0nonsense"))),
    "png, gamma": png(damaged(gamma(1.0))),
    "png, no primaries": png(chunk(b"cHRM", b"")),
    "png, no gamma": png(chunk(b"gAMA", b"")),
    "png, no animation": png(chunk(b"acTL", b"")),
    "png, too much of a gamma": png(chunk(b"gAMA", bytes(9))),
    "png, an intent that there is not": png(chunk(b"sRGB", b"\x09")),
    "png, text that cannot be unpacked": png(chunk(b"zTXt", b"a\0\1nonsense")),
    "png, text without end": png(chunk(b"zTXt", b"a\0\0" + zlib.compress(bytes(3 * 2**20)))),
    "png, text without end behind the pixels": behind(
        chunk(b"zTXt", b"a\0\0" + zlib.compress(bytes(3 * 2**20)))
    ),
    "png, nonsense behind the pixels": behind(
        chunk(b"iTXt", b"") + chunk(b"eXIf", b"") + chunk(b"tIME", b"")
    ),
    "png, a profile without end": png(chunk(b"iCCP", b"a\0\0" + zlib.compress(bytes(3 * 2**20)))),
    "png, a profile packed in another way": png(chunk(b"iCCP", b"a\0\1nonsense")),
    "png, a profile without a name": png(chunk(b"iCCP", b"\0\0nonsense")),
    "png, half a transparent colour": png(chunk(b"tRNS", bytes(3))),
    "png without an end": png()[:-12],
    "png, a wrong checksum of the pixels": png()[:-17] + b"?" + png()[-16:],
    "png, another one of their chunk": png()[:-14] + b"?" + png()[-13:],
    "jpeg without an end": encoded(picture(), "JPEG")[:-2],
    "jpeg with half an end": encoded(picture(), "JPEG")[:-1],
    "progressive jpeg without an end": encoded(picture(), "JPEG", progressive=True)[:-2],
    "grey jpeg without an end": encoded(picture().convert("L"), "JPEG", quality=95)[:-2],
}


@pytest.mark.parametrize("name", DAMAGED)
def test_damage_beside_the_pixels_refuses_nothing(name):
    data = DAMAGED[name]
    assert (probe(io.BytesIO(data)).width, probe(io.BytesIO(data)).height) == SIZE
    wanted = picture().convert("L").convert("RGB") if name.startswith("grey") else picture()
    colours = [wanted.getpixel((x, y)) for y in (30, 90) for x in (40, 120)]
    assert near(look(rendered(data, width=80)), colours, 6)
    assert near(look(rendered(data, width=16)), colours, 40)


def moving(*, without=b"", changed=b""):
    """Return an animated PNG of the picture, one of whose chunks is left out or has another number."""
    data = encoded(picture(), "PNG", save_all=True, append_images=[picture(COLOURS[::-1])], duration=100)
    position, kept = 8, [data[:8]]
    while position < len(data):
        length, kind = struct.unpack_from(">L4s", data, position)
        body = data[position + 8 : position + 8 + length]
        if kind == changed:
            body = struct.pack(">L", 77) + body[4:]
        if kind != without:
            kept.append(chunk(kind, body))
        position += 12 + length
    return b"".join(kept)


def test_of_an_animated_png_the_first_frame_counts_not_what_others_see():
    options = {"save_all": True, "append_images": [picture(COLOURS[::-1])], "default_image": True}
    data = encoded(picture(), "PNG", duration=100, **options)
    for target in ("png", "jpeg", "webp"):
        assert near(look(rendered(data, target)), COLOURS[::-1], 6)


@pytest.mark.parametrize("broken", [{"without": b"fdAT"}, {"changed": b"fdAT"}, {"changed": b"acTL"}])
def test_a_png_whose_frames_are_broken_stands_still(broken):
    assert getattr(Image.open(io.BytesIO(rendered(moving()))), "n_frames", 1) == 2
    result = rendered(moving(**broken))
    assert getattr(Image.open(io.BytesIO(result)), "n_frames", 1) == 1
    assert near(look(result), COLOURS)


@pytest.mark.parametrize("progressive", [False, True])
@pytest.mark.parametrize("left", [0.5, 0.9, 0.97])
def test_a_jpeg_that_lacks_pixels_is_refused(progressive, left):
    data = encoded(samples.noise(160, 120), "JPEG", progressive=progressive)
    with pytest.raises(NotAnImage):
        rendered(data[: int(len(data) * left)])


def test_a_png_that_lacks_pixels_is_refused():
    data = encoded(samples.noise(160, 120), "PNG")
    with pytest.raises(NotAnImage):
        rendered(data[: len(data) // 2])


# Formats of phones and of others who save bytes.


def jxl(image, **options):
    import pillow_jxl  # noqa: F401

    return encoded(image, "JXL", lossless=True, **options)


@pytest.mark.parametrize("target", [None, "jpeg", "png", "webp", "avif"])
def test_a_photo_of_a_phone_is_an_image(target):
    data = (FILES / "photo.heic").read_bytes()
    assert (probe(io.BytesIO(data)).mimetype, probe(io.BytesIO(data)).width) == ("image/heic", 160)
    assert near(look(rendered(data, target, width=80)), COLOURS, 6)


def test_a_photo_of_a_phone_is_turned_and_tells_nothing():
    data = (FILES / "turned.heic").read_bytes()
    info = probe(io.BytesIO(data))
    assert (info.width, info.height) == (120, 160)
    result = rendered(data, "webp")
    assert near(look(result), [BLUE, RED, YELLOW, GREEN], 6)
    assert not Image.open(io.BytesIO(result)).getexif()


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "L", "LA"])
def test_jpeg_xl_is_an_image(mode):
    image = picture().convert(mode)
    data = jxl(image)
    info = probe(io.BytesIO(data))
    assert (info.mimetype, info.width, info.height) == ("image/jxl", *SIZE)
    assert near(look(rendered(data)), look(encoded(image, "PNG")))


@pytest.mark.parametrize(
    "size", [(8, 8), (256, 256), (300, 225), (1, 700), (1920, 1080), (640, 480), (5000, 3)]
)
def test_the_size_of_a_jpeg_xl_is_in_its_header(size):
    info = probe(io.BytesIO(jxl(Image.new("RGB", size), effort=1)))
    assert (info.width, info.height) == size
    contained = jxl(Image.new("RGB", size), effort=1, use_container=True)
    assert (probe(io.BytesIO(contained)).width, probe(io.BytesIO(contained)).height) == size


def psd(image):
    """Return a PSD of nothing but its composite, not compressed."""
    bands = image.split()
    head = b"8BPS" + struct.pack(">H6xHLLHH", 1, len(bands), image.height, image.width, 8, 3)
    return head + bytes(12) + b"\0\0" + b"".join(band.tobytes() for band in bands)


def test_the_composite_of_a_psd_is_an_image():
    data = psd(picture())
    info = probe(io.BytesIO(data))
    assert (info.mimetype, info.width, info.height) == ("image/vnd.adobe.photoshop", *SIZE)
    assert near(look(rendered(data, "webp")), COLOURS)
    for seed in range(60):
        with contextlib.suppress(NotAnImage, ImageTooLarge):
            rendered(samples.mutations(data, seed, 6))


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_jpeg_that_became_a_jpeg_xl_is_turned(orientation):
    source = encoded(picture(), "JPEG", exif=samples.exif(orientation))
    import pillow_jxl

    encoder = pillow_jxl.Encoder(mode="RGB", lossless=True, num_threads=0)
    file = io.BytesIO(encoder(source, *SIZE, jpeg_encode=True))
    info, wanted = probe(file), probe(io.BytesIO(source))
    assert (info.width, info.height) == (wanted.width, wanted.height)
    assert near(look(rendered(file.getvalue())), look(rendered(source)), 8)


@pytest.mark.parametrize("name", ["photo.heic", "turned.heic"])
def test_a_damaged_photo_is_refused_in_time(name):
    data = (FILES / name).read_bytes()
    began = time.process_time()
    for seed in range(60):
        broken = samples.mutations(data, seed, 6)
        with contextlib.suppress(NotAnImage, ImageTooLarge):
            rendered(broken)
    assert time.process_time() - began < 20


def test_a_damaged_jpeg_xl_is_refused_in_time():
    data = jxl(picture())
    for seed in range(60):
        with contextlib.suppress(NotAnImage, ImageTooLarge):
            rendered(samples.mutations(data, seed, 6))


def test_a_refusal_says_what_is_true():
    with pytest.raises(NotAnImage, match=r"not supported \(JPEG, PNG"):
        rendered(b"\0\0\0\x0cjP  \r\n\x87\n" + bytes(60))


def test_a_kind_that_is_not_supported_is_not_called_broken():
    masks = struct.pack("<LLL", 0x3FF00000, 0xFFC00, 0x3FF)  # ten bits a colour
    info = struct.pack("<LllHHLLllLL", 40, *SIZE, 1, 32, 3, 0, 0, 0, 0, 0)
    data = b"BM" + bytes(8) + struct.pack("<L", 66) + info + masks + bytes(4 * SIZE[0] * SIZE[1])
    with pytest.raises(NotAnImage, match="not supported, though"):
        rendered(data)


def test_an_avif_that_is_too_large_is_not_called_broken():
    data = (FILES / "p3.avif").read_bytes()
    at = data.index(b"ispe") + 8
    huge = data[:at] + struct.pack(">LL", 17_000, 17_000) + data[at + 8 :]
    with pytest.raises(ImageTooLarge):
        rendered(huge)
