"""What a person sees: `pb` in a terminal of its own."""

import fcntl
import io
import json
import os
import pty
import re
import select
import subprocess
import sys
import termios
import time

import pytest
import segno
from pb.qr import drawing, qr_code
from pb.terminal import Terminal
from pb.words import width

MIB = 2**20


class Screen:
    """A command in a pseudo-terminal: what it writes, and keys to press."""

    def __init__(self, home, *arguments: str) -> None:
        self.text = ""
        self._own, theirs = pty.openpty()
        self.process = subprocess.Popen(
            ["setsid", "--ctty", *home.command(*arguments)],  # the terminal is its own, Ctrl-C too
            cwd=home.work,
            env={**home.environment, "TERM": "xterm", "COLUMNS": "80"},
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
        )
        self._terminal = os.ttyname(theirs)
        os.close(theirs)

    def until(self, pattern: str) -> str:
        """Read until something stands there."""
        deadline = time.monotonic() + 60
        while not re.search(pattern, self.text):
            assert time.monotonic() < deadline, self.text
            assert self._read(), self.text
        return self.text

    def press(self, keys: str) -> None:
        """Type something."""
        os.write(self._own, keys.encode())

    def press_and_wait(self, line: str) -> None:
        """Type a line, and wait until the command has read it."""
        terminal = os.open(self._terminal, os.O_RDWR | os.O_NOCTTY)
        self.press(line)
        self.until(f"{line.strip()}\r\n")  # the terminal has taken it
        unread = 1
        while unread:
            time.sleep(0.02)
            assert self.process.poll() is None, self.text
            unread = int.from_bytes(fcntl.ioctl(terminal, termios.FIONREAD, bytes(4)), sys.byteorder)
        os.close(terminal)

    def end(self) -> int:
        """Read to the end and return the exit status."""
        while self._read():
            pass
        os.close(self._own)
        return self.process.wait(60)

    def _read(self) -> bool:
        select.select([self._own], [], [], 60)
        try:
            data = os.read(self._own, 65536)
        except OSError:
            return False
        self.text += data.decode()
        return bool(data)


def test_progress_is_shown_in_one_line_that_goes_away(home):
    home.file("large.bin", os.urandom(6 * 2**20))
    screen = Screen(home, "large.bin")
    assert screen.end() == 0
    assert re.search(r"\r\x1b\[Klarge\.bin  +\d+ % of 6\.0 MB", screen.text)
    assert re.search(r"\r\x1b\[Khttp://\S+/s/\w+\r\n$", screen.text)


@pytest.mark.parametrize("columns", [34, 80])
def test_progress_leaves_room_for_what_control_c_writes(monkeypatch, columns):
    monkeypatch.setenv("COLUMNS", str(columns))
    stream = io.StringIO()
    stream.isatty = lambda: True
    terminal = Terminal(stream)
    for done in (0, 30, 70):
        terminal.progress("a name " * 20, done * MIB, 100 * MIB)
        time.sleep(0.11)  # longer than between two pictures
    shown = stream.getvalue().split("\r\x1b[K")
    assert [width(line) for line in shown[1:]] == [columns - 3] * 3


def test_a_password_is_typed_without_echo(home):
    home.file("f.txt", "typed")
    screen = Screen(home, "put", "f.txt", "--password")
    screen.until("Password: ")
    time.sleep(0.2)
    screen.press("sesame\n")
    assert screen.end() == 0
    assert "sesame" not in screen.text


def test_a_list_shows_names_to_a_person(home):
    home.file("ein Name ä.txt", "to be listed")
    [link] = home.links("put", "ein Name ä.txt", "--expires", "3d")
    screen = Screen(home, "list")
    assert screen.end() == 0
    assert re.search(rf"^ein Name ä\.txt +12 bytes  \d{{4}}-\d\d-\d\d  {link}  expires ", screen.text)


def test_control_c_ends_it(home):
    screen = Screen(home, "put", "-")
    screen.press_and_wait("the first line\n")
    screen.press("\x03")
    assert screen.end() == 130
    assert "interrupted" in screen.text


def test_a_link_is_drawn_as_a_code(home):
    home.file("f.txt", "drawn")
    screen = Screen(home, "put", "f.txt", "--qr")
    assert screen.end() == 0
    link = re.search(r"http://\S+/s/\w+", screen.text)[0]
    assert all(line in screen.text for line in drawing(qr_code(link)))


def test_a_link_is_copied_by_the_terminal_where_there_is_no_desktop(home):
    from base64 import b64encode

    home.file("f.txt", "copied")
    screen = Screen(home, "put", "f.txt", "--copy")
    assert screen.end() == 0
    link = re.search(r"http://\S+/s/\w+", screen.text)[0]
    assert f"\x1b]52;c;{b64encode(link.encode()).decode()}\a" in screen.text


def test_a_desktops_clipboard_gets_the_link_by_its_standard_input(home):
    program = home.file(
        "bin/xclip", f'#!{sys.executable}\nimport sys\nopen("copied", "w").write(sys.stdin.read())\n'
    )
    program.chmod(0o755)
    home.variables = {"DISPLAY": ":0", "PATH": f"{program.parent}:{os.environ['PATH']}"}
    home.file("f.txt", "copied by a desktop")
    assert home.links("put", "f.txt", "--copy") == [(home.work / "copied").read_text()]


def test_who_reads_no_more_ends_it_quietly(home):
    event = {"event": "shared", "link": "x" * 9000, "name": "n", "size": 1, "time": "t"}
    home.history.parent.mkdir(parents=True)
    home.history.write_text("".join(f"{json.dumps({**event, 'manage': str(n)})}\n" for n in range(40)))
    with home.start("list") as running:
        running.stdout.read(10)
        running.stdout.close()
        assert running.stderr.read() == b""
    assert running.returncode == 1


@pytest.mark.parametrize(
    "text", ["x" * 14, "y" * 26, "z" * 42, "https://paste.example.org/" + "q" * 36, "k" * 84, "k" * 106]
)
def test_codes_are_those_of_segno(text):
    matrices = [
        [[bool(one) for one in row] for row in made.matrix]
        for mask in range(8)
        for made in [segno.make(text, error="m", micro=False, boost_error=False, mode="byte", mask=mask)]
    ]
    assert qr_code(text) in matrices
    with pytest.raises(ValueError, match="too long"):
        qr_code(text + "k" * 93)
