"""How a picture was taken, as a worker tells it: checked, since the worker has read a stranger's bytes."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self

from ..names import visible_name

_LONGEST = 100


@dataclass(frozen=True, slots=True)
class Shot:
    """Camera and lens; exposure in seconds, aperture as f-number, ISO speed, focal length in millimetres.

    `taken` is a moment of the camera's clock, in no zone.
    """

    camera: str = ""
    lens: str = ""
    exposure: float | None = None
    aperture: float | None = None
    iso: float | None = None
    focal_length: float | None = None
    taken: datetime | None = None

    @classmethod
    def of(cls, said: Any) -> Self:
        """Return what `images.metadata.shots.read_shot` says, without what makes no sense."""
        given = said if isinstance(said, Mapping) else {}
        return cls(
            _camera(_text(given, "make"), _text(given, "model")),
            _text(given, "lens"),
            _number(given, "exposure", 1e5),
            _number(given, "aperture", 1000),
            _number(given, "iso", 1e7),
            _number(given, "focal_length", 1e5),
            _moment(_text(given, "taken")),
        )


NO_SHOT = Shot()


def _camera(make: str, model: str) -> str:
    """Return `Canon EOS R5` for `Canon` and `EOS R5`, and for `Canon` and `Canon EOS R5`."""
    first = make.partition(" ")[0]
    return model if not make or model.lower().startswith(first.lower()) else f"{make} {model}".strip()


def _text(given: Mapping[str, Any], name: str) -> str:
    value = given.get(name)
    return visible_name(value, _LONGEST).strip() if isinstance(value, str) and value.strip() else ""


def _number(given: Mapping[str, Any], name: str, most: float) -> float | None:
    value = given.get(name)
    if not isinstance(value, int | float) or not math.isfinite(value):
        return None
    return float(value) if 1e-6 < value <= most else None


def _moment(text: str) -> datetime | None:
    try:
        return datetime.strptime(text, "%Y:%m:%d %H:%M:%S")
    except ValueError:
        return None
