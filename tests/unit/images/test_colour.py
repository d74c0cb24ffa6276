"""Profiles are kept where the result can carry them, applied where it cannot, dropped when broken."""

import pytest
from PIL import Image

from pastebin.images import Transform
from tests.unit.images import samples
from tests.unit.images.samples import render


def rendered(image: Image.Image, kind: str, target: str | None, **options: object) -> Image.Image:
    file = samples.encoded(image, kind, **options)
    return samples.decoded(render(file, Transform(width=10, format=target)).data)


def near(colour: tuple[int, ...], expected: tuple[int, ...], off: int = 6) -> bool:
    return all(abs(one - other) <= off for one, other in zip(colour, expected, strict=True))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "AVIF", "TIFF"])
@pytest.mark.parametrize("target", ["jpeg", "png", "webp", "avif"])
@pytest.mark.parametrize("mode", ["RGB", "RGBA"])
def test_an_rgb_profile_is_kept(kind, target, mode):
    if mode == "RGBA" and kind == "JPEG":
        return
    profile = samples.swapped_profile()
    shown = rendered(Image.new(mode, (20, 20), (200, 10, 10)), kind, target, icc_profile=profile)
    assert shown.info["icc_profile"] == profile
    assert near(shown.convert("RGB").getpixel((5, 5)), (200, 10, 10))


def test_an_rgb_profile_is_applied_for_a_palette():
    """No GIF source carries one; what becomes a GIF goes through the same step."""
    from pastebin.images.colour import matched
    from pastebin.images.colour_descriptions import Colours

    colours = Colours(profile=samples.swapped_profile())
    image, kept = matched(Image.new("RGBA", (4, 4), (200, 10, 10, 77)), colours, "gif")
    assert kept is None
    assert near(image.getpixel((1, 1)), (10, 10, 200, 77))


@pytest.mark.parametrize("target", ["jpeg", "png", "avif"])
def test_a_grey_profile_is_kept(target):
    profile = samples.grey_profile()
    shown = rendered(Image.new("L", (20, 20), 128), "PNG", target, icc_profile=profile)
    assert shown.info["icc_profile"] == profile
    assert abs(shown.convert("L").getpixel((5, 5)) - 128) <= 2


@pytest.mark.parametrize(("mode", "grey"), [("L", 128), ("LA", (128, 255))])
def test_a_grey_profile_is_applied_where_only_rgb_fits(mode, grey):
    shown = rendered(Image.new(mode, (20, 20), grey), "PNG", "webp", icc_profile=samples.grey_profile())
    assert "icc_profile" not in shown.info
    assert near(shown.convert("RGB").getpixel((5, 5)), (188, 188, 188))


def test_a_long_profile_is_applied_instead_of_kept():
    profile = samples.swapped_profile() + bytes(70_000)
    profile = len(profile).to_bytes(4, "big") + profile[4:]
    shown = rendered(Image.new("RGB", (20, 20), (200, 10, 10)), "PNG", None, icc_profile=profile)
    assert "icc_profile" not in shown.info
    assert near(shown.getpixel((5, 5)), (10, 10, 200))


@pytest.mark.parametrize("kind", ["JPEG", "TIFF"])
@pytest.mark.parametrize("target", [None, "jpeg", "png", "webp", "avif"])
def test_cmyk_becomes_rgb(kind, target):
    for profile in (None, b"nonsense" * 40, samples.srgb_profile()):
        shown = rendered(Image.new("CMYK", (20, 20), (0, 255, 255, 0)), kind, target, icc_profile=profile)
        assert "icc_profile" not in shown.info
        assert near(shown.convert("RGB").getpixel((5, 5)), (255, 0, 0))


def test_a_cmyk_profile_is_applied():
    image = Image.new("CMYK", (20, 20), (200, 0, 0, 0))
    plain = rendered(image, "JPEG", None).getpixel((5, 5))
    red, green, blue = rendered(image, "JPEG", None, icc_profile=samples.cmyk_profile()).getpixel((5, 5))
    assert plain[0] < 80
    assert red > 100 > max(green, blue)


@pytest.mark.parametrize(
    "profile",
    [
        b"no profile at all",
        samples.srgb_profile()[:300],
        samples.srgb_profile()[:36] + b"????" + samples.srgb_profile()[40:],
        samples.grey_profile(),
    ],
)
def test_a_profile_that_does_not_fit_is_dropped(profile):
    shown = rendered(Image.new("RGB", (20, 20), (200, 10, 10)), "JPEG", None, icc_profile=profile)
    assert "icc_profile" not in shown.info
    assert near(shown.getpixel((5, 5)), (200, 10, 10))


def test_a_profile_that_cannot_be_used_is_ignored():
    profile = samples.grey_profile().replace(b"kTRC", b"none")
    shown = rendered(Image.new("L", (20, 20), 128), "PNG", "webp", icc_profile=profile)
    assert near(shown.getpixel((5, 5)), (128, 128, 128))
