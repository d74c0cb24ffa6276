"""Passwords that are tried: to confirm, of all accounts together, and of files, also long ones."""

import base64
from urllib.parse import urlencode

import pytest
from webtest import TestResponse

from pastebin.errors import TooManyRequests
from pastebin.services.rate_limits import ALL_SIGN_INS
from pastebin.services.terms import MAX_PASSWORD
from tests.functional.rights_pages import SETTINGS
from tests.functional.test_accounts import is_signed_in, post, sign_in
from tests.inprocess import Service
from tests.inprocess.accounts import PASSWORD, sign_up
from tests.inprocess.fixtures import StartService
from tests.inprocess.forms import file_part, text_part

FORM = {"content_type": "application/x-www-form-urlencoded"}
LONG = "x" * (MAX_PASSWORD + 1)

# Whatever an account confirms by its password: the path, the field of the password, and the others.
CONFIRMED = [
    ("/account/password", "old_password", {"new_password": "another one", "again": "another one"}),
    ("/account/deletion", "password", {}),
    ("/account/passkeys", "password", {"action": "options"}),
    ("/account/identities", "password", {"action": "link"}),
    ("/account/second-factor", "password", {"action": "renew-codes"}),
    ("/account/email", "password", {"email": "new@example.org"}),
]


@pytest.mark.parametrize(("path", "field", "others"), CONFIRMED, ids=[path for path, *_ in CONFIRMED])
def test_the_password_is_not_guessed_where_it_confirms_something(
    start: StartService, path: str, field: str, others: dict[str, str]
) -> None:
    service = start(**SETTINGS, limits="on", passwords_per_minute="2")
    person = sign_up(service)

    def say(password: str) -> TestResponse:
        return post(service, path, urlencode({**others, field: password}), **person.browser)

    assert [say("a wrong one").status_int for _ in range(2)] == [403, 403]
    refused = say(PASSWORD)
    assert refused.status_int == 429
    assert 0 < int(refused.headers["Retry-After"]) <= 60
    assert is_signed_in(service, person.browser)
    assert sign_in(service).status_int == 429  # it is one count, whatever the door


def test_all_accounts_together_are_not_tried_from_everywhere(start: StartService) -> None:
    service = start(limits="on", passwords_per_minute="3")
    sign_up(service)
    services = service.registry.services
    for number in range(3 * ALL_SIGN_INS):
        services.rate_limits.sign_ins.require(f"203.0.113.{number}", f"name{number}")
        services.rate_limits.sign_ins.count(f"203.0.113.{number}", f"name{number}")
    with pytest.raises(TooManyRequests):
        services.sign_in.check("ada", PASSWORD, "198.51.100.1")
    assert sign_in(service).status_int == 429


def basic(password: str) -> str:
    return f"Basic {base64.b64encode(f'x:{password}'.encode()).decode()}"


def locked(service: Service, collection: bool) -> dict[str, str]:
    parts = [file_part(b"text", "a.txt"), text_part("password", "right")]
    said: dict[str, str] = service.send([*parts, *([text_part("collection", "")] if collection else [])]).json
    return said


@pytest.mark.parametrize("is_collection", [False, True])
def test_a_long_password_of_a_link_is_never_hashed(
    start: StartService, monkeypatch: pytest.MonkeyPatch, is_collection: bool
) -> None:
    service = start(limits="on", passwords_per_minute="5")
    path = locked(service, is_collection)["url_c" if is_collection else "url_p"]
    checked: list[object] = []
    passwords = service.registry.services.passwords
    monkeypatch.setattr(passwords, "is_right", lambda *given: bool(checked.append(given)))
    statuses = [service.ask(path, "POST", f"password={LONG}".encode(), **FORM).status_int for _ in range(3)]
    statuses += [service.ask(path, authorization=basic(LONG)).status_int for _ in range(3)]
    assert (statuses, checked) == ([403] * 3 + [401] * 2 + [429], [])


def test_after_a_change_the_old_password_opens_nothing(service: Service) -> None:
    """Also where the service remembers for a while that it was right."""
    said = locked(service, collection=False)

    def opened(password: str) -> int:
        return service.ask(said["url_d"], authorization=basic(password)).status_int

    def change(password: str) -> None:
        body = f'{{"password": "{password}"}}'.encode()
        assert service.ask(said["url_m"], "PATCH", body, content_type="application/json").status_int == 200

    assert [opened("right"), opened("right")] == [200, 200]
    change("another")
    assert [opened("right"), opened("another"), opened("right")] == [401, 200, 401]
    change("right")
    assert [opened("right"), opened("another")] == [200, 401]
