"""The protocol tus 1.0.0 with its extensions, statement by statement, and what an upload becomes."""

import hashlib
import io
import random
import re
from base64 import b64encode
from typing import Any

import pytest
from webtest import TestResponse

from pastebin.services.file_records import key_hash
from pastebin.services.resumable import Chunk, NewUpload
from tests.inprocess import Service, contents
from tests.inprocess.accounts import sign_up
from tests.inprocess.fixtures import StartService

OCTETS = "application/offset+octet-stream"
UNKNOWN = "/tus/" + "0123456789abcdef" * 2
TUS = {"tus_resumable": "1.0.0"}


def encoded(**pairs: str | bytes) -> str:
    """Return metadata."""
    values = {key: value if isinstance(value, bytes) else value.encode() for key, value in pairs.items()}
    return ",".join(f"{key} {b64encode(value).decode()}" for key, value in values.items())


def ask(service: Service, path: str, method: str, body: bytes = b"", **headers: str) -> TestResponse:
    given = {**TUS, "accept": "application/json", **headers}
    return service.ask(path, method, body, **{k: v for k, v in given.items() if v is not None})


def create(service: Service, length: int | None = 10, body: bytes = b"", **headers: str) -> TestResponse:
    if length is not None:
        headers["upload_length"] = str(length)
    if body:
        headers["content_type"] = OCTETS
    return ask(service, "/tus", "POST", body, **headers)


def begin(service: Service, length: int | None = 10, **headers: str) -> str:
    answer = create(service, length, **headers)
    assert answer.status_int == 201, answer.text
    return path_of(answer)


def path_of(answer: TestResponse) -> str:
    """Return where a new upload is, as it was told."""
    return dict(answer.headerlist)["Location"]


def patch(service: Service, path: str, offset: int, body: bytes = b"", **headers: str) -> TestResponse:
    given = {"content_type": OCTETS, "upload_offset": str(offset), **headers}
    if not body:
        given["content_length"] = "0"
    return ask(service, path, "PATCH", body, **given)


def head(service: Service, path: str) -> TestResponse:
    return ask(service, path, "HEAD")


def offset_of(answer: TestResponse) -> int:
    return int(answer.headers["Upload-Offset"])


def bytes_of(service: Service, answer: TestResponse) -> bytes:
    """Return the bytes of the file that an answer tells of."""
    return service.ask(answer.headers["Pb-Location"].replace("/p/", "/d/")).body


def unfinished(service: Service) -> list[str]:
    """Return what lies in the folder of unfinished uploads."""
    return sorted(p.name for p in (service.files / "unfinished").rglob("*") if p.is_file())


def assert_open(answer: TestResponse, offset: int) -> None:
    """Assert that an answer is of an upload that can be gone on with."""
    assert offset_of(answer) == offset
    assert answer.headers["Upload-Expires"].endswith("GMT")
    assert "Pb-Location" not in answer.headers


# The core


def test_options_tell_what_the_service_can_do(start: StartService) -> None:
    service = start(max_upload_size="5 MiB")
    for path in ("/tus", "/tus/", UNKNOWN, "/tus/nothing"):
        answer = service.ask(path, "OPTIONS", tus_resumable="0.0.1", origin="https://other.example")
        assert answer.status_int in (200, 204)
        assert answer.headers["Tus-Version"] == "1.0.0"
        assert answer.headers["Tus-Max-Size"] == str(5 * 2**20)
        assert answer.headers["Tus-Checksum-Algorithm"] == "sha1,sha256,md5"
        assert set(answer.headers["Tus-Extension"].split(",")) == {
            *("creation", "creation-with-upload", "creation-defer-length", "expiration"),
            *("checksum", "termination", "concatenation"),
        }
        allowed = set(answer.headers["Access-Control-Allow-Methods"].split(", "))
        assert allowed >= {"POST", "PATCH", "HEAD", "DELETE", "OPTIONS"}
        assert "Upload-Checksum" in answer.headers["Access-Control-Allow-Headers"]


def test_an_upload_in_two_chunks_becomes_a_file(each_service: Service) -> None:
    service = each_service
    answer = create(service, 10, upload_metadata=encoded(filename="nötes.txt") + ",empty ")
    path = path_of(answer)
    assert re.fullmatch(r"/tus/[0-9a-f]{32}", path)
    assert_open(answer, 0)
    first = patch(service, path, 0, b"01234")
    assert first.status_int == 204
    assert_open(first, 5)
    seen = head(service, path)
    assert seen.status_int == 200
    assert_open(seen, 5)
    assert (seen.headers["Upload-Length"], seen.headers["Cache-Control"]) == ("10", "no-store")
    assert seen.headers["Upload-Metadata"] == encoded(filename="nötes.txt") + ",empty "
    last = patch(service, path, 5, b"56789")
    assert (last.status_int, offset_of(last)) == (204, 10)
    assert bytes_of(service, last) == b"0123456789"
    (row,) = service.rows()
    assert (row.filename, row.size) == ("nötes.txt", 10)
    link = re.fullmatch(r'<(\S+)>; rel="edit", <(\S+)>; rel="shortlink"', last.headers["Link"])
    assert link is not None
    assert service.ask(link[2]).location == last.headers["Pb-Location"]
    assert service.ask(link[1]).json["url_p"] == last.headers["Pb-Location"]
    for again in (head(service, path), patch(service, path, 10)):
        assert again.status_int in (200, 204)
        for name in ("Link", "Pb-Location", "Upload-Offset"):
            assert again.headers[name] == last.headers[name]
    assert len(unfinished(service)) == 1  # the note, without bytes
    assert service.ask(link[1], "DELETE").status_int == 204
    assert head(service, path).status_int == 404


def test_what_is_uploaded_is_what_a_form_uploads(service: Service) -> None:
    """The same bytes under the same name are the same link, whichever way they come."""
    form = service.upload(b"the same", "a.txt")
    answer = create(service, 8, b"the same", upload_metadata=encoded(filename="a.txt"))
    assert answer.headers["Pb-Location"] == form.json["url_p"]
    assert len(service.rows()) == 1
    image = contents.image()
    again = create(service, len(image), image)
    (row,) = [row for row in service.rows() if row.width]
    assert (row.filename, row.mimetype, row.width) == ("file.png", "image/png", 60)
    assert bytes_of(service, again) == image


def test_the_key_is_kept_nowhere_in_plain(service: Service) -> None:
    answer = create(service, 1, b"x")
    match = re.search(r"/m/([\w-]{43})>", answer.headers["Link"])
    assert match is not None
    assert service.rows()[0].key_hash == key_hash(match[1])
    assert not any(
        match[1].encode() in path.read_bytes() for path in service.data.rglob("*") if path.is_file()
    )


def test_get_tells_programs(service: Service) -> None:
    path = begin(service, 10)
    patch(service, path, 0, b"0123")
    answer = service.ask(path)
    assert answer.json == {
        "offset": 4,
        "length": 10,
        "complete": False,
        "expires": answer.json["expires"],
        "prefix_sha256": hashlib.sha256(b"0123").hexdigest(),
    }
    assert patch(service, path, 4, b"456789").status_int == 204
    said = service.ask(path).json
    assert (said["complete"], said["offset"]) == (True, 10)
    assert said["prefix_sha256"] == hashlib.sha256(b"0123456789").hexdigest()
    assert {
        "url_p",
        "url_i",
        "url_d",
        "url_s",
        "filename",
        "size",
        "time",
        "type",
        "quoteurl",
        "url_m",
    } < set(said)


def test_location_is_a_path_below_the_mount_point(start: StartService) -> None:
    service = start(public_url="https://files.example/below")
    answer = create(service)
    assert re.fullmatch(r"/below/tus/[0-9a-f]{32}", path_of(answer))


def test_the_slash_at_the_end_is_the_same(service: Service) -> None:
    assert ask(service, "/tus/", "POST", upload_length="1").status_int == 201


@pytest.mark.parametrize("method", ["PATCH", "HEAD", "DELETE"])
def test_a_method_may_be_overridden(service: Service, method: str) -> None:
    path = begin(service, 10)
    override = {"x_http_method_override": method, "content_type": OCTETS, "upload_offset": "0"}
    answer = ask(service, path, "POST", b"01" if method == "PATCH" else b"", **override)
    assert answer.status_int == (200 if method == "HEAD" else 204)
    assert answer.body == b""
    if method == "DELETE":
        assert head(service, path).status_int == 404
    else:
        assert offset_of(answer) == (2 if method == "PATCH" else 0)
    missing = ask(service, UNKNOWN, "POST", **override)
    assert (missing.status_int, missing.body == b"") == (404, method == "HEAD")


# What is wrong with a request

CREATIONS: dict[str, tuple[dict[str, str], int]] = {
    "no length": ({}, 400),
    "an empty length": ({"upload_length": ""}, 400),
    "a negative length": ({"upload_length": "-1"}, 400),
    "a signed length": ({"upload_length": "+5"}, 400),
    "an exponent": ({"upload_length": "1e3"}, 400),
    "a length over 2^63": ({"upload_length": str(2**63)}, 400),
    "a length of a hundred digits": ({"upload_length": "9" * 100}, 400),
    "a length over the maximum": ({"upload_length": str(2**31 + 1)}, 413),
    "two ways": ({"upload_length": "5", "upload_defer_length": "1"}, 400),
    "deferred otherwise": ({"upload_defer_length": "2"}, 400),
    "no version": ({"upload_length": "5", "tus_resumable": ""}, 412),
    "another version": ({"upload_length": "5", "tus_resumable": "0.2.2"}, 412),
    "no Base64": ({"upload_length": "5", "upload_metadata": "filename !!!"}, 400),
    "bad padding": ({"upload_length": "5", "upload_metadata": "filename YQ"}, 400),
    "a key twice": ({"upload_length": "5", "upload_metadata": "a YQ==,a YQ=="}, 400),
    "no key": ({"upload_length": "5", "upload_metadata": "a YQ==,, b YQ=="}, 400),
    "an empty key": ({"upload_length": "5", "upload_metadata": " YQ=="}, 400),
    "a name that is no UTF-8": ({"upload_length": "5", "upload_metadata": encoded(filename=b"\xff")}, 400),
    "a long name": ({"upload_length": "5", "upload_metadata": encoded(filename="x" * 1001)}, 400),
    "long metadata": ({"upload_length": "5", "upload_metadata": encoded(x="y" * 7000)}, 431),
    "a bad term": ({"upload_length": "5", "upload_metadata": encoded(expires="soon")}, 400),
    "no downloads": ({"upload_length": "5", "upload_metadata": encoded(downloads="0")}, 400),
    "private": ({"upload_length": "5", "upload_metadata": encoded(visibility="private")}, 403),
    "another concatenation": ({"upload_length": "5", "upload_concat": "half"}, 400),
    "another type": ({"upload_length": "1", "content_type": "text/plain", "body": "x"}, 415),
    "a compressed body": (
        {"upload_length": "1", "body": "x", "content_type": OCTETS, "content_encoding": "gzip"},
        415,
    ),
    "an unknown checksum": (
        {"upload_length": "1", "body": "x", "content_type": OCTETS, "upload_checksum": "crc32 YQ=="},
        400,
    ),
    "a wrong checksum": (
        {
            "upload_length": "1",
            "body": "x",
            "content_type": OCTETS,
            "upload_checksum": f"sha1 {b64encode(bytes(20)).decode()}",
        },
        460,
    ),
    "more bytes than said": ({"upload_length": "1", "body": "xy", "content_type": OCTETS}, 413),
}


@pytest.mark.parametrize("case", CREATIONS)
def test_a_wrong_creation(service: Service, case: str) -> None:
    headers, status = CREATIONS[case]
    given = dict(headers)
    answer = ask(service, "/tus", "POST", given.pop("body", "").encode(), **given)
    assert answer.status_int == status, answer.text
    assert answer.json["error"]["message"]
    assert "Location" not in answer.headers
    assert answer.headers["Tus-Resumable"] == "1.0.0"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert (answer.headers.get("Tus-Version") == "1.0.0") is (status == 412)
    assert unfinished(service) == []
    service.assert_untouched()


PATCHES: dict[str, tuple[dict[str, str], bytes, int]] = {
    "no version": ({"tus_resumable": ""}, b"x", 412),
    "no offset": ({"upload_offset": ""}, b"x", 400),
    "an offset in letters": ({"upload_offset": "x"}, b"x", 400),
    "a negative offset": ({"upload_offset": "-1"}, b"x", 400),
    "an offset before": ({"upload_offset": "3"}, b"x", 409),
    "an offset behind": ({"upload_offset": "5"}, b"x", 409),
    "no type": ({"content_type": ""}, b"x", 415),
    "another type": ({"content_type": "application/octet-stream"}, b"x", 415),
    "a compressed body": ({"content_encoding": "gzip"}, b"x", 415),
    "more than is missing": ({}, b"1234567", 413),
    "another length": ({"upload_length": "11"}, b"x", 400),
    "an unknown algorithm": ({"upload_checksum": "crc32 YQ=="}, b"x", 400),
    "no Base64": ({"upload_checksum": "sha1 ???"}, b"x", 400),
    "no digest": ({"upload_checksum": "sha1"}, b"x", 400),
    "a digest of another length": ({"upload_checksum": "sha1 YQ=="}, b"x", 400),
    "a wrong digest": ({"upload_checksum": f"md5 {b64encode(bytes(16)).decode()}"}, b"x", 460),
}


@pytest.mark.parametrize("case", PATCHES)
def test_a_wrong_chunk_changes_nothing(service: Service, case: str) -> None:
    headers, body, status = PATCHES[case]
    path = begin(service, 10)
    patch(service, path, 0, b"0123")
    answer = patch(service, path, 4, body, **headers)
    assert answer.status_int == status, answer.text
    assert ("Upload-Expires" in answer.headers) is (status != 412)
    if status == 409:
        assert offset_of(answer) == 4
    assert_open(head(service, path), 4)
    last = patch(service, path, 4, b"456789")
    assert bytes_of(service, last) == b"0123456789"


@pytest.mark.parametrize(
    "name", ["..", "%2e%2e", "%00", "x" * 32, "A" * 32, "0" * 31, "0" * 33, "%2f" * 3, "٣" * 32]
)
@pytest.mark.parametrize("method", ["GET", "HEAD", "PATCH", "DELETE"])
def test_what_is_no_upload_is_404(service: Service, name: str, method: str) -> None:
    from urllib.parse import quote

    answer = ask(service, f"/tus/{quote(name, safe='%')}", method, content_type=OCTETS, upload_offset="0")
    assert answer.status_int == 404
    assert "Upload-Offset" not in answer.headers
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("method", ["GET", "HEAD", "PATCH", "DELETE"])
def test_what_is_unknown_is_404(service: Service, method: str) -> None:
    answer = ask(service, UNKNOWN, method, content_type=OCTETS, upload_offset="0")
    assert (answer.status_int, answer.headers["Cache-Control"]) == (404, "no-store")
    assert "Upload-Offset" not in answer.headers
    assert answer.headers["Tus-Resumable"] == "1.0.0"


@pytest.mark.parametrize("version", [None, "", "0.2.2", "1.0.0,1.0.0", "1.0.01"])
@pytest.mark.parametrize("method", ["POST", "HEAD", "PATCH", "DELETE"])
def test_another_version_is_412_whatever_else_is_wrong(
    service: Service, method: str, version: str | None
) -> None:
    """Nothing of such a request is looked at: neither its address nor its headers nor its body."""
    path = begin(service, 10)
    wrong = {"upload_length": "-1", "upload_offset": "x", "upload_metadata": "!", "content_type": "a/b"}
    for to in (path, UNKNOWN, "/tus", "/tus/", "/tus/%00", "/tus/nothing", f"{path}/more"):
        answer = ask(
            service, to, method, b"x" * (method in ("POST", "PATCH")), tus_resumable=version, **wrong
        )
        assert (answer.status_int, answer.headers["Tus-Version"]) == (412, "1.0.0"), to
        assert answer.headers["Tus-Resumable"] == "1.0.0"
        assert "Upload-Offset" not in answer.headers
    assert_open(head(service, path), 0)


def test_other_methods_are_405(service: Service) -> None:
    path = begin(service)
    assert ask(service, path, "POST").status_int == 405
    assert ask(service, "/tus", "GET").status_int == 405
    assert ask(service, path + "/more", "GET").status_int == 404


# Checksums


@pytest.mark.parametrize("algorithm", ["sha1", "sha256", "md5"])
def test_a_right_checksum(service: Service, algorithm: str) -> None:
    path = begin(service, 4)
    digest = b64encode(hashlib.new(algorithm, b"data").digest()).decode()
    assert patch(service, path, 0, b"data", upload_checksum=f"{algorithm} {digest}").status_int == 204


def test_a_chunk_that_is_cut_and_was_to_be_checked_does_not_count(service: Service) -> None:
    path = begin(service, 10)
    sha1 = f"sha1 {b64encode(hashlib.sha1(b'01234567').digest()).decode()}"
    assert cut(service, path, 0, b"0123", 8, upload_checksum=sha1).status_int == 400
    assert offset_of(head(service, path)) == 0


def cut(service: Service, path: str, offset: int, body: bytes, told: int, **headers: str) -> TestResponse:
    """Send less than was told."""
    request = service.client.RequestClass.blank(path, method="PATCH")
    request.body_file_raw = io.BytesIO(body)
    request.content_length = told
    for name, value in {"upload_offset": str(offset), "content_type": OCTETS, **TUS, **headers}.items():
        request.headers[name.replace("_", "-")] = value
    return service.client.do_request(request, expect_errors=True)


# Lengths told later


def test_a_length_may_be_told_later(service: Service) -> None:
    path = path_of(create(service, None, upload_defer_length="1"))
    seen = head(service, path)
    assert (seen.headers["Upload-Defer-Length"], "Upload-Length" in seen.headers) == ("1", False)
    patch(service, path, 0, b"0123")
    assert patch(service, path, 4, b"45", upload_length="3").status_int == 400
    assert patch(service, path, 4, b"45", upload_length=str(2**31 + 1)).status_int == 413
    assert patch(service, path, 4, b"45", upload_length="8").status_int == 204
    seen = head(service, path)
    assert (seen.headers["Upload-Length"], "Upload-Defer-Length" in seen.headers) == ("8", False)
    assert patch(service, path, 6, b"67", upload_length="9").status_int == 400
    assert bytes_of(service, patch(service, path, 6, b"67", upload_length="8")) == b"01234567"


def chunked(service: Service, path: str, offset: int, body: bytes, **headers: str) -> TestResponse:
    """Append bytes without saying how many they are."""
    request = service.client.RequestClass.blank(path, method="PATCH")
    request.environ["wsgi.input_terminated"] = True
    request.body_file_raw = io.BytesIO(body)
    given = {"upload_offset": str(offset), "content_type": OCTETS, "transfer_encoding": "chunked"}
    for name, value in {**TUS, **given, **headers}.items():
        request.headers[name.replace("_", "-")] = value
    return service.client.do_request(request, expect_errors=True)


WRONG_SHA1 = f"sha1 {b64encode(bytes(20)).decode()}"


@pytest.mark.parametrize("send", [patch, chunked], ids=["with a length", "chunked"])
@pytest.mark.parametrize(
    ("headers", "status"),
    [({"upload_length": "6"}, 413), ({"upload_length": "8", "upload_checksum": WRONG_SHA1}, 460)],
)
def test_a_length_that_comes_with_a_refused_chunk_does_not_count(
    service: Service, send: Any, headers: dict[str, str], status: int
) -> None:
    path = path_of(create(service, None, upload_defer_length="1"))
    patch(service, path, 0, b"0123")
    assert send(service, path, 4, b"4567", **headers).status_int == status
    seen = head(service, path)
    assert (offset_of(seen), seen.headers["Upload-Defer-Length"]) == (4, "1")
    last = send(service, path, 4, b"4567", upload_length="8")
    assert bytes_of(service, last) == b"01234567"


@pytest.mark.parametrize("send", [patch, chunked], ids=["with a length", "chunked"])
def test_the_checksum_of_nothing_is_compared_too(service: Service, send: Any) -> None:
    path = begin(service, 4)
    nothing = f"sha1 {b64encode(hashlib.sha1(b'').digest()).decode()}"
    assert send(service, path, 0, b"", upload_checksum=WRONG_SHA1).status_int == 460
    assert send(service, path, 0, b"", upload_checksum=nothing).status_int == 204


def test_what_a_deferred_length_has_already_needs_no_room(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = type(service.registry.services.resumable._folder)
    path = path_of(create(service, None, upload_defer_length="1"))
    patch(service, path, 0, bytes(100))
    monkeypatch.setattr(folder, "room", lambda _: 10)
    assert patch(service, path, 100, bytes(5), upload_length="111").status_int == 507
    assert patch(service, path, 100, bytes(5), upload_length="110").status_int == 204


def test_an_upload_whose_bytes_a_power_cut_has_taken_is_not_there(service: Service) -> None:
    """An upload is not synced before it has bytes; its note may outlive its place."""
    path = begin(service, 10)
    (data,) = (service.files / "unfinished").rglob(path[5:])
    data.unlink()
    assert (head(service, path).status_int, patch(service, path, 0, b"x").status_int) == (404, 404)


def test_an_empty_chunk_may_tell_the_length_and_completes(service: Service) -> None:
    path = path_of(create(service, None, upload_defer_length="1"))
    patch(service, path, 0, b"0123")
    assert bytes_of(service, patch(service, path, 4, upload_length="4")) == b"0123"


def test_a_deferred_length_has_the_same_maximum(start: StartService) -> None:
    service = start(max_upload_size="1000")
    path = path_of(create(service, None, upload_defer_length="1"))
    assert patch(service, path, 0, bytes(1001)).status_int == 413
    assert offset_of(head(service, path)) == 0
    assert patch(service, path, 0, bytes(1000)).status_int == 204


# Completion


@pytest.mark.parametrize("size", [0, 1, 1000, 70_000, 5 * 2**20])
def test_all_bytes_with_the_creation(service: Service, size: int) -> None:
    content = contents.noise(size)
    answer = create(service, size, content)
    assert (answer.status_int, offset_of(answer)) == (201, size)
    assert bytes_of(service, answer) == content
    assert len(service.contents()) == 1
    assert service.leftovers() == []


def test_some_bytes_with_the_creation(service: Service) -> None:
    answer = create(service, 10, b"0123")
    assert_open(answer, 4)
    assert bytes_of(service, patch(service, path_of(answer), 4, b"456789")) == b"0123456789"


def test_an_old_chunk_again_tells_the_link(service: Service) -> None:
    path = begin(service, 10)
    patch(service, path, 0, b"01234")
    last = patch(service, path, 5, b"56789")
    again = patch(service, path, 5, b"56789")
    assert (again.status_int, offset_of(again)) == (409, 10)
    assert again.headers["Link"] == last.headers["Link"]
    assert patch(service, path, 10, b"x").status_int == 413
    assert len(service.rows()) == 1


def test_terms_come_as_metadata(service: Service) -> None:
    terms = encoded(downloads="3", expires="7d", password="sesame", title="A title", relativePath="null")
    path = begin(service, 4, upload_metadata=terms)
    told = head(service, path).headers["Upload-Metadata"]
    assert "password" not in told
    assert encoded(downloads="3") in told
    everything = b"".join(p.read_bytes() for p in (service.files / "unfinished").rglob("*") if p.is_file())
    assert b"sesame" not in everything
    assert b64encode(b"sesame") not in everything
    last = patch(service, path, 0, b"text")
    (row,) = service.rows()
    assert (row.downloads_left, row.title, row.password[:9]) == (3, "A title", "$argon2id")
    assert service.ask(last.headers["Pb-Location"]).status_int == 401


def test_what_a_password_protects_is_a_link_of_its_own(service: Service) -> None:
    service.upload(b"text", "a.txt")
    create(service, 4, b"text", upload_metadata=encoded(filename="a.txt", password="sesame"))
    assert len(service.rows()) == 2


def test_what_is_banned_is_dropped(service: Service) -> None:
    service.registry.services.moderation.ban(hashlib.sha256(b"evil").hexdigest(), "test")
    path = begin(service, 4)
    assert patch(service, path, 0, b"evil").status_int == 451
    assert head(service, path).status_int == 404
    assert unfinished(service) == []


def test_bytes_stay_where_the_end_fails_for_now(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    from pastebin.errors import StorageFull, Unavailable

    path = begin(service, 4)
    uploads = type(service.registry.services.uploads)
    for error, status in ((Unavailable("Not now."), 503), (StorageFull("Full."), 507)):

        def fail(*_arguments: Any, error: Exception = error, **_options: Any) -> Any:
            raise error

        with monkeypatch.context() as patched:
            patched.setattr(uploads, "add", fail)
            body = b"text" if status == 503 else b""
            assert patch(service, path, 0 if body else 4, body).status_int == status
            assert service.ask(path).json["offset"] == 4
    assert bytes_of(service, patch(service, path, 4)) == b"text"


def test_what_was_committed_before_a_crash_is_completed_once(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The process dies after the commit, before it is noted."""
    completion = type(service.registry.services.resumable._completion)
    path = begin(service, 4)

    def die(*_arguments: Any) -> Any:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(completion, "done", die)
        patch(service, path, 0, b"text")
    assert len(service.rows()) == 1
    answer = head(service, path)
    assert bytes_of(service, answer) == b"text"
    match = re.search(r"<(\S+)>; rel=\"edit\"", answer.headers["Link"])
    assert match is not None
    assert service.ask(match[1], "DELETE").status_int == 204
    assert service.rows() == []


# Ends


def test_an_upload_is_given_up(service: Service) -> None:
    path = begin(service, 10)
    patch(service, path, 0, b"0123")
    assert ask(service, path, "DELETE").status_int == 204
    assert head(service, path).status_int == 404
    assert unfinished(service) == []


def test_a_finished_one_is_forgotten_and_its_file_stays(service: Service) -> None:
    answer = create(service, 4, b"text")
    assert ask(service, path_of(answer), "DELETE").status_int == 204
    assert head(service, path_of(answer)).status_int == 404
    assert bytes_of(service, answer) == b"text"


def test_time_ends_uploads(start: StartService) -> None:
    import os
    import time

    service = start(resumable_lifetime="1h")
    path, finished = begin(service, 10), path_of(create(service, 4, b"text"))
    patch(service, path, 0, b"0123")
    (data,) = [p for p in (service.files / "unfinished").rglob("*") if p.name == path[5:]]
    os.utime(data, (time.time() - 3700,) * 2)
    gone = head(service, path)
    assert gone.status_int == 410
    assert "Upload-Offset" not in gone.headers
    assert patch(service, path, 4, b"x").status_int == 410
    service.registry.services.sweeper.sweep()
    assert head(service, path).status_int == 404
    assert head(service, finished).status_int == 200
    assert unfinished(service) == [f"{finished[5:]}.state"]


def test_a_sweep_follows_no_link(service: Service, tmp_path: Any) -> None:
    victim = tmp_path / "victim"
    victim.mkdir()
    (victim / ("0" * 32)).write_text("mine")
    (service.files / "unfinished" / "elsewhere").symlink_to(victim)
    (service.files / "unfinished" / f"{'1' * 32}.state").symlink_to(victim / ("0" * 32))
    service.registry.services.resumable.sweep()
    assert (victim / ("0" * 32)).read_text() == "mine"
    assert head(service, "/tus/" + "1" * 32).status_int == 404
    (service.files / "unfinished" / "elsewhere").unlink()
    (service.files / "unfinished" / f"{'1' * 32}.state").unlink()


def test_an_address_may_not_have_many(start: StartService) -> None:
    service = start(resumable_per_address="3")
    paths = [begin(service) for _ in range(3)]
    refused = create(service)
    assert (refused.status_int, int(refused.headers["Retry-After"]) > 0) == (429, True)
    ask(service, paths[0], "DELETE")
    assert create(service).status_int == 201
    patch(service, paths[1], 0, b"0123456789")
    assert create(service).status_int == 201


def test_limits_hold_at_the_beginning_and_at_the_end(start: StartService) -> None:
    service = start(limits="on", uploads_per_hour="2")
    first, second, third = (begin(service, 1) for _ in range(3))
    assert [patch(service, path, 0, b"x").status_int for path in (first, second, third)] == [204, 204, 429]
    assert create(service).status_int == 429
    assert service.ask(third).json["offset"] == 1


def test_a_length_over_the_free_space_is_507(start: StartService) -> None:
    service = start(max_upload_size="900000 GiB")
    answer = create(service, 800_000 * 2**30)
    assert (answer.status_int, answer.json["error"]["code"]) == (507, "storage_full")


def test_somebody_else_does_not_find_it(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    from pastebin.web.security import SecurityPolicy

    anna, bert = (str(sign_up(service, name).account.id) for name in ("anna", "bert"))

    def signed_in(account: str | None) -> None:
        monkeypatch.setattr(SecurityPolicy, "authenticated_userid", lambda *_: account)

    signed_in(anna)
    path = begin(service, 10)
    signed_in(bert)
    for answer in (head(service, path), patch(service, path, 0, b"x"), ask(service, path, "DELETE")):
        assert answer.status_int == 404
    signed_in(None)
    assert patch(service, path, 0, b"0123").status_int == 204
    signed_in(anna)
    assert patch(service, path, 4, b"456789").status_int == 204
    (row,) = service.rows()
    assert row.owner_id == int(anna)


# Concatenation


def test_the_same_again_by_somebody_else_finds_nothing(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    from pastebin.web.security import SecurityPolicy

    accounts = {name: str(sign_up(service, name).account.id) for name in ("anna", "bert")}
    asking = ["anna"]
    monkeypatch.setattr(SecurityPolicy, "authenticated_userid", lambda *_: accounts.get(asking[0]))
    one, two = part(service, b"0123"), part(service, b"456")
    made = final(service, one, two)
    assert final(service, one, two).headers["Link"] == made.headers["Link"]
    asking[0] = "bert"
    answer = final(service, one, two)
    assert (answer.status_int, "Link" in answer.headers) == (404, False)


def part(service: Service, body: bytes) -> str:
    answer = create(service, len(body), body, upload_concat="partial")
    assert (answer.status_int, "Pb-Location" in answer.headers) == (201, False)
    return path_of(answer)


def final(service: Service, *paths: str, **headers: str) -> TestResponse:
    return ask(service, "/tus", "POST", upload_concat=f"final;{' '.join(paths)}", **headers)


def test_parts_become_one(each_service: Service) -> None:
    service = each_service
    one, two = part(service, b"0123"), part(service, b"456")
    assert service.rows() == []
    seen = head(service, one)
    assert (seen.headers["Upload-Concat"], offset_of(seen)) == ("partial", 4)
    answer = final(service, f"http://other.example{one}", two, one, upload_metadata=encoded(filename="a.txt"))
    assert (answer.status_int, offset_of(answer)) == (201, 11)
    assert bytes_of(service, answer) == b"01234560123"
    assert service.rows()[0].filename == "a.txt"
    seen = head(service, path_of(answer))
    assert seen.headers["Upload-Concat"] == f"final;http://other.example{one} {two} {one}"
    assert patch(service, path_of(answer), 11).status_int == 403
    assert [head(service, path).status_int for path in (one, two)] == [410, 410]
    again = final(service, f"http://other.example{one}", two, one)
    assert again.headers["Link"] == answer.headers["Link"]
    assert path_of(again) == path_of(answer)
    assert final(service, one, two).status_int == 400
    assert len(service.rows()) == 1


FINALS: dict[str, tuple[str, dict[str, str], int]] = {
    "with a length": ("final;{one}", {"upload_length": "4"}, 400),
    "of nothing": ("final;", {}, 400),
    "of nothing at all": ("final", {}, 400),
    "of what is unknown": (f"final;{{one}} {UNKNOWN}", {}, 400),
    "of no upload": ("final;{one} /p/x", {}, 400),
    "parted by semicolons": ("final;{one};{one}", {}, 400),
    "parted by commas": ("final;{one},{one}", {}, 400),
    "of dots": ("final;/tus/../../etc/passwd", {}, 400),
    "of an unfinished part": ("final;{one} {unfinished}", {}, 400),
    "of an upload of its own": ("final;{one} {whole}", {}, 400),
    "of too many": ("final;" + "{one} " * 1001, {}, 400),
    "of one too often": ("final;" + "{one} " * 3, {}, 400),
    "over the maximum": ("final;" + "{large} " * 2, {}, 413),
}


def test_there_may_be_a_thousand_parts_each_twice(start: StartService) -> None:
    service = start(resumable_per_address="500")
    resumable = service.registry.services.resumable
    names = [resumable.create(NewUpload(1, is_partial=True), "") for _ in range(500)]
    for number, name in enumerate(names):
        resumable.append(name, Chunk(0, 1), io.BytesIO(bytes([number % 256])).read, "")
    answer = final(service, *[f"https://files.example.org/tus/{name}" for name in names * 2])
    assert bytes_of(service, answer) == bytes(number % 256 for number in range(500)) * 2


@pytest.mark.parametrize("case", FINALS)
def test_wrong_parts(emptied: StartService, case: str) -> None:
    service = emptied(max_upload_size="1000")
    concat, headers, status = FINALS[case]
    paths = {
        "one": part(service, b"0123"),
        "large": part(service, bytes(600)),
        "unfinished": begin(service, 10, upload_concat="partial"),
        "whole": begin(service, 10),
    }
    long = concat.format(**paths)
    answer = ask(service, "/tus", "POST", upload_concat=long, **headers)
    assert answer.status_int == status, answer.text
    assert service.rows() == []
    assert offset_of(head(service, paths["one"])) == 4


# Whatever happens in between


def test_random_chunks_and_cuts(service: Service) -> None:
    """Every tenth request is cut, some are repeated at an old offset, some have a wrong checksum."""
    dice = random.Random(5)
    for number in range(30):
        size = dice.choice([1, 100, 64 * 1024, 64 * 1024 + 1, 300_000])
        content = dice.randbytes(size)
        path = begin(service, size, upload_metadata=encoded(filename=f"{number}.bin"))
        offset = 0
        while offset < size:
            piece = content[offset : offset + dice.randint(1, max(1, size // 3))]
            way = dice.random()
            if way < 0.15:
                kept = piece[: dice.randrange(len(piece) + 1)]
                cut(service, path, offset, kept, len(piece) + 1)
            elif way < 0.25:
                wrong = f"sha1 {b64encode(bytes(20)).decode()}"
                assert patch(service, path, offset, piece, upload_checksum=wrong).status_int == 460
            elif way < 0.35 and offset:
                assert patch(service, path, dice.randrange(offset), piece).status_int == 409
            else:
                assert patch(service, path, offset, piece).status_int == 204
            answer = head(service, path)
            offset = offset_of(answer)
            assert service.ask(path).json["prefix_sha256"] == hashlib.sha256(content[:offset]).hexdigest()
        assert hashlib.sha256(bytes_of(service, answer)).digest() == hashlib.sha256(content).digest()
    assert len(service.rows()) == 30
