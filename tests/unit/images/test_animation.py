"""Animations keep their frames, times and loops; or are refused before they cost anything."""

import io
import struct

import pytest
from PIL import Image, ImageChops

from pastebin.errors import ImageTooLarge
from pastebin.images import ImageLimits, Transform, avif_loops, probe
from pastebin.images.encoding import ANIMATED, _whole
from pastebin.images.palettes import indexed_frames
from tests.unit.images import samples
from tests.unit.images.samples import render

KINDS = ["GIF", "PNG", "WEBP", "AVIF"]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("alpha", [False, True])
@pytest.mark.parametrize("target", [None, "png", "webp", "avif"])
def test_frames_and_times_are_kept(kind, alpha, target):
    file = samples.animated(samples.frames(5, alpha=alpha), kind)
    sources, times = samples.played(file.getvalue())
    assert times == [100, 200, 300, 400, 500]
    result = render(file, Transform(format=target))
    shown, durations = samples.played(result.data)
    assert durations == times
    assert (result.width, result.height) == shown[0].size == (48, 32)
    for one, other in zip(shown, sources, strict=True):
        assert _difference(one, other) < (
            1 if {target or kind.lower(), kind.lower()} <= {"png", "gif"} else 12
        )


@pytest.mark.parametrize("alpha", [False, True])
@pytest.mark.parametrize("kind", ["GIF", "PNG"])
def test_lossless_formats_keep_each_pixel(kind, alpha):
    file = samples.animated(samples.frames(6, alpha=alpha), kind)
    expected, _ = samples.played(file.getvalue())
    shown, _ = samples.played(render(file, Transform()).data)
    assert [_visible(frame) for frame in shown] == [_visible(frame) for frame in expected]


@pytest.mark.parametrize("alpha", [False, True])
@pytest.mark.parametrize("kind", KINDS)
def test_each_frame_is_cut_and_scaled(kind, alpha):
    file = samples.animated(samples.frames(4, (96, 64), alpha=alpha), kind)
    wanted = Transform(width=20, height=20, fit="crop", region=(10, 4, 60, 56), format="png")
    shown, _ = samples.played(render(file, wanted).data)
    sources, _ = samples.played(file.getvalue())
    assert len(shown) == len(sources)
    for one, source in zip(shown, sources, strict=True):
        assert _difference(one, source.resize((20, 20), Image.Resampling.LANCZOS, (12, 4, 68, 60))) < 2


@pytest.mark.parametrize("orientation", [3, 6, 8])
def test_an_oriented_animation(orientation):
    file = samples.animated(samples.frames(3), "WEBP", exif=samples.exif(orientation))
    result = render(file, Transform(width=16, height=16, fit="contain", format="png"))
    assert (result.width < result.height) == (orientation != 3)
    assert (probe(file).width < probe(file).height) == (orientation != 3)


@pytest.mark.parametrize("target", ["gif", "png", "webp", "avif"])
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("plays", [0, 1, 3])
@pytest.mark.parametrize("alpha", [False, True])
def test_it_plays_as_often(kind, plays, target, alpha):
    def stated(kind: str) -> dict[str, int | None]:
        if kind == "GIF":
            return {"loop": None if plays == 1 else max(plays - 1, 0)}
        return {"loop": plays}

    file = samples.animated(samples.frames(alpha=alpha), kind, **stated(kind))
    if kind == "AVIF" and plays:
        avif_loops.tell_plays(file, plays)
    if target == "gif" and kind != "GIF":
        return  # nobody can ask for one
    data = render(file, Transform(format=None if target == "gif" else target)).data
    if target == "avif":
        assert avif_loops.plays(io.BytesIO(data)) == plays
    else:
        assert samples.decoded(data).info.get("loop") == stated(target.upper())["loop"]


@pytest.mark.parametrize(("flags", "once", "whole", "plays"), [
    (1, 600, 2**64 - 1, 0), (1, 600, 600, 1), (1, 600, 1300, 3), (1, 0, 600, 0), (0, 600, 600, 1),
])  # fmt: skip
def test_how_often_an_avif_of_others_is_played(flags, once, whole, plays):
    data = bytearray(samples.animated(samples.frames(), "AVIF").getvalue())
    edits, track = data.index(b"elst") + 4, data.index(b"tkhd") + 4
    data[edits + 3] = flags
    struct.pack_into(">Q", data, edits + 8, once)
    struct.pack_into(">Q", data, track + 28, whole)
    assert avif_loops.plays(io.BytesIO(data)) == plays


def test_an_avif_without_a_list_of_edits_is_played_for_ever():
    data = samples.animated(samples.frames(), "AVIF").getvalue()
    for broken in (data.replace(b"elst", b"xxxx"), data.replace(b"moov", b"xxxx"), data[:300], b""):
        assert avif_loops.plays(io.BytesIO(broken)) == 0


@pytest.mark.parametrize("target", ["gif", "png", "webp", "avif"])
@pytest.mark.parametrize(
    ("kind", "stated"), [("GIF", 65_534), ("GIF", 65_535), ("PNG", 65_536), ("PNG", 2**31)]
)
def test_more_plays_than_a_format_can_count_are_for_ever(kind, stated, target):
    if target == "gif" and kind != "GIF":
        return  # nobody can ask for one
    file = samples.animated(samples.frames(), kind, loop=stated)
    data = render(file, Transform(format=None if target == "gif" else target)).data
    plays = stated + 1 if kind == "GIF" else stated
    counted = (
        avif_loops.plays(io.BytesIO(data)) if target == "avif" else samples.decoded(data).info.get("loop")
    )
    assert counted == (stated if target == "gif" else plays) or (plays > 65_535 and not counted)


def test_many_colours_are_quick_and_few_are_exact():
    few = samples.frames(2, (60, 60))
    many = [samples.noise(60, 60, seed) for seed in range(2)]
    for frames, error in ((few, 0), (many, 20)):
        shown, _ = samples.played(render(samples.animated(frames, "PNG"), Transform(format="png")).data)
        quantized = [
            frame.convert("RGB") for frame in indexed_frames([one.convert("RGB") for one in shown])[0]
        ]
        for one, other in zip(shown, quantized, strict=True):
            assert _difference(one, other.convert("RGBA")) <= error


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("target", list(ANIMATED))
def test_an_animation_over_the_work_of_its_encoder_is_refused(kind, target, monkeypatch):
    monkeypatch.setitem(ANIMATED, target, 4 * 24 * 16 - 1)
    if target == "gif" and kind != "GIF":
        return  # nobody can ask for one
    wanted = Transform(width=24, format=None if target == "gif" else target)
    with pytest.raises(ImageTooLarge, match="4 frames of 24 × 16"):
        render(samples.animated(samples.frames(4), kind), wanted)


@pytest.mark.parametrize("kind", KINDS)
def test_a_jpeg_shows_the_first_frame(kind):
    file = samples.animated(samples.frames(), kind)
    limits = ImageLimits(max_frames=2, max_animation_pixels=10)
    shown = samples.decoded(render(file, Transform(format="jpeg"), limits).data)
    assert shown.getpixel((5, 16))[0] > 200


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("limits", "message"),
    [
        (ImageLimits(max_frames=3), "more than 3 frames"),
        (ImageLimits(max_animation_pixels=4 * 48 * 32 - 1), "4 frames of 48 × 32"),
        (ImageLimits(max_result_pixels=4 * 24 * 16 - 1), "4 frames of 24 × 16"),
    ],
)
def test_an_animation_over_the_budget_is_refused(kind, limits, message):
    file = samples.animated(samples.frames(4), kind)
    with pytest.raises(ImageTooLarge, match=message):
        render(file, Transform(width=24), limits)


@pytest.mark.parametrize("kind", KINDS)
def test_an_animation_on_the_budget_is_rendered(kind):
    limits = ImageLimits(max_frames=4, max_animation_pixels=4 * 48 * 32, max_result_pixels=4 * 24 * 16)
    result = render(samples.animated(samples.frames(4), kind), Transform(width=24), limits)
    assert len(samples.played(result.data)[0]) == 4


def test_a_default_image_is_no_frame():
    pictures = [Image.new("RGB", (48, 32), (0, 200, 0)), *samples.frames(3)]
    file = samples.animated(pictures, "PNG", default_image=True, duration=[100, 200, 300])
    shown, durations = samples.played(render(file, Transform(format="webp")).data)
    assert durations == [100, 200, 300]
    assert shown[0].getpixel((2, 16))[0] > 200


@pytest.mark.parametrize("disposal", [0, 1, 2, 3])
def test_disposal_of_a_gif(disposal):
    """A red canvas, then a green block disposed of, then a blue block elsewhere."""
    screen = (
        b"GIF89a"
        + struct.pack("<HHBBB", 8, 8, 0x81, 0, 0)
        + bytes((0, 0, 0, 255, 0, 0, 0, 255, 0, 0, 0, 255))
    )

    def frame(method: int, left: int, side: int, index: int) -> bytes:
        control = b"!\xf9\x04" + bytes((method << 2 | 1, 10, 0, 0, 0))
        codes = "".join(
            f"{code:03b}"[::-1] for _ in range(side * side) for code in (4, index)
        )  # clear, pixel
        bits = codes + f"{5:03b}"[::-1]
        data = bytes(int(bits[at : at + 8][::-1], 2) for at in range(0, len(bits), 8))
        return (
            control
            + b","
            + struct.pack("<HHHHB", left, 0, side, side, 0)
            + b"\x02"
            + bytes((len(data),))
            + data
            + b"\0"
        )

    gif = screen + frame(1, 0, 8, 1) + frame(disposal, 0, 3, 2) + frame(1, 4, 3, 3) + b";"
    shown, _ = samples.played(render(samples.io.BytesIO(gif), Transform(format="png")).data)
    kept = {0: (0, 255, 0, 255), 1: (0, 255, 0, 255), 2: (0, 0, 0, 0), 3: (255, 0, 0, 255)}[disposal]
    assert shown[1].getpixel((1, 1)) == (0, 255, 0, 255)
    assert shown[2].getpixel((5, 1)) == (0, 0, 255, 255)
    assert shown[2].getpixel((1, 1)) in (kept, (*kept[:3], kept[3]))
    assert shown[2].getpixel((7, 7)) == (255, 0, 0, 255)


def test_rounded_durations_do_not_drift():
    assert sum(_whole([33] * 30, 10)) == 990
    assert _whole([4, 4, 0, 5], 10)[0] == 10
    assert _whole([33.4, 33.4], 1) == [33, 34]


def test_a_header_that_promises_more_frames_than_there_are_stands_still():
    data = samples.animated(samples.frames(3), "PNG").getvalue()
    at = data.index(b"acTL")
    table = b"acTL" + struct.pack(">LL", 9, 0)
    data = data[:at] + table + struct.pack(">L", samples.zlib.crc32(table)) + data[at + 16 :]
    still = samples.decoded(render(samples.io.BytesIO(data), Transform()).data)
    assert getattr(still, "n_frames", 1) == 1
    assert still.convert("RGB").tobytes() == samples.frames(3)[0].tobytes()


def _visible(frame: Image.Image) -> bytes:
    blank = Image.new("RGBA", frame.size)
    blank.paste(frame, mask=frame.getchannel("A"))
    return blank.tobytes()


def _difference(one: Image.Image, other: Image.Image) -> float:
    """Mean difference of two images laid on grey, so that unseen colours do not count."""
    laid = []
    for image in (one, other):
        ground = Image.new("RGBA", image.size, (128, 128, 128, 255))
        laid.append(Image.alpha_composite(ground, image).convert("RGB"))
    histogram = ImageChops.difference(*laid).convert("L").histogram()
    return sum(level * count for level, count in enumerate(histogram)) / (one.width * one.height)


@pytest.mark.parametrize("target", ["png", "gif", "webp", "avif"])
def test_a_frame_that_is_shown_for_hours_is_shown_for_a_minute(target: str) -> None:
    hours = samples.animated(samples.frames(3, (24, 16)), "WEBP", duration=[100, 10_000_000, 10_000_000])
    shown, durations = samples.played(render(hours, Transform(format=target)).data)
    assert len(shown) == 3
    assert durations == [100, 65_000, 65_000]
