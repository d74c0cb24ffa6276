"""Nouns of the service itself, right below the root."""

from typing import ClassVar

from .base import Noun


class Language(Noun):
    """`/language`: the choice of a language for this browser."""

    methods: ClassVar[tuple[str, ...]] = ("POST",)
