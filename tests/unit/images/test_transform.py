"""Parameters of an address become a transform, or an error that says what is allowed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pastebin.errors import BadTransform
from pastebin.images import ImageLimits, Transform


def read(**params: str) -> Transform | None:
    return Transform.from_params(params)


def test_nothing_asked():
    assert read() is None
    assert read(w="", h="", fit="", q="", x="") is None
    assert read(other="1") is None


def test_everything_asked():
    params = {"w": "80", "h": "60", "fit": "crop", "format": "webp", "q": "7"}
    region = {"x": "0", "y": "2", "cw": "30", "ch": "40"}
    assert read(**params, **region) == Transform(80, 60, "crop", (0, 2, 30, 40), "webp", 7)


def test_an_empty_parameter_counts_as_left_out():
    assert read(w="80", h="", x="", fit="") == Transform(width=80)


@pytest.mark.parametrize("name", ["w", "h", "q"])
@pytest.mark.parametrize(
    "text",
    [
        "0",
        "-1",
        "1.5",
        "1e3",
        "abc",
        " 5",
        "5 ",
        "+5",
        "٣",
        "５",
        "0x10",
        "99999",
        "9" * 5000,
        "1_0",
        "\0",
        "NaN",
    ],
)
def test_a_bad_number_is_refused(name, text):
    with pytest.raises(BadTransform) as caught:
        read(**{name: text})
    assert caught.value.message.startswith(f"{name} must be ")
    assert "whole number from 1 to" in caught.value.message
    assert caught.value.message.isascii()
    assert len(caught.value.message) < 200


@pytest.mark.parametrize("name", ["fit", "format"])
@pytest.mark.parametrize("text", ["CROP", "jpg", "<script>", "none", "é"])
def test_a_bad_choice_is_refused(name, text):
    with pytest.raises(BadTransform, match=r" must be one of .+, not "):
        read(**{name: text})


def test_a_region_is_given_whole_or_not_at_all():
    with pytest.raises(BadTransform, match="y, ch is left out"):
        read(x="1", cw="5")


@pytest.mark.parametrize(("name", "text"), [("x", "-1"), ("y", "a"), ("cw", "0"), ("ch", "9999999")])
def test_a_bad_region_is_refused(name, text):
    with pytest.raises(BadTransform, match=f"^{name} must be "):
        read(**{"x": "0", "y": "0", "cw": "5", "ch": "5", name: text})


def test_limits_bound_the_sides_and_the_result():
    limits = ImageLimits(max_side=100, max_result_pixels=5000)
    with pytest.raises(BadTransform, match="1 to 100"):
        Transform.from_params({"w": "101"}, limits)
    with pytest.raises(BadTransform, match="100 × 51 pixels"):
        Transform.from_params({"w": "100", "h": "51", "fit": "crop"}, limits)
    assert Transform.from_params({"w": "100", "h": "50", "fit": "crop"}, limits)


def test_a_side_that_follows_is_bounded_too():
    with pytest.raises(BadTransform, match="at most 10000 a side"):
        Transform(width=10_000).plan((10, 1000))


def test_a_region_must_lie_inside():
    with pytest.raises(BadTransform, match="100 × 50 pixels"):
        Transform(region=(60, 0, 41, 10)).plan((100, 50))
    assert Transform(region=(60, 0, 40, 50)).plan((100, 50)) == ((60, 0, 100, 50), (40, 50))


def test_a_size_applies_to_the_region():
    wanted = Transform(width=10, height=10, fit="crop", region=(10, 20, 40, 20))
    assert wanted.plan((100, 50)) == ((20, 20, 40, 40), (10, 10))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"w": "5"}, {"w": "0005", "h": ""}),
        ({"w": "5"}, {"w": "5", "fit": "crop"}),
        ({"w": "5", "h": "6"}, {"h": "6", "w": "5", "fit": "auto"}),
        ({"format": "png"}, {"format": "png", "q": "3"}),
    ],
)
def test_equal_meaning_has_an_equal_key(one, other):
    assert read(**one).key == read(**other).key


numbers = st.none() | st.integers(1, 200)
regions = st.none() | st.tuples(*[st.integers(1, 20)] * 4)
transforms = st.builds(
    Transform,
    numbers,
    numbers,
    st.sampled_from(["auto", "crop", "contain"]),
    regions,
    st.sampled_from([None, "jpeg", "png", "webp", "avif"]),
    st.none() | st.integers(1, 100),
)


def meaning(wanted: Transform) -> tuple:
    fit = wanted.fit if wanted.width and wanted.height else None
    quality = None if wanted.format == "png" else wanted.quality
    return wanted.width, wanted.height, fit, wanted.region, wanted.format, quality


@given(transforms, transforms)
def test_another_meaning_has_another_key(one, other):
    assert (one.key == other.key) == (meaning(one) == meaning(other))
    assert one.key.isascii()
    assert len(one.key) < 80


@given(st.dictionaries(st.sampled_from(["w", "h", "fit", "format", "q", "x", "y", "cw", "ch"]), st.text()))
def test_any_text_is_read_or_refused(params):
    try:
        wanted = Transform.from_params(params)
    except BadTransform:
        return
    assert wanted is None or wanted.key
