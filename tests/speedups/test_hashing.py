"""Both twins of the content hash: vectors of the standards, hashlib as the reference, misuse."""

import array
import copy
import ctypes
import hashlib
import mmap
import pickle
import sys
import threading
import time
from importlib import import_module

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

relaxed = settings(deadline=None, max_examples=200)

# RFC 1321, A.5 (MD5), and the SHA-256 of the same texts; FIPS 180-2, B.1-B.3 (SHA-256).
VECTORS = {
    b"": (
        "d41d8cd98f00b204e9800998ecf8427e",
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    ),
    b"abc": (
        "900150983cd24fb0d6963f7d28e17f72",
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
    ),
    b"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq": (
        "8215ef0796a20bcaaae116d3876c664a",
        "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1",
    ),
    b"12345678901234567890123456789012345678901234567890123456789012345678901234567890": (
        "57edf4a22be3c955ac49da2e2107b67a",
        "f371bc4a311f2b009eef952dd83ca80e2b60026c8e935592d0f9c308453c813e",
    ),
    b"a" * 1_000_000: (
        "7707d6ae4e027c70eea2a935c2296f21",
        "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0",
    ),
}


def twin(name):
    """Import a twin; the compiled one may be missing only where `test_loaded` says it may."""
    try:
        return import_module(f"pastebin._speedups._hashing_{name}")
    except ImportError as error:
        pytest.skip(str(error))


@pytest.fixture(params=["py", "c"])
def hashing(request):
    return twin(request.param)


def reference(data):
    return hashlib.md5(data, usedforsecurity=False).hexdigest(), hashlib.sha256(data).hexdigest()


def outcome(function, *arguments):
    """Return what a call gives, or the type and the text of what it raises."""
    try:
        return function(*arguments)
    except Exception as error:  # noqa: BLE001 - any error is an answer to compare
        return type(error), str(error)


def both(content):
    return content.md5, content.sha256


def of_pieces(hashing, pieces):
    content = hashing.ContentHash()
    for piece in pieces:
        content.update(piece)
    return both(content)


@pytest.mark.parametrize("data", VECTORS, ids=lambda data: f"{len(data)} bytes")
def test_vectors_of_the_standards(hashing, data):
    assert hashing.hash_bytes(data) == VECTORS[data]
    assert of_pieces(hashing, [data]) == VECTORS[data]


def test_every_length_around_the_padding(hashing):
    data = bytes(range(256)) * 2
    for size in range(300):
        assert hashing.hash_bytes(data[:size]) == reference(data[:size])


def test_every_split_of_three_blocks(hashing):
    data = bytes(range(192))
    for cut in range(193):
        assert of_pieces(hashing, [data[:cut], data[cut:]]) == reference(data)


@pytest.mark.parametrize("size", [2049, 16_383, 16_384, 16_385])
def test_sizes_around_the_release_of_the_lock(hashing, size):
    data = bytes(index * 7 % 251 for index in range(size))
    assert of_pieces(hashing, [b"x", data]) == reference(b"x" + data)


def test_more_than_2_to_the_32_bits_and_a_state_of_them(hashing):
    content, piece = hashing.ContentHash(), bytes(2**20)
    for _ in range(513):
        content.update(piece)
    assert both(content) == (
        "f3a8799d64129a6fd8a5aa56f199ac54",
        "a3e2acbb469e4e59dde406f912e754c933c1ac0fb0092a3634d61d5073309c0c",
    )
    assert both(hashing.ContentHash.from_state(content.state())) == both(content)


@given(pieces=st.lists(st.binary(max_size=300), max_size=12))
@relaxed
def test_pieces_are_as_good_as_the_whole(pieces):
    expected = reference(b"".join(pieces))
    assert of_pieces(twin("py"), pieces) == expected
    assert of_pieces(twin("c"), pieces) == expected


@given(pieces=st.lists(st.binary(max_size=100), min_size=1, max_size=8))
@relaxed
def test_digests_may_be_read_and_copied_at_any_time(pieces):
    for hashing in (twin("py"), twin("c")):
        content, whole = hashing.ContentHash(), b""
        for piece in pieces:
            earlier, before = content.copy(), whole
            content.update(piece)
            whole += piece
            assert both(content) == both(content) == reference(whole)
            assert both(earlier) == reference(before)
            earlier.update(b"another way")
            assert both(earlier) == reference(before + b"another way")


@given(pieces=st.lists(st.binary(max_size=200), max_size=8), other=st.binary(max_size=200))
@relaxed
def test_a_state_is_the_same_in_both_and_goes_on_in_the_other(pieces, other):
    py, c = twin("py"), twin("c")
    ours, theirs = py.ContentHash(), c.ContentHash()
    for piece in pieces:
        ours.update(piece)
        theirs.update(piece)
    state = ours.state()
    assert state == theirs.state()
    assert len(state) == 120
    whole = b"".join(pieces) + other
    for module in (py, c):
        resumed = module.ContentHash.from_state(state)
        assert resumed.state() == state
        resumed.update(other)
        assert both(resumed) == reference(whole)
    assert both(ours) == reference(b"".join(pieces))


def test_what_is_no_state_is_refused_the_same():
    py, c = twin("py"), twin("c")
    for wrong in (b"", b"x" * 119, b"x" * 121, "x" * 120, bytearray(120), None, 5):
        outcomes = [outcome(module.ContentHash.from_state, wrong) for module in (py, c)]
        assert outcomes[0] == outcomes[1]
        assert issubclass(outcomes[0][0], TypeError | ValueError)


def test_where_openssl_hides_its_functions_there_is_no_state(monkeypatch):
    py = twin("py")
    monkeypatch.setattr(py.openssl, "AVAILABLE", False)
    content = py.ContentHash()
    content.update(b"text")
    assert both(content) == both(content.copy()) == reference(b"text")
    assert content.state() == b""
    with pytest.raises(ValueError, match="no state"):
        py.ContentHash.from_state(twin("c").ContentHash().state())


BUFFERS = {
    "bytes": b"0123456789abcdef",
    "empty": b"",
    "bytearray": bytearray(b"0123456789abcdef"),
    "slice": memoryview(b"0123456789abcdef")[3:9],
    "read-only view": memoryview(bytearray(b"0123")).toreadonly(),
    "array of doubles": array.array("d", [1.0, 2.5]),
    "two dimensions": memoryview(bytes(range(12))).cast("B", (3, 4)),
    "ctypes": (ctypes.c_uint16 * 5)(1, 2, 3, 4, 5),
    "empty view": memoryview(b"abc")[3:],
}


@pytest.mark.parametrize("name", BUFFERS)
def test_any_contiguous_buffer(hashing, name):
    expected = reference(BUFFERS[name])
    assert hashing.hash_bytes(BUFFERS[name]) == of_pieces(hashing, [BUFFERS[name]]) == expected


def test_a_mapped_file(hashing, tmp_path):
    path = tmp_path / "content"
    path.write_bytes(b"mapped" * 5000)
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as mapped:
        assert hashing.hash_bytes(mapped) == reference(b"mapped" * 5000)


WRONG = {
    "text": "text",
    "none": None,
    "number": 5,
    "list": [b"a"],
    "every second byte": memoryview(b"abcdef")[::2],
    "backwards": memoryview(b"abcdef")[::-1],
    "released": memoryview(b"abcdef"),
}
WRONG["released"].release()


@pytest.mark.parametrize("name", WRONG)
def test_what_is_no_contiguous_buffer_raises_the_same(name):
    py, c = twin("py"), twin("c")
    for of in (
        lambda module: module.hash_bytes,
        lambda module: module.ContentHash().update,
        lambda _: hashlib.md5(usedforsecurity=False).update,
    ):
        assert outcome(of(c), WRONG[name]) == outcome(of(py), WRONG[name])
    kind, message = outcome(c.hash_bytes, WRONG[name])
    assert issubclass(kind, Exception)
    assert message


def test_a_refused_buffer_leaves_the_hash_as_it_was(hashing):
    content = hashing.ContentHash()
    content.update(b"kept")
    for wrong in WRONG.values():
        with pytest.raises((TypeError, BufferError, ValueError)):
            content.update(wrong)
    assert both(content) == reference(b"kept")


def test_wrong_calls(hashing):
    for call in (
        lambda: hashing.ContentHash(b"data"),
        lambda: hashing.ContentHash().update(),
        lambda: hashing.ContentHash().update(data=b""),
        hashing.hash_bytes,
        lambda: hashing.hash_bytes(b"", b""),
    ):
        with pytest.raises(TypeError):
            call()
    with pytest.raises(AttributeError):
        hashing.ContentHash().md5 = "0" * 32


def test_buffers_and_references_are_given_back(hashing):
    data = bytearray(5000)
    before = sys.getrefcount(data)
    content = hashing.ContentHash()
    content.update(data)
    hashing.hash_bytes(data)
    with pytest.raises(BufferError):
        content.update(memoryview(data)[::2])
    data.append(1)  # raises BufferError while a buffer is open
    assert sys.getrefcount(data) == before


def test_a_hash_cannot_be_pickled(hashing):
    for function in (pickle.dumps, copy.copy, copy.deepcopy):
        with pytest.raises(TypeError, match=r"^a ContentHash cannot be pickled; use its copy\(\)$"):
            function(hashing.ContentHash())


def test_threads_may_share_one(hashing):
    """Updates are taken in one after the other: with equal pieces their order cannot be seen."""
    content, large, small = hashing.ContentHash(), b"\0" * 64 * 3000, b"\0" * 64 * 5

    def update():
        for _ in range(100):
            content.update(large)
            assert len(content.md5) == 32
            content.update(small)
            content.copy().update(large)

    threads = [threading.Thread(target=update) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert both(content) == reference((large + small) * 400)


def longest_pause_beside(function):
    """Return the seconds `function` took in another thread, and this thread's longest pause meanwhile."""
    ended = []

    def run():
        begin = time.perf_counter()
        function()
        ended.append(time.perf_counter() - begin)

    thread = threading.Thread(target=run)
    pause, last = 0.0, time.perf_counter()
    thread.start()
    while True:
        over, now = bool(ended), time.perf_counter()
        pause, last = max(pause, now - last), now
        if over:
            break
    thread.join()
    return ended[0], pause


def test_other_threads_run_beside_a_large_update(hashing):
    data = bytes(2**27)
    content = hashing.ContentHash()
    for update in (content.update, hashing.hash_bytes):
        tries = (longest_pause_beside(lambda update=update: update(data)) for _ in range(3))
        assert any(pause < seconds / 2 for seconds, pause in tries)
