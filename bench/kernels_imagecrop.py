"""Speed of crop and resize: `python bench/kernels_imagecrop.py [seconds] [PYTHON]`.

Against Pillow, and against pillow-simd where it is there. `seconds`: how long each line may take (default 4).
`PYTHON`: an interpreter that has pillow-simd in place of Pillow, in an environment of its own, made by

    python -m venv /tmp/simd
    CC="cc -mavx2" /tmp/simd/bin/pip install --no-binary pillow-simd pillow-simd==12.1.1.post0

It answers from a process of its own, in turn with ours; passing a line there and back costs it some 0.05 ms.
One thread, noise for pixels. Ratios are of medians, over 1 where the compiled twin is the faster.
"""

import random
import subprocess
import sys
from collections.abc import Callable

from PIL import Image
from rounds import Comparison, compare, print_table

from pastebin._speedups import _imagecrop_c

Task = tuple[str, tuple[int, int], tuple[int, int], tuple[int, int, int, int]]
"""Mode, size of the source, size of the result, box."""

ALL = (0, 0, 4000, 3000)
MAIN: Task = ("RGB", (4000, 3000), (800, 600), ALL)
TASKS: dict[str, Task] = {
    "12 MP RGB to 800x600": MAIN,
    "12 MP L to 800x600": ("L", *MAIN[1:]),
    "12 MP LA to 800x600": ("LA", *MAIN[1:]),
    "12 MP RGBA to 800x600": ("RGBA", *MAIN[1:]),
    "12 MP RGB, square of it to 100x100": ("RGB", (4000, 3000), (100, 100), (500, 0, 3500, 3000)),
    "12 MP RGB to 1920x1440": ("RGB", (4000, 3000), (1920, 1440), ALL),
    "RGB 400x300 to 1600x1200": ("RGB", (400, 300), (1600, 1200), (0, 0, 400, 300)),
    "RGB 1000x8000 to 800x600, columns first": ("RGB", (1000, 8000), (800, 600), (0, 0, 1000, 8000)),
    "RGB 64x48 to 32x24": ("RGB", (64, 48), (32, 24), (0, 0, 64, 48)),
}
WORKER = """
import random, sys
from PIL import Image
mode, source, size, box = eval(sys.argv[1])
image = Image.frombytes(mode, source, random.Random(1).randbytes(source[0] * source[1] * len(mode)))
for line in sys.stdin:
    image.resize(size, Image.LANCZOS, box)
    print(flush=True)
"""


def source_of(task: Task) -> Image.Image:
    """Make the source of a task."""
    mode, size = task[:2]
    return Image.frombytes(mode, size, random.Random(1).randbytes(size[0] * size[1] * len(mode)))


def ours(task: Task) -> Callable[[], object]:
    """Return what is measured: the compiled twin."""
    image, size, box = source_of(task), *task[2:]
    return lambda: _imagecrop_c.crop_resize(image, size, box)


def against_pillow(task: Task, seconds: float) -> Comparison:
    """Compare with Pillow's resize."""
    image, size, box = source_of(task), *task[2:]
    theirs = lambda: image.resize(size, Image.Resampling.LANCZOS, box)  # noqa: E731
    return compare("compiled", ours(task), "Pillow", theirs, seconds=seconds)


def against_simd(task: Task, python: str, seconds: float) -> Comparison:
    """Compare with the resize of pillow-simd, in a process of its own."""
    with subprocess.Popen(
        [python, "-c", WORKER, repr(task)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as worker:

        def theirs() -> None:
            print(file=worker.stdin, flush=True)
            worker.stdout.readline()

        result = compare("compiled", ours(task), "pillow-simd", theirs, seconds=seconds)
        worker.stdin.close()
    return result


def by_kernel(seconds: float) -> list[tuple[str, Comparison]]:
    """Compare each inner loop with Pillow on the main task."""
    rows = []
    for name in reversed(_imagecrop_c.kernel_names()):  # ends with the one usually in use
        _imagecrop_c.use_kernel(name)
        rows.append((name, against_pillow(MAIN, seconds)))
    return rows


def main() -> None:
    """Print all tables."""
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 4.0
    print_table("12 MP RGB to 800x600, by inner loop", by_kernel(seconds))
    print_table("against Pillow", [(label, against_pillow(task, seconds)) for label, task in TASKS.items()])
    if len(sys.argv) > 2:
        rows = [(label, against_simd(task, sys.argv[2], seconds)) for label, task in TASKS.items()]
        print_table("against pillow-simd", rows)


if __name__ == "__main__":
    main()
