"""What is sent to a webhook: JSON of our own with a signature, or what Discord, Slack and Matrix take."""

import hashlib
import hmac
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from html import escape
from typing import Any

from ..names import visible_name
from ..units import humanize_bytes
from .events import AccountEvent, Event, FileEvent, FileRemoved, FileReported, RequestAnswered

KINDS = ("json", "discord", "slack", "matrix")

# How much of a name or a reason is told, in characters.
TOLD = 200

_SENTENCES = {
    "file.added": "New file: {what}",
    "file.removed": "File {act}: {what}",
    "file.quarantined": "File hidden: {what}",
    "file.released": "File shown again: {what}",
    "file.reported": "File reported: {what}. “{reason}”",
    "request.answered": "{files} more for the file request “{title}” ({size})",
    "account.suspended": "Account suspended: {account}",
    "account.resumed": "Account resumed: {account}",
    "ping": "A trial: this webhook works.",
}

# What Discord reads as more than text.
_MARKDOWN = re.compile(r"([\\*_~`|<>@#\[\]()])")


@dataclass(frozen=True, slots=True)
class Message:
    """A request to a webhook: `body` is JSON."""

    method: str
    url: str
    body: bytes
    headers: dict[str, str]


def payload_of(event: Event, public_url: str) -> dict[str, Any]:
    """Return what is kept of an event, and sent as JSON.

    What others may not see is not named, nor what is gone.
    """
    said: dict[str, Any] = {"event": event.name, "moment": datetime.now(UTC).isoformat()}
    if isinstance(event, FileEvent):
        said["file"] = _file(event, public_url)
    if isinstance(event, FileRemoved):
        said = without_words({**said, "act": event.act})
    if isinstance(event, FileReported):
        said["reason"] = event.reason[:TOLD]
    if isinstance(event, RequestAnswered):
        said["request"] = _request(event)
    if isinstance(event, AccountEvent):
        said["account"] = {"id": event.account_id, "name": event.account}
    return said


def without_words(payload: dict[str, Any]) -> dict[str, Any]:
    """Return what is left to say of a file once it is gone: neither its name nor what was said against it."""
    less = {name: value for name, value in payload.items() if name != "reason"}
    return {**less, "file": {**payload["file"], "name": None}}


def _file(event: FileEvent, public_url: str) -> dict[str, Any]:
    file = event.file
    is_open = not file.is_private and file.password is None
    return {
        "id": file.id,
        "hash": file.filehash,
        "name": visible_name(file.filename, TOLD) if is_open else None,
        "size": file.size,
        "type": file.mimetype,
        "url": f"{public_url}/p/{file.filehash}" if public_url else None,
        "owner": file.owner_id,
    }


def _request(event: RequestAnswered) -> dict[str, Any]:
    """Return what is told of a file request: not its address, under which anybody may upload."""
    return {
        "title": visible_name(event.title, TOLD),
        "owner": event.owner_id,
        "files": event.files,
        "bytes": event.size,
        "full": event.is_full,
    }


def message_for(kind: str, url: str, secret: str, number: int, payload: dict[str, Any]) -> Message:
    """Return the request that tells a webhook of a job. Sent twice it has the same number."""
    if kind == "discord":
        text = sentence(payload, lambda words: _MARKDOWN.sub(r"\\\1", words))
        return _message("POST", url, {"content": text[:2000], "allowed_mentions": {"parse": []}})
    if kind == "slack":
        text = sentence(payload, lambda words: escape(words, quote=False))
        return _message("POST", url, {"text": text})
    if kind == "matrix":
        body = {"msgtype": "m.notice", "body": sentence(payload)}
        return _message("PUT", f"{url}/pb{number}", body, {"Authorization": f"Bearer {secret}"})
    message = _message("POST", url, {**payload, "delivery": number})
    moment = str(int(datetime.now(UTC).timestamp()))
    message.headers.update(
        {
            "Pb-Event": payload["event"],
            "Pb-Delivery": str(number),
            "Pb-Timestamp": moment,
            "Pb-Signature": f"sha256={signature(secret, moment, message.body)}",
        }
    )
    return message


def signature(secret: str, moment: str, body: bytes) -> str:
    """Return the HMAC-SHA-256 of a moment (seconds since 1970), a dot and a body, in hex digits."""
    return hmac.new(secret.encode(), f"{moment}.".encode() + body, hashlib.sha256).hexdigest()


def sentence(payload: dict[str, Any], escaped: Callable[[str], str] = str) -> str:
    """Return what a person reads of an event, in one line; `escaped` is done to the words of strangers."""
    file, account = payload.get("file") or {}, payload.get("account") or {}
    is_gone = payload["event"] == FileRemoved.name
    what = escaped(file.get("name") or ("a file" if is_gone else "a file that not everybody may see"))
    if file:
        what += f" ({humanize_bytes(file['size'])}) {file['url'] or file['hash']}"
    request = payload.get("request") or {}
    said = {
        "reason": payload.get("reason", ""),
        "account": account.get("name", ""),
        "title": request.get("title", ""),
        "files": "1 file" if request.get("files") == 1 else f"{request.get('files', 0)} files",
        "size": humanize_bytes(request.get("bytes", 0)),
    }
    told = {name: escaped(text) for name, text in said.items()}
    return _SENTENCES[payload["event"]].format(what=what, act=payload.get("act"), **told)


def _message(method: str, url: str, body: Any, headers: dict[str, str] | None = None) -> Message:
    encoded = json.dumps(body, ensure_ascii=False).encode("utf-8", "replace")
    return Message(method, url, encoded, {"Content-Type": "application/json", **(headers or {})})
