"""The pictures of public test suites, read here and by Chromium: how many are right.

    PYTHONPATH=. .venv/bin/python bench/suites.py [--keep FOLDER] [--list]

The suites are those that Debian's source packages of the decoders bring with them; apt-get downloads the
packages by name, from wherever this machine gets its own. A picture is right if its sides are those that
Chromium shows, and its colours, laid on grey and averaged over 8 × 8 fields, are within 4 of 255 on the
average; or if both refuse it. `--list` names those that are not. A picture that Chromium does not know (TIFF,
PSD, JPEG XL…) is counted by itself.
"""

import argparse
import base64
import io
import shutil
import subprocess
import tarfile
import tempfile
import warnings
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from PIL import Image, ImageCms
from playwright.sync_api import Page, sync_playwright

from pastebin.errors import PastebinError
from pastebin.images import Transform, render
from pastebin.images import tasks as _loads_decoders  # noqa: F401
from tests.servers.process import find_program

PACKAGES = ("libpng1.6", "giflib", "libjpeg-turbo", "gdk-pixbuf", "pillow")
SHOWN = {".png", ".gif", ".jpg", ".jpeg", ".webp", ".avif", ".bmp", ".ico"}
OTHERS = {".tif", ".tiff", ".psd", ".jxl", ".heic"}

FIELDS = 8
TOLERANCE = 4.0
GREY = (128, 128, 128)
LARGEST = 8 * 2**20

# Sides and the averages of the fields, as Chromium has them; null for what it refuses.
LOOK = """async ([data, fields]) => {
  const image = new Image();
  const done = new Promise((ok, no) => { image.onload = ok; image.onerror = no; });
  image.src = data;
  try { await done; } catch { return null; }
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [image.naturalWidth, image.naturalHeight];
  const paper = canvas.getContext("2d");
  paper.fillStyle = "rgb(128 128 128)";
  paper.fillRect(0, 0, canvas.width, canvas.height);
  paper.drawImage(image, 0, 0);
  const { data: pixels } = paper.getImageData(0, 0, canvas.width, canvas.height);
  const sums = Array.from({ length: fields * fields }, () => [0, 0, 0, 0]);
  for (let y = 0, place = 0; y < canvas.height; y += 1) {
    for (let x = 0; x < canvas.width; x += 1, place += 4) {
      const row = Math.floor((y * fields) / canvas.height), column = Math.floor((x * fields) / canvas.width);
      const sum = sums[row * fields + column];
      for (let band = 0; band < 3; band += 1) sum[band] += pixels[place + band];
      sum[3] += 1;
    }
  }
  const averages = sums.map((sum) => sum.slice(0, 3).map((one) => (sum[3] ? one / sum[3] : 0)));
  return [[canvas.width, canvas.height], averages];
}"""

Look = tuple[tuple[int, int], list[tuple[float, ...]]]


def download(folder: Path) -> None:
    """Have apt-get download the source packages, without changing what it knows of this machine."""
    lists = folder / "lists"
    (lists / "partial").mkdir(parents=True, exist_ok=True)
    wanted = [
        "apt-get",
        "indextargets",
        "--format",
        "deb-src $(SITE) $(RELEASE) $(COMPONENT)",
        "Created-By: Packages",
    ]
    said = subprocess.run(wanted, capture_output=True, text=True, check=True).stdout
    sources = folder / "src.list"
    sources.write_text("\n".join(sorted({line for line in said.splitlines() if "debian" in line})) + "\n")
    options = [
        f"Dir::Etc::SourceList={sources}",
        "Dir::Etc::SourceParts=/dev/null",
        f"Dir::State::Lists={lists}",
    ]
    apt = [
        "apt-get",
        "-qq",
        *(word for option in options for word in ("-o", option)),
        "-o",
        "APT::Sandbox::User=root",
    ]
    subprocess.run([*apt, "update"], check=True)
    # Of a package whose patches have gone the pictures are there all the same.
    subprocess.run([*apt, "source", "--download-only", *PACKAGES], cwd=folder, check=False)


def pictures(folder: Path) -> Iterator[tuple[str, str, bytes]]:
    """Yield package, name and bytes of each picture, each content once."""
    seen = set()
    for package in PACKAGES:
        for archive in sorted(folder.glob(f"{package}_*.orig.tar.*")):
            with tarfile.open(archive) as opened:
                for member in opened:
                    suffix = Path(member.name).suffix.lower()
                    if not member.isfile() or suffix not in SHOWN | OTHERS or member.size > LARGEST:
                        continue
                    file = opened.extractfile(member)
                    data = file.read() if file else b""
                    if data and data not in seen:
                        seen.add(data)
                        yield package, member.name, data


def ours(data: bytes) -> Look | None:
    """Return the look of a picture as it is rendered here; None for one that is refused."""
    output = io.BytesIO()
    try:
        render(io.BytesIO(data), Transform(format="png"), output)
    except PastebinError:
        return None
    image = Image.open(output)
    shown = Image.new("RGBA", image.size, (*GREY, 255))
    shown.alpha_composite(_in_srgb(image))
    return image.size, _fields(shown.convert("RGB"))


def _in_srgb(image: Image.Image) -> Image.Image:
    """Return a result as a browser shows it, which knows the profile in it."""
    profile, plain = image.info.get("icc_profile"), image.convert("RGBA")
    if not profile:
        return plain
    space, srgb = ImageCms.ImageCmsProfile(io.BytesIO(profile)), ImageCms.createProfile("sRGB")
    opaque = image.convert("L" if image.mode in ("L", "LA") else "RGB")
    shown = ImageCms.profileToProfile(opaque, space, srgb, outputMode="RGB") or opaque.convert("RGB")
    shown.putalpha(plain.getchannel("A"))
    return shown


def _fields(image: Image.Image) -> list[tuple[float, ...]]:
    """Return the averages of the fields, over just the pixels that the script counts to each."""
    width, height = image.size
    found = []
    for row in range(FIELDS):
        for column in range(FIELDS):
            box = (-(-column * width // FIELDS), -(-row * height // FIELDS),
                   -(-(column + 1) * width // FIELDS), -(-(row + 1) * height // FIELDS))  # fmt: skip
            found.append(_average(image, box))
    return found


def _average(image: Image.Image, box: tuple[int, int, int, int]) -> tuple[float, ...]:
    if box[0] >= box[2] or box[1] >= box[3]:
        return (0.0, 0.0, 0.0)
    counts = image.crop(box).histogram()
    total = (box[2] - box[0]) * (box[3] - box[1])
    return tuple(
        sum(value * count for value, count in enumerate(counts[band : band + 256])) / total
        for band in (0, 256, 512)
    )


def chromiums(page: Page, name: str, data: bytes) -> Look | None:
    """Return the look of a picture in Chromium; None for one that it refuses."""
    kind = {".jpg": "jpeg", ".ico": "x-icon"}.get(Path(name).suffix.lower(), Path(name).suffix.lower()[1:])
    found: Any = page.evaluate(LOOK, [f"data:image/{kind};base64,{base64.b64encode(data).decode()}", FIELDS])
    return None if found is None else (tuple(found[0]), found[1])


def verdict(here: Look | None, there: Look | None) -> str:
    """Return `right`, or what differs."""
    if here is None or there is None:
        return "right" if here is there else "refused here" if here is None else "refused there"
    if here[0] != there[0]:
        return "sides"
    steps = [
        abs(one - other)
        for field, wanted in zip(here[1], there[1], strict=True)
        for one, other in zip(field, wanted, strict=True)
    ]
    return "right" if sum(steps) / len(steps) <= TOLERANCE else "colours"


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--keep", type=Path, help="the folder for the packages, which are then not downloaded twice"
    )
    parser.add_argument("--list", action="store_true", help="name what is not right")
    options = parser.parse_args()
    warnings.simplefilter("ignore")
    folder = options.keep or Path(tempfile.mkdtemp(prefix="suites-"))
    if not list(folder.glob("*.orig.tar.*")):
        folder.mkdir(exist_ok=True)
        download(folder)
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=find_program("chromium"), args=["--no-sandbox"])
        table = count(browser.new_page(), folder, is_listing=options.list)
    if not options.keep:
        shutil.rmtree(folder)
    show(table)


def count(page: Page, folder: Path, *, is_listing: bool) -> dict[str, Counter[str]]:
    """Return the verdicts by package."""
    table: dict[str, Counter[str]] = {package: Counter() for package in PACKAGES}
    for package, name, data in pictures(folder):
        here = ours(data)
        if Path(name).suffix.lower() in OTHERS:
            found = "read" if here else "not read"
        else:
            found = verdict(here, chromiums(page, name, data))
        table[package][found] += 1
        if is_listing and found not in ("right", "read"):
            print(found, package, name)
    return table


def show(table: dict[str, Counter[str]]) -> None:
    """Print the table for docs/images.md."""
    columns = ("right", "colours", "sides", "refused here", "refused there", "read", "not read")
    print("| suite |", " | ".join(columns), "|")
    print("|---" * (len(columns) + 1) + "|")
    for package, found in table.items():
        print(f"| {package} |", " | ".join(str(found[column]) for column in columns), "|")


if __name__ == "__main__":
    main()
