"""Zips from a real server: whole, or visibly not."""

import http.client
import io
import zipfile
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import requests

from tests.servers import AppServer

LARGE = bytes(range(256)) * 8192


def make(url: str) -> dict[str, str]:
    files = [("file", (name, LARGE + name.encode())) for name in ("d/a.bin", "d/b.bin", "c.bin")]
    answer = requests.post(f"{url}/", files=files, data={"collection": "All"}, timeout=30)
    assert answer.status_code == 201, answer.text
    return answer.json()


def test_a_zip_is_whole_or_visibly_not(tmp_path: Path) -> None:
    with AppServer(tmp_path) as server:
        address = make(server.url)["url_c"] + ".zip"
        answer = requests.get(address, timeout=30)
        with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
            assert archive.testzip() is None
            assert [archive.read(name) for name in archive.namelist()] == [
                LARGE + name.encode() for name in archive.namelist()
            ]
        _lose_one(tmp_path, b"d/b.bin")
        parts = urlsplit(address)
        connection = http.client.HTTPConnection(parts.netloc, timeout=30)
        connection.request("GET", parts.path)
        answer = connection.getresponse()
        assert answer.status == 200
        with pytest.raises((http.client.IncompleteRead, ConnectionError)):
            answer.read()
        connection.close()
        assert requests.get(f"{address}?name=c.bin", timeout=30).ok


def _lose_one(folder: Path, end: bytes) -> None:
    """Remove the content that ends like this from the store's folder."""
    found = [path for path in folder.rglob("*") if path.is_file() and path.read_bytes().endswith(end)]
    assert len(found) == 1
    found[0].unlink()
