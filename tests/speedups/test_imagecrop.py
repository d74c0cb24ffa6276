"""Crop geometry and resampling: each inner loop of the compiled twin gives what the Python one gives."""

import os
import random
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from types import ModuleType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from pastebin._speedups import _imagecrop_py as python

compiled: ModuleType | None
try:
    from pastebin._speedups import _imagecrop_c as compiled
except ImportError:
    compiled = None

KERNELS = compiled.kernel_names() if compiled else []
MODES = python.MODES
ALL = (0, 0, 4000, 3000)
CONTRACT = [  # source, box asked for, (region, result) for auto, the same for crop
    ((4000, 3000), (800, 600), (ALL, (800, 600)), (ALL, (800, 600))),
    ((4000, 3000), (100, 100), (ALL, (100, 75)), ((500, 0, 3500, 3000), (100, 100))),
    ((4000, 3000), (100, 300), ((1500, 0, 2500, 3000), (100, 300)), None),
    ((1000, 10), (50, 50), ((495, 0, 505, 10), (50, 50)), None),
    ((1920, 1080), (640, 640), ((0, 0, 1920, 1080), (640, 360)), ((420, 0, 1500, 1080), (640, 640))),
    ((1920, 1080), (1000, 200), ((0, 348, 1920, 732), (1000, 200)), None),
    ((333, 777), (100, 99), ((0, 223, 333, 554), (100, 99)), None),
]

needs_compiled = pytest.mark.skipif(compiled is None, reason="the compiled twin is not built")


@pytest.fixture(params=["python", *KERNELS])
def twin(request):
    """Give the Python twin, then the compiled one with each of its inner loops."""
    if request.param == "python":
        yield python
        return
    compiled.use_kernel(request.param)
    yield compiled
    compiled.use_kernel(KERNELS[0])


def outcome(function, *arguments):
    """Return what a call returns, an image as its pixels, or the error it raises."""
    try:
        result = function(*arguments)
    except (ValueError, TypeError) as error:
        return type(error), str(error)
    return (result.mode, result.size, result.tobytes()) if isinstance(result, Image.Image) else result


def outcomes(*arguments):
    """Return the outcome of crop_resize in the Python twin, and in the compiled one by inner loop."""
    results = {}
    for name in KERNELS:
        compiled.use_kernel(name)
        results[name] = outcome(compiled.crop_resize, *arguments)
    return outcome(python.crop_resize, *arguments), results


def image_of(mode, size, seed=0, style="noise"):
    """Make an image: noise, black-and-white noise (which overshoots most), or a gradient."""
    count = size[0] * size[1] * len(mode)
    source = random.Random(seed)
    if style == "noise":
        content = source.randbytes(count)
    elif style == "extremes":
        content = bytes(source.choices((0, 255), k=count))
    else:
        content = bytes((i * 7 + i // 50) % 256 for i in range(count))
    return Image.frombytes(mode, size, content)


def far(ours, theirs):
    """Return the largest difference between two byte strings."""
    return max((abs(a - b) for a, b in zip(ours, theirs, strict=True)), default=0)


# ---- geometry ----


@pytest.mark.parametrize(("source", "asked", "auto", "crop"), CONTRACT)
def test_plan_keeps_the_contract(twin, source, asked, auto, crop):
    assert twin.plan(source, *asked) == auto
    assert twin.plan(source, *asked, "auto") == auto
    assert twin.plan(source, *asked, fit="crop") == (crop or auto)


def test_plan_cuts_only_beyond_a_factor_of_two(twin):
    assert twin.plan((200, 100), 100, 100) == ((0, 0, 200, 100), (100, 50))
    assert twin.plan((201, 100), 100, 100) == ((50, 0, 151, 100), (100, 100))


def test_plan_lets_a_missing_side_follow(twin):
    assert twin.plan((4000, 3000), 800, None) == (ALL, (800, 600))
    assert twin.plan((4000, 3000), None, 300, "crop") == (ALL, (400, 300))
    assert twin.plan((1920, 1080), 101, None) == ((0, 0, 1920, 1080), (101, 56))


def test_plan_scales_up_and_never_below_a_pixel(twin):
    assert twin.plan((10, 10), 500, 400) == ((0, 0, 10, 10), (400, 400))
    assert twin.plan((10000, 1), 100, None) == ((0, 0, 10000, 1), (100, 1))
    assert twin.plan((1, 10000), 100, 100, "contain") == ((0, 0, 1, 10000), (1, 100))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (((0, 5), 5, 5), "source width must be 1 to 2147483647 pixels, not 0"),
        (((5, 5), -1, 5), "width must be 1 to 2147483647 pixels, not -1"),
        (((5, 5), 5, 2**31), "height must be 1 to 2147483647 pixels, not 2147483648"),
        (((5, 5), None, None), "width or height must be given"),
        (((5, 5), 5, 5, "stretch"), "fit must be one of auto, crop, contain, not 'stretch'"),
    ],
)
def test_plan_refuses(twin, arguments, message):
    with pytest.raises(ValueError, match=f"^{message}$"):
        twin.plan(*arguments)


sides = st.one_of(
    st.integers(1, 60), st.integers(1, 2**31 - 1), st.sampled_from([0, -1, 2**31, 2**31 - 1, 2**70, 1.5])
)
fits = st.sampled_from(["auto", "crop", "contain", "stretch"])


@needs_compiled
@given(st.tuples(sides, sides), st.none() | sides, st.none() | sides, fits)
def test_both_twins_plan_alike(source, width, height, fit):
    assert outcome(compiled.plan, source, width, height, fit) == outcome(
        python.plan, source, width, height, fit
    )


lengths = st.integers(1, 5000)


@given(lengths, lengths, lengths, lengths, st.sampled_from(["auto", "crop", "contain"]))
def test_a_plan_takes_a_centred_region_and_fits_the_box(source_width, source_height, width, height, fit):
    (x0, y0, x1, y1), size = python.plan((source_width, source_height), width, height, fit)
    assert 0 <= x0 < x1 <= source_width
    assert 0 <= y0 < y1 <= source_height
    assert (x0, y0) == (source_width - x1, source_height - y1)
    assert x0 == 0 or y0 == 0
    assert 1 <= size[0] <= width
    assert 1 <= size[1] <= height
    if fit == "contain":
        assert (x0, y0) == (0, 0)
    if fit == "crop" or (x0, y0) != (0, 0):
        assert size == (width, height)


# ---- pixels ----


@st.composite
def boxes(draw, size):
    """Draw None, or a box: of whole pixels, of fractions, and now and then one that is refused."""
    if draw(st.booleans()):
        return None
    if draw(st.booleans()):
        edge = st.tuples(*(st.integers(-1, length + 1) for length in size * 2))
        return draw(edge)
    xs = sorted(draw(st.tuples(*[st.floats(0, size[0])] * 2)))
    ys = sorted(draw(st.tuples(*[st.floats(0, size[1])] * 2)))
    return xs[0], ys[0], xs[1], ys[1]


@st.composite
def tasks(draw):
    """Draw an image, a size and a box."""
    most = draw(st.sampled_from([(60, 60), (2, 700), (700, 2), (150, 90)]))
    size = draw(st.integers(1, most[0])), draw(st.integers(1, most[1]))
    style = draw(st.sampled_from(["noise", "extremes", "gradient"]))
    image = image_of(draw(st.sampled_from(MODES)), size, draw(st.integers(0, 2**32)), style)
    return image, (draw(st.integers(1, 70)), draw(st.integers(1, 70))), draw(boxes(size))


@needs_compiled
@settings(deadline=None, max_examples=300)
@given(tasks())
def test_both_twins_give_the_same_pixels(task):
    expected, results = outcomes(*task)
    assert [name for name, result in results.items() if result != expected] == []


@needs_compiled
@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize(
    ("source", "size"),
    [
        ((1, 1), (1, 1)),
        ((1, 1), (70, 90)),
        ((10000, 1), (7, 3)),
        ((1, 10000), (3, 7)),
        ((10000, 1), (1, 1)),
        ((2, 3), (500, 400)),
        ((1, 300), (300, 1)),
        ((300, 1), (1, 300)),
        ((257, 255), (256, 256)),
        ((31, 3000), (30, 40)),  # columns first
        ((640, 480), (64, 48)),
    ],
)
def test_both_twins_agree_on_extreme_sizes(mode, source, size):
    expected, results = outcomes(image_of(mode, source, style="extremes"), size)
    assert [name for name, result in results.items() if result != expected] == []


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize(("size", "box"), [((80, 60), None), ((33, 47), (10.25, 3.5, 390, 299.75))])
def test_is_within_one_level_of_pillow(twin, mode, size, box):
    image = image_of(mode, (400, 300), style="extremes")
    ours = twin.crop_resize(image, size, box)
    theirs = image.resize(size, Image.Resampling.LANCZOS, box)
    premultiplied = {"LA": "La", "RGBA": "RGBa"}.get(mode, mode)
    assert (ours.mode, ours.size) == (mode, size)
    assert far(ours.convert(premultiplied).tobytes(), theirs.convert(premultiplied).tobytes()) <= 1


@pytest.mark.parametrize(
    ("mode", "seen", "hidden"), [("RGBA", (255, 0, 255), (0, 255, 0)), ("LA", (0,), (255,))]
)
def test_transparent_colour_does_not_bleed(twin, mode, seen, hidden):
    image = Image.new(mode, (64, 64), (*hidden, 0))
    image.paste((*seen, 255), (0, 0, 32, 64))
    pixels = list(twin.crop_resize(image, (13, 13)).get_flattened_data())
    assert {pixel[-1] for pixel in pixels} > {0, 255}
    for pixel in pixels:
        if pixel[-1] > 32:
            assert far(pixel[:-1], seen) <= 255 / pixel[-1] + 1


@pytest.mark.parametrize("mode", MODES)
def test_flat_colour_stays_exactly_flat(twin, mode):
    colour = (90, 201, 7, 255)[-len(mode) :] if mode.endswith("A") else (90, 201, 7)[: len(mode)]
    image = Image.new(mode, (123, 77), colour)
    assert twin.crop_resize(image, (19, 90), (3.3, 2, 100, 70)).tobytes() == bytes(colour) * (19 * 90)


@pytest.mark.parametrize("mode", MODES)
def test_a_region_at_its_own_size_is_untouched(twin, mode):
    image = image_of(mode, (40, 30))
    assert twin.crop_resize(image, (20, 10), (5, 7, 25, 17)).tobytes() == image.crop((5, 7, 25, 17)).tobytes()


@pytest.mark.parametrize("mode", MODES)
def test_the_source_stays_as_it_is(twin, mode):
    image = image_of(mode, (90, 60))
    image.info["note"] = "kept"
    before = image.tobytes()
    result = twin.crop_resize(image, (31, 17), (1, 2, 80, 50))
    assert image.tobytes() == before
    assert result.info == image.info
    assert result.info is not image.info
    result.paste(0, (0, 0, 31, 17))
    assert image.tobytes() == before


def test_pixels_beyond_the_box_count_and_those_outside_the_filter_do_not(twin):
    image = image_of("L", (200, 200))
    plain = twin.crop_resize(image, (20, 20), (60, 60, 120, 120)).tobytes()
    near, distant = image.copy(), image.copy()
    near.paste(255, (125, 60, 126, 120))
    distant.paste(255, (130, 130, 200, 200))
    assert twin.crop_resize(near, (20, 20), (60, 60, 120, 120)).tobytes() != plain
    assert twin.crop_resize(distant, (20, 20), (60, 60, 120, 120)).tobytes() == plain


def test_takes_files_not_yet_read_and_memory_of_others(twin):
    image = image_of("RGB", (90, 60))
    file = BytesIO()
    image.save(file, "PNG")
    assert (
        twin.crop_resize(Image.open(file), (31, 17)).tobytes() == twin.crop_resize(image, (31, 17)).tobytes()
    )
    gray = image_of("L", (96, 60))
    mapped = Image.frombuffer("L", gray.size, gray.tobytes(), "raw", "L", 0, 1)
    assert mapped.readonly
    assert twin.crop_resize(mapped, (31, 17)).tobytes() == twin.crop_resize(gray, (31, 17)).tobytes()


@pytest.mark.parametrize(
    ("mode", "size", "box", "message"),
    [
        ("P", (5, 5), None, "mode must be one of L, LA, RGB, RGBA, not P"),
        ("CMYK", (5, 5), None, "mode must be one of L, LA, RGB, RGBA, not CMYK"),
        ("RGB", (0, 5), None, "width must be 1 to 2147483647 pixels, not 0"),
        ("RGB", (5, -2), None, "height must be 1 to 2147483647 pixels, not -2"),
        ("RGB", (5, 5), (3, 3, 3, 8), r"box \(3, 3, 3, 8\) is empty or not inside the image of 10x20"),
        ("RGB", (5, 5), (-1, 0, 3, 8), r"box \(-1, 0, 3, 8\) is empty or not inside the image of 10x20"),
        ("RGB", (5, 5), (0, 0, 10.5, 8), r"box \(0, 0, 10.5, 8\) is empty or not inside the image of 10x20"),
        (
            "L",
            (5, 5),
            (0, float("nan"), 3, 8),
            r"box \(0, nan, 3, 8\) is empty or not inside the image of 10x20",
        ),
        ("L", (5, 5), (5, 0, 5 + 1e-9, 8), r"box \(5, 0, 5.000000001, 8\) is empty or not .*"),
    ],
)
def test_crop_resize_refuses(twin, mode, size, box, message):
    with pytest.raises(ValueError, match=f"^{message}$"):
        twin.crop_resize(Image.new(mode, (10, 20)), size, box)


def test_refuses_an_image_without_pixels(twin):
    with pytest.raises(ValueError, match="is empty or not inside the image of 0x7"):
        twin.crop_resize(Image.new("RGB", (0, 7)), (3, 3))


def test_threads_do_not_disturb_each_other(twin):
    images = [image_of(mode, (300, 200), seed) for seed, mode in enumerate(MODES * 4)]
    expected = [python.crop_resize(image, (70, 50)).tobytes() for image in images]
    with ThreadPoolExecutor(8) as pool:
        for _ in range(5):
            results = pool.map(lambda image: twin.crop_resize(image, (70, 50)).tobytes(), images)
            assert list(results) == expected


# ---- the choice between the twins ----


@needs_compiled
@pytest.mark.parametrize(
    "change",
    [
        "del Image.Image.getim",
        "Image.Image.getim = lambda self: None",
        "real = Image.Image.getim; Image.Image.getim = lambda self: real(self.transpose(2))",
        "real = Image.Image.getim; Image.Image.getim = lambda self: real(self.convert('RGB'))",
        "real = Image.Image.resize; Image.Image.resize = lambda self, *a: real(self, a[0], Image.BICUBIC)",
    ],
)
def test_another_pillow_is_left_to_the_python_twin(change):
    choice = "from pastebin._speedups import imagecrop; print(imagecrop.COMPILED)"
    program = f"from PIL import Image; {change}\n{choice}"
    environ = {name: value for name, value in os.environ.items() if name != "PASTEBIN_NO_EXTENSIONS"}
    run = subprocess.run(
        [sys.executable, "-c", program], env=environ, capture_output=True, text=True, check=False
    )
    assert (run.stdout, run.stderr) == ("False\n", "")
