"""The catalogues of translations: what the templates say, and whether every language says it too.

python bin/lib/messages.py            bring pastebin/locale/*/LC_MESSAGES/pastebin.{po,mo} up to date
python bin/lib/messages.py --check    change nothing; say what is missing, unused or wrong
python bin/lib/messages.py --compile  write the .mo files that the service reads (no part of the repository)
"""

import io
import sys
from datetime import UTC, datetime
from pathlib import Path
from string import Formatter

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = ROOT / "pastebin" / "templates"
CODE = [ROOT / "pastebin" / part for part in ("previews", "views/api", "web/api")]
LOCALE = ROOT / "pastebin" / "locale"
LANGUAGES = ("en", "zh_CN")

# The functions of templates that take messages, and which of their arguments those are.
KEYWORDS = {"_": None, "N_": None, "plural": (1, 2)}

# Catalogues do not change when nobody changed a message.
DATE = datetime(2026, 11, 21, tzinfo=UTC)


def template() -> Catalog:
    """Return a catalogue of every message of the templates, of previews and of the API."""
    catalog = Catalog(domain="pastebin")
    in_templates = extract_from_dir(
        TEMPLATES,
        [("**.mako", "mako")],
        {"**.mako": {"input_encoding": "utf-8"}},
        keywords=KEYWORDS,
    )
    in_code = [
        found
        for folder in CODE
        for found in extract_from_dir(folder, [("**.py", "python")], keywords={"N_": None})
    ]
    for _file, _line, message, comments, context in (*in_templates, *in_code):
        catalog.add(message, auto_comments=comments, context=context)
    return catalog


def po_path(language: str) -> Path:
    """Return where the catalogue of a language is."""
    return LOCALE / language / "LC_MESSAGES" / "pastebin.po"


def read(language: str) -> Catalog:
    """Return the catalogue of a language, an empty one if there is none yet."""
    path = po_path(language)
    if not path.exists():
        return Catalog(locale=language, domain="pastebin")
    with path.open("rb") as file:
        return read_po(file, locale=language, domain="pastebin")


def compiled(catalog: Catalog) -> bytes:
    """Return a catalogue as gettext reads it."""
    out = io.BytesIO()
    write_mo(out, catalog)
    return out.getvalue()


def untranslated(catalog: Catalog) -> list[str]:
    """Return the messages that lack a translation."""
    return [str(message.id) for message in catalog if message.id and not _is_whole(message.string)]


def _is_whole(text: str | tuple[str, ...] | list[str]) -> bool:
    return bool(text) if isinstance(text, str) else bool(text) and all(text)


def update(language: str) -> Catalog:
    """Write the catalogue of a language anew: new messages empty, but for English, and old ones left out."""
    catalog = read(language)
    catalog.update(template(), no_fuzzy_matching=True)
    catalog.obsolete.clear()
    catalog.fuzzy = False
    catalog.project, catalog.version = "pastebin", "1"
    catalog.copyright_holder = "the pastebin authors"
    catalog.header_comment = f"# The words of the pages: {language}."
    catalog.creation_date = catalog.revision_date = DATE
    catalog.last_translator = catalog.language_team = ""
    catalog.msgid_bugs_address = ""
    for message in catalog:
        message.locations = []
        if language == "en" and message.id:
            message.string = message.id
    path = po_path(language)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        write_po(file, catalog, width=110, sort_output=True, no_location=True)
    compile_catalog(language)
    return catalog


def compile_catalog(language: str) -> None:
    """Write the compiled catalogue of a language beside the one for people."""
    path = po_path(language).with_suffix(".mo")
    new = path.with_suffix(".mo.new")
    new.write_bytes(compiled(read(language)))
    new.replace(path)


def blanks(text: str) -> set[str]:
    """Return what of a message is filled in, `{name}` as `name`; ValueError if its braces do not match."""
    found = set()
    for _literal, name, form, conversion in Formatter().parse(text):
        if name is not None:
            found.add(name + (f"!{conversion}" if conversion else "") + (f":{form}" if form else ""))
    return found


def misfits(catalog: Catalog) -> list[str]:
    """Return the messages whose translation has other blanks to fill in than the message."""
    return [str(message.id) for message in catalog if message.id and not _fits(message.id, message.string)]


def _fits(message: str | tuple[str, ...], translation: str | tuple[str, ...]) -> bool:
    messages = (message,) if isinstance(message, str) else message
    texts = (translation,) if isinstance(translation, str) else translation
    wanted = [blanks(text) for text in messages]
    try:
        found = [blanks(text) for text in texts if text]
    except ValueError:
        return False
    # A form for one thing may leave its number out; the one for many may not.
    return all(names <= wanted[-1] for names in found) and found[-1:] in ([], [wanted[-1]])


def faults(language: str) -> list[str]:
    """Return what is wrong with the catalogue of a language."""
    catalog, wanted = read(language), {message.id for message in template() if message.id}
    known = {message.id for message in catalog if message.id}
    wrong = [f"{language}: not in the catalogue: {name}" for name in sorted(map(str, wanted - known))]
    wrong += [f"{language}: no longer used: {name}" for name in sorted(map(str, known - wanted))]
    wrong += [f"{language}: not translated: {name}" for name in untranslated(catalog)]
    wrong += [f"{language}: other blanks than the message: {name}" for name in misfits(catalog)]
    return wrong


def main() -> int:
    """Update, check or compile every catalogue; return the exit status."""
    if "--compile" in sys.argv:
        for language in LANGUAGES:
            compile_catalog(language)
        return 0
    if "--check" in sys.argv:
        wrong = [fault for language in LANGUAGES for fault in faults(language)]
        print("\n".join(wrong) or "every message is translated")
        return bool(wrong)
    for language in LANGUAGES:
        missing = untranslated(update(language))
        print(f"{po_path(language).relative_to(ROOT)}: {len(missing)} messages to translate")
    return 0


if __name__ == "__main__":
    sys.exit(main())
