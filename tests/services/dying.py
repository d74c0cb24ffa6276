"""The service, which kills itself where the file that TEST_DIES_AT names says: before a function of ours.

A line `module:name`, or `module:Class.name`. It dies once: the file is removed first.
"""

import os
import signal
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

from pastebin.wsgi import application

__all__ = ["application"]

_ORDERS = Path(os.environ["TEST_DIES_AT"])


def _mortal(place: str, function: Callable[..., Any]) -> Callable[..., Any]:
    def die_or_go_on(*arguments: Any, **options: Any) -> Any:
        if _ORDERS.exists() and _ORDERS.read_text() == place:
            _ORDERS.unlink()
            os.killpg(0, signal.SIGKILL)
        return function(*arguments, **options)

    return die_or_go_on


def _order(place: str) -> None:
    module, _, name = place.partition(":")
    owner: Any = import_module(module)
    *classes, function = name.split(".")
    for one in classes:
        owner = getattr(owner, one)
    setattr(owner, function, _mortal(place, getattr(owner, function)))


for _place in os.environ["TEST_DIES_AT_ONE_OF"].split():
    _order(_place)
