"""Every format in and out: pixels, transparency, and nothing that could tell on the uploader."""

import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from pastebin.images import Transform, probe
from tests.unit.images import samples
from tests.unit.images.samples import render

READ = ["JPEG", "PNG", "GIF", "WEBP", "AVIF", "BMP", "TIFF", "ICO"]
MIMETYPES = {
    "jpeg": ("image/jpeg", "jpg"),
    "png": ("image/png", "png"),
    "gif": ("image/gif", "gif"),
    "webp": ("image/webp", "webp"),
    "avif": ("image/avif", "avif"),
}


@pytest.mark.parametrize("kind", READ)
def test_probing(kind):
    options = {"sizes": [(64, 64)]} if kind == "ICO" else {}
    info = probe(samples.encoded(samples.picture(64, 64), kind, **options))
    assert (info.format, info.width, info.height) == (kind.lower(), 64, 64)
    assert info.mimetype.startswith("image/")


@pytest.mark.parametrize("kind", READ)
@pytest.mark.parametrize("target", [None, "jpeg", "png", "webp", "avif"])
def test_each_format_becomes_each(kind, target):
    file = samples.encoded(samples.picture(64, 48), kind)
    result = render(file, Transform(width=32, height=24, format=target))
    expected = target or (kind.lower() if kind.lower() in MIMETYPES else "png")
    assert (result.mimetype, result.suffix) == MIMETYPES[expected]
    shown = samples.decoded(result.data)
    assert shown.format.lower() == expected
    assert shown.size == (result.width, result.height) == (32, 24)
    red, green, blue = shown.convert("RGB").getpixel((4, 4))
    assert red > 200
    assert green < 80
    assert blue < 80


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
@pytest.mark.parametrize("target", ["jpeg", "png", "webp", "avif"])
def test_every_mode_of_a_png(mode, target):
    source = samples.picture(64, 48)
    image = Image.new("I;16", (64, 48), 128 * 257) if mode == "I;16" else _in_mode(source, mode)
    shown = samples.decoded(render(samples.encoded(image, "PNG"), Transform(width=32, format=target)).data)
    if mode == "I;16":
        assert abs(shown.convert("L").getpixel((9, 9)) - 128) <= 1
    assert ("A" in shown.getbands()) == (mode in ("LA", "RGBA") and target != "jpeg")


def test_wide_samples_keep_their_brightness():
    for image in (
        Image.new("I;16", (8, 8), 65535),
        Image.new("I", (8, 8), 65535),
        Image.new("F", (8, 8), 1.0),
    ):
        file = samples.encoded(image, "TIFF")
        assert samples.decoded(render(file, Transform(width=4)).data).getpixel((1, 1)) == 255
    half = samples.encoded(Image.new("F", (8, 8), 100.0), "TIFF")
    assert samples.decoded(render(half, Transform(width=4)).data).getpixel((1, 1)) == 100


@pytest.mark.parametrize("mode", ["L", "RGB", "P", "1", "I;16"])
def test_a_transparent_colour_of_a_png(mode):
    colour = {"RGB": (9, 9, 9), "P": 0, "1": 0, "I;16": 0}.get(mode, 9)
    image = Image.new(mode, (20, 20), colour)
    image.paste({"RGB": (200, 0, 0), "P": 1, "1": 255, "I;16": 60000}.get(mode, 200), (10, 0, 20, 20))
    if mode == "P":
        image.putpalette([0, 0, 0, 200, 0, 0])
    file = samples.encoded(image, "PNG", transparency=colour)
    shown = samples.decoded(render(file, Transform(width=20)).data)
    alpha = shown.convert("RGBA").getchannel("A")
    assert alpha.getpixel((3, 3)) == 0
    assert alpha.getpixel((16, 16)) == 255


def test_transparency_is_flattened_on_white_for_jpeg():
    image = Image.new("RGBA", (16, 16), (0, 0, 0, 0))
    shown = samples.decoded(render(samples.encoded(image, "PNG"), Transform(format="jpeg")).data)
    assert shown.getpixel((5, 5)) == (255, 255, 255)


def test_what_is_transparent_does_not_bleed():
    image = Image.new("RGBA", (40, 40), (255, 0, 0, 0))
    image.paste((0, 0, 255, 255), (20, 0, 40, 40))
    shown = samples.decoded(render(samples.encoded(image, "PNG"), Transform(width=10)).data)
    for x in range(10):
        red, _, _, alpha = shown.getpixel((x, 5))
        assert alpha == 0 or red < 10


def test_alpha_of_a_still_gif_is_a_threshold():
    file = samples.encoded(samples.frames(1, alpha=True)[0], "GIF")
    shown = samples.decoded(render(file, Transform(width=24)).data).convert("RGBA")
    assert shown.getpixel((23, 15))[3] == 0
    assert shown.getpixel((2, 6))[3] == 255


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "AVIF", "TIFF"])
@pytest.mark.parametrize("target", ["jpeg", "png", "webp", "avif"])
@pytest.mark.parametrize("wanted", [Transform(width=40), Transform()])
def test_nothing_personal_is_left(kind, target, wanted):
    options = {"exif": samples.exif(1)}
    if kind in ("JPEG", "WEBP", "AVIF"):
        options["xmp"] = b"<x:xmpmeta>" + samples.GPS_MARK + b"</x:xmpmeta>"
    if kind == "JPEG":
        options["comment"] = samples.COMMENT_MARK
    file = samples.encoded(samples.picture(), kind, **options)
    assert samples.GPS_MARK in file.getvalue()
    wanted = Transform(wanted.width, format=target)
    data = render(file, wanted).data
    for mark in (samples.GPS_MARK, samples.COMMENT_MARK, b"Exif", b"xmpmeta"):
        assert mark not in data
    shown = samples.decoded(data)
    assert not dict(shown.getexif())
    assert not {"comment", "xmp", "exif"} & set(shown.info)


def test_text_of_a_png_and_comment_of_a_gif_are_left_out():
    text = PngInfo()
    text.add_text("Author", samples.COMMENT_MARK.decode())
    text.add_itxt("XML:com.adobe.xmp", samples.GPS_MARK.decode())
    png = samples.encoded(samples.picture(), "PNG", pnginfo=text)
    gif = samples.animated(samples.frames(), "GIF", comment=samples.COMMENT_MARK)
    for file in (png, gif):
        assert samples.COMMENT_MARK in file.getvalue()
        data = render(file, Transform(width=20)).data
        assert samples.COMMENT_MARK not in data
        assert samples.GPS_MARK not in data


@pytest.mark.parametrize("target", ["jpeg", "webp", "avif"])
def test_quality_changes_the_size(target):
    file = samples.encoded(samples.picture(200, 150), "PNG")
    sizes = [len(render(file, Transform(format=target, quality=quality)).data) for quality in (5, 50, 100)]
    assert sizes == sorted(sizes)
    assert sizes[0] < sizes[2]


def test_an_icon_gives_its_largest_picture():
    file = samples.encoded(samples.picture(64, 64, "RGBA"), "ICO", sizes=[(16, 16), (48, 48), (32, 32)])
    assert (probe(file).width, probe(file).height) == (48, 48)


def test_an_icon_of_bitmaps():
    file = samples.encoded(samples.picture(32, 32, "RGBA"), "ICO", sizes=[(32, 32)], bitmap_format="bmp")
    assert probe(file).width == 32
    assert samples.decoded(render(file, Transform(width=16)).data).mode == "RGBA"


def _in_mode(image: Image.Image, mode: str) -> Image.Image:
    return samples.picture(image.width, image.height, mode)
