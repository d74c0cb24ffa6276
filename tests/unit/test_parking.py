"""Answers that wait for something, on a real server: no thread waits with them."""

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from typing import Any

import pytest

from pastebin.pace import Awaiting
from tests.servers.inside import SECONDS, InsideServer


class Waiting(InsideServer):
    """A server on which `/now` is answered at once, and any other address when the test says so."""

    def __init__(self, threads: int) -> None:
        self.asked: dict[str, Future[str]] = {}
        super().__init__(self.answer, threads)

    def answer(self, environ: dict[str, Any], start_response: Any) -> Any:
        """Be the application."""
        path = environ["PATH_INFO"]
        awaited = self.asked.setdefault(path, Future())
        if path == "/now":
            awaited.set_result("now")

        def respond() -> list[bytes]:
            body = awaited.result().encode()
            start_response("200 OK", [("Content-Length", str(len(body)))])
            return [body]

        return Awaiting(awaited, respond)

    def ask(self, path: str) -> Callable[[], str]:
        """Send a request; return what waits for its answer."""
        connection = self.connect()
        connection.request("GET", path)

        def body() -> str:
            answer = connection.getresponse()
            assert answer.status == 200, answer.status
            return answer.read().decode()

        return body

    def await_asked(self, count: int) -> None:
        """Return when so many addresses have been asked for."""
        deadline = time.monotonic() + SECONDS
        while len(self.asked) < count and time.monotonic() < deadline:
            time.sleep(0.001)
        assert len(self.asked) == count


@pytest.fixture
def start() -> Iterator[Callable[[int], Waiting]]:
    """Give a function that starts a server with so many threads."""
    started: list[Waiting] = []

    def begin(threads: int) -> Waiting:
        started.append(waiting := Waiting(threads))
        return waiting

    yield begin
    for waiting in started:
        for future in waiting.asked.values():
            if not future.done():
                future.set_result("the end")
        waiting.stop()


def test_an_answer_that_is_ready_is_given(start: Callable[[int], Waiting]) -> None:
    assert start(2).ask("/now")() == "now"


def test_more_requests_wait_than_there_are_threads(start: Callable[[int], Waiting]) -> None:
    waiting = start(2)
    answers = {f"/{n}": waiting.ask(f"/{n}") for n in range(20)}
    waiting.await_asked(20)
    assert waiting.ask("/now")() == "now"
    for path, future in waiting.asked.items():
        if path != "/now":
            future.set_result(path)
    assert {path: answer() for path, answer in answers.items()} == {path: path for path in answers}


def test_requests_of_one_connection_are_answered_in_their_order(start: Callable[[int], Waiting]) -> None:
    waiting = start(2)
    connection = waiting.connect()
    connection.sock.sendall(b"".join(b"GET /%d HTTP/1.1\r\nHost: x\r\n\r\n" % n for n in range(3)))
    for n in range(3):
        waiting.await_asked(n + 1)
        waiting.asked[f"/{n}"].set_result(f"answer {n}")
        received = b""
        while f"answer {n}".encode() not in received:
            received += connection.sock.recv(1000)
        assert received.startswith(b"HTTP/1.1 200 OK")


def test_a_client_that_left_harms_nobody(start: Callable[[int], Waiting]) -> None:
    waiting = start(2)
    connection = waiting.connect()
    connection.request("GET", "/gone")
    waiting.await_asked(1)
    connection.close()
    waiting.asked["/gone"].set_result("nobody hears this")
    assert waiting.ask("/now")() == "now"


def test_a_bug_in_the_answer_is_500_and_the_server_goes_on(start: Callable[[int], Waiting]) -> None:
    waiting = start(2)
    answer = waiting.ask("/broken")
    waiting.await_asked(1)
    waiting.asked["/broken"].set_exception(ZeroDivisionError("a bug"))
    with pytest.raises(AssertionError, match="500"):
        answer()
    assert waiting.ask("/now")() == "now"


def test_the_server_ends_after_what_it_has_begun(start: Callable[[int], Waiting]) -> None:
    waiting = start(2)
    answers = [waiting.ask(f"/{n}") for n in range(5)]
    waiting.await_asked(5)
    ending = threading.Thread(target=waiting.crew.shutdown)
    ending.start()
    time.sleep(0.05)
    for path, future in waiting.asked.items():
        future.set_result(path)
    ending.join(SECONDS)
    assert not ending.is_alive()
    assert [answer() for answer in answers] == [f"/{n}" for n in range(5)]
