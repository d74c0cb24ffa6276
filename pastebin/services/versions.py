"""Versions of things: short texts that change whenever a thing does."""

import hashlib

# How many letters of a SHA-256 tell two states of a thing apart.
_LENGTH = 32


def version_of(*state: object) -> str:
    """Return the version of a state: of anything whose `repr` says all that matters of it."""
    return hashlib.sha256(repr(state).encode()).hexdigest()[:_LENGTH]
