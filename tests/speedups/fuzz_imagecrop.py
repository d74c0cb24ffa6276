"""Compare the twins of imagecrop on generated input, under AddressSanitizer.

Not collected by pytest: it runs as long as it is told to, best on an instrumented build of its own:

    CFLAGS="-fsanitize=address,undefined -fno-sanitize-recover=undefined -O1 -g" \\
    LDFLAGS="-fsanitize=address,undefined" \\
        python setup.py build_ext --force --build-lib .bench/asan --build-temp .bench/asan-objects
    LD_PRELOAD="$(gcc -print-file-name=libasan.so) $(gcc -print-file-name=libubsan.so)" \\
    ASAN_OPTIONS=detect_leaks=0 PYTHONMALLOC=malloc \\
        python tests/speedups/fuzz_imagecrop.py --build .bench/asan --seconds 180

Without `--build` it takes the installed module. The seed is printed; `--seed` repeats a run. Pillow is
told to allocate each image apart, so that the sanitizer sees where it ends.
"""

import argparse
import random
import time
from importlib import import_module
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

from PIL import Image

from pastebin._speedups import _imagecrop_py as python

NAME = "pastebin._speedups._imagecrop_c"
SIDES = (1, 2, 3, 4, 5, 7, 8, 15, 16, 17, 31, 32, 33, 63, 64, 65)


def compiled(build: Path | None) -> ModuleType:
    """Return the compiled module, from the folder `build` if there is one."""
    if build is None:
        return import_module(NAME)
    (path,) = (build / "pastebin" / "_speedups").glob("_imagecrop_c.*.so")
    spec = spec_from_file_location(NAME, path)
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def outcome(function, *arguments):
    """Return the pixels or the plan that a call gives, or the type and the text of what it raises."""
    try:
        result = function(*arguments)
    except (ValueError, TypeError) as error:
        return type(error), str(error)
    return result.tobytes() if isinstance(result, Image.Image) else result


def some_size(rng: random.Random, most: int) -> tuple[int, int]:
    """Return a width and a height, edgy or not, now and then extreme."""
    if rng.random() < 0.05:
        return rng.choice([(1, 10000), (10000, 1), (3, 4000), (4000, 3), (500, 500)])
    width, height = (rng.choice(SIDES) if rng.random() < 0.5 else rng.randint(1, most) for _ in range(2))
    return width, height


def some_image(rng: random.Random) -> Image.Image:
    """Return an image of noise, or of black-and-white noise."""
    mode, size = rng.choice(python.MODES), some_size(rng, 200)
    count = size[0] * size[1] * len(mode)
    content = rng.randbytes(count) if rng.random() < 0.5 else bytes(rng.choices((0, 255), k=count))
    return Image.frombytes(mode, size, content)


def some_box(rng: random.Random, size: tuple[int, int]) -> tuple[float, ...] | None:
    """Return no box, a whole one, a fractional one or a tiny one, now and then beyond the image."""
    if rng.random() < 0.4:
        return None
    slack = 1 if rng.random() < 0.1 else 0
    pick = rng.choice((rng.uniform, rng.randint))
    (x0, x1), (y0, y1) = (sorted(pick(-slack, side + slack) for _ in range(2)) for side in size)
    if rng.random() < 0.1:
        x1, y1 = x0 + rng.choice((1e-6, 0.01, 0.5)), y0 + rng.choice((1e-6, 0.01, 0.5))
    return x0, y0, x1, y1


def crop_case(rng: random.Random, module: ModuleType) -> None:
    """Resample one image with every inner loop."""
    image = some_image(rng)
    task = image, some_size(rng, 90), some_box(rng, image.size)
    expected = outcome(python.crop_resize, *task)
    for kernel in module.kernel_names():
        module.use_kernel(kernel)
        if outcome(module.crop_resize, *task) != expected:
            raise SystemExit(f"{kernel} differs: {image.mode} {image.size} to {task[1:]}")


def plan_case(rng: random.Random, module: ModuleType) -> None:
    """Plan one crop."""
    side = (0, 1, 2, 5, 99, 4000, 2**31 - 1, 2**31, rng.randint(1, 100), rng.randint(1, 2**31))
    task = (
        (rng.choice(side), rng.choice(side)),
        rng.choice((None, *side)),
        rng.choice((None, *side)),
        rng.choice(("auto", "crop", "contain", "cover")),
    )
    if outcome(module.plan, *task) != outcome(python.plan, *task):
        raise SystemExit(f"plans differ: {task}")


def main() -> None:
    """Run until the time is up, or the twins differ."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(2**32))
    parser.add_argument("--build", type=Path, help="folder of an instrumented build")
    options = parser.parse_args()
    print(f"seed {options.seed}", flush=True)
    Image.core.set_use_block_allocator(1)
    module, rng = compiled(options.build), random.Random(options.seed)
    cases, end = 0, time.monotonic() + options.seconds
    while time.monotonic() < end:
        crop_case(rng, module)
        plan_case(rng, module)
        cases += 1
    print(f"{cases} images and plans, inner loops {', '.join(module.kernel_names())}: no difference")


if __name__ == "__main__":
    main()
