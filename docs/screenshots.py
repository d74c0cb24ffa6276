"""Take the README's screenshots again: .venv/bin/python docs/screenshots.py

Starts the service on a folder of its own, uploads what is drawn here, and photographs the pages in
Chromium into docs/screenshots/.
"""

import math
import sys
import tempfile
from pathlib import Path

from PIL import Image, ImageDraw
from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tests.servers import AppServer  # noqa: E402
from tests.servers.process import find_program  # noqa: E402

TARGET = ROOT / "docs" / "screenshots"

# Height of its crest, how much it rolls, colour: from the farthest hill to the nearest.
HILLS = (
    (640, 90, "#786e96"),
    (760, 90, "#56547e"),
    (880, 90, "#343a5c"),
    (1010, 70, "#1a2238"),
)


def landscape(path: Path) -> None:
    """Draw hills in the evening."""
    width, height = 1800, 1200
    image = Image.new("RGB", (width, height))
    draw = ImageDraw.Draw(image)
    for y in range(height):
        t = y / height
        draw.line([(0, y), (width, y)], fill=(int(250 - 150 * t), int(190 - 60 * t), int(150 + 40 * t)))
    draw.ellipse([1180, 260, 1400, 480], fill="#ffecc8")
    for number, (base, roll, colour) in enumerate(HILLS):
        crest = [
            (x, base + roll * math.sin(x / 170 + number * 2) + roll * 0.4 * math.sin(x / 61 + number))
            for x in range(0, width + 10, 10)
        ]
        draw.polygon([(0, height), *crest, (width, height)], fill=colour)
    image.save(path, quality=90)


def write_samples(folder: Path) -> list[Path]:
    """Make the files to upload."""
    picture = folder / "hills at dusk.jpg"
    landscape(picture)
    source = folder / "geometry.py"
    source.write_text((ROOT / "pastebin" / "images" / "geometry.py").read_text("utf-8"), "utf-8")
    return [source, picture]


def window(browser: Browser, url: str, width: int, height: int, scheme: str) -> Page:
    """Open a window of a size, light or dark."""
    viewport = {"width": width, "height": height}
    return browser.new_context(
        base_url=url, viewport=viewport, color_scheme=scheme, locale="en-US"
    ).new_page()


def take(page: Page, name: str) -> None:
    """Save a picture of the window in few colours, which keeps it small."""
    path = TARGET / f"{name}.png"
    page.wait_for_timeout(400)
    page.screenshot(path=path)
    Image.open(path).convert("RGB").quantize(128, dither=Image.Dither.NONE).save(path, optimize=True)
    print(path.relative_to(ROOT))


def photograph(browser: Browser, url: str, samples: list[Path]) -> None:
    """Take every screenshot."""
    page = window(browser, url, 1440, 900, "light")
    page.goto("/")
    page.locator("#file").evaluate("input => { input.multiple = true; }")
    page.locator("#file").set_input_files(samples)
    page.locator(".card[data-state=done]").nth(1).wait_for()
    page.locator(".thumb img").wait_for()
    page.evaluate("scrollTo(0, 0)")
    take(page, "upload-1440-light")
    source, picture = (page.locator("a[data-page]").nth(n).get_attribute("href") or "" for n in (1, 0))

    page = window(browser, url, 1440, 960, "light")
    page.goto(picture)
    page.get_by_role("button", name="Crop").click()
    page.get_by_role("button", name="Avatar").click()
    take(page, "image-1440-light")

    page = window(browser, url, 360, 760, "dark")
    page.goto(f"{source}#L14-L16")
    take(page, "text-360-dark")

    page = window(browser, url, 390, 760, "dark")
    page.goto("/?lang=zh_CN")
    take(page, "upload-390-dark-zh")


def main() -> None:
    """Start the service and the browser, and take the pictures."""
    TARGET.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        samples = write_samples(Path(folder))
        with AppServer(Path(folder) / "app") as server:
            flags = ["--no-sandbox", "--disable-gpu"]
            browser = playwright.chromium.launch(executable_path=find_program("chromium"), args=flags)
            photograph(browser, server.url, samples)
            browser.close()


if __name__ == "__main__":
    main()
