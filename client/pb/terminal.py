"""Words and progress on standard error; standard output is for links alone."""

import shutil
import sys
import time
from collections.abc import Iterable
from typing import TextIO

from .words import fitted, size_words, visible, width

_PAUSE = 0.1  # seconds between two pictures of a progress

# Columns that stay free behind a progress: terminals write `^C` there, and what that pushed up would stay.
_FREE = len("^C") + 1


class Terminal:
    """Standard error: words always, progress only where somebody watches.

    `way_on` says how to go on, should the work be interrupted now.
    """

    def __init__(self, stream: TextIO) -> None:
        self.stream = stream
        self.is_watched = stream.isatty()
        self.way_on = ""
        self._shown = 0.0
        self._began = (0.0, 0)
        self._label = ""
        self._has_line = False

    def say(self, text: str) -> None:
        """Write a line of words, which has no controls."""
        self.clear()
        self.stream.write(f"{visible(text)}\n")
        self.stream.flush()

    def draw(self, lines: Iterable[str]) -> None:
        """Write lines of our own, with their colours."""
        self.clear()
        self.stream.write("".join(f"{line}\n" for line in lines))
        self.stream.flush()

    def progress(self, label: str, done: int, total: int | None) -> None:
        """Show how much is done, in one line that the next one replaces."""
        if not self.is_watched:
            return
        now = time.monotonic()
        if label != self._label or done < self._began[1]:
            self._label, self._began, self._shown = label, (now, done), 0.0
        if now - self._shown < _PAUSE:
            return
        self._shown = now
        self._draw(label, self._facts(done, total, now))

    def clear(self) -> None:
        """Take the line of progress away."""
        if self._has_line:
            self.stream.write("\r\x1b[K")
            self.stream.flush()
            self._has_line = False

    def _draw(self, label: str, facts: str) -> None:
        columns = shutil.get_terminal_size().columns - _FREE
        name = fitted(label, max(8, columns - width(facts) - 2))
        self.stream.write(f"\r\x1b[K{fitted(f'{name}  {facts}', columns)}")
        self.stream.flush()
        self._has_line = True

    def _facts(self, done: int, total: int | None, now: float) -> str:
        since, before = self._began
        speed = (done - before) / (now - since) if now > since else 0
        facts = [size_words(done) if not total else f"{done * 100 // total:3} % of {size_words(total)}"]
        if speed > 0:
            facts.append(f"{size_words(int(speed))}/s")
        if total and speed > 0:
            facts.append(f"{_duration((total - done) / speed)} left")
        return ", ".join(facts)


def _duration(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def prepare_output() -> None:
    """Let no name that the terminal's encoding lacks end the program."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
