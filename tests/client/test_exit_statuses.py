"""How `pb` ends: each exit status, with words that say why, and no secret among them."""

import signal
import subprocess
import time

import pytest

from tests.client.lines import answering
from tests.servers import free_port

NOBODY = "http://127.0.0.1:{port}/"


def test_0_all_done(home):
    home.file("f.txt", "fine")
    assert home.run("f.txt").status == 0


@pytest.mark.parametrize(
    ("name", "words"),
    [("missing.txt", "missing.txt: No such file or directory"), ("empty folder", "has no files in it")],
)
def test_1_a_local_fault(home, name, words):
    (home.work / "empty folder").mkdir()
    outcome = home.run(name)
    assert outcome.status == 1
    assert words in outcome.words


def test_1_a_history_that_cannot_be_written_keeps_a_file_from_being_shared(home):
    home.history.parent.parent.mkdir(parents=True)
    home.history.parent.write_text("a file where the folder should be")
    home.file("f.txt", "not shared")
    outcome = home.run("f.txt")
    assert (outcome.status, outcome.out) == (1, b"")
    assert "history.jsonl cannot be written" in outcome.words


def test_1_a_full_disk(home):
    home.file("f.txt", "x" * 100_000)
    [link] = home.links("f.txt")
    command = [
        "bash",
        "-c",
        'ulimit -f 50; trap "" XFSZ; exec "$@"',
        "-",
        *home.command("get", link, "-o", "copy"),
    ]
    ended = subprocess.run(
        command, cwd=home.work, env=home.environment, capture_output=True, check=False, timeout=60
    )
    assert ended.returncode == 1, ended.stderr
    assert b"cannot be written" in ended.stderr


def test_1_some_of_several_failed_and_the_others_are_told(home):
    home.file("a.txt", "a of several")
    home.file("b.txt", "b of several")
    outcome = home.run("a.txt", "missing.txt", "b.txt")
    assert outcome.status == 1
    assert len(outcome.out.splitlines()) == 2
    assert "missing.txt" in outcome.words


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["put"],
        ["get", "a b c"],
        ["put", "f.txt", "--unknown"],
        ["put", "f.txt", "--downloads", "many"],
        ["put", "f.txt", "--downloads", "0"],
        ["put", "f.txt", "--password=secret"],
        ["put", "a", "b", "--name", "c"],
        ["put", "-", "-"],
        ["put", "-", "--password=-"],
        ["list", "what"],
        ["config", "server", "ftp://example.org"],
        ["--server", "no address", "f.txt"],
        ["get", "https://example.org/about/us"],
        ["get", "http://[::1/s/abcde"],
        ["get", "http://h:99999/s/abcde"],
        ["--server", "http://[", "f.txt"],
        ["--server", "http://h:99999/", "f.txt"],
    ],
)
def test_2_wrong_usage(home, arguments):
    home.file("f.txt", "fine")
    outcome = home.run(*arguments)
    assert outcome.status == 2
    assert outcome.words.startswith("pb: ")
    assert "secret" not in outcome.words
    assert outcome.out == b""


def test_3_the_server_cannot_be_reached(home):
    home.server = NOBODY.format(port=free_port())
    home.file("f.txt", "fine")
    outcome = home.run("put", "f.txt", "--retries", "1")
    assert outcome.status == 3
    assert "cannot be reached: Connection refused" in outcome.words


def test_3_a_name_that_is_not_known(home):
    home.server = "http://nowhere.invalid/"
    home.file("f.txt", "fine")
    assert home.run("put", "f.txt", "--retries", "0").status == 3


@pytest.mark.parametrize(
    ("answer", "status", "tries"),
    [
        (500, 3, 2),
        (503, 3, 2),
        (507, 3, 2),
        (403, 4, 1),
        (413, 4, 1),
        (429, 4, 2),
        (404, 5, 1),
        (410, 5, 1),
        (451, 5, 1),
    ],
)
def test_what_a_server_answers_decides(home, answer, status, tries):
    home.file("f.txt", "fine")
    body = b'{"error": {"code": "x", "message": "Because\\u001b[31m of this."}}'
    with answering(answer, body) as server:
        home.server = server.url
        outcome = home.run("put", "f.txt", "--retries", "1")
        assert len(server.requests) == tries
    assert outcome.status == status
    assert f"{answer}: Because" in outcome.words
    assert "\x1b" not in outcome.words


def test_a_server_that_is_none_is_not_believed(home):
    home.file("f.txt", "fine")
    with answering(200, b"<h1>A router's sign-in page</h1>") as server:
        home.server = server.url
        assert home.run("put", "f.txt", "--retries", "0").status == 3


def test_4_too_large_for_the_server(home):
    with home.file("large.bin", b"").open("wb") as file:
        file.truncate(65 * 2**20)
    outcome = home.run("put", "--no-resume", "large.bin")
    assert outcome.status == 4
    assert "larger than this server accepts" in outcome.words


def test_5_not_there(home):
    assert home.run("get", f"{home.server}s/mmmmm").status == 5
    assert home.run("rm", f"{home.server}s/mmmmm").status == 5
    assert home.run("set", f"{home.server}s/mmmmm", "--expires", "1d").status == 5


def test_130_interrupted_within_a_second(home):
    with answering(503) as server:
        home.server = server.url
        home.file("f.txt", "fine")
        running = home.start("put", "f.txt")
        while not server.requests:
            time.sleep(0.01)
        begun = time.monotonic()
        running.send_signal(signal.SIGINT)
        _out, words = running.communicate(timeout=30)
        assert time.monotonic() - begun < 1
    assert running.returncode == 130
    assert b"interrupted" in words
    assert b"Traceback" not in words
