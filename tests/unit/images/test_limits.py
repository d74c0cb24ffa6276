"""What would take much memory or time is refused before it does."""

import io
import tracemalloc

import pytest
from PIL import Image, ImageFile

from pastebin.errors import BadTransform, ImageTooLarge
from pastebin.images import ImageLimits, Transform, probe
from pastebin.images.jpeg import MAX_SCANS
from tests.unit.images import samples
from tests.unit.images.samples import render

SMALL = Transform(width=10)


@pytest.fixture
def no_decoding(monkeypatch):
    """Fail when a pixel is decoded."""

    def load(_image):
        pytest.fail("pixels were decoded")

    monkeypatch.setattr(ImageFile.ImageFile, "load", load)


HUGE = {
    "png header": samples.png_header(65535, 65535),
    "png bomb": samples.png_bomb(20_000, 10_000),
    "icon of a png bomb": samples.icon_of_png(samples.png_bomb(20_000, 10_000)),
    "webp header": samples.webp_header(16_383, 16_383),
    "gif canvas": samples.gif_of_frames(1, 65535, 65535),
    "gif frame": samples.gif_of_frames(2, 10, 10, (65535, 65535)),
}


@pytest.mark.usefixtures("no_decoding")
@pytest.mark.parametrize("data", HUGE.values(), ids=HUGE)
@pytest.mark.parametrize("call", [probe, lambda file: render(file, SMALL)], ids=["probe", "render"])
def test_a_huge_image_is_refused_by_its_header(data, call):
    with pytest.raises(ImageTooLarge):
        call(io.BytesIO(data))


KINDS = ["JPEG", "PNG", "GIF", "WEBP", "AVIF", "BMP", "TIFF", "ICO"]


@pytest.mark.parametrize("data", HUGE.values(), ids=HUGE)
def test_a_look_at_a_huge_image_takes_no_memory_for_pixels(data, monkeypatch):
    forbid_pixels(monkeypatch)
    with pytest.raises(ImageTooLarge):
        probe(io.BytesIO(data))


@pytest.mark.parametrize("kind", KINDS)
def test_a_look_takes_no_memory_for_pixels(kind, monkeypatch):
    file = samples.encoded(samples.picture(64, 48), kind)
    forbid_pixels(monkeypatch)
    assert probe(file).width in (48, 64)


def forbid_pixels(monkeypatch):
    """Fail when Pillow makes an image, which takes memory for each of its pixels."""
    for name in ("new", "fill"):
        monkeypatch.setattr(Image.core, name, lambda *_: pytest.fail("memory for pixels was taken"))


@pytest.mark.usefixtures("no_decoding")
@pytest.mark.parametrize("kind", KINDS)
def test_max_pixels(kind):
    options = {"sizes": [(64, 64)]} if kind == "ICO" else {}
    image = samples.picture(64, 64)
    with pytest.MonkeyPatch.context() as original:
        original.undo()
        file = samples.encoded(image, kind, **options)
    assert probe(file, ImageLimits(max_pixels=64 * 64)).width == 64
    for call in (probe, lambda file, limits: render(file, SMALL, limits)):
        with pytest.raises(ImageTooLarge, match=r"4095|more than"):
            call(file, ImageLimits(max_pixels=64 * 64 - 1))


def test_a_gif_of_ten_thousand_frames():
    data = samples.gif_of_frames(10_000)
    tracemalloc.start()
    try:
        with pytest.raises(ImageTooLarge, match="more than 1000 frames"):
            render(io.BytesIO(data), SMALL)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 1_000_000
    assert render(io.BytesIO(data), Transform(width=10, format="jpeg")).width == 10


def test_a_file_of_too_many_bytes():
    file = samples.encoded(samples.picture(), "PNG")
    with pytest.raises(ImageTooLarge, match="bytes"):
        probe(file, ImageLimits(max_file_bytes=100))


@pytest.mark.usefixtures("no_decoding")
@pytest.mark.parametrize("kind", ["progressive", "sequential"])
@pytest.mark.parametrize(("side", "count"), [(120, MAX_SCANS), (10_000, 21)])
def test_a_jpeg_of_many_scans(kind, side, count):
    """As they are or for its size: 21 scans of 100 megapixels are too many."""
    data = samples.sequential_scans(side, side, count)
    if kind == "progressive":
        data = data.replace(b"\xff\xc0", b"\xff\xc2", 1)
    assert probe(io.BytesIO(data)).width == side
    with pytest.raises(ImageTooLarge, match="scans"):
        render(io.BytesIO(data), SMALL)


def test_a_jpeg_of_ten_scans():
    data = samples.encoded(samples.picture(), "JPEG", progressive=True, exif=samples.exif(1)).getvalue()
    assert render(io.BytesIO(data), SMALL).width == 10


def test_tiles_larger_than_their_image():
    with pytest.raises(ImageTooLarge):
        render(io.BytesIO(samples.tiff_of_tiles(16, 60_000)), SMALL)


@pytest.mark.usefixtures("no_decoding")
@pytest.mark.parametrize(
    "wanted",
    [
        Transform(width=9000),
        Transform(width=10_000, height=5000, fit="crop"),
        Transform(region=(0, 0, 101, 1)),
    ],
)
def test_a_result_that_may_not_be_made(wanted):
    with pytest.MonkeyPatch.context() as original:
        original.undo()
        file = samples.encoded(Image.new("L", (100, 100)), "PNG")
    with pytest.raises(BadTransform):
        render(file, wanted)


def test_the_process_keeps_no_limit_of_pillow():
    assert Image.MAX_IMAGE_PIXELS is None


# Memory


@pytest.mark.usefixtures("no_decoding")
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "GIF", "WEBP", "AVIF", "BMP", "TIFF"])
@pytest.mark.parametrize("target", ["jpeg", "png", "webp", "avif"])
def test_memory_is_estimated_before_it_is_taken(kind, target):
    with pytest.MonkeyPatch.context() as original:
        original.undo()
        file = samples.encoded(samples.picture(1000, 1000), kind)
    limits = ImageLimits(max_memory=10 * 2**20)
    with pytest.raises(ImageTooLarge, match="MiB of memory"):
        render(file, Transform(width=999, format=target), limits)


def test_a_jpeg_that_is_decoded_small_takes_little_memory():
    file = samples.encoded(samples.picture(4000, 4000), "JPEG")
    assert render(file, SMALL, ImageLimits(max_memory=10 * 2**20)).width == 10


def test_a_progressive_jpeg_is_kept_whole():
    file = samples.encoded(samples.picture(4000, 4000), "JPEG", progressive=True)
    with pytest.raises(ImageTooLarge, match="MiB of memory"):
        render(file, SMALL, ImageLimits(max_memory=40 * 2**20))
