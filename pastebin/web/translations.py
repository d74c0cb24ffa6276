"""The words of the pages in a reader's language (gettext).

A page never fails for its words: a message that a catalogue lacks, or a translation whose blanks
cannot be filled, is English instead, and the log says so once.
"""

import gettext
import logging
import re
from collections.abc import Callable, Iterable
from functools import cache
from importlib.resources import files

log = logging.getLogger(__name__)

DOMAIN = "pastebin"
LOCALE = str(files("pastebin") / "locale")


def N_(message: str) -> str:
    """Mark a message for the catalogues, which a page says later."""
    return message


class Catalogue:
    """The messages of one language."""

    def __init__(self, locale: str, folder: str = LOCALE) -> None:
        self._locale = locale
        self._reported: set[str] = set()
        self._translations = gettext.translation(DOMAIN, folder, [locale], fallback=True)
        self._translations.add_fallback(_English(self._report))

    def translate(self, message: str, **values: object) -> str:
        """Return a message with its `{blanks}` filled in, if there are values."""
        text = self._translations.gettext(message)
        return self._filled(text, message, values) if values else text

    def pluralize(self, one: str, many: str, count: int, **values: object) -> str:
        """Return the form of a message that fits a count, with its `{blanks}` filled in."""
        text = self._translations.ngettext(one, many, count)
        return self._filled(text, one if count == 1 else many, values)

    def _filled(self, text: str, message: str, values: dict[str, object]) -> str:
        try:
            return text.format(**values)
        except (LookupError, ValueError, TypeError, AttributeError):
            if text == message:
                raise
            self._report(message, "its translation cannot be filled in")
            return message.format(**values)

    def _report(self, message: str, fault: str) -> None:
        if message not in self._reported:
            self._reported.add(message)
            log.warning("Language %s, message %r: %s; English is shown.", self._locale, message, fault)


class Sentences:
    """Sentences with blanks, which are found again in what was made of them.

    What an error says is made in layers that know no languages, so its page looks for what sentence it is.
    """

    def __init__(self, sentences: Iterable[str]) -> None:
        self.sentences = tuple(sentences)
        self._patterns = [(sentence, _pattern(sentence)) for sentence in self.sentences]

    def translate(self, text: str, catalogue: "Catalogue") -> str | None:
        """Return a text in another language; None if it is none of the sentences."""
        for sentence, pattern in self._patterns:
            match = pattern.fullmatch(text)
            if match:
                return catalogue.translate(sentence, **match.groupdict())
        return None


def _pattern(sentence: str) -> re.Pattern[str]:
    """Return what finds a sentence whatever its `{blanks}` hold; both may begin with a small letter."""
    parts = re.split(r"\{(\w+)\}", sentence)
    texts = [
        re.escape(part) if place % 2 == 0 else f"(?P<{part}>.{{1,200}}?)" for place, part in enumerate(parts)
    ]
    return re.compile("".join(texts), re.DOTALL | re.IGNORECASE)


class _English(gettext.NullTranslations):
    """Where gettext looks for a message that the catalogue lacks."""

    def __init__(self, report: Callable[[str, str], None]) -> None:
        super().__init__()
        self._report = report

    def gettext(self, message: str) -> str:
        self._report(message, "it is not translated")
        return message

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        self._report(msgid2, "it is not translated")
        return msgid1 if n == 1 else msgid2


@cache
def catalogue(locale: str) -> Catalogue:
    """Return the catalogue of one of our languages, read once."""
    return Catalogue(locale)
