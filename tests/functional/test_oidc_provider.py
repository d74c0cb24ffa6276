"""Signing in with npm's oidc-provider, as it is: there, back, and a second time."""

import re
from pathlib import Path
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit

import requests

from tests.functional.test_accounts import PAGE, cookie_of, is_signed_in, post
from tests.functional.test_oidc import CALLBACK, come_back, set_out
from tests.functional.test_second_factors import hidden
from tests.inprocess.fixtures import StartService
from tests.servers.issuer import CLIENT, SECRET
from tests.servers.oidc_provider import OidcProviderServer


def signed_in_there(address: str, name: str) -> dict[str, str]:
    """Do what a person does at the provider; return what the browser brings back."""
    browser = requests.Session()
    answer = browser.get(address, allow_redirects=False, timeout=30)
    for _ in range(12):
        location = answer.headers.get("Location", "")
        if urlsplit(location).path == CALLBACK:
            return dict(parse_qsl(urlsplit(location).query))
        if location:
            answer = browser.get(urljoin(answer.url, location), allow_redirects=False, timeout=30)
            continue
        assert answer.status_code == 200, answer.text
        action = re.search(r'action="([^"]+)"', answer.text)[1]
        fields = dict(re.findall(r'type="hidden" name="(\w+)" value="(\w+)"', answer.text))
        fields |= {"login": name, "password": "any"} if "password" in answer.text else {}
        answer = browser.post(urljoin(answer.url, action), fields, allow_redirects=False, timeout=30)
    raise AssertionError(f"no way back: {answer.url}")


def test_somebody_comes_from_there_twice(start: StartService, tmp_path: Path) -> None:
    with OidcProviderServer(tmp_path / "provider", f"http://localhost{CALLBACK}") as provider:
        service = start(
            oidc_issuer=provider.address,
            oidc_client_id=CLIENT,
            oidc_client_secret=SECRET,
            oidc_signup="true",
            public_url="http://localhost",
        )
        address, browser = set_out(service)
        brought = signed_in_there(address, "grace")
        page = come_back(service, brought, browser)
        assert page.status_int == 200, page.text
        assert 'value="grace there"' in page.text
        fields = urlencode({"token": hidden(page.text, "token"), "name": "Grace"})
        assert post(service, "/login/oidc", fields, **browser).status_int == 303
        address, browser = set_out(service, "/account")
        answer = come_back(service, signed_in_there(address, "grace"), browser)
        assert (answer.status_int, answer.location) == (303, "http://localhost/account")
        assert is_signed_in(service, {"cookie": cookie_of(answer)})
        address, browser = set_out(service)
        brought = signed_in_there(address, "grace")
        other_address, other = set_out(service)
        assert service.ask(f"{CALLBACK}?{urlencode(brought)}", **PAGE, **other).status_int == 403
        assert other_address != address
