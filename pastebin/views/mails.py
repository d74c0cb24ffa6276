"""Messages, and the links in them. The words are a template, of which the first line is the subject."""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from pyramid.renderers import render
from pyramid.request import Request

from ..errors import NotFound
from ..services.mail import Message

Found = TypeVar("Found")


def send_mail(request: Request, to: str, name: str, values: Mapping[str, Any]) -> None:
    """Have a message sent, in the language of who asks for it; Unavailable if too many wait."""
    request.services.mail.send(word_mail(request, to, name, values))


def word_mail(request: Request, to: str, name: str, values: Mapping[str, Any]) -> Message:
    """Return the message of `templates/mails/<name>.mako`."""
    subject, _, text = render(f"mails/{name}.mako", dict(values), request).strip().partition("\n")
    return Message(to, subject.strip(), f"{text.strip()}\n")


def found_by_token(request: Request, find: Callable[[], Found]) -> Found:
    """Return what the token of an address leads to; NotFound, and TooManyRequests for who guesses."""
    limit, address = request.services.rate_limits.wrong_keys, request.client_addr or ""
    limit.require(address)
    try:
        return find()
    except NotFound:
        limit.count(address)
        raise
