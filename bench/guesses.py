"""How often the encoding of a text is guessed right, by library, language and kind of text.

    pip install --target .bench/encodings "Django>=5,<6" chardet charset-normalizer
    PYTHONPATH=.bench/encodings .venv/bin/python bench/guesses.py

The texts are Django's own words in its translations, some sentences each, as prose, as comments in a
program, and as subtitles; and the names of countries and languages in Babel as the values of a configuration.
A guess is right if it decodes the bytes to the very text.
"""

import random
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from gettext import GNUTranslations
from importlib.util import find_spec
from itertools import repeat
from pathlib import Path

import chardet
import charset_normalizer
from babel import Locale

from pastebin.media.charsets import CODECS, decode_leniently, known_charset
from pastebin.media.sniffing import sniff
from pastebin.previews.decoding import is_doubtful
from pastebin.previews.encodings import guess

# Bytes of a text at least, and texts of each kind in one language and encoding.
SIZE, TEXTS = 300, 8

WESTERN = ("windows-1252",)
CENTRAL = ("windows-1250", "iso-8859-2")
CYRILLIC = ("windows-1251", "koi8-u", "iso-8859-5")
LANGUAGES = {
    "ca": WESTERN, "da": WESTERN, "de": WESTERN, "es": WESTERN, "fi": WESTERN, "fr": WESTERN,
    "it": WESTERN, "is": WESTERN, "nb": WESTERN, "nl": WESTERN, "pt": WESTERN, "sv": WESTERN,
    "cs": CENTRAL, "hr": CENTRAL, "hu": CENTRAL, "pl": CENTRAL, "sk": CENTRAL, "sl": CENTRAL,
    "bg": CYRILLIC[:1], "ru": ("windows-1251", "koi8-r", "iso-8859-5", "ibm866"),
    "sr": CYRILLIC[:1],
    "uk": CYRILLIC[:2],
    "el": ("windows-1253", "iso-8859-7"), "tr": ("windows-1254",),
    "he": ("windows-1255",), "ar": ("windows-1256",), "et": ("windows-1257",),
    "lt": ("windows-1257",), "lv": ("windows-1257",),
    "th": ("windows-874",), "ja": ("shift_jis", "euc-jp", "iso-2022-jp"), "ko": ("euc-kr",),
    "zh_Hans": ("gb18030",), "zh_Hant": ("big5",),
}  # fmt: skip

CODE = "for (i = 0; i < size; i++) {\n    total += values[i];\n}\nreturn total / size;\n"
KINDS: dict[str, Callable[[list[str]], str]] = {
    "prose": "\r\n".join,
    "program": lambda lines: "".join(f"{CODE}// {line}\n" for line in lines),
    "subtitles": lambda lines: "".join(
        f"{n}\n00:00:{n:02},000 --> 00:00:{n:02},900\n{line}\n\n" for n, line in enumerate(lines, 1)
    ),
}
NAMES = "configuration"


def ours(data: bytes) -> str:
    """Do as the service does: a first look at the upload, then the guess for the page."""
    found = sniff(data).encoding
    return guess(data) if is_doubtful(found) else found


def chardet_alone(data: bytes) -> str | None:
    """Ask chardet about the whole text."""
    return chardet.detect(data)["encoding"]


def normalizer_alone(data: bytes) -> str | None:
    """Ask charset-normalizer about the whole text."""
    best = charset_normalizer.from_bytes(data).best()
    return best.encoding if best else None


GUESSES = {"chardet": chardet_alone, "charset-normalizer": normalizer_alone, "the pages": ours}


def sentences(language: str) -> list[str]:
    """Return all longer texts of Django in a language."""
    spec = find_spec("django")
    if spec is None or spec.origin is None:
        sys.exit("Install Django first: see the beginning of this file.")
    found: list[str] = []
    for path in sorted(Path(spec.origin).parent.rglob(f"locale/{language}/LC_MESSAGES/*.mo")):
        with path.open("rb") as file:
            catalogue = GNUTranslations(file)._catalog  # type: ignore[attr-defined]
        found += [text for key, text in catalogue.items() if key and len(text) > 24]
    return found


def texts(language: str, charset: str) -> Iterator[list[str]]:
    """Yield lists of sentences that an encoding can hold, SIZE bytes together."""
    lines: list[str] = []
    for text in sentences(language):
        line = " ".join(text.split())
        if not decodable(line, charset):
            continue
        lines.append(line)
        if len("".join(lines).encode(CODECS[charset])) >= SIZE:
            yield lines
            lines = []


def configurations(language: str, charset: str) -> Iterator[str]:
    """Yield configurations whose values are names that an encoding can hold, some beyond ASCII."""
    locale, chance = Locale.parse(language), random.Random(language)
    names = [*locale.territories.values(), *locale.languages.values()]
    fitting = [name for name in names if decodable(name, charset)]
    while True:
        text = ""
        while len(text.encode(CODECS[charset])) < SIZE or text.isascii():
            text += f"[{len(text)}]\nname = {chance.choice(fitting)}\nsize = {len(text) * 7}\n"
        yield text


def decodable(text: str, charset: str) -> bool:
    """Whether an encoding can hold a text."""
    try:
        text.encode(CODECS[charset])
    except UnicodeEncodeError:
        return False
    return True


def written(language: str, charset: str) -> Iterator[tuple[str, str]]:
    """Yield kind and text of all that a language is tried with."""
    for _, lines in zip(range(TEXTS), texts(language, charset), strict=False):
        yield from ((kind, write(lines)) for kind, write in KINDS.items())
    yield from zip(repeat(NAMES, TEXTS), configurations(language, charset), strict=False)


def main() -> None:
    """Print the table, and what each guess took."""
    right: dict[str, Counter[str]] = defaultdict(Counter)
    seconds: Counter[str] = Counter()
    total: Counter[str] = Counter()
    for language, charsets in LANGUAGES.items():
        for charset in charsets:
            for kind, text in written(language, charset):
                data = text.encode(CODECS[charset])
                row = f"{language} {charset}"
                total[row] += 1
                total[kind] += 1
                for name, ask in GUESSES.items():
                    began = time.process_time()
                    label = ask(data)
                    seconds[name] += time.process_time() - began
                    found = label and known_charset(label)
                    if found and decode_leniently(data, found) == text:
                        right[name][row] += 1
                        right[name][kind] += 1
    print("| texts | " + " | ".join(GUESSES) + " |")
    print("|---|" + "---|" * len(GUESSES))
    kinds = (*KINDS, NAMES)
    for row in (*kinds, *(row for row in total if row not in kinds)):
        print(f"| {row}: {total[row]} | " + " | ".join(str(right[name][row]) for name in GUESSES) + " |")
    whole = sum(total[kind] for kind in kinds)
    sums = [f"{sum(right[name][kind] for kind in kinds)}" for name in GUESSES]
    print(f"| all: {whole} | " + " | ".join(sums) + " |")
    print("| ms each | " + " | ".join(f"{seconds[name] / whole * 1000:.2f}" for name in GUESSES) + " |")


if __name__ == "__main__":
    main()
