"""The three compiled modules, each against what it replaces, one thread: `kernels_*.py` do the work."""

import sys
from collections.abc import Iterator

import peers
from effort import Effort
from results import OURS, Goal, Measurement
from rounds import Comparison

MIB = 2**20


def kernels(effort: Effort) -> Iterator[Measurement]:
    """Run the main task of each kernel."""
    yield from _hashing(effort.kernel_seconds)
    yield from _short_links(effort.kernel_seconds)
    yield from _crop_resize(effort.kernel_seconds)


def _hashing(seconds: float) -> Iterator[Measurement]:
    import kernels_hashing  # noqa: PLC0415

    size = 64 * MIB
    for name, kernel, goal in (
        ("md5, then sha256", kernels_hashing.both_digests, Goal("≥ 1.4 ×", "md5, then sha256", 1.4)),
        ("md5 alone", kernels_hashing.md5_alone, Goal("as fast as MD5 alone", "md5 alone", 1)),
    ):
        found = kernel(size, seconds)
        figures = {OURS: [size / found.median_a / 1e6], name: [size / found.median_b / 1e6]}
        title = f"MD5 and SHA-256 in one pass, 64 MiB, against hashlib's {name}"
        yield Measurement(f"kernel-hashing-{name.split()[-1]}", title, "MB/s", figures, [goal])


def _short_links(seconds: float) -> Iterator[Measurement]:
    sys.path.insert(0, str(peers.packages("short_url")))
    import kernels_shorturl  # noqa: PLC0415
    from short_url import UrlEncoder  # noqa: PLC0415

    theirs = UrlEncoder()
    rows = kernels_shorturl.against("short_url", theirs.encode_url, theirs.decode_url, 2**24, seconds)
    for label, found in rows:
        task = label.partition(",")[0]
        figures = {
            OURS: [kernels_shorturl.COUNT / found.median_a / 1e6],
            "short_url": [kernels_shorturl.COUNT / found.median_b / 1e6],
        }
        title = f"short links: {task}, from Python" + ("" if task == "encode_many" else ", one at a time")
        yield Measurement(
            f"kernel-shorturl-{task}", title, "M codes/s", figures, [Goal("≥ 20 ×", "short_url", 20)]
        )


def _crop_resize(seconds: float) -> Iterator[Measurement]:
    import kernels_imagecrop as crop  # noqa: PLC0415

    title = "crop and Lanczos resize, 12 MP RGB → 800×600, against"
    pillow = crop.against_pillow(crop.MAIN, seconds)
    yield _times("kernel-resize-pillow", f"{title} Pillow", pillow, Goal("≥ 8 ×", "Pillow", 8))
    simd = crop.against_simd(crop.MAIN, str(peers.python("simd")), seconds)
    goal = Goal("no slower than pillow-simd", "pillow-simd", 1)
    yield _times("kernel-resize-simd", f"{title} pillow-simd (AVX2)", simd, goal)


def _times(name: str, title: str, found: Comparison, goal: Goal) -> Measurement:
    figures = {OURS: [found.median_a * 1e3], found.name_b: [found.median_b * 1e3]}
    return Measurement(name, title, "ms", figures, [goal])
