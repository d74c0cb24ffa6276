"""What is uploaded and looked at: made here, the same in every run."""

import io
import random
from pathlib import Path

from draft_quality import photo
from PIL import Image


def noise(size: int, seed: int = 1) -> bytes:
    """Return random bytes."""
    return random.Random(seed).randbytes(size)


def large_file(path: Path, size: int) -> Path:
    """Write a file of `size` random bytes."""
    piece = bytearray(noise(2**24))
    with path.open("wb") as out:
        for number in range(-(-size // len(piece))):
            piece[:8] = number.to_bytes(8, "big")
            out.write(piece[: size - out.tell()])
    return path


def renew(path: Path, number: int) -> Path:
    """Change the beginning of a file, so that nobody knows its content."""
    with path.open("r+b") as file:
        file.write(b"another " + number.to_bytes(8, "big"))
    return path


def text(lines: int = 220) -> bytes:
    """Return a Python module of about 10 KB."""
    chance = random.Random(1)
    names = ["folder", "reader", "answer", "size", "digest", "place", "number", "piece"]
    rows = ['"""A text to look at."""', "", "import os", ""]
    while len(rows) < lines:
        one, two, three = chance.sample(names, 3)
        rows += [
            f"def take_{one}_{len(rows)}({two}: int, {three}: str = 'none') -> dict:",
            f'    """Return {one} for {two}."""',
            f"    if {two} > {chance.randrange(1000)}:  # the usual case",
            f"        return {{'{one}': os.path.join({three}, str({two} * {chance.random():.3f}))}}",
            f"    return {{'{two}': {two}}}",
            "",
        ]
    return "\n".join(rows).encode() + b"\n"


def jpeg(image: Image.Image) -> bytes:
    """Return a JPEG as cameras and phones make them: 4:2:0, quality 92."""
    out = io.BytesIO()
    image.save(out, "JPEG", quality=92, subsampling="4:2:0")
    return out.getvalue()


def photos(count: int, width: int, height: int) -> list[bytes]:
    """Return different JPEGs of one size: windows of one photo-like picture."""
    whole = photo(width + 20 * count, height + 10 * count)
    starts = ((20 * number, 10 * number) for number in range(count))
    return [jpeg(whole.crop((x, y, x + width, y + height))) for x, y in starts]
