"""Broken and invented files: our errors or an image, nothing else, from any thread."""

import contextlib
import io
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pastebin.errors import BadTransform, ImageTooLarge, NotAnImage
from pastebin.images import ImageLimits, Transform, probe
from tests.unit.images import samples
from tests.unit.images.samples import render

LIMITS = ImageLimits(max_pixels=1_000_000, max_result_pixels=1_000_000, max_animation_pixels=2_000_000)
OURS = (NotAnImage, ImageTooLarge, BadTransform)


def _valid_files() -> dict[str, bytes]:
    small, alpha = samples.picture(24, 16), samples.picture(24, 16, "RGBA")
    orient = {"exif": samples.exif(6)}
    made = {
        "jpeg": samples.encoded(small, "JPEG", icc_profile=samples.srgb_profile(), **orient),
        "progressive": samples.encoded(small, "JPEG", progressive=True),
        "cmyk": samples.encoded(small.convert("CMYK"), "JPEG", icc_profile=samples.cmyk_profile()),
        "png": samples.encoded(alpha, "PNG", icc_profile=samples.srgb_profile(), **orient),
        "palette": samples.encoded(small.convert("P"), "PNG", transparency=3),
        "apng": samples.animated(samples.frames(3, (24, 16), alpha=True), "PNG"),
        "gif": samples.encoded(small, "GIF"),
        "animated gif": samples.animated(samples.frames(3, (24, 16), alpha=True), "GIF"),
        "webp": samples.encoded(alpha, "WEBP", **orient),
        "animated webp": samples.animated(samples.frames(3, (24, 16)), "WEBP"),
        "avif": samples.encoded(small, "AVIF", speed=10, **orient),
        "animated avif": samples.animated(samples.frames(3, (24, 16)), "AVIF", speed=10),
        "bmp": samples.encoded(small, "BMP"),
        "tiff": samples.encoded(small, "TIFF", **orient),
        "packed tiff": samples.encoded(small, "TIFF", compression="tiff_lzw"),
        "icon": samples.encoded(samples.picture(32, 32, "RGBA"), "ICO", sizes=[(16, 16), (32, 32)]),
        "bitmap icon": samples.encoded(alpha, "ICO", sizes=[(16, 16)], bitmap_format="bmp"),
    }
    return {name: file.getvalue() for name, file in made.items()}


VALID = _valid_files()
QUIET = settings(deadline=None, max_examples=60, suppress_health_check=list(HealthCheck))


def survives(data: bytes) -> None:
    """Probe and render; our own errors are an answer too."""
    for call in (
        lambda: probe(io.BytesIO(data), LIMITS),
        lambda: render(io.BytesIO(data), Transform(width=8, height=8, fit="crop"), LIMITS),
        lambda: render(io.BytesIO(data), Transform(format="webp", quality=1), LIMITS),
    ):
        with contextlib.suppress(*OURS):
            call()


@pytest.mark.parametrize("name", VALID)
def test_the_unharmed_file_is_an_image(name):
    assert render(io.BytesIO(VALID[name]), Transform(width=8), LIMITS).width == 8


@pytest.mark.parametrize("name", VALID)
@QUIET
@given(seed=st.integers(0, 2**32), count=st.integers(1, 12))
def test_changed_bytes(name, seed, count):
    survives(samples.mutations(VALID[name], seed, count))


@pytest.mark.parametrize("name", VALID)
@QUIET
@given(data=st.data())
def test_changed_headers(name, data):
    """Small changes near the beginning, where sizes, offsets and counts are."""
    changed = bytearray(VALID[name])
    edits = st.tuples(st.integers(4, min(400, len(changed)) - 1), st.integers(0, 255))
    for at, value in data.draw(st.lists(edits, min_size=1, max_size=6)):
        changed[at] = value
    survives(bytes(changed))


@pytest.mark.parametrize("name", VALID)
def test_every_tenth_truncation(name):
    for end in range(0, len(VALID[name]), max(1, len(VALID[name]) // 40)):
        survives(VALID[name][:end])


@pytest.mark.parametrize("name", ["jpeg", "png", "webp", "avif", "bmp", "tiff"])
def test_a_file_without_its_second_half_is_refused(name):
    half = VALID[name][: len(VALID[name]) // 2]
    with pytest.raises(NotAnImage, match="broken or incomplete"):
        render(io.BytesIO(half), Transform(width=8))


def test_an_animation_without_colours():
    data = bytearray(VALID["animated gif"])
    data[10] = 0  # the flags of the screen: no colour table follows
    survives(bytes(data))


@QUIET
@given(
    head=st.sampled_from([data[:16] for data in VALID.values()] + [b"", b"BM", b"\0\0\1\0"]), tail=st.binary()
)
def test_a_signature_and_garbage(head, tail):
    survives(head + tail)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"hello",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"%PDF-1.7",
        b"BMW builds cars",
        b"\0" * 100,
    ],
)
def test_what_is_no_image(data):
    for call in (probe, lambda file: render(file, Transform(width=8))):
        with pytest.raises(NotAnImage):
            call(io.BytesIO(data))


def test_formats_that_are_not_asked_for_stay_closed():
    for kind in ("PPM", "TGA", "PCX", "EPS", "JPEG2000"):
        with pytest.raises(NotAnImage, match="not supported"):
            probe(samples.encoded(samples.picture(), kind))


def test_an_error_of_the_disk_is_not_the_images_fault():
    class Failing(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            if self.tell() > 600:
                raise OSError(5, "Input/output error")
            return super().read(size)

    with pytest.raises(OSError, match="Input/output error"):
        render(Failing(VALID["jpeg"]), Transform(width=8))


def test_several_threads():
    wanted = [Transform(width=8), Transform(width=5, format="png"), Transform(format="avif")]
    jobs = [(data, transform) for data in VALID.values() for transform in wanted]

    def shown(job: tuple[bytes, Transform]) -> tuple[list[bytes], list[float]]:
        """Frames and times rather than the file: an animated AVIF states when it was made."""
        frames, times = samples.played(render(io.BytesIO(job[0]), job[1]).data)
        return [frame.tobytes() for frame in frames], times

    alone = [shown(job) for job in jobs]
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(shown, jobs * 3)) == alone * 3


def test_an_animation_without_any_palette_is_broken() -> None:
    data = bytearray(VALID["animated gif"])
    data[10] = data[44] = 0  # the flags that say that a palette follows
    with pytest.raises(NotAnImage):
        render(io.BytesIO(bytes(data)), Transform(width=8, height=8, fit="crop"), LIMITS)
