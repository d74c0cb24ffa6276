"""Second factors: set up, asked for, used once, recovered from and ended; half signed in is not signed in."""

import re
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

import pyotp
import pytest
from sqlalchemy import select, update
from webtest import TestResponse

from pastebin.errors import TooManyRequests
from pastebin.models import AUDIT, RECOVERY_CODES, SECOND_FACTORS
from pastebin.services.second_factors import STEP, new_secret
from tests.functional.test_accounts import PAGE, cookie_of, is_signed_in, post, sign_in
from tests.inprocess import Service
from tests.inprocess.accounts import PASSWORD, Person, session_of, sign_up, token_of
from tests.inprocess.fixtures import StartService

PATH = "/account/second-factor"


def now(secret: str, steps: int = 0) -> str:
    """Return the code of a secret now, or so many steps later."""
    return pyotp.TOTP(secret).generate_otp(int(time.time()) // STEP + steps)


def with_factor(service: Service, person: Person) -> tuple[str, list[str]]:
    """Give an account a second factor; return its secret and the recovery codes."""
    secret = new_secret()
    factors = service.registry.services.second_factors
    session = service.registry.services.account_sessions.of_account(person.account.id)[0]
    # With the code of the step before: those of now and of the next one are there to sign in with.
    codes = factors.turn_on(person.account, secret, now(secret, -1), session.id)
    assert codes
    return secret, codes


def half(service: Service, name: str = "ada") -> dict[str, str]:
    """Say the right password; return the cookie of who has not said a code yet."""
    answer = sign_in(service, name)
    assert answer.location == "http://localhost/login/code?next=%2Faccount%2Ffiles"
    assert "pb-session" not in str(answer.headers)
    return {"cookie": cookie_of(answer, "pb-half")}


def say(service: Service, code: str, browser: dict[str, str]) -> TestResponse:
    return post(service, "/login/code", urlencode({"code": code}), **browser)


def hidden(page: str, name: str) -> str:
    return re.search(rf'name="{name}" value="([^"]+)"', page)[1]


# Setting up


def test_it_is_turned_on_with_a_code_and_the_password(service: Service) -> None:
    person = sign_up(service)
    other = session_of(service, person.account)
    page = service.ask(PATH, **PAGE, **person.browser)
    assert "data:image/svg+xml;base64," in page.text
    secret, set_up = re.search(r"\b[A-Z2-7]{32}\b", page.text)[0], hidden(page.text, "set_up")
    fields = {"action": "turn-on", "set_up": set_up, "code": now(secret), "password": PASSWORD}
    for wrong in ({"code": "000000"}, {"code": ""}, {"password": "wrong"}):
        answer = post(service, PATH, urlencode({**fields, **wrong}), **person.browser)
        assert answer.status_int == 403
        assert secret in answer.text  # the app need not be told another one
    assert not service.registry.services.second_factors.is_on(person.account.id)
    answer = post(service, PATH, urlencode(fields), **person.browser)
    codes = re.findall(r"<code>([a-z2-7]{4}(?:-[a-z2-7]{4}){3})</code>", answer.text)
    assert (answer.status_int, len(set(codes))) == (200, 10)
    assert is_signed_in(service, person.browser)
    assert not is_signed_in(service, other)
    assert say(service, codes[3], half(service)).status_int == 303


def test_what_is_on_shows_no_secret_and_no_code(service: Service) -> None:
    person = sign_up(service)
    secret, codes = with_factor(service, person)
    page = service.ask(PATH, **PAGE, **person.browser).text
    assert "data:image" not in page
    assert not [text for text in (secret, *codes) if text in page]
    set_up = service.registry.services.signed_tokens.make(
        "second-factor", [person.account.id, new_secret()], 60
    )
    answer = post(service, PATH, f"action=turn-on&password={PASSWORD}&set_up={set_up}", **person.browser)
    assert answer.status_int == 403
    assert say(service, now(secret), half(service)).status_int == 303


@pytest.mark.parametrize("kind", ["other", "over", "none", "another kind"])
def test_only_a_secret_that_this_account_was_shown_is_taken(service: Service, kind: str) -> None:
    ada, eve = sign_up(service), sign_up(service, "eve")
    secret, make = new_secret(), service.registry.services.signed_tokens.make
    set_up = {
        "other": make("second-factor", [eve.account.id, secret], 60),
        "over": make("second-factor", [ada.account.id, secret], -1),
        "none": "",
        "another kind": make("reset", [ada.account.id, secret], 60),
    }[kind]
    fields = {"action": "turn-on", "set_up": set_up, "code": now(secret), "password": PASSWORD}
    assert post(service, PATH, urlencode(fields), **ada.browser).status_int == 400
    assert not service.registry.services.second_factors.is_on(ada.account.id)


def test_the_secret_is_where_a_session_alone_leads(service: Service) -> None:
    person = sign_up(service)
    token = token_of(service, person, "upload", "read", "delete", "admin")
    assert service.ask(PATH, **token).status_int == 403
    assert service.ask(PATH, **PAGE).status_int == 303
    assert post(service, PATH, "action=turn-off").status_int == 403


# Signing in


def test_half_signed_in_reaches_one_address(service: Service) -> None:
    person = sign_up(service)
    secret, _ = with_factor(service, person)
    page = service.upload(b"of ada", **person.browser, pb_visibility="private").json["url_i"]
    cookie = [c for c in sign_in(service).headers.getall("Set-Cookie") if c.startswith("pb-half")]
    assert "Path=/login/code" in cookie[0]
    assert "HttpOnly" in cookie[0]
    browser = half(service)
    for path in ("/account", "/account/files", "/account/second-factor", page, "/login"):
        service.client.reset()
        answer = service.ask(path, accept="application/json", **browser)
        assert answer.status_int == (404 if path == page else 200 if path == "/login" else 403)
    for path in ("/account/password", "/account/sessions", "/account/tokens", PATH):
        assert post(service, path, "action=create", **browser).status_int == 403
    uploaded = service.upload(b"x", **browser)
    assert service.rows()[-1].owner_id is None, uploaded.text
    assert service.ask("/login/code", **PAGE, **browser).status_int == 200
    assert say(service, now(secret), browser).status_int == 303


@pytest.mark.parametrize("form", ["{}", " {} ", "{0:.3} {0:.3}"])
def test_a_code_is_taken_once_however_it_is_written(service: Service, form: str) -> None:
    secret, _ = with_factor(service, sign_up(service))
    code = now(secret)
    written = f"{code[:3]} {code[3:]}" if "." in form else form.format(code)
    answer = say(service, written, half(service))
    assert answer.status_int == 303
    assert is_signed_in(service, {"cookie": cookie_of(answer)})
    browser = half(service)
    for again in (code, f" {code}", f"{code[:3]} {code[3:]}", f"{code[:3]}-{code[3:]}", now(secret, -1)):
        assert say(service, again, browser).status_int == 403
    assert say(service, now(secret, 1), browser).status_int == 303


def test_of_many_with_one_code_one_gets_in(each_service: Service) -> None:
    person = sign_up(each_service)
    secret, codes = with_factor(each_service, person)
    factors = each_service.registry.services.second_factors
    for code in (now(secret), codes[0]):
        with ThreadPoolExecutor(8) as pool:
            got_in = list(pool.map(lambda code: factors.check(person.account.id, code, ""), [code] * 8))
        assert sum(got_in) == 1


@pytest.mark.parametrize("code", ["", "0", "12345", "1234567", "１２３４５６", "x" * 5000, "a-b", "\x00"])
def test_what_is_no_code_is_wrong(service: Service, code: str) -> None:
    with_factor(service, sign_up(service))
    assert say(service, code, half(service)).status_int == 403


def test_a_code_of_long_ago_or_of_another_account_is_wrong(service: Service) -> None:
    secret, _ = with_factor(service, sign_up(service))
    _, others = with_factor(service, sign_up(service, "eve"))
    browser = half(service)
    for code in (now(secret, -3), now(secret, 3), others[0]):
        assert say(service, code, browser).status_int == 403


def test_a_recovery_code_works_once(service: Service) -> None:
    person = sign_up(service)
    _, codes = with_factor(service, person)
    assert say(service, codes[0].upper(), half(service)).status_int == 303
    browser = half(service)
    for written in (codes[0], f" {codes[0]}", codes[0].replace("-", " "), codes[0].replace("-", "")):
        assert say(service, written, browser).status_int == 403
    assert say(service, codes[1].replace("-", " "), browser).status_int == 303
    assert service.registry.services.second_factors.recovery_codes_left(person.account.id) == 8


@pytest.mark.parametrize("act", ["password", "suspend", "demote", "over", "nobody"])
def test_half_signed_in_ends(service: Service, act: str) -> None:
    person = sign_up(service)
    secret, _ = with_factor(service, person)
    browser, services = half(service), service.registry.services
    if act == "password":
        services.accounts.set_password(person.account, "another password")
    elif act == "suspend":
        services.accounts.suspend(person.account, "test")
    elif act == "demote":
        services.accounts.set_roles(person.account, 0, "test")
    elif act == "over":
        browser = {
            "cookie": f"pb-half={services.signed_tokens.make('half-sign-in', [person.account.id, 'x'], -1)}"
        }
    else:
        browser = {}
    answer = say(service, now(secret), browser)
    assert answer.location == "http://localhost/login?next=%2Faccount%2Ffiles"
    assert "pb-session" not in str(answer.headers)
    assert service.ask("/login/code", **PAGE, **browser).status_int == 303


def test_wrong_codes_are_limited(start: StartService) -> None:
    service = start(limits="on")
    secret, codes = with_factor(service, sign_up(service))
    browser = half(service)
    assert [say(service, "000000", browser).status_int for _ in range(11)][8:] == [403, 403, 429]
    for right in (now(secret), codes[0]):
        assert say(service, right, browser).status_int == 429


def test_wrong_codes_of_an_account_are_bounded_whatever_else_is(each_service: Service) -> None:
    """Also by many at once, and also of recovery codes; an hour later, or after a right one, anew."""
    person = sign_up(each_service)
    secret, codes = with_factor(each_service, person)
    factors = each_service.registry.services.second_factors

    def tried(code: str) -> str:
        try:
            return str(factors.check(person.account.id, code, "192.0.2.1"))
        except TooManyRequests as error:
            return "too many" if 0 < error.seconds <= 3600 and error.limit == 10 else str(error.seconds)

    wrong = ["000000"] * 5 + ["aaaa-bbbb-cccc-dddd"] * 4
    assert {tried(code) for code in wrong} == {"False"}
    assert tried(codes[0]) == "True"
    with ThreadPoolExecutor(8) as pool:
        told = list(pool.map(tried, ["000000"] * 24))
    assert (told.count("False"), told.count("too many")) == (10, 14)
    assert (tried(codes[1]), tried(now(secret))) == ("too many", "too many")
    with each_service.registry.services.engine.begin() as connection:
        before = datetime.now(UTC) - timedelta(hours=1, seconds=1)
        connection.execute(update(SECOND_FACTORS).values(wrong_since=before))
    assert tried("000000") == "False"
    assert tried(codes[1]) == "True"


def test_another_site_cannot_say_a_code(service: Service) -> None:
    secret, _ = with_factor(service, sign_up(service))
    browser, fields = half(service), f"code={now(secret)}".encode()
    kind = {"content_type": "application/x-www-form-urlencoded"}
    for headers in ({"origin": "https://evil.example"}, {}):
        service.client.reset()
        assert service.ask("/login/code", "POST", fields, **kind, **browser, **headers).status_int == 403


def test_the_way_leads_on_to_where_it_was_to_lead(service: Service) -> None:
    secret, _ = with_factor(service, sign_up(service))
    answer = post(service, "/login", f"name=ada&password={PASSWORD}&next=/latest")
    assert answer.location == "http://localhost/login/code?next=%2Flatest"
    browser = {"cookie": cookie_of(answer, "pb-half")}
    answer = post(service, "/login/code", f"code={now(secret)}&next=//evil.example", **browser)
    assert answer.location == "http://localhost/account/files"
    assert "pb-half=;" in "".join(answer.headers.getall("Set-Cookie"))


# Ending it


def test_ending_it_and_new_codes_take_the_password(service: Service) -> None:
    person = sign_up(service)
    _, codes = with_factor(service, person)
    factors = service.registry.services.second_factors
    for action in ("turn-off", "renew-codes"):
        for password in ("", "password=wrong"):
            assert post(service, PATH, f"action={action}&{password}", **person.browser).status_int == 403
    assert factors.is_on(person.account.id)
    answer = post(service, PATH, f"action=renew-codes&password={PASSWORD}", **person.browser)
    renewed = re.findall(r"<code>([a-z2-7-]{19})</code>", answer.text)
    assert len(renewed) == 10
    assert say(service, codes[5], half(service)).status_int == 403
    assert say(service, renewed[5], half(service)).status_int == 303
    answer = post(service, PATH, f"action=turn-off&password={PASSWORD}", **person.browser)
    assert answer.status_int == 303
    assert not factors.is_on(person.account.id)
    assert "pb-session" in str(sign_in(service).headers)
    with service.session() as session:
        assert session.execute(select(RECOVERY_CODES)).all() == []


def test_an_operator_ends_it_for_who_has_lost_everything(service: Service) -> None:
    person = sign_up(service)
    with_factor(service, person)
    factors = service.registry.services.second_factors
    assert factors.turn_off(person.account, "shell")
    assert not factors.turn_off(person.account, "shell")
    with service.session() as session:
        assert list(session.scalars(select(AUDIT.c.act))) == ["second-factor"]


def test_recovery_codes_are_kept_hashed(service: Service) -> None:
    _, codes = with_factor(service, sign_up(service))
    with service.session() as session:
        kept = session.scalars(select(RECOVERY_CODES.c.code_hash)).all()
    assert all(len(text) == 64 for text in kept)
    assert not [c for c in codes for text in kept if c.replace("-", "") in text]


def test_a_clock_that_goes_back_makes_no_code_valid_again(service: Service) -> None:
    person = sign_up(service)
    secret, _ = with_factor(service, person)
    with service.registry.services.engine.begin() as connection:
        connection.execute(update(SECOND_FACTORS).values(last_step=int(time.time()) // STEP + 5))
    assert say(service, now(secret), half(service)).status_int == 403
