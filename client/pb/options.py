"""How commands and their options are described, to argparse and to shells."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from .session import Session


@dataclass(frozen=True)
class Option:
    """An option: its names, its help, and how argparse is to read it."""

    names: tuple[str, ...]
    help: str
    how: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Command:
    """A command: what it does, what it takes and how many, and its options."""

    run: Callable[[Session], int]
    help: str
    items: str
    count: tuple[int, int]  # at least, at most
    options: tuple[Option, ...] = ()
