"""Operations of the API: what each takes, who may ask for it, and what it answers."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from pyramid.view import view_config

from ...resources.api.base import ApiItem, ApiNoun
from ...services.rights import Right
from .schemas import Schema

NOTHING: Mapping[str, Schema] = {}

View = Callable[[Any, Any], Any]


@dataclass(frozen=True, slots=True)
class Answer:
    """What an operation answers when all is well: a schema of its JSON, None where there is none."""

    description: str
    schema: Schema | None = None
    headers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Operation:
    """A method of a noun.

    `rights` are those of which one is needed, none for what everybody may ask. `query` are its parameters,
    `body` is the schema of its JSON, None where there is none; `upload` are the fields of its form, for one
    that takes files. With `is_by_page` it needs `X-CSRF-Token`, so that nothing but a page of ours can ask.
    `errors` are statuses that are possible besides those that follow from the rest. `example` is what
    follows `curl`, with BASE for where the API is.
    """

    noun: type[ApiNoun]
    method: str
    summary: str
    answers: Mapping[int, Answer]
    rights: tuple[Right, ...] = ()
    query: Mapping[str, Schema] = field(default_factory=dict)
    body: Schema | None = None
    upload: Mapping[str, Schema] | None = None
    is_by_page: bool = False
    errors: tuple[int, ...] = ()
    example: str = ""

    @property
    def needs_match(self) -> bool:
        """Tell whether it changes one thing, and so needs `If-Match`."""
        return issubclass(self.noun, ApiItem) and self.method != "GET"


def operation(
    noun: type[ApiNoun], method: str, summary: str, answers: Mapping[int, Answer], **described: Any
) -> Callable[[View], View]:
    """Make a function the view of an operation. What it returns is the answer's JSON, or a response.

    The request has been checked against the description then; its body is `request.asked`.
    """
    made = Operation(noun, method, summary, answers, **described)

    def decorate(view: View) -> View:
        settings = view_config(context=noun, request_method=method, renderer="api", operation=made, _depth=1)
        decorated: View = settings(view)
        return decorated

    return decorate
