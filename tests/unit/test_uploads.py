"""Taking files in: which thread looks at the bytes."""

import threading
from typing import Any

import pytest

from pastebin.services import sniffing, uploads
from tests.inprocess import Service


@pytest.mark.parametrize(
    ("data", "looker"),
    [
        (b"\0" + bytes(range(256)) * 39, "look"),
        (b"\x89PNG\r\n\x1a\n\0", "look"),
        (b"\0" * 2**16, "look"),
        (b"\0" * (2**16 + 1), "MainThread"),
        (b"some text, which takes libmagic long", "MainThread"),
        (b"text" * 1024 + b"\0", "MainThread"),
    ],
    ids=["bytes", "image", "64 KiB", "more", "text", "text at first"],
)
def test_what_takes_long_is_looked_at_by_the_thread_that_received_it(
    service: Service, monkeypatch: pytest.MonkeyPatch, data: bytes, looker: str
) -> None:
    lookers = []

    def sniff(head: bytes) -> Any:
        lookers.append(threading.current_thread().name)
        return sniffing.sniff(head)

    monkeypatch.setattr(uploads, "sniff", sniff)
    assert service.upload(data, "file").status_int == 201
    assert lookers == [looker]
