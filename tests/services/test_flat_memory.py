"""Uploads and downloads of any size leave the process small."""

import hashlib
import itertools
import os
import socket

import pytest
import requests

from tests.services.client import (
    MEBIBYTE,
    LargeContent,
    assert_nothing_left,
    at,
    chunked,
    exchange,
    parse_answer,
    request_head,
)
from tests.services.conftest import StartApp
from tests.services.tus_client import TUS, TusClient

MEMORY_LIMIT = 200 * MEBIBYTE


@pytest.mark.parametrize(("way", "mebibytes"), [("length", 512), ("chunked", 256)])
def test_memory_stays_flat(start_app: StartApp, way: str, mebibytes: int) -> None:
    server = start_app({"max_upload_size": "4 GiB"})
    large = LargeContent(mebibytes)
    if way == "length":
        head = request_head(f"Content-Length: {large.form_size()}", "Connection: close")
        body = large.form()
    else:
        head = request_head("Transfer-Encoding: chunked", "Connection: close")
        body = chunked(large.form())
    answer = parse_answer(exchange(server, itertools.chain([head], body), timeout=200))
    assert answer.status == 201, answer.body
    assert server.peak_memory() < MEMORY_LIMIT
    (content,) = server.contents()
    assert content == large.sha256()
    assert_nothing_left(server, [content])
    with requests.get(at(server, answer.json()["url_d"]), stream=True, timeout=60) as response:
        digest = hashlib.sha256()
        for piece in response.iter_content(MEBIBYTE):
            digest.update(piece)
    assert digest.hexdigest() == content
    assert server.peak_memory() < MEMORY_LIMIT


def test_memory_stays_flat_while_an_upload_is_resumed(start_app: StartApp) -> None:
    """In chunks, some of them with a checksum, one cut off, and at last as one of two parts."""
    server = start_app({"max_upload_size": "4 GiB"})
    client = TusClient(server, os.urandom(128 * MEBIBYTE))
    client.create()
    with socket.create_connection(("127.0.0.1", server.port), timeout=60) as connection:
        connection.sendall(client.half_a_chunk(0, 40 * MEBIBYTE) + client.content[: 24 * MEBIBYTE])
    offset = client.offset()
    for start in range(offset, len(client.content), 48 * MEBIBYTE):
        answer = client.patch(start, 48 * MEBIBYTE, is_checked=True)
    client.assert_whole(answer)
    assert server.peak_memory() < MEMORY_LIMIT
    parts = [TusClient(server, client.content[: 64 * MEBIBYTE] + bytes([number])) for number in range(2)]
    for one in parts:
        one.create(**{"Upload-Concat": "partial"})
        assert one.patch(0, len(one.content)).status_code == 204
    named = {**TUS, "Upload-Concat": "final;" + " ".join(one.path for one in parts)}
    answer = requests.post(f"{server.url}/tus", headers=named, timeout=120)
    whole = TusClient(server, b"".join(one.content for one in parts))
    whole.assert_whole(answer)
    assert server.peak_memory() < MEMORY_LIMIT


def test_slow_downloads_do_not_fill_the_memory(start_app: StartApp) -> None:
    server = start_app()
    large = LargeContent(256)
    head = request_head(f"Content-Length: {large.form_size()}", "Connection: close")
    answer = parse_answer(exchange(server, itertools.chain([head], large.form())))
    address = at(server, answer.json()["url_i"])
    readers = [requests.get(address, stream=True, timeout=60) for _ in range(8)]
    try:
        assert all(len(reader.raw.read(MEBIBYTE)) == MEBIBYTE for reader in readers)
        assert server.peak_memory() < MEMORY_LIMIT
    finally:
        for reader in readers:
            reader.close()
