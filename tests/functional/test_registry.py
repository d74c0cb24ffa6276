"""What holds for every view there is, asked of the registry: no view can be forgotten."""

import json

import pytest

from pastebin.services.rights import ADMINISTER, Right
from pastebin.web.api.document import operations
from pastebin.web.bodies import SMALL_BODY
from tests.functional.rights_pages import PAGES, SETTINGS, Page, Things, missing
from tests.functional.test_gate import WRITING, methods_of, views_of
from tests.inprocess import Service
from tests.inprocess.accounts import OWN, sign_up
from tests.inprocess.fixtures import StartService

# What takes files in, in any size that is allowed.
TAKE_FILES = frozenset(
    {
        *(("Root", "POST"), ("NewFile", "PUT"), ("MachineUpload", "POST"), ("FileRequestContext", "POST")),
        *(("TusUploads", "POST"), ("TusUpload", "PATCH")),
    }
)

# What reads no body, whatever comes, and answers something else.
READ_NONE = frozenset({("DownloadContext", "POST"), ("ZipContext", "POST")})

# What a page's right is, by the module of its noun.
PAGE_RIGHTS = {
    "pastebin.resources.accounts": frozenset({Right.ACCOUNT}),
    "pastebin.resources.admin": frozenset(
        {Right.EDITOR_PAGES, Right.OPERATOR_PAGES, Right.ADMINISTRATOR_PAGES}
    ),
}

# Nouns of an account that are there for its owner alone, as the tree says.
BY_THE_TREE = frozenset({"OwnedFile", "OwnedCollection"})


@pytest.fixture
def things(start: StartService) -> Things:
    """Give things of an administrator."""
    service = start(**SETTINGS)
    return Things(service, sign_up(service, "anna", ADMINISTER), sign_up(service, "uwe"))


def too_much(things: Things, page: Page) -> int:
    """Return what is said to a body that is too large, of the kind that the noun reads."""
    kind = page.headers.get("content_type", "")
    body = b"a=" + b"x" * SMALL_BODY
    if kind == "application/json":
        body = json.dumps({"title": "x" * SMALL_BODY}).encode()
    things.service.client.reset()
    headers = {**OWN, "accept": "*/*", **page.headers, **things.owner.browser}
    return things.service.ask(page.path(things), page.method, body, **headers).status_int


def test_every_body_that_is_no_upload_has_a_ceiling(things: Things) -> None:
    assert missing(things.service) == set()
    asked = [page for page in PAGES if page.method in WRITING - {"DELETE"}]
    kept = [page for page in asked if (page.context, page.method) not in TAKE_FILES | READ_NONE]
    assert len(kept) > 30
    told = {(page.context, page.method, page.case): too_much(things, page) for page in kept}
    assert {key: status for key, status in told.items() if status != 413} == {}


def test_every_body_of_the_api_that_is_no_upload_has_a_ceiling(things: Things) -> None:
    service: Service = things.service
    given = {
        "files/{name}": things.name(),
        "collections/{code}": things.code,
        "requests/{code}": things.request,
        "users/{name}": "uwe",
        "flags/{name}": "read-only",
    }
    csrf = service.ask("/api/v1/me", **things.owner.browser).json["csrf_token"]
    headers = {**OWN, **things.owner.browser, "x_csrf_token": csrf, "if_match": "*"}
    told = {}
    for one in operations(service.registry):
        if one.body is None or one.upload is not None:
            continue
        address = one.noun.address
        path = address if "{" not in address else f"{address.partition('{')[0]}{given[address]}"
        body = json.dumps({"title": "x" * SMALL_BODY}).encode()
        answer = service.ask(f"/api/v1/{path}", one.method, body, content_type="application/json", **headers)
        told[one.method, address] = answer.status_int
    assert len(told) >= 9
    assert set(told.values()) == {413}, told


def test_every_page_of_an_account_or_of_those_in_charge_has_its_right(service: Service) -> None:
    introspector = service.registry.introspector
    seen = set()
    for view in views_of(service):
        context = view["context"]
        rights = PAGE_RIGHTS.get(context.__module__)
        if rights is None or context.__name__ in BY_THE_TREE or not methods_of(view):
            continue
        related = introspector.related(view)
        found = {one["value"] for one in related if one.category_name == "permissions"}
        assert found, (context, view["callable"])
        assert found <= {right.value for right in rights}, (context, found)
        seen.add(context.__name__)
    assert len(seen) > 20
