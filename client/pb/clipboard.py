"""The clipboard, by whatever this desktop or terminal has for it."""

import base64
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping

_SECONDS = 3


def copy(text: str, environ: Mapping[str, str]) -> bool:
    """Put a text on the clipboard; tell whether something here could."""
    return any(_run(command, text) for command in _commands(environ)) or _tell_terminal(text)


def _commands(environ: Mapping[str, str]) -> list[list[str]]:
    """Return the programs that may do it; the text goes to their standard input."""
    commands = [["pbcopy"]] if sys.platform == "darwin" else []
    if environ.get("WAYLAND_DISPLAY"):
        commands.append(["wl-copy"])
    if environ.get("DISPLAY"):
        commands += [["xclip", "-selection", "clipboard"], ["xsel", "--input", "--clipboard"]]
    return [command for command in commands if shutil.which(command[0])]


def _run(command: list[str], text: str) -> bool:
    quiet = subprocess.DEVNULL  # these programs stay, and must not hold on to a pipe of ours
    try:
        done = subprocess.run(  # noqa: S603 - the commands above
            command, input=text.encode(), stdout=quiet, stderr=quiet, timeout=_SECONDS, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


def _tell_terminal(text: str) -> bool:
    """Ask the terminal itself (OSC 52), which works over ssh; not every terminal does it."""
    if not sys.stderr.isatty():
        return False
    wanted = f"\x1b]52;c;{base64.b64encode(text.encode()).decode()}\a".encode()
    try:
        with open("/dev/tty", "wb", buffering=0) as terminal:
            terminal.write(wanted)
    except OSError:
        return False
    return os.environ.get("TERM") != "linux"
