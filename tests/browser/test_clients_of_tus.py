"""Clients of tus as pages elsewhere use them: tus-js-client and Uppy, in Chromium, from another origin."""

import hashlib
import os
import subprocess
from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
from playwright.sync_api import Browser, Page

from tests.browser.conftest import Site
from tests.inprocess.elsewhere import Elsewhere, answer
from tests.servers import AppServer

MODULES = Path(__file__).resolve().parents[2] / "node_modules"
CONTENT = os.urandom(2 * 2**20 + 3)

# Each uploads `window.content` and returns the address of the upload.
TUS_JS_CLIENT = """
([endpoint, options]) => new Promise((resolve, reject) => {
  const upload = new tus.Upload(new File([content], "naïve.bin"), {
    endpoint,
    metadata: { filename: "naïve.bin", filetype: "application/octet-stream" },
    retryDelays: [0, 200],
    ...options,
    onError: (error) => reject(new Error(String(error))),
    onSuccess: () => resolve(upload.url),
  });
  upload.start();
})
"""
UPPY = """
async ([endpoint, options]) => {
  const uppy = new Uppy().use(Tus, { endpoint, retryDelays: [0, 200], ...options });
  uppy.addFile({ name: "naïve.bin", type: "application/octet-stream", data: new Blob([content]) });
  const { successful, failed } = await uppy.upload();
  if (failed.length) throw new Error(failed[0].error);
  return successful[0].uploadURL ?? successful[0].tus.uploadUrl;
}
"""
TAKE = "(data) => { window.content = Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0)); }"
BUNDLE = """
export { default as Uppy } from "@uppy/core";
export { default as Tus } from "@uppy/tus";
"""


@pytest.fixture(scope="module")
def large_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Give a server."""
    with AppServer(tmp_path_factory.mktemp("app"), {}) as server:
        yield Site(server.url)


@pytest.fixture(scope="module")
def uppy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give Uppy as one script."""
    folder = tmp_path_factory.mktemp("uppy")
    (folder / "entry.js").write_text(BUNDLE)
    command = [MODULES / ".bin" / "esbuild", "entry.js", "--bundle", "--format=iife", "--outfile=uppy.js"]
    environment = {**os.environ, "NODE_PATH": str(MODULES)}
    options = ["--global-name=bundle", "--log-level=error"]
    subprocess.run([*command, *options], cwd=folder, env=environment, check=True, timeout=60)
    with (folder / "uppy.js").open("a") as script:
        script.write("\nObject.assign(window, bundle);\n")
    return folder / "uppy.js"


@pytest.fixture
def elsewhere(chromium: Browser) -> Iterator[Page]:
    """Give a page of another origin, with a content to upload."""
    context = chromium.new_context()
    with Elsewhere() as server:
        server.answers["/"] = answer(b"<!doctype html><title>Elsewhere</title>", content_type="text/html")
        page = context.new_page()
        page.goto(server.url())
        page.evaluate(TAKE, b64encode(CONTENT).decode())
        yield page
        context.close()


def assert_whole(address: str) -> None:
    """Assert that an upload has become a file with these bytes."""
    told = requests.get(address, timeout=30).json()
    assert (told["complete"], told["filename"]) == (True, "naïve.bin")
    found = requests.get(told["url_d"], timeout=30).content
    assert hashlib.sha256(found).digest() == hashlib.sha256(CONTENT).digest()


@pytest.mark.parametrize(
    "options",
    [{}, {"chunkSize": 700_000}, {"uploadDataDuringCreation": True}, {"parallelUploads": 3}],
    ids=["whole", "chunks", "at creation", "parallel"],
)
def test_tus_js_client_on_a_page_elsewhere(large_site: Site, elsewhere: Page, options: dict) -> None:
    elsewhere.add_script_tag(path=MODULES / "tus-js-client" / "dist" / "tus.min.js")
    assert_whole(elsewhere.evaluate(TUS_JS_CLIENT, [f"{large_site.url}/tus", options]))


@pytest.mark.parametrize("options", [{}, {"chunkSize": 700_000}], ids=["whole", "chunks"])
def test_uppy_on_a_page_elsewhere(large_site: Site, elsewhere: Page, uppy: Path, options: dict) -> None:
    elsewhere.add_script_tag(path=uppy)
    assert_whole(elsewhere.evaluate(UPPY, [f"{large_site.url}/tus", options]))
