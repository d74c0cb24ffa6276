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


@pytest.mark.parametrize(("way", "mebibytes"), [("length", 320), ("chunked", 240)])
def test_memory_stays_flat(start_app: StartApp, way: str, mebibytes: int) -> None:
    server = start_app({"max_upload_size": "4 GiB"}, forked=False)
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
    """Of two large parts that become one, one is cut off and gone on with, the other has a checksum."""
    server = start_app({"max_upload_size": "4 GiB"}, forked=False)
    whole = TusClient(server, os.urandom(240 * MEBIBYTE))
    half = len(whole.content) // 2
    one, two = (TusClient(server, content) for content in (whole.content[:half], whole.content[half:]))
    for part in (one, two):
        part.create(**{"Upload-Concat": "partial"})
    with socket.create_connection(("127.0.0.1", server.port), timeout=60) as connection:
        connection.sendall(one.half_a_chunk(0, half) + one.content[: 8 * MEBIBYTE])
    while (answer := one.patch(one.offset(), half)).status_code == 409:
        assert one.offset() < half  # what was on its way when the line was cut has come in meanwhile
    assert answer.status_code == 204
    assert two.patch(0, half, is_checked=True).status_code == 204
    assert server.peak_memory() < MEMORY_LIMIT
    named = {**TUS, "Upload-Concat": f"final;{one.path} {two.path}"}
    answer = requests.post(f"{server.url}/tus", headers=named, timeout=120)
    assert server.peak_memory() < MEMORY_LIMIT
    whole.assert_whole(answer)


def test_slow_downloads_do_not_fill_the_memory(start_app: StartApp) -> None:
    server = start_app(forked=False)
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
