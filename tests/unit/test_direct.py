"""Writing past the operating system's cache."""

import errno
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from pastebin.storage import direct
from pastebin.storage.direct import ALIGNMENT, BUFFER_BYTES, DirectFile
from tests.inprocess.contents import noise


@pytest.fixture
def descriptor(tmp_path: Path) -> Iterator[int]:
    """Give a new file with one block in it."""
    descriptor = os.open(tmp_path / "file", os.O_RDWR | os.O_CREAT)
    os.write(descriptor, bytes(ALIGNMENT))
    yield descriptor
    os.close(descriptor)


def written(descriptor: int) -> bytes:
    """Return what follows the first block."""
    return os.pread(descriptor, os.fstat(descriptor).st_size, ALIGNMENT)


def write(descriptor: int, data: bytes, step: int) -> None:
    """Write data in pieces of so many bytes."""
    file = DirectFile(descriptor)
    for start in range(0, len(data), step):
        file.write(data[start : start + step])
    file.close()
    file.stop()


SIZES = [0, 1, ALIGNMENT, BUFFER_BYTES - 1, BUFFER_BYTES, 3 * BUFFER_BYTES + 12_345]


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("step", [1_000_003, 5 * BUFFER_BYTES])
def test_any_number_of_bytes_in_any_pieces(descriptor: int, size: int, step: int) -> None:
    data = noise(size)
    write(descriptor, data, step)
    assert written(descriptor) == data


def test_a_file_system_that_refuses_the_flag(descriptor: int, monkeypatch: pytest.MonkeyPatch) -> None:
    real = direct.fcntl.fcntl

    def refuse(number: int, command: int, flags: int = 0) -> int:
        if flags & os.O_DIRECT:
            raise OSError(errno.EINVAL, "Invalid argument")
        return real(number, command, flags)

    monkeypatch.setattr(direct.fcntl, "fcntl", refuse)
    data = noise(2 * BUFFER_BYTES + 1)
    write(descriptor, data, 700_000)
    assert written(descriptor) == data


def test_a_file_system_that_refuses_to_write(descriptor: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Some take the flag and say only then that they cannot: what is left goes through the cache."""
    real = os.write
    calls = []

    def refuse(number: int, data: memoryview) -> int:
        calls.append(len(data))
        if len(calls) == 1:
            return real(number, data[:ALIGNMENT])
        if len(calls) == 2:
            raise OSError(errno.EINVAL, "Invalid argument")
        return real(number, data)

    monkeypatch.setattr(direct.os, "write", refuse)
    data = noise(2 * BUFFER_BYTES + 1)
    write(descriptor, data, BUFFER_BYTES)
    assert calls[1] == calls[2] == BUFFER_BYTES - ALIGNMENT
    assert written(descriptor) == data


def test_an_error_of_the_disk_is_said_and_ends_it(descriptor: int, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_arguments: object) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    file = DirectFile(descriptor)
    monkeypatch.setattr(direct.os, "write", fail)
    with pytest.raises(OSError, match="No space left"):
        file.write(bytes(8 * BUFFER_BYTES))
    with pytest.raises(OSError, match="No space left"):
        file.close()
    file.stop()
    file.stop()
