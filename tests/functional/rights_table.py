"""The tables of docs/rights.md: what each operation of the API, and each other address, answers to whom.

`PYTHONPATH=. .venv/bin/python tests/functional/rights_table.py` writes it anew.
"""

import hashlib
import json
import shutil
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

from pastebin.services.keyset import Wanted
from pastebin.services.rights import (
    ADMINISTER,
    EDITOR,
    LOGIN,
    NAMED_ROLES,
    OF_ALL_TOKENS,
    OPERATOR,
    SCOPES,
    Right,
)
from pastebin.services.rights import ROLES as ROLES_OF
from pastebin.web.api.document import operations
from tests.functional import rights_pages
from tests.inprocess import Service
from tests.inprocess.accounts import OWN, Person, sign_up, token_of
from tests.inprocess.database import make_sqlite_template

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "rights.md"

BEGIN = "<!-- written by tests/functional/rights_table.py -->"

API = "/api/v1"

# Who asks: whose account, with which roles, by a session or by a token with one scope.
VISITORS = (
    *("nobody", "owner", "other user", "editor", "operator", "administrator"),
    *("token upload", "token read", "token delete", "token admin"),
)

ROLES = {
    "owner": LOGIN,
    "other user": LOGIN,
    "editor": LOGIN | EDITOR,
    "operator": LOGIN | OPERATOR,
    "administrator": ADMINISTER,
}

_NUMBERS = count()


@dataclass
class Subject:
    """What a request is about: things of the owner, made for it alone."""

    file: str
    private: str
    collection: str
    token: str
    report: int
    request: str
    banned: str


@dataclass(frozen=True)
class Asked:
    """A row: an operation, which of several cases of it, and the request."""

    method: str
    address: str
    path: Callable[[Subject], str]
    body: Callable[[Subject], Any] | None = None
    case: str = ""
    content_type: str = "application/json"

    def send(self, service: Service, subject: Subject, headers: dict[str, str]) -> str:
        """Return the status; of many files, also that of the file."""
        body = b"" if self.body is None else json.dumps(self.body(subject)).encode()
        given = {**headers, "if_match": "*", **({"content_type": self.content_type} if body else {})}
        answer = service.ask(f"{API}/{self.path(subject)}", self.method, body, **given)
        inner = [str(one["status"]) for one in answer.json["items"]] if answer.status_int == 207 else []
        return ": ".join([str(answer.status_int), *inner])


def _fixed(path: str) -> Callable[[Subject], str]:
    return lambda _subject: path


def _title(_subject: Subject) -> dict[str, str]:
    return {"title": "new"}


def _files(name: str, case: str) -> Iterator[Asked]:
    """Yield the rows of one file: `name` is the attribute that says which."""
    path: Callable[[Subject], str] = lambda subject: f"files/{getattr(subject, name)}"  # noqa: E731
    yield Asked("GET", "files/{name}", path, case=case)
    yield Asked("PATCH", "files/{name}", path, _title, case=f"{case}, its terms")
    yield Asked("PATCH", "files/{name}", path, lambda _: {"quarantined": True}, f"{case}, quarantine")
    yield Asked("PATCH", "files/{name}", path, lambda _: {"off_list": True}, f"{case}, off the list")
    yield Asked("DELETE", "files/{name}", path, case=case)


ROWS = (
    Asked("GET", "collections", _fixed("collections")),
    Asked("POST", "collections", _fixed("collections"), lambda s: {"files": [{"file": s.file}]}),
    *(
        Asked(method, "collections/{code}", lambda s: f"collections/{s.collection}", body)
        for method, body in (("GET", None), ("PATCH", _title), ("DELETE", None))
    ),
    Asked("GET", "files", _fixed("files")),
    Asked("POST", "files", _fixed("files?name=new.txt"), lambda _: next(_NUMBERS), "", "text/plain"),
    *(
        Asked(
            "PATCH",
            "files",
            _fixed("files"),
            lambda s, asked=asked: {"names": [s.file], "set": asked},  # type: ignore[misc]
            case,
        )
        for case, asked in (
            ("terms", {"title": "new"}),
            ("quarantine", {"quarantined": True}),
            ("off the list", {"off_list": True}),
        )
    ),
    Asked("DELETE", "files", _fixed("files"), lambda s: {"names": [s.file]}),
    *_files("file", "open"),
    *_files("private", "private"),
    Asked("GET", "audit", _fixed("audit")),
    Asked("GET", "audit/{id}", _fixed("audit/1")),
    Asked("GET", "bans", _fixed("bans")),
    Asked("POST", "bans", _fixed("bans"), lambda s: {"sha256": s.banned}),
    Asked("GET", "bans/{sha256}", lambda s: f"bans/{s.banned}"),
    Asked("DELETE", "bans/{sha256}", lambda s: f"bans/{s.banned}"),
    Asked("GET", "flags", _fixed("flags")),
    Asked("GET", "flags/{name}", _fixed("flags/no-signup")),
    Asked("PUT", "flags/{name}", _fixed("flags/no-signup"), lambda _: {"on": False}),
    Asked("GET", "me", _fixed("me")),
    Asked("GET", "reports", _fixed("reports")),
    Asked("GET", "reports/{id}", lambda s: f"reports/{s.report}"),
    Asked("DELETE", "reports/{id}", lambda s: f"reports/{s.report}"),
    Asked("GET", "requests", _fixed("requests")),
    Asked("POST", "requests", _fixed("requests"), _title),
    *(
        Asked(method, "requests/{code}", lambda s: f"requests/{s.request}", body)
        for method, body in (("GET", None), ("PATCH", _title), ("DELETE", None))
    ),
    Asked("GET", "tokens", _fixed("tokens")),
    Asked("POST", "tokens", _fixed("tokens"), lambda _: {"name": "new", "scopes": ["upload"]}),
    Asked("GET", "tokens/{id}", lambda s: f"tokens/{s.token}"),
    Asked("DELETE", "tokens/{id}", lambda s: f"tokens/{s.token}"),
    Asked("GET", "users", _fixed("users")),
    Asked("GET", "users/{name}", _fixed("users/other-user")),
    Asked("PATCH", "users/{name}", _fixed("users/other-user"), lambda _: {"roles": LOGIN}),
)


def people(service: Service) -> dict[str, Person]:
    """Return the accounts that ask, by what they are called here."""
    return {name: sign_up(service, name.replace(" ", "-"), roles) for name, roles in ROLES.items()}


def headers_of(service: Service, everybody: dict[str, Person]) -> dict[str, dict[str, str]]:
    """Return what the requests of each visitor send: sessions as a page of ours does."""
    found: dict[str, dict[str, str]] = {"nobody": {}}
    for name, person in everybody.items():
        csrf = service.ask(f"{API}/me", **person.browser).json["csrf_token"]
        found[name] = {**person.browser, **OWN, "x_csrf_token": csrf}
    for scope in ("upload", "read", "delete"):
        found[f"token {scope}"] = token_of(service, everybody["owner"], scope)
    found["token admin"] = token_of(service, everybody["administrator"], "admin")
    return found


def subject_of(service: Service, owner: Person) -> Subject:
    """Return new things of the owner."""

    def upload(query: str) -> str:
        body = f"{next(_NUMBERS)}".encode()
        address = f"{API}/files?name=a.txt{query}"
        answer = service.ask(address, "POST", body, content_type="text/plain", **owner.browser, **OWN)
        return str(answer.json["name"])

    file, private, third = upload(""), upload("&visibility=private"), upload("")
    body = json.dumps({"files": [{"file": third}]}).encode()
    made = service.ask(
        f"{API}/collections", "POST", body, content_type="application/json", **owner.browser, **OWN
    )
    service.registry.services.tokens.revoke(owner.account.id, _spare(service, owner))
    token_of(service, owner, "read")
    moderation = service.registry.services.moderation
    moderation.report(moderation.named(file), "spam")
    banned = hashlib.sha256(file.encode()).hexdigest()
    moderation.ban(banned)
    report = service.registry.services.administration_lists.reports(Wanted()).items[0].id
    requests = service.registry.services.file_requests
    for one in requests.page(owner.account.id, Wanted(limit=100)).items:
        requests.end(owner.account.id, one.code)
    asked = requests.create(owner.account.id, {"title": "wanted"}).code
    return Subject(file, private, made.json["code"], _spare(service, owner), report, asked, banned)


def _spare(service: Service, owner: Person) -> str:
    """Return the id of the owner's newest token."""
    return str(service.registry.services.tokens.of_account(owner.account.id)[-1].public_id)


def tables(service: Service) -> list[str]:
    """Return the lines of what is generated, in Markdown."""
    everybody = people(service)
    headers = headers_of(service, everybody)
    visitors = {name: headers[name] for name in VISITORS}
    of_api = _api(service, everybody, visitors)
    things = rights_pages.Things(service, everybody["owner"], everybody["other user"])
    of_pages = rights_pages.table(things, visitors)
    return [*_rights(), "", "## The API", "", *of_api, "", "## Everything else", "", *of_pages]


def _rights() -> list[str]:
    """Return which role, and which scope of a token, each right needs; a session needs the role alone."""
    roles = {role: name for name, role in NAMED_ROLES.items()}
    lines = ["| right | role | scope of a token |", "|---|---|---|"]
    for right in Right:
        scope = "any" if right in OF_ALL_TOKENS else SCOPES.get(right, "none: by a session alone")
        lines.append(f"| {right.value} | {roles[ROLES_OF.get(right, LOGIN)]} | {scope} |")
    return lines


def _api(service: Service, everybody: dict[str, Person], visitors: dict[str, dict[str, str]]) -> list[str]:
    """Return the table of the API: a row for each operation and case, a column for each visitor."""
    token_of(service, everybody["owner"], "read")  # the first spare one
    lines = [f"| operation | {' | '.join(VISITORS)} |", f"|---|{'---|' * len(VISITORS)}"]
    for row in ROWS:
        read = subject_of(service, everybody["owner"]) if row.method == "GET" else None
        statuses = [
            row.send(service, read or subject_of(service, everybody["owner"]), visitors[name])
            for name in VISITORS
        ]
        case = f" ({row.case})" if row.case else ""
        lines.append(f"| `{row.method} /{row.address}`{case} | {' | '.join(statuses)} |")
    return lines


def missing(service: Service) -> set[tuple[str, str]]:
    """Return the operations and the other addresses without a row."""
    found = {(one.method, one.noun.address) for one in operations(service.registry)}
    return (found - {(row.method, row.address) for row in ROWS}) | rights_pages.missing(service)


def main() -> None:
    """Write the document's table anew."""
    folder = Path(tempfile.mkdtemp())
    try:
        (folder / "data").mkdir()
        shutil.copy(make_sqlite_template(folder), folder / "data")
        service = Service(folder / "data", rights_pages.SETTINGS)
        text = DOCUMENT.read_text().partition(BEGIN)[0]
        DOCUMENT.write_text(f"{text}{BEGIN}\n\n" + "\n".join(tables(service)) + "\n")
        service.close()
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
