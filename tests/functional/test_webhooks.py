"""Events and webhooks: jobs are written with what happened, told after it, signed, and tried again."""

import hashlib
import hmac
import json
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from unittest.mock import patch

import pytest
from sqlalchemy import select, update

from pastebin.errors import BadRemote, BadRequest, NotFound
from pastebin.models import AUDIT, JOBS, WEBHOOKS
from pastebin.services import deliveries
from pastebin.services.deliveries import BATCH, PAUSES
from pastebin.services.events import FileAdded, FileRemoved
from pastebin.services.rights import ADMINISTER
from pastebin.services.webhook_forms import message_for, sentence
from tests.functional.test_admin import act, look
from tests.inprocess import Service, contents, file_part
from tests.inprocess.accounts import sign_up
from tests.inprocess.fixtures import StartService

PUBLIC = "https://files.example.org"


class Receiver:
    """Another server, which keeps what it is told; `statuses` are its next answers, then 204."""

    def __init__(self) -> None:
        self.told: list[tuple[str, str, Any, bytes]] = []
        self.statuses: list[int] = []
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                receiver.told.append((self.command, self.path, self.headers, body))
                self.send_response(receiver.statuses.pop(0) if receiver.statuses else 204)
                self.send_header("Location", "http://127.0.0.1:1/")
                self.send_header("Content-Length", "0")
                self.end_headers()

            do_PUT = do_POST

            def log_message(self, *_given: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True)
        self.thread.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.server_port}/hook"

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()
        self.thread.join(20)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    found = Receiver()
    yield found
    found.close()


@pytest.fixture
def host(emptied: StartService) -> Service:
    return emptied(webhook_allow="127.0.0.1/32", public_url=PUBLIC)


def hook(service: Service, url: str, *events: str, kind: str = "json", token: str = "") -> str:
    secret: str = service.registry.services.webhooks.add(url, kind, events, token, "test")
    return secret


def jobs(service: Service) -> list[Any]:
    with service.registry.services.engine.connect() as connection:
        return list(connection.execute(select(JOBS).order_by(JOBS.c.id)))


def due_now(service: Service) -> None:
    with service.registry.services.engine.begin() as connection:
        connection.execute(update(JOBS).where(JOBS.c.due.is_not(None)).values(due=datetime.now(UTC)))


def deliver(service: Service) -> None:
    service.registry.services.deliveries.deliver()


def test_an_upload_costs_no_statement_where_there_is_no_webhook(service: Service) -> None:
    service.upload(b"warm", "a.txt")
    with service.statements() as seen:
        assert service.upload(b"counted", "b.txt").status_int == 201
    assert not [one for one in seen if "Job" in one or "Webhook" in one]


def test_what_happens_is_told_after_it_and_signed(host: Service, receiver: Receiver) -> None:
    secret = hook(host, receiver.url)
    said = host.upload(contents.image(), "photo.png").json
    name = said["url_p"].rpartition("/")[2]
    (job,) = jobs(host)
    assert (job.event, job.done, receiver.told) == ("file.added", None, [])
    deliver(host)
    ((method, path, headers, body),) = receiver.told
    assert (method, path, headers["Pb-Event"], headers["Pb-Delivery"]) == (
        *("POST", "/hook", "file.added"),
        str(job.id),
    )
    signed = hmac.new(secret.encode(), f"{headers['Pb-Timestamp']}.".encode() + body, hashlib.sha256)
    assert headers["Pb-Signature"] == f"sha256={signed.hexdigest()}"
    assert abs(int(headers["Pb-Timestamp"]) - datetime.now(UTC).timestamp()) < 60
    told = json.loads(body)
    assert told["file"] == {
        **{"id": 1, "hash": name, "name": "photo.png", "size": len(contents.image())},
        **{"type": "image/png", "url": f"{PUBLIC}/p/{name}", "owner": None},
    }
    (job,) = jobs(host)
    assert (job.status, job.fault, job.due, job.tries) == (204, "", None, 1)
    assert job.done is not None
    deliver(host)
    assert len(receiver.told) == 1


def test_every_event_is_told(host: Service, receiver: Receiver) -> None:
    hook(host, receiver.url)
    services = host.registry.services
    ada = sign_up(host, "ada")
    said = host.upload(b"some bytes", "a.txt").json
    host.upload(b"some bytes", "a.txt")  # the same link: nothing new
    host.ask(said["url_p"], "POST", b"report=spam", content_type="application/x-www-form-urlencoded")
    file = services.moderation.named(said["url_p"])
    services.moderation.quarantine(file, "x", "test")
    services.moderation.quarantine(file, "x", "test")
    services.moderation.quarantine(file, "x", "test", is_quarantined=False)
    services.moderation.remove(file, "x", "test")
    services.accounts.suspend(ada.account, "test")
    services.accounts.suspend(ada.account, "test", is_suspended=False)
    deliver(host)
    events = [json.loads(body)["event"] for *_, body in receiver.told]
    assert events == [
        *("file.added", "file.reported", "file.quarantined", "file.released", "file.removed"),
        *("account.suspended", "account.resumed"),
    ]


def test_files_for_a_request_are_told_together(host: Service, receiver: Receiver) -> None:
    hook(host, receiver.url, "request.answered")
    ada = sign_up(host, "ada")
    asked = host.registry.services.file_requests.create(
        ada.account.id, {"title": "Our party", "most_files": 3}
    )
    for names in (("a.txt", "b.txt"), ("c.txt",), ("d.txt",)):
        answer = host.send([file_part(name.encode(), name) for name in names], f"/u/{asked.code}")
        assert answer.status_int == (403 if "d.txt" in names else 201)
    deliver(host)
    told = [json.loads(body)["request"] for *_, body in receiver.told]
    said = {"title": "Our party", "owner": ada.account.id}
    assert told == [
        {**said, "files": 2, "bytes": 10, "full": False},
        {**said, "files": 1, "bytes": 5, "full": True},
    ]
    assert asked.code not in str(receiver.told)  # under which anybody may upload
    line = sentence(json.loads(receiver.told[0][3]))
    assert line == "2 files more for the file request “Our party” (10.00 bytes)"


def test_copies_are_no_files_of_their_own(host: Service, receiver: Receiver) -> None:
    hook(host, receiver.url)
    said = host.upload(contents.image(), "a.png").json
    name = said["url_p"].rpartition("/")[2]
    assert host.ask(f"/r/{name}?w=20").status_int < 400
    managed = said["url_m"].removeprefix(PUBLIC)
    assert host.ask(managed, "DELETE").status_int == 204
    assert [job.event for job in jobs(host)] == ["file.added", "file.removed"]


def test_each_webhook_gets_what_it_wants(host: Service, receiver: Receiver) -> None:
    hook(host, f"{receiver.url}/removed", "file.removed")
    hook(host, f"{receiver.url}/all")
    parts = [file_part(b"one", "a.txt"), file_part(b"two", "b.txt")]
    assert host.send(parts).status_int == 201
    host.ask("/c.txt", "PUT", b"three")
    assert [(job.webhook_id, job.event) for job in jobs(host)] == [(2, "file.added")] * 3


def test_nothing_is_told_of_what_was_rolled_back(host: Service, receiver: Receiver) -> None:
    """The job is of the same transaction; who listens after it hears nothing either."""
    hook(host, receiver.url)

    class Listener:
        def __init__(self) -> None:
            self.heard: list[str] = []

        def inside(self, _connection: Any, happened: Any) -> None:
            self.heard += [f"inside {one.name}" for one in happened]
            if any(isinstance(one, FileAdded) and one.file.filename == "veto.txt" for one in happened):
                raise BadRequest("Not this one.")

        def after(self, happened: Any) -> None:
            self.heard += [f"after {one.name}" for one in happened]

    listener = Listener()
    host.registry.services.events.listen(listener)
    assert host.upload(b"refused", "veto.txt").status_int == 400
    assert (listener.heard, jobs(host), host.rows()) == (["inside file.added"], [], [])
    assert host.upload(b"fine", "a.txt").status_int == 201
    assert listener.heard[1:] == ["inside file.added", "after file.added"]
    assert len(jobs(host)) == 1


def test_what_fails_is_tried_again_after_growing_pauses_and_given_up(
    host: Service, receiver: Receiver
) -> None:
    hook(host, receiver.url)
    host.upload(b"x", "a.txt")
    pauses = []
    receiver.statuses = [500, 302, 404, *[503] * (len(PAUSES) - 2)]
    while jobs(host)[0].due is not None:
        due_now(host)
        before = datetime.now(UTC)
        deliver(host)
        due = jobs(host)[0].due
        pauses.append(None if due is None else round((due - before).total_seconds(), -1))
    assert pauses == [*PAUSES, None]
    (job,) = jobs(host)
    assert (job.done, job.tries, job.status) == (None, len(PAUSES) + 1, 503)
    assert job.fault == "The answer was 503."
    host.registry.services.webhooks.send_again(job.id, "test")
    deliver(host)
    assert jobs(host)[0].done is not None
    assert len(receiver.told) == len(PAUSES) + 2
    assert len({headers["Pb-Delivery"] for _, _, headers, _ in receiver.told}) == 1


def test_one_that_fails_does_not_keep_the_others_waiting(host: Service, receiver: Receiver) -> None:
    hook(host, "http://127.0.0.1:1/closed")
    hook(host, receiver.url)
    for number in range(3):
        host.upload(b"%d" % number, "a.txt")
    deliver(host)
    assert len(receiver.told) == 3
    assert [job.tries for job in jobs(host) if job.webhook_id == 1] == [1, 0, 0]


def test_many_jobs_of_one_that_fails_keep_nobody_waiting(host: Service, receiver: Receiver) -> None:
    hook(host, "http://127.0.0.1:1/closed")
    for number in range(BATCH + 5):
        host.upload(b"%d" % number, "a.txt")
    hook(host, receiver.url)
    host.upload(b"told", "told.txt")
    deliver(host)
    deliver(host)
    assert len(receiver.told) == 1
    assert sum(job.tries for job in jobs(host) if job.webhook_id == 1) == 1


@pytest.mark.parametrize(
    "url",
    ["http://127.0.0.1:{port}/hook", "http://localhost:{port}/hook", "http://[::ffff:127.0.0.1]:{port}/"],
)
def test_nothing_is_told_to_private_addresses(service: Service, receiver: Receiver, url: str) -> None:
    hook(service, url.format(port=receiver.server.server_port))
    service.upload(b"x", "a.txt")
    deliver(service)
    (job,) = jobs(service)
    assert (receiver.told, job.status, job.done) == ([], None, None)
    assert "public internet" in job.fault


FORMS = {
    "discord": {
        "content": r"New file: \<b\>\*a\*.txt (3.00 bytes) https://files.example.org/p/{hash}",
        "allowed_mentions": {"parse": []},
    },
    "slack": {"text": "New file: &lt;b&gt;*a*.txt (3.00 bytes) https://files.example.org/p/{hash}"},
    "matrix": {
        "msgtype": "m.notice",
        "body": "New file: <b>*a*.txt (3.00 bytes) https://files.example.org/p/{hash}",
    },
}


@pytest.mark.parametrize("kind", FORMS)
def test_others_get_a_sentence_in_their_own_form(host: Service, receiver: Receiver, kind: str) -> None:
    hook(host, receiver.url, kind=kind, token="syt_token")
    host.upload(b"abc", "<b>*a*.txt")
    name = host.rows()[0].filehash
    deliver(host)
    ((method, path, headers, body),) = receiver.told
    wanted = json.dumps(FORMS[kind]).replace("{hash}", name)
    assert json.loads(body) == json.loads(wanted)
    assert "Pb-Signature" not in headers
    if kind == "matrix":
        assert (method, path, headers["Authorization"]) == ("PUT", "/hook/pb1", "Bearer syt_token")
    else:
        assert (method, path, headers["Authorization"]) == ("POST", "/hook", None)


def test_what_not_everybody_sees_is_not_named(host: Service, receiver: Receiver) -> None:
    hook(host, receiver.url)
    ada = sign_up(host, "ada")
    made = host.ask("/secret.txt?visibility=private", "PUT", b"x", origin=PUBLIC, **ada.browser)
    assert made.status_int == 201
    host.ask("/secret.txt?password=sesame", "PUT", b"y")
    payloads = [job.payload for job in jobs(host)]
    assert len(payloads) == 2
    assert "secret" not in "".join(payloads)
    assert "not everybody may see" in sentence(json.loads(payloads[0]))


def test_the_name_of_a_file_goes_with_it(host: Service, receiver: Receiver) -> None:
    hook(host, receiver.url)
    kept = host.upload(b"kept", "stays.txt").json
    told = host.upload(b"told", "TOLD NAME.txt").json
    deliver(host)
    waiting = host.upload(b"waiting", "WAITING NAME.txt").json
    for one in (told, waiting):
        form = "application/x-www-form-urlencoded"
        reported = host.ask(_path(one["url_p"]), "POST", b"report=WORDS+AGAINST+IT", content_type=form)
        assert reported.status_int == 204
        assert host.ask(_path(one["url_m"]), "DELETE").status_int == 204
    payloads = "".join(job.payload for job in jobs(host))
    assert not [word for word in ("TOLD NAME", "WAITING NAME", "WORDS AGAINST") if word in payloads]
    assert "stays.txt" in payloads
    deliver(host)
    heard = [json.loads(body) for *_, body in receiver.told]
    gone = [one for one in heard if one["event"] == "file.removed"]
    assert [(one["act"], one["file"]["name"]) for one in gone] == [("deleted", None)] * 2
    assert gone[0]["file"]["url"] == told["url_p"]
    assert sentence(gone[0]).startswith("File deleted: a file (4")
    assert host.ask(_path(kept["url_p"])).status_int == 200


def _path(address: str) -> str:
    return address.removeprefix(PUBLIC)


def test_what_was_told_is_forgotten(host: Service, receiver: Receiver) -> None:
    hook(host, receiver.url)
    host.upload(b"x", "a.txt")
    deliver(host)
    service = host.registry.services
    for age, kept in ((timedelta(days=2), 1), (timedelta(days=31), 0)):
        with service.engine.begin() as connection:
            connection.execute(update(JOBS).values(created=datetime.now(UTC) - age))
        service.deliveries._cleared = datetime.fromtimestamp(0, UTC)
        deliver(host)
        assert [job.payload for job in jobs(host)] == [""] * kept
        if kept:
            with pytest.raises(NotFound):
                service.webhooks.send_again(jobs(host)[0].id, "test")


def test_the_thread_tells_by_itself_in_one_process(
    start: StartService, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deliveries, "EVERY", 0.05)
    monkeypatch.setattr(deliveries, "SOON", 0.01)
    settings = {"webhook_allow": "127.0.0.1/32"}
    both = [start(**settings), start(**settings)]
    hook(both[0], receiver.url)
    for service in both:
        service.registry.services.deliveries.is_running = False
        service.registry.services.deliveries.start()
    for number in range(10):
        both[number % 2].upload(b"%d" % number, "a.txt")
    told = threading.Event()
    for _ in range(600):
        if len(receiver.told) >= 10 or told.wait(0.05):
            break
    for service in both:
        service.registry.services.deliveries.stop()
    assert len({headers["Pb-Delivery"] for _, _, headers, _ in receiver.told}) == len(receiver.told) == 10


def test_what_happens_here_is_told_without_waiting_for_the_next_look(
    host: Service, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deliveries, "EVERY", 3600.0)
    hook(host, receiver.url)
    host.registry.services.deliveries.is_running = False
    host.registry.services.deliveries.start()
    host.upload(b"news", "a.txt")
    told = threading.Event()
    for _ in range(600):
        if receiver.told or told.wait(0.05):
            break
    host.registry.services.deliveries.stop()
    assert [path for _, path, _, _ in receiver.told] == ["/hook"]


def test_a_webhook_that_makes_no_sense_is_not_made(service: Service) -> None:
    webhooks = service.registry.services.webhooks
    for url in ("ftp://example.org/", "https://user:pw@example.org/", "x", ""):
        with pytest.raises(BadRemote):
            webhooks.add(url, "json", (), "", "test")
    for given in (("irc", (), ""), ("json", ("other",), ""), ("matrix", (), ""), ("matrix", (), "a\nb")):
        with pytest.raises(BadRequest):
            webhooks.add("https://example.org/", *given, "test")
    for _ in range(20):
        webhooks.add("https://example.org/", "json", (), "", "test")
    with pytest.raises(BadRequest):
        webhooks.add("https://example.org/", "json", (), "", "test")


def test_the_page_adds_tries_and_removes(host: Service, receiver: Receiver) -> None:
    anna = sign_up(host, "anna", ADMINISTER)
    form = {"origin": PUBLIC}
    with patch.dict("tests.inprocess.accounts.OWN", form):
        added = act(
            host, anna, "/admin/webhooks", action="add", url=receiver.url, kind="json", event="file.removed"
        )
        with host.registry.services.engine.connect() as connection:
            secret = connection.scalar(select(WEBHOOKS.c.secret))
        assert secret in added.text
        assert secret not in look(host, anna, "/admin/webhooks").text
        assert act(host, anna, "/admin/webhooks", action="try", number="1").status_int == 303
        deliver(host)
        assert [json.loads(body)["event"] for *_, body in receiver.told] == ["ping"]
        page = look(host, anna, "/admin/webhooks").text
        assert "Delivered" in page
        assert receiver.url in page
        assert act(host, anna, "/admin/webhooks", action="again", number="1").status_int == 303
        deliver(host)
        assert len(receiver.told) == 2
        assert act(host, anna, "/admin/webhooks", action="again", number="9").status_int == 404
        assert act(host, anna, "/admin/webhooks", action="add", url="x", kind="json").status_int == 400
        assert act(host, anna, "/admin/webhooks", action="remove", number="1").status_int == 303
        assert act(host, anna, "/admin/webhooks", action="remove", number="1").status_int == 404
    assert jobs(host) == []
    with host.registry.services.engine.connect() as connection:
        acts = list(connection.scalars(select(AUDIT.c.act).order_by(AUDIT.c.id)))
    assert acts == ["webhook-added", "webhook-tried", "job-again", "webhook-removed"]


@pytest.mark.parametrize("name", ["{x}", "%s", "a\u202eb", "é" * 300])
def test_no_name_breaks_a_sentence(host: Service, name: str) -> None:
    host.upload(b"x", f"{name}.txt")
    file = host.registry.services.moderation.named(host.rows()[0].filehash)
    from pastebin.services.webhook_forms import payload_of

    payload = payload_of(FileRemoved(file, "expired"), "")
    for kind in ("json", "discord", "slack", "matrix"):
        message = message_for(kind, "https://example.org/", "s", 1, payload)
        assert json.loads(message.body)
    assert len(json.dumps(payload)) < 8000
