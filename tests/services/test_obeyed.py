"""What is switched, demoted, suspended or changed in one process, and how soon another one obeys."""

import os
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
import requests

from tests.servers import AppServer
from tests.services.client import upload
from tests.services.conftest import StartApp

PASSWORD = "correct horse battery"
SECONDS = 2.0


@dataclass
class Pair:
    """Two processes on one database and one folder, and the headers of their administrator."""

    one: AppServer
    other: AppServer
    admin: dict[str, str]

    def change(self, method: str, path: str, said: dict[str, Any]) -> None:
        """Have the first process change something."""
        headers = {**self.admin, "If-Match": "*"}
        answer = requests.request(
            method, f"{self.one.url}/api/v1/{path}", json=said, headers=headers, timeout=60
        )
        assert answer.status_code == 200, answer.text


def made(server: AppServer, *arguments: str, given: str = "") -> str:
    """Run a command, and return what it says."""
    done = server.run(*arguments, given=given)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def token_of(server: AppServer, name: str, *scopes: str) -> dict[str, str]:
    """Return the headers of a program of an account."""
    options = [word for scope in scopes for word in ("--scope", scope)]
    return {"Authorization": f"Bearer {made(server, 'token', 'add', name, *options)}"}


@pytest.fixture(scope="module")
def pair(start_shared_app: StartApp, shared_database: dict[str, str]) -> Iterator[Pair]:
    """Give the two processes."""
    one = start_shared_app({"signup": "open", **shared_database})
    made(one, "user", "add", "root", "--admin", given=f"{PASSWORD}\n")
    with one.another() as other:
        yield Pair(one, other, token_of(one, "root", "admin"))


def is_503(ask: Callable[[AppServer], requests.Response], server: AppServer) -> bool:
    """Tell whether a process refuses, and whoever it refuses is told when to come back."""
    answer = ask(server)
    assert answer.status_code != 503 or answer.headers["Retry-After"] == "60"
    return answer.status_code == 503


def seconds_until(condition: Callable[[], bool]) -> float:
    """Return after how many seconds something is so."""
    begun = time.monotonic()
    while not condition():
        assert time.monotonic() - begun < 30
        time.sleep(0.02)
    return time.monotonic() - begun


def send(server: AppServer) -> requests.Response:
    return upload(server.url, os.urandom(16), "a.txt")


def sign_up(server: AppServer) -> requests.Response:
    return requests.get(f"{server.url}/signup", timeout=60)


@pytest.mark.parametrize(("flag", "ask"), [("read-only", send), ("no-uploads", send), ("no-signup", sign_up)])
def test_a_flag_is_obeyed_within_two_seconds(
    pair: Pair, flag: str, ask: Callable[[AppServer], requests.Response]
) -> None:
    assert not is_503(ask, pair.one)
    assert not is_503(ask, pair.other)
    for is_on in (True, False):
        pair.change("PUT", f"flags/{flag}", {"on": is_on})
        assert is_503(ask, pair.one) is is_on
        assert seconds_until(lambda is_on=is_on: is_503(ask, pair.other) is is_on) < SECONDS


def signed_in(server: AppServer, name: str) -> requests.Session:
    """Return a browser that has signed in to an account."""
    browser = requests.Session()
    fields = {"name": name, "password": PASSWORD}
    headers = {"Origin": server.url}
    answer = browser.post(f"{server.url}/login", fields, headers=headers, allow_redirects=False, timeout=60)
    assert (answer.status_code, answer.headers["Location"]) == (303, f"{server.url}/account/files")
    return browser


@pytest.mark.parametrize("act", ["suspend", "demote", "password"])
def test_sessions_and_tokens_end_at_the_next_request_in_the_other_process(pair: Pair, act: str) -> None:
    name = f"{act}-{os.urandom(4).hex()}"
    made(pair.one, "user", "add", name, given=f"{PASSWORD}\n")
    token = token_of(pair.one, name, "read")
    browser = signed_in(pair.one, name)

    def answers() -> list[int]:
        page = browser.get(f"{pair.other.url}/account", timeout=60)
        files = requests.get(f"{pair.other.url}/api/v1/files", headers=token, timeout=60)
        return [page.status_code, files.status_code]

    assert answers() == [200, 200]
    if act == "password":
        made(pair.one, "user", "passwd", name, given="another password\n")
    else:
        pair.change("PATCH", f"users/{name}", {"suspended": True} if act == "suspend" else {"roles": 0})
    assert answers() == [403, 401]
