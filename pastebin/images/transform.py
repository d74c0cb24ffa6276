"""What a caller may ask of an image, read from the parameters of an address."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from pastebin.errors import BadTransform
from pastebin.images.geometry import Box, Plan, Size, plan
from pastebin.images.limits import DEFAULT_LIMITS, ImageLimits

PARAMETERS = ("w", "h", "fit", "format", "q", "x", "y", "cw", "ch")
FITS = ("auto", "crop", "contain")
FORMATS = ("jpeg", "png", "webp", "avif")
MAX_COORDINATE = 1_000_000  # no format stores more pixels along one side than fit its limits

_REGION = ("x", "y", "cw", "ch")
_INTEGER = re.compile(r"[0-9]{1,9}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Transform:
    """A crop, a size and an encoding; what is None follows from the source.

    `region` is `(x, y, width, height)` in displayed source pixels, `quality` 1 to 100.
    """

    width: int | None = None
    height: int | None = None
    fit: str = "auto"
    region: Box | None = None
    format: str | None = None
    quality: int | None = None

    @classmethod
    def from_params(
        cls, params: Mapping[str, str], limits: ImageLimits = DEFAULT_LIMITS
    ) -> "Transform | None":
        """Read w, h, fit, format, q, x, y, cw and ch; None where all are absent or empty.

        Raises BadTransform, with the parameter, what was given and what is allowed.
        """
        given = {name: params[name] for name in PARAMETERS if params.get(name)}
        if not given:
            return None
        transform = cls(
            width=_integer(given, "w", 1, limits.max_side),
            height=_integer(given, "h", 1, limits.max_side),
            fit=_choice(given, "fit", FITS) or "auto",
            region=_region(given),
            format=_choice(given, "format", FORMATS),
            quality=_integer(given, "q", 1, 100),
        )
        if transform.width and transform.height and transform.fit == "crop":
            check_result((transform.width, transform.height), limits)
        return transform

    @classmethod
    def from_json(cls, given: dict[str, Any]) -> Self:
        """Return the transform whose fields JSON has carried."""
        region = given["region"]
        return cls(**{**given, "region": region and tuple(region)})

    @property
    def key(self) -> str:
        """A short ASCII name; transforms that mean the same have the same one."""
        parts = []
        if self.width or self.height:
            parts.append(f"{self.width or ''}x{self.height or ''}")
        if self.width and self.height and self.fit != "auto":
            parts.append(self.fit)
        if self.region:
            parts.append("r" + ".".join(map(str, self.region)))
        if self.format:
            parts.append(self.format)
        if self.quality and self.format != "png":
            parts.append(f"q{self.quality}")
        return "-".join(parts) or "same"

    def plan(self, source: Size, limits: ImageLimits = DEFAULT_LIMITS) -> Plan:
        """Plan this transform of an image of the displayed size `source`.

        Raises BadTransform when the region leaves the image or the result is too large.
        """
        left, top, width, height = self.region or (0, 0, *source)
        if left + width > source[0] or top + height > source[1]:
            raise BadTransform(
                f"the region x={left}, y={top}, cw={width}, ch={height} leaves the image, "
                f"which is {source[0]} × {source[1]} pixels"
            )
        (x0, y0, x1, y1), size = plan((width, height), self.width, self.height, self.fit)
        check_result(size, limits)
        return Plan((left + x0, top + y0, left + x1, top + y1), size)


def check_result(size: Size, limits: ImageLimits) -> None:
    """Raise BadTransform when a result of this size may not be made."""
    width, height = size
    if max(size) > limits.max_side or width * height > limits.max_result_pixels:
        raise BadTransform(
            f"the result would be {width} × {height} pixels; at most {limits.max_side} a side "
            f"and {limits.max_result_pixels} in all are made: ask for a smaller w and h"
        )


def _integer(given: Mapping[str, str], name: str, lowest: int, highest: int) -> int | None:
    text = given.get(name)
    if text is None:
        return None
    if _INTEGER.fullmatch(text) and lowest <= int(text) <= highest:
        return int(text)
    raise BadTransform(f"{name} must be a whole number from {lowest} to {highest}, not {_shown(text)}")


def _choice(given: Mapping[str, str], name: str, allowed: tuple[str, ...]) -> str | None:
    text = given.get(name)
    if text is None or text in allowed:
        return text
    raise BadTransform(f"{name} must be one of {', '.join(allowed)}, not {_shown(text)}")


def _region(given: Mapping[str, str]) -> Box | None:
    missing = [name for name in _REGION if name not in given]
    if len(missing) == len(_REGION):
        return None
    if missing:
        raise BadTransform(f"a region needs x, y, cw and ch together; {', '.join(missing)} is left out")
    left, top = (_integer(given, name, 0, MAX_COORDINATE) or 0 for name in ("x", "y"))
    width, height = (_integer(given, name, 1, MAX_COORDINATE) or 1 for name in ("cw", "ch"))
    return left, top, width, height


def _shown(text: str) -> str:
    shown = ascii(text[:20])
    return shown if len(text) <= 20 else f"{shown} and more"
