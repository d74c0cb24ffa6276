"""What stands on the screen: `pb` in tmux, looked at as a person looks at it."""

import os
import re
import shlex
import subprocess
import tempfile
import time
from collections.abc import Iterator

import pytest

from tests.client.lines import CuttingProxy, cutting
from tests.servers.process import find_program

MIB = 2**20
SENT = 12 * MIB


class Tmux:
    """A terminal of its own, in which a shell waits; `lines` is what stands there."""

    def __init__(self, home, columns: int) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="tmux-")  # a socket's path has to be short
        self._tmux = (find_program("tmux"), "-u", "-S", f"{self._folder.name}/s", "-f", os.devnull)
        command = shlex.join(home.command())
        environment = {**home.environment, "TERM": "xterm-256color", "PS1": "$ ", "SHELL": "/bin/bash"}
        size = ("-x", str(columns), "-y", "12")
        shell = ("bash", "--norc", "--noprofile", "-i")
        subprocess.run(
            [*self._tmux, "new-session", "-d", *size, *shell],
            env=environment, cwd=home.work, check=True, timeout=30,
        )  # fmt: skip
        self.until(r"^\$$")
        self.type(f"pb() {{ {command} \"$@\"; }}; PS1='$? $ '; clear")
        self.until(r"\A0 \$$")

    def type(self, line: str) -> None:
        """Type a line."""
        self._run("send-keys", "-l", line)
        self._run("send-keys", "Enter")

    def press(self, key: str) -> None:
        """Press a key, named as tmux names it."""
        self._run("send-keys", key)

    @property
    def lines(self) -> list[str]:
        """Return the lines of the screen, without those below that are empty."""
        return self._run("capture-pane", "-p").rstrip("\n").split("\n")

    @property
    def text(self) -> str:
        """Return what stands there, as if the terminal were wide."""
        wide = self._run("capture-pane", "-p", "-J").splitlines()
        return "\n".join(line.rstrip() for line in wide).rstrip("\n")

    def until(self, pattern: str) -> list[str]:
        """Return the lines once a pattern is on the screen."""
        deadline = time.monotonic() + 60
        while not re.search(pattern, "\n".join(self.lines), re.MULTILINE):
            assert time.monotonic() < deadline, self.lines
            time.sleep(0.05)
        return self.lines

    def end(self) -> None:
        """End it with all that runs in it."""
        self._run("kill-server")
        self._folder.cleanup()

    def _run(self, *arguments: str) -> str:
        done = subprocess.run(
            [*self._tmux, *arguments], capture_output=True, text=True, check=True, timeout=30
        )
        return done.stdout


@pytest.fixture
def proxy(home, server) -> Iterator[CuttingProxy]:
    """Give a proxy that holds an upload after some bytes, so that its progress can be looked at."""
    with cutting(server.port) as proxy:
        proxy.cuts = [("", 0), ("stall", SENT)]
        home.server = f"{proxy.url}/"
        yield proxy


@pytest.fixture(params=[80, 34])
def tmux(request: pytest.FixtureRequest, home, proxy) -> Iterator[Tmux]:
    """Give a terminal, a usual one and a narrow one."""
    terminal = Tmux(home, request.param)
    yield terminal
    terminal.end()


def test_progress_is_one_line_and_the_result_is_all_that_stays(home, proxy, tmux):
    home.file("照片 ä.bin", os.urandom(20 * MIB))
    tmux.type("pb 照片*")
    asked, progress = tmux.until(r" (?:[1-9]|\d\d) % of 20\.0 MB")
    assert asked == "0 $ pb 照片*"
    assert progress.startswith("照片 ä")
    proxy.release()
    tmux.until(r"^\d+ \$$")
    assert re.fullmatch(rf"0 \$ pb 照片\*\n{home.server}s/\w+\n0 \$", tmux.text)


def test_control_c_tells_how_to_go_on_and_the_same_command_does(home, proxy, tmux):
    home.file("large.bin", os.urandom(20 * MIB))
    tmux.type("pb large.bin")
    tmux.until(r" (?:[1-9]|\d\d) % of 20\.0 MB")
    tmux.press("C-c")
    tmux.until(r"^130 \$$")
    words = r"interrupted; \d+ % of large\.bin is sent: the same command goes on with it"
    assert re.fullmatch(rf"0 \$ pb large\.bin\n{words}\n130 \$", tmux.text)
    proxy.release()
    tmux.press("Up")
    tmux.press("Enter")
    tmux.until(r"^0 \$$")
    assert re.search(rf"\n130 \$ pb large\.bin\n{home.server}s/\w+\n0 \$$", tmux.text)
    assert proxy.sent < 24 * MIB
