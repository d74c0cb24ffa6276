"""Large uploads: cut, interrupted, gone on with, and never a mixture."""

import hashlib
import json
import random
import signal
import time
from collections.abc import Iterator

import pytest
import requests

from tests.client.lines import CuttingProxy, answering, cutting

MIB = 2**20


def noise(size: int, seed: int = 1) -> bytes:
    """Return bytes that are nowhere else."""
    return random.Random(seed).randbytes(size)


def sha256_of(link: str, **options) -> str:
    """Return the SHA-256 of what is behind a link to a file."""
    said = requests.get(link, headers={"Accept": "application/json"}, timeout=60, **options).json()
    return hashlib.sha256(requests.get(said["url_d"], timeout=60, **options).content).hexdigest()


def events(home) -> list[str]:
    """Return the kinds of events in the history."""
    return [json.loads(line)["event"] for line in home.history.read_text().splitlines()]


@pytest.fixture
def proxy(home, server) -> Iterator[CuttingProxy]:
    """Give a proxy through which this home sees the server."""
    with cutting(server.port) as proxy:
        home.server = f"{proxy.url}/"
        yield proxy


def test_a_large_file_goes_by_a_resumable_upload(home):
    data = noise(9 * MIB, 2)
    home.file("large.bin", data)
    [line] = home.links("put", "large.bin", "--title", "Large", "--json")
    said = json.loads(line)
    assert said["filename"] == "large.bin"
    assert sha256_of(said["link"]) == hashlib.sha256(data).hexdigest()
    assert requests.get(said["url_m"], timeout=30).json()["title"] == "Large"
    assert events(home) == ["unfinished", "shared", "ended"]


def test_cut_off_it_goes_on_by_itself(home, proxy):
    data = noise(20 * MIB, 3)
    home.file("cut.bin", data)
    proxy.cuts = [("", 0), ("up", 5 * MIB), ("", 0), ("up", 4 * MIB)]
    [link] = home.links("cut.bin")
    assert sha256_of(link) == hashlib.sha256(data).hexdigest()
    assert proxy.sent < 22 * MIB


def test_an_answer_that_is_lost_is_asked_for_again(home, proxy):
    data = noise(9 * MIB, 4)
    home.file("lost.bin", data)
    proxy.cuts = [("", 0), ("down", 10)]
    [link] = home.links("lost.bin")
    assert sha256_of(link) == hashlib.sha256(data).hexdigest()
    assert proxy.sent < 10 * MIB


@pytest.mark.parametrize("end", ["cut", "Ctrl-C", "kill"])
def test_the_same_command_goes_on(home, proxy, end):
    data = noise(20 * MIB, {"cut": 5, "Ctrl-C": 6, "kill": 7}[end])
    home.file("again.bin", data)
    proxy.cuts = [("", 0), ("up" if end == "cut" else "stall", 12 * MIB)]
    running = home.start("put", "again.bin", "--retries", "0")
    while end != "cut" and proxy.sent < 12 * MIB:
        time.sleep(0.01)
    if end != "cut":
        running.send_signal(signal.SIGINT if end == "Ctrl-C" else signal.SIGKILL)
    _out, words = running.communicate(timeout=60)
    assert running.returncode == {"cut": 3, "Ctrl-C": 130, "kill": -9}[end]
    assert end != "Ctrl-C" or b"% of again.bin is sent: the same command goes on" in words
    [link] = home.links("again.bin")
    assert sha256_of(link) == hashlib.sha256(data).hexdigest()
    assert proxy.sent < 24 * MIB
    assert events(home) == ["unfinished", "shared", "ended"]


@pytest.mark.parametrize(
    "change", [lambda data: b"x" + data[1:], lambda data: data + b"x", lambda data: data[: 9 * MIB]]
)
def test_a_file_that_has_changed_is_sent_anew(home, proxy, change):
    data = noise(20 * MIB, 8)
    path = home.file("changed.bin", data)
    proxy.cuts = [("", 0), ("up", 12 * MIB)]
    assert home.run("put", "changed.bin", "--retries", "0").status == 3
    path.write_bytes(change(data))
    outcome = home.run("changed.bin")
    assert "has changed: it is sent anew" in outcome.words
    assert sha256_of(outcome.out.decode().strip()) == hashlib.sha256(change(data)).hexdigest()


def test_a_file_that_changes_while_it_is_sent_is_not_shared(home, proxy):
    path = home.file("moving.bin", noise(20 * MIB, 9))
    proxy.cuts = [("", 0), ("stall", 12 * MIB)]
    running = home.start("put", "moving.bin")
    while proxy.sent < 12 * MIB:
        time.sleep(0.01)
    with path.open("r+b") as file:
        file.seek(15 * MIB)
        file.write(b"another")
    proxy.release()
    _out, words = running.communicate(timeout=60)
    assert running.returncode == 1
    assert b"changed while it was sent" in words
    assert home.links("list") == []


def test_another_password_is_the_one_that_counts(home, proxy):
    data = noise(9 * MIB, 10)
    home.file("locked.bin", data)
    proxy.cuts = [("", 0), ("up", 4 * MIB)]
    assert home.run("put", "locked.bin", "--password=-", "--retries", "0", given="first\n").status == 3
    assert "first" not in home.history.read_text()
    [link] = home.links("put", "locked.bin", "--password=-", given="second\n")
    assert requests.get(link, timeout=30, auth=("", "first")).status_code == 401
    assert sha256_of(link, auth=("", "second")) == hashlib.sha256(data).hexdigest()


def test_other_terms_are_another_upload(home, proxy):
    home.file("terms.bin", noise(9 * MIB, 11))
    proxy.cuts = [("", 0), ("up", 4 * MIB)]
    assert home.run("put", "terms.bin", "--retries", "0").status == 3
    [line] = home.links("put", "terms.bin", "--downloads", "2", "--json")
    assert json.loads(line)["downloads_left"] == 2


def test_without_resuming_it_goes_in_one_piece(home):
    data = noise(9 * MIB, 12)
    home.file("one.bin", data)
    [link] = home.links("put", "--no-resume", "one.bin")
    assert sha256_of(link) == hashlib.sha256(data).hexdigest()
    assert events(home) == ["shared"]


@pytest.mark.parametrize("size", [8 * MIB, 16 * MIB, 17 * MIB + 1])
def test_a_large_pipe_goes_on_after_a_cut(home, proxy, size):
    data = noise(size, size)
    proxy.cuts = [("", 0), ("up", 3 * MIB), ("", 0), ("down", 10)]
    [line] = home.links("put", "-", "--json", given=data)
    said = json.loads(line)
    assert said["filename"] == "stdin"
    assert sha256_of(said["link"]) == hashlib.sha256(data).hexdigest()


def test_a_large_folder_goes_on_where_it_was(home, proxy):
    contents = {f"{n}.bin": noise(5 * MIB, 20 + n) for n in range(3)}
    for name, data in contents.items():
        home.file(f"album/inner/{name}", data)
    home.file("album/empty.txt", "")
    proxy.cuts = [*[("", 0)] * 9, ("up", MIB)]
    assert home.run("put", "album", "--retries", "0").status == 3
    sent = proxy.sent
    [line] = home.links("put", "album", "--json")
    assert proxy.sent - sent < 10 * MIB
    files = json.loads(line)["files"]
    assert [file["path"] for file in files] == ["empty.txt", *(f"inner/{name}" for name in contents)]
    assert [sha256_of(file["url_p"]) for file in files[1:]] == [
        hashlib.sha256(data).hexdigest() for data in contents.values()
    ]
    assert home.links("list") == [json.loads(line)["link"]]
    assert home.run("list").words == ""


def test_an_upload_that_is_forgotten_begins_anew(home, proxy):
    data = noise(9 * MIB, 30)
    home.file("forgotten.bin", data)
    proxy.cuts = [("", 0), ("up", 4 * MIB)]
    assert home.run("put", "forgotten.bin", "--retries", "0").status == 3
    [begun] = [json.loads(line) for line in home.history.read_text().splitlines()]
    assert requests.delete(begun["upload"], headers={"Tus-Resumable": "1.0.0"}, timeout=30).status_code == 204
    [link] = home.links("forgotten.bin")
    assert sha256_of(link) == hashlib.sha256(data).hexdigest()


def test_a_server_without_resumable_uploads_gets_a_form(home):
    said = dict.fromkeys(("url_s", "url_m", "url_p", "filename"), "x")
    home.file("old.bin", bytes(9 * MIB))
    with answering(lambda path: 404 if path == "/tus" else 200, json.dumps(said).encode()) as server:
        home.server = server.url
        assert home.links("old.bin") == ["x"]
    assert [(method, path) for method, path, _headers in server.requests] == [("POST", "/tus"), ("POST", "/")]
    assert [int(headers["Content-Length"]) > 9 * MIB for *_, headers in server.requests] == [False, True]
