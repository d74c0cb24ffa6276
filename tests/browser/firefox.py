"""Firefox by the protocol it speaks itself, WebDriver BiDi (https://w3c.github.io/webdriver-bidi/)."""

import json
import re
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from websockets.sync.client import ClientConnection, connect

from tests.servers.process import find_program

_LISTENING = re.compile(r"WebDriver BiDi listening on (ws://\S+)")
_SECONDS = 30.0


class FirefoxPage:
    """A tab of Firefox."""

    def __init__(self, socket: ClientConnection) -> None:
        self._socket = socket
        self._number = 0
        self.send("session.new", capabilities={})
        self._context = self.send("browsingContext.create", type="tab")["context"]

    def send(self, method: str, **params: Any) -> dict[str, Any]:
        """Ask for something, and return the answer."""
        self._number += 1
        self._socket.send(json.dumps({"id": self._number, "method": method, "params": params}))
        while True:
            said = json.loads(self._socket.recv(timeout=_SECONDS))
            if said.get("id") == self._number:
                assert said["type"] == "success", said
                return dict(said["result"])

    def goto(self, address: str) -> None:
        """Open a page and wait until it is loaded."""
        self.send("browsingContext.navigate", context=self._context, url=address, wait="complete")

    def reload(self) -> None:
        """Load the page again."""
        self.send("browsingContext.reload", context=self._context, wait="complete")

    def evaluate(self, expression: str) -> Any:
        """Return what a JavaScript expression is worth: a text, a number or a truth."""
        target = {"context": self._context}
        said = self.send("script.evaluate", expression=expression, target=target, awaitPromise=True)
        assert said["type"] == "success", said
        return said["result"].get("value")

    def wait_for(self, expression: str) -> Any:
        """Wait until an expression is worth something, and return it."""
        end = time.monotonic() + _SECONDS
        while not (value := self.evaluate(expression)):
            assert time.monotonic() < end, f"{expression} is still {value!r}"
            time.sleep(0.1)
        return value

    def choose(self, selector: str, path: str) -> None:
        """Choose a file in a field."""
        self.send("input.setFiles", context=self._context, element=self._find(selector), files=[path])

    def click(self, selector: str) -> None:
        """Press the middle of an element with the mouse, where it stands after scrolling."""
        self.evaluate(f"document.querySelector({json.dumps(selector)}).scrollIntoView({{block: 'center'}})")
        origin = {"type": "element", "element": self._find(selector)}
        mouse = (
            {"type": "pointerMove", "x": 0, "y": 0, "origin": origin},
            {"type": "pointerDown", "button": 0},
            {"type": "pointerUp", "button": 0},
        )
        self._act({"type": "pointer", "id": "mouse", "actions": mouse})

    def paste(self) -> None:
        """Press Ctrl+V."""
        keys = (("keyDown", "\ue009"), ("keyDown", "v"), ("keyUp", "v"), ("keyUp", "\ue009"))
        self._act(
            {"type": "key", "id": "keys", "actions": [{"type": kind, "value": key} for kind, key in keys]}
        )

    def _act(self, source: dict[str, Any]) -> None:
        self.send("input.performActions", context=self._context, actions=[source])

    def _find(self, selector: str) -> dict[str, str]:
        locator = {"type": "css", "value": selector}
        nodes = self.send("browsingContext.locateNodes", context=self._context, locator=locator)["nodes"]
        assert nodes, f"there is no {selector}"
        return {"sharedId": nodes[0]["sharedId"]}


@contextmanager
def firefox(profile: Path) -> Iterator[FirefoxPage]:
    """Start Firefox with a new profile, and end it."""
    command = [
        find_program("firefox-esr"),
        "--headless",
        "--remote-debugging-port",
        "0",
        "--profile",
        str(profile),
    ]
    log = profile.parent / "firefox.log"
    with (
        log.open("wb") as out,
        subprocess.Popen([*command, "about:blank"], stderr=out, stdout=out) as process,
    ):
        try:
            with connect(f"{_address(log)}/session", max_size=None, compression=None) as socket:
                yield FirefoxPage(socket)
        finally:
            process.terminate()


def _address(log: Path) -> str:
    end = time.monotonic() + 2 * _SECONDS
    while time.monotonic() < end:
        if match := _LISTENING.search(log.read_text("utf-8", "replace")):
            return match[1]
        time.sleep(0.1)
    raise AssertionError(f"Firefox did not start: {log.read_text('utf-8', 'replace')}")
