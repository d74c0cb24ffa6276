"""Passkeys without a browser: made, shown, and everything about them that can be wrong."""

import copy
import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import urlencode

import pytest
from sqlalchemy import select
from webtest import TestResponse

from pastebin.models import PASSKEYS
from pastebin.services.passkeys import Site
from tests.functional.test_accounts import cookie_of, is_signed_in, post
from tests.functional.test_second_factors import with_factor
from tests.inprocess import Service
from tests.inprocess.accounts import PASSWORD, Person, sign_up, token_of
from tests.inprocess.authenticator import USER_PRESENT, Authenticator
from tests.inprocess.fixtures import StartService


def options(service: Service, path: str, **headers: str) -> dict[str, Any]:
    answer = post(service, path, urlencode({"action": "options", "password": PASSWORD}), **headers)
    assert answer.status_int == 200, answer.text
    return answer.json


def add(service: Service, person: Person, state: str, credential: Any, name: str = "phone") -> TestResponse:
    text = credential if isinstance(credential, str) else json.dumps(credential)
    fields = {"action": "add", "state": state, "credential": text, "name": name}
    return post(service, "/account/passkeys", urlencode(fields), **person.browser)


def registered(service: Service, person: Person) -> Authenticator:
    """Return a device that signs in to an account."""
    device, asked = Authenticator(), options(service, "/account/passkeys", **person.browser)
    answer = add(service, person, asked["state"], device.made(asked["options"]))
    assert answer.status_int == 303, answer.text
    return device


def show(service: Service, state: str, credential: Any, **fields: str) -> TestResponse:
    text = credential if isinstance(credential, str) else json.dumps(credential)
    return post(service, "/login/passkey", urlencode({"state": state, "credential": text, **fields}))


def is_refused(answer: TestResponse) -> bool:
    return answer.status_int == 403 and "pb-session" not in str(answer.headers)


def test_a_passkey_is_made_and_signs_in(each_service: Service) -> None:
    person = sign_up(each_service)
    device = registered(each_service, person)
    for target in ("/latest", "//evil.example"):
        asked = options(each_service, "/login/passkey")
        assert "allowCredentials" not in asked["options"] or asked["options"]["allowCredentials"] == []
        assert asked["options"]["userVerification"] == "required"
        answer = show(each_service, asked["state"], device.shown(asked["options"]), next=target)
        where = "/latest" if target == "/latest" else "/account/files"
        assert (answer.status_int, answer.location) == (303, f"http://localhost{where}")
        assert is_signed_in(each_service, {"cookie": cookie_of(answer)})
    [passkey] = each_service.registry.services.passkeys.of_account(person.account.id)
    assert (passkey.name, passkey.last_used is not None) == ("phone", True)


def test_it_is_two_factors(service: Service) -> None:
    person = sign_up(service)
    device = registered(service, person)
    with_factor(service, person)
    asked = options(service, "/login/passkey")
    assert "pb-session" in str(show(service, asked["state"], device.shown(asked["options"])).headers)


def test_an_answer_works_once(service: Service) -> None:
    person = sign_up(service)
    device = registered(service, person)
    asked = options(service, "/login/passkey")
    shown = device.shown(asked["options"])
    assert show(service, asked["state"], shown).status_int == 303
    assert is_refused(show(service, asked["state"], shown))
    device.count += 5
    assert is_refused(show(service, asked["state"], device.shown(asked["options"])))


def test_of_many_answers_to_one_challenge_at_once_one_counts(each_service: Service) -> None:
    device = registered(each_service, sign_up(each_service))
    asked = options(each_service, "/login/passkey")
    shown, site = json.dumps(device.shown(asked["options"])), Site("localhost", "http://localhost", "x")
    check = each_service.registry.services.passkeys.check
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: check(asked["state"], shown, site), range(8)))
    assert len([account for account in found if account is not None]) == 1


def test_making_one_works_once_for_who_was_asked(service: Service) -> None:
    ada, eve, device = sign_up(service), sign_up(service, "eve"), Authenticator()
    asked = options(service, "/account/passkeys", **ada.browser)
    made = device.made(asked["options"])
    assert add(service, eve, asked["state"], made).status_int == 400
    assert add(service, ada, asked["state"], made).status_int == 303
    assert add(service, ada, asked["state"], made).status_int == 404
    again = options(service, "/account/passkeys", **eve.browser)
    assert add(service, eve, again["state"], device.made(again["options"])).status_int == 400  # it is ada's
    assert len(options(service, "/account/passkeys", **ada.browser)["options"]["excludeCredentials"]) == 1


def test_the_password_is_asked_for_first(service: Service) -> None:
    person = sign_up(service)
    for fields in ("action=options", "action=options&password=wrong"):
        answer = post(service, "/account/passkeys", fields, **person.browser, accept="application/json")
        assert answer.status_int == 403
        assert answer.json["error"]["message"] == "This is not the password you have now."


@pytest.mark.parametrize(
    "wrong",
    [
        {"origin": "http://evil.example"},
        {"origin": "http://localhost:81"},
        {"rp_id": "evil.example"},
        {"flags": USER_PRESENT},
        {"flags": 0},
    ],
)
@pytest.mark.parametrize("step", ["make", "show"])
def test_what_a_device_says_wrong(service: Service, wrong: dict[str, Any], step: str) -> None:
    person = sign_up(service)
    if step == "make":
        device, asked = Authenticator(**wrong), options(service, "/account/passkeys", **person.browser)
        assert add(service, person, asked["state"], device.made(asked["options"])).status_int == 400
        return
    device = registered(service, person)
    for name, value in wrong.items():
        setattr(device, name, value)
    asked = options(service, "/login/passkey")
    assert is_refused(show(service, asked["state"], device.shown(asked["options"])))


@pytest.mark.parametrize(
    "how", ["other key", "challenge", "no state", "state to make", "count", "handle", "unknown"]
)
def test_what_is_shown_wrong(service: Service, how: str) -> None:
    person, eve = sign_up(service), sign_up(service, "eve")
    device, other = registered(service, person), registered(service, eve)
    asked = options(service, "/login/passkey")
    state = asked["state"]
    if how == "other key":
        device.key = other.key
    elif how == "challenge":
        asked = options(service, "/login/passkey")
    elif how == "no state":
        state = ""
    elif how == "state to make":
        made = options(service, "/account/passkeys", **person.browser)
        state, asked["options"]["challenge"] = made["state"], made["options"]["challenge"]
    elif how == "count":
        assert show(service, state, device.shown(asked["options"])).status_int == 303
        asked = options(service, "/login/passkey")
        state, device.count = asked["state"], 0
    elif how == "handle":
        device.handle = other.handle
    else:
        device = Authenticator(handle=device.handle)
    assert is_refused(show(service, state, device.shown(asked["options"])))


@pytest.mark.parametrize("text", ["", "x", "[]", "null", "7", "{}", "[" * 15_000, '{"id": 7}', '{"id": "x"}'])
def test_what_is_no_credential(service: Service, text: str) -> None:
    person = sign_up(service)
    registered(service, person)
    assert is_refused(show(service, options(service, "/login/passkey")["state"], text))
    made = options(service, "/account/passkeys", **person.browser)
    assert add(service, person, made["state"], text).status_int == 400


def broken(credential: dict[str, Any]) -> list[dict[str, Any]]:
    """Return a credential with each of its parts missing, of another type, or cut."""
    found = []
    for part in ("id", "rawId", "type", "response", *credential["response"]):
        for value in (None, 7, [], {}, "", "!", "AAAA"):
            other = copy.deepcopy(credential)
            (other if part in other else other["response"])[part] = value
            found.append(other)
    return found


def test_broken_credentials_are_clear_errors(service: Service) -> None:
    person, device = sign_up(service), Authenticator()
    asked = options(service, "/account/passkeys", **person.browser)
    for credential in broken(device.made(asked["options"])):
        assert add(service, person, asked["state"], credential).status_int in (303, 400), credential
    device = registered(service, person)
    asked = options(service, "/login/passkey")
    for credential in broken(device.shown(asked["options"])):
        # The user handle may be missing: the id says whose the passkey is.
        response = credential["response"]
        if not isinstance(response, dict) or response.get("userHandle") or not response:
            assert is_refused(show(service, asked["state"], credential)), credential


@pytest.mark.parametrize("act", ["suspend", "demote", "remove"])
def test_what_has_ended_does_not_sign_in(service: Service, act: str) -> None:
    person, services = sign_up(service), service.registry.services
    device = registered(service, person)
    if act == "suspend":
        services.accounts.suspend(person.account, "test")
    elif act == "demote":
        services.accounts.set_roles(person.account, 0, "test")
    else:
        with service.session() as session:
            number = session.scalar(select(PASSKEYS.c.id))
        eve = sign_up(service, "eve")
        for browser, status in ((eve.browser, 404), (person.browser, 303), (person.browser, 404)):
            fields = f"action=remove&passkey={number}"
            assert post(service, "/account/passkeys", fields, **browser).status_int == status
    asked = options(service, "/login/passkey")
    assert is_refused(show(service, asked["state"], device.shown(asked["options"])))


def test_no_token_and_no_other_site_makes_one(service: Service) -> None:
    person = sign_up(service)
    token = token_of(service, person, "upload", "read", "delete", "admin")
    assert post(service, "/account/passkeys", "action=options", **token).status_int == 403
    kind = {"content_type": "application/x-www-form-urlencoded"}
    for path in ("/account/passkeys", "/login/passkey"):
        for headers in ({"origin": "https://evil.example"}, {}):
            service.client.reset()
            answer = service.ask(path, "POST", b"action=options", **kind, **person.browser, **headers)
            assert answer.status_int == 403


def test_wrong_ones_are_limited(start: StartService) -> None:
    service = start(limits="on")
    answers = [show(service, "x", "{}").status_int for _ in range(61)]
    assert (answers[0], answers[-1]) == (403, 429)
