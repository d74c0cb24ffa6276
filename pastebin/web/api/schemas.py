"""JSON schemas of the API, as far as its bodies need them, and reading values by them."""

from collections.abc import Mapping
from types import NoneType
from typing import Any

from ...errors import BadRequest, InvalidField

# A JSON schema (2020-12) as a dictionary. Bodies use the words that `require_valid` knows.
Schema = Mapping[str, Any]

_TYPES: dict[str, type] = {
    "array": list,
    "boolean": bool,
    "integer": int,
    "null": NoneType,
    "object": dict,
    "string": str,
}


def text(description: str = "", **more: Any) -> Schema:
    """Return the schema of a text."""
    return {"type": "string", **({"description": description} if description else {}), **more}


def choice(*values: str, **more: Any) -> Schema:
    """Return the schema of one of some words."""
    return {"type": "string", "enum": list(values), **more}


def number(description: str = "", **more: Any) -> Schema:
    """Return the schema of a whole number."""
    return {"type": "integer", **({"description": description} if description else {}), **more}


def flag(description: str = "") -> Schema:
    """Return the schema of true or false."""
    return {"type": "boolean", **({"description": description} if description else {})}


def nullable(schema: Schema) -> Schema:
    """Return the schema of the same, or null."""
    kinds = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    said = {**schema, "type": list(dict.fromkeys((*kinds, "null")))}
    return {**said, "enum": [*schema["enum"], None]} if "enum" in schema else said


def listed(items: Schema, **more: Any) -> Schema:
    """Return the schema of a list."""
    return {"type": "array", "items": items, **more}


def record(properties: Mapping[str, Schema], required: tuple[str, ...] | None = None, **more: Any) -> Schema:
    """Return the schema of an object with some properties and no others, all required unless named."""
    needed = list(properties) if required is None else list(required)
    said = {"type": "object", "properties": dict(properties), "additionalProperties": False, **more}
    return {**said, "required": needed} if needed else said


def require_valid(value: Any, schema: Schema, name: str = "") -> None:
    """Raise InvalidField, which names the field, for a value that is not as a schema has it.

    BadRequest for an object with keys that it does not have: a word in other letters is never ignored.
    """
    kinds = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    if not any(_is(value, kind) for kind in kinds):
        raise InvalidField(name, f"{name or 'The body'} must be of type {' or '.join(kinds)}.")
    if "enum" in schema and value not in schema["enum"]:
        allowed = ", ".join("null" if one is None else str(one) for one in schema["enum"])
        raise InvalidField(name, f"{name} must be one of {allowed}.")
    if isinstance(value, dict):
        _require_properties(value, schema, name)
    elif isinstance(value, list):
        _require_length(len(value), schema, name, "Items", "entries")
        for place, one in enumerate(value):
            require_valid(one, schema["items"], f"{name}[{place}]")
    elif isinstance(value, str):
        _require_text(value, schema, name)
    elif isinstance(value, int) and not isinstance(value, bool):
        _require_range(value, schema, name)


def _is(value: Any, kind: str) -> bool:
    if isinstance(value, bool):
        return kind == "boolean"
    return isinstance(value, _TYPES[kind])


def _require_properties(value: dict[str, Any], schema: Schema, name: str) -> None:
    properties = schema["properties"]
    prefix = f"{name}." if name else ""
    if unknown := value.keys() - properties:
        shown = ", ".join(sorted(repr(one[:40]) for one in unknown))
        known = ", ".join(sorted(properties))
        raise BadRequest(f"There is no such key as {shown}; there are {known}.")
    for needed in schema.get("required", ()):
        if needed not in value:
            raise InvalidField(prefix + needed, f"{prefix}{needed} is missing.")
    if len(value) < schema.get("minProperties", 0):
        raise InvalidField(name, f"Say at least one of {', '.join(sorted(properties))}.")
    for key, one in value.items():
        require_valid(one, properties[key], prefix + key)


def _require_text(value: str, schema: Schema, name: str) -> None:
    try:
        value.encode()
    except UnicodeEncodeError as error:
        raise InvalidField(name, f"{name} has half a character, which is no text.") from error
    _require_length(len(value), schema, name, "Length", "characters")


def _require_length(length: int, schema: Schema, name: str, word: str, unit: str) -> None:
    least, most = schema.get(f"min{word}", 0), schema.get(f"max{word}")
    if length < least or (most is not None and length > most):
        amount = f"{least} to {most}" if most is not None else f"at least {least}"
        raise InvalidField(name, f"{name} must have {amount} {unit}.")


def _require_range(value: int, schema: Schema, name: str) -> None:
    least, most = schema.get("minimum"), schema.get("maximum")
    if (least is not None and value < least) or (most is not None and value > most):
        raise InvalidField(name, f"{name} must be a whole number from {least} to {most}.")
