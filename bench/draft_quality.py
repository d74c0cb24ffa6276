"""What a JPEG's scaled decoding costs in quality, and saves in time, against the full decode.

    python bench/draft_quality.py [--width 4000] [--height 3000] [--rounds 5]

Makes two 4:2:0 JPEGs of the given size, a photo-like one and one of text and fine lines, which is
harder; renders each at several widths from each scale that leaves at least one decoded pixel for
each result pixel, and prints how many are left along a side, the median time from file to pixels,
and PSNR and SSIM (luma, blocks of 8 × 8) against the full decode with the same kernel. "used" marks
the scale that `pastebin.images` chooses.
"""

import argparse
import io
import math
import random
import statistics
import time

from PIL import Image, ImageChops, ImageDraw, ImageMath

from pastebin._speedups import imagecrop
from pastebin.images import jpeg

PARTS = (2.5, 3.9, 4, 5, 7.8, 8, 10, 15.6, 20)
FACTORS = (1, 2, 4, 8)


def photo(width: int, height: int) -> Image.Image:
    """Make noise of every scale under soft and hard shapes: the spectrum of a photo, roughly."""
    chance = random.Random(1)
    image = _noise(width, height, 256)
    for scale, weight in ((64, 0.3), (16, 0.18), (4, 0.09)):
        image = Image.blend(image, _noise(width, height, scale), weight)
    draw = ImageDraw.Draw(image)
    for _ in range(60):
        left, top, side = chance.randrange(width), chance.randrange(height), chance.randrange(20, width // 8)
        colour = tuple(chance.randrange(256) for _ in range(3))
        draw.ellipse((left, top, left + side, top + side // 2), fill=colour, outline="black", width=3)
    return image


def lines(width: int, height: int) -> Image.Image:
    """Make black text and hair lines at all angles on white: what scaling shows worst."""
    image = Image.new("RGB", (width, height), "white")
    draw = ImageDraw.Draw(image)
    for row in range(0, height, 60):
        draw.text(
            (10, row),
            "The quick brown fox jumps over the lazy dog 0123456789 " * 5,
            fill="black",
            font_size=32,
        )
    for step in range(0, width, 97):
        draw.line((step, 0, width - step, height), fill="red", width=1)
    return image


def _noise(width: int, height: int, scale: int) -> Image.Image:
    size = max(2, width // scale), max(2, height // scale)
    bands = [Image.effect_noise(size, 90) for _ in range(3)]
    return Image.merge("RGB", bands).resize((width, height), Image.Resampling.BICUBIC)


def decoded(data: bytes, size: tuple[int, int], factor: int) -> Image.Image:
    """Go from file to scaled pixels as `pastebin.images` does, at a given decoding scale."""
    image = jpeg.open_jpeg(io.BytesIO(data))
    box = (0, 0, *image.size)
    if factor > 1:
        image.draft(None, (image.width // factor, image.height // factor))
    image.load()
    return imagecrop.crop_resize(image, size, tuple(edge / factor for edge in box))


def chosen(data: bytes, size: tuple[int, int]) -> int:
    """Give the factor that the service decodes at."""
    image = jpeg.open_jpeg(io.BytesIO(data))
    return jpeg.draft(image, (0, 0, *image.size), size)


def psnr(one: Image.Image, other: Image.Image) -> float:
    """Give the peak signal-to-noise ratio of two RGB images in dB."""
    histogram = ImageChops.difference(one, other).histogram()
    total = sum((index % 256) ** 2 * count for index, count in enumerate(histogram))
    error = total / (3 * one.width * one.height)
    return math.inf if error == 0 else 10 * math.log10(255**2 / error)


def ssim(one: Image.Image, other: Image.Image) -> float:
    """Give the mean structural similarity of two images' luma (Wang et al. 2004), over blocks of 8 × 8."""
    x, y = (image.convert("L").convert("F") for image in (one, other))
    mean_x, mean_y = x.reduce(8), y.reduce(8)
    square_x, square_y, product = (_product(a, b).reduce(8) for a, b in ((x, x), (y, y), (x, y)))
    c1, c2 = (0.01 * 255) ** 2, (0.03 * 255) ** 2
    similar = ImageMath.lambda_eval(
        lambda v: (
            (2 * v["mx"] * v["my"] + c1)
            * (2 * (v["xy"] - v["mx"] * v["my"]) + c2)
            / (
                (v["mx"] * v["mx"] + v["my"] * v["my"] + c1)
                * (v["xx"] - v["mx"] * v["mx"] + v["yy"] - v["my"] * v["my"] + c2)
            )
        ),
        mx=mean_x, my=mean_y, xx=square_x, yy=square_y, xy=product,
    )  # fmt: skip
    return statistics.fmean(similar.get_flattened_data())


def _product(one: Image.Image, other: Image.Image) -> Image.Image:
    return ImageMath.lambda_eval(lambda v: v["a"] * v["b"], a=one, b=other)


def measured(data: bytes, size: tuple[int, int], factor: int, rounds: int) -> tuple[float, Image.Image]:
    """Give the median time in milliseconds, and the result."""
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        result = decoded(data, size, factor)
        times.append(1000 * (time.perf_counter() - start))
    return statistics.median(times), result


def report(name: str, image: Image.Image, rounds: int) -> None:
    """Print one picture's table."""
    output = io.BytesIO()
    image.save(output, "JPEG", quality=90)
    data = output.getvalue()
    print(f"\n{name}, {image.width} × {image.height}, {len(data)} bytes; compiled: {imagecrop.COMPILED}\n")
    print(
        "| result | decoded at | pixels left a side | ms | PSNR dB | SSIM | |\n|---|---|---|---|---|---|---|"
    )
    for part in PARTS:
        size = round(image.width / part), round(image.height / part)
        _, full = measured(data, size, 1, 1)
        used = chosen(data, size)
        for factor in (factor for factor in FACTORS if factor <= part):
            spent, result = measured(data, size, factor, rounds)
            quality = f"{psnr(result, full):.1f} | {ssim(result, full):.4f}" if factor > 1 else "|"
            mark = "used" if factor == used else ""
            cells = (
                f"{size[0]} × {size[1]} | 1/{factor} | {part / factor:.2g} | {spent:.0f} | {quality} | {mark}"
            )
            print(f"| {cells} |")


def main() -> None:
    """Read the command line, make the pictures, print the tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--width", type=int, default=4000)
    parser.add_argument("--height", type=int, default=3000)
    parser.add_argument("--rounds", type=int, default=5)
    asked = parser.parse_args()
    report("Photo-like", photo(asked.width, asked.height), asked.rounds)
    report("Text and lines", lines(asked.width, asked.height), asked.rounds)


if __name__ == "__main__":
    main()
