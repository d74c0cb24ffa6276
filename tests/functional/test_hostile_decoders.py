"""Whatever a file does to its decoder, every address of it answers, and the workers keep to their memory."""

import time
from contextlib import suppress

import psutil
import pytest

from tests.inprocess import Service, contents
from tests.inprocess.hostile import COSTLY, HOSTILE

ADDRESSES = ("/p/{}", "/t/{}", "/i/{}?w=100", "/d/{}?entry=0")

# Shown, nothing there, no image, too costly or not to be taken out: never an error of the service.
CLEAR = {200, 404, 415, 422}


def most_memory() -> int:
    """Return the most bytes that a worker which still lives has had."""
    found = [0]
    for child in psutil.Process().children(recursive=True):
        with suppress(OSError), open(f"/proc/{child.pid}/status") as status:  # it may end meanwhile
            found += [int(line.split()[1]) * 1024 for line in status if line.startswith("VmHWM:")]
    return max(found)


@pytest.mark.parametrize("decoder", HOSTILE)
def test_a_hostile_file_is_answered_clearly_and_in_bounds(service: Service, decoder: str) -> None:
    for name, make in HOSTILE[decoder].items():
        if name in COSTLY:
            continue
        filehash = service.filehash(make(), name)
        began = time.monotonic()
        answers = [service.ask(address.format(filehash), accept="text/html") for address in ADDRESSES]
        assert {answer.status_int for answer in answers} <= CLEAR, name
        assert answers[0].status_int == 200, name  # there is a page, whatever it shows
        assert time.monotonic() - began < 60, name  # each task ends after some seconds, on an idle machine
    assert most_memory() < 2**30
    picture = service.filehash(contents.image(), "other.png")
    assert service.ask(f"/i/{picture}?w=20").status_int == 200
