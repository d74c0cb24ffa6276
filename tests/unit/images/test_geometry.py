"""Sizes, boxes and orientations: what is computed agrees with what is seen."""

import io

import pytest
from PIL import Image, ImageChops, ImageOps

from pastebin.images import Transform, probe
from pastebin.images.geometry import displayed_image, oriented_size, plan, stored_box
from tests.unit.images import samples
from tests.unit.images.samples import render

ALL = None
VECTORS = [
    ((4000, 3000), (800, 600), (ALL, (800, 600)), (ALL, (800, 600))),
    ((4000, 3000), (100, 100), (ALL, (100, 75)), ((500, 0, 3500, 3000), (100, 100))),
    ((4000, 3000), (100, 300), ((1500, 0, 2500, 3000), (100, 300)), ((1500, 0, 2500, 3000), (100, 300))),
    ((1000, 10), (50, 50), ((495, 0, 505, 10), (50, 50)), ((495, 0, 505, 10), (50, 50))),
    ((1920, 1080), (640, 640), (ALL, (640, 360)), ((420, 0, 1500, 1080), (640, 640))),
    ((1920, 1080), (1000, 200), ((0, 348, 1920, 732), (1000, 200)), ((0, 348, 1920, 732), (1000, 200))),
    ((333, 777), (100, 99), ((0, 223, 333, 554), (100, 99)), ((0, 223, 333, 554), (100, 99))),
]


@pytest.mark.parametrize(("source", "box", "auto", "crop"), VECTORS)
def test_the_vectors_of_the_contract(source, box, auto, crop):
    for fit, (region, size) in (("auto", auto), ("crop", crop)):
        assert plan(source, *box, fit) == (region or (0, 0, *source), size)


@pytest.mark.parametrize("fit", ["auto", "crop"])
@pytest.mark.parametrize("vector", VECTORS)
@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_the_vectors_in_pixels(vector, fit, kind):
    source, box, auto, crop = vector
    region, size = auto if fit == "auto" else crop
    image = samples.picture(*source)
    options = {"quality": 95, "subsampling": 0} if kind == "JPEG" else {}
    result = render(samples.encoded(image, kind, **options), Transform(*box, fit, format="png"))
    assert (result.width, result.height) == size
    shown = samples.decoded(result.data)
    assert shown.size == size
    expected = image.resize(size, Image.Resampling.LANCZOS, region or (0, 0, *source))
    assert _mean_difference(shown, expected) < (1 if kind == "PNG" else 3)


def test_without_a_size_nothing_is_scaled():
    assert plan((7, 5), None, None) == ((0, 0, 7, 5), (7, 5))


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_stored_box_shows_what_was_asked(orientation):
    stored = samples.picture(30, 20)
    shown = displayed_image(stored, orientation)
    assert shown.size == oriented_size(stored.size, orientation)
    box = (3, 5, 14, 11)
    cut = displayed_image(stored.crop(stored_box(box, shown.size, orientation)), orientation)
    assert cut.tobytes() == shown.crop(box).tobytes()


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "AVIF", "TIFF"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_every_orientation_is_shown_as_a_viewer_shows_it(orientation, kind):
    file = samples.encoded(samples.picture(240, 160), kind, exif=samples.exif(orientation))
    expected = ImageOps.exif_transpose(Image.open(file)).convert("RGB")
    info = probe(file)
    assert (info.width, info.height) == expected.size

    same = samples.decoded(render(file, Transform(format="png")).data)
    assert _mean_difference(same.convert("RGB"), expected) < 1

    wanted = Transform(width=20, height=24, fit="crop", region=(10, 30, 100, 120), format="png")
    part = samples.decoded(render(file, wanted).data)
    box = (10, 30, 110, 150)
    assert _mean_difference(part.convert("RGB"), expected.resize((20, 24), Image.Resampling.LANCZOS, box)) < 3


def test_a_side_never_falls_below_one_pixel():
    result = render(samples.encoded(samples.picture(1000, 3), "PNG"), Transform(width=10, fit="contain"))
    assert (result.width, result.height) == (10, 1)


def test_a_small_image_is_scaled_up():
    result = render(samples.encoded(samples.picture(10, 5), "PNG"), Transform(width=100, height=100))
    assert (result.width, result.height) == (100, 50)


def test_the_file_is_read_from_its_beginning_and_stays_open():
    file = samples.encoded(samples.picture(), "JPEG")
    file.seek(0, io.SEEK_END)
    assert render(file, Transform(width=10)).width == 10
    assert not file.closed
    assert probe(file).format == "jpeg"


def _mean_difference(one: Image.Image, other: Image.Image) -> float:
    histogram = ImageChops.difference(one, other).convert("L").histogram()
    return sum(level * count for level, count in enumerate(histogram)) / (one.width * one.height)
