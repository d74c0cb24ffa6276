"""The words of messages: a template, of which the first line is the subject."""

from collections.abc import Mapping
from typing import Any

from pyramid.renderers import render
from pyramid.request import Request

from ..services.mail import Message


def send_mail(request: Request, to: str, name: str, values: Mapping[str, Any]) -> None:
    """Have a message sent, in the language of who asks for it; Unavailable if too many wait."""
    request.services.mail.send(word_mail(request, to, name, values))


def word_mail(request: Request, to: str, name: str, values: Mapping[str, Any]) -> Message:
    """Return the message of `templates/mails/<name>.mako`."""
    subject, _, text = render(f"mails/{name}.mako", dict(values), request).strip().partition("\n")
    return Message(to, subject.strip(), f"{text.strip()}\n")
