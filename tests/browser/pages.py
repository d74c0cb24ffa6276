"""What tests do on pages again and again."""

from playwright.sync_api import Page, expect

PICTURE = """
async (type) => {
  const canvas = new OffscreenCanvas(64, 48);
  const brush = canvas.getContext("2d");
  brush.fillStyle = "teal";
  brush.fillRect(0, 0, 64, 48);
  return new Uint8Array(await (await canvas.convertToBlob({ type })).arrayBuffer());
}
"""

# Drops (or pastes) files on an element as a person would: [selector, event, [[name, type, text], …]].
HAND_OVER = """
([selector, kind, files]) => {
  const data = new DataTransfer();
  for (const [name, type, text] of files) data.items.add(new File([text], name, { type }));
  const target = selector ? document.querySelector(selector) : document.body;
  const options = { bubbles: true, cancelable: true };
  if (kind === "paste") {
    target.dispatchEvent(new ClipboardEvent("paste", { ...options, clipboardData: data }));
  } else {
    for (const step of ["dragenter", "dragover", "drop"])
      target.dispatchEvent(new DragEvent(step, { ...options, dataTransfer: data }));
  }
}
"""


def drop(page: Page, *files: tuple[str, str, str], on: str = "") -> None:
    """Drop files, each a name, a media type and a text."""
    page.evaluate(HAND_OVER, [on, "drop", files])


def paste(page: Page, *files: tuple[str, str, str]) -> None:
    """Paste files from the clipboard."""
    page.evaluate(HAND_OVER, ["", "paste", files])


def choose(page: Page, *paths: str) -> None:
    """Choose files by the button."""
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Choose files").click()
    chooser.value.set_files(list(paths))


def done(page: Page, count: int = 1) -> None:
    """Wait until as many uploads are ready."""
    expect(page.locator(".card[data-state=done]")).to_have_count(count)


def wait_until(page: Page, expression: str) -> None:
    """Wait until a JavaScript expression is true; what Playwright has for that breaks the pages' policy."""
    for _ in range(100):
        if page.evaluate(expression):
            return
        page.wait_for_timeout(100)
    raise AssertionError(f"never true: {expression}")


def overflow(page: Page) -> int:
    """Return by how many pixels a page is wider than its window."""
    return page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
