"""The encoding of a text that does not say it, in all languages that people still have such texts in."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pastebin.media.charsets import CODECS, decode_exactly, decode_leniently, encoded_size, known_charset
from pastebin.previews.decoding import FALLBACK
from pastebin.previews.encodings import guess
from tests.inprocess.languages import ENCODED, TEXTS

CODE = "for (i = 0; i < size; i++) {\n    total += values[i];\n}\nreturn total / size;\n"


def as_subtitles(text: str) -> str:
    return "".join(
        f"{n}\r\n00:00:{n:02},000 --> 00:00:{n:02},900\r\n{line}\r\n\r\n"
        for n, line in enumerate(text.split(". "), 1)
    )


# Only ISO 2022-JP is recognised at once, by its escapes.
GUESSED = [(language, charset) for language, charset in ENCODED if charset != "iso-2022-jp"]


@pytest.mark.parametrize(("language", "charset"), GUESSED)
def test_a_text_is_read_as_it_was_written(language: str, charset: str) -> None:
    text = TEXTS[language]
    comments = "".join(f"{CODE}# {line}\n" for line in text.split(". "))
    for written in (text, comments, as_subtitles(text), text.replace(". ", ".\r\n")):
        data = written.encode(CODECS[charset])
        assert decode_leniently(data, guess(data)) == written


@pytest.mark.parametrize(("language", "charset"), GUESSED)
def test_a_short_text_is_read_too(language: str, charset: str) -> None:
    codec = CODECS[charset]
    data = TEXTS[language].encode(codec)[:120]
    text = data.decode(codec, "ignore")
    assert decode_leniently(text.encode(codec), guess(text.encode(codec))) == text


@pytest.mark.parametrize("language", TEXTS)
def test_utf_8_is_never_taken_for_another(language: str) -> None:
    data = TEXTS[language].encode()
    assert guess(data) == "utf-8"
    assert guess(data[:-1], is_whole=False) == "utf-8"
    assert guess(b"\xef\xbb\xbf" + data) == "utf-8"


@pytest.mark.parametrize("language", TEXTS)
def test_utf_8_that_is_damaged_is_utf_8_all_the_same(language: str) -> None:
    data, middle = TEXTS[language].encode(), len(TEXTS[language].encode()) // 2
    for damaged in (data + "é".encode()[:1], data[:middle] + b"\xff" + data[middle:], b"\xa9" + data):
        assert guess(damaged) == "utf-8"
        assert decode_leniently(damaged, "utf-8").count("\ufffd") <= 3
    assert guess("Grüße".encode() + b"\xc3") == "utf-8"


WORDS = {
    "euc-jp": ["アイスランド", "スペイン", "コーヒー", "インターネット"],
    "shift_jis": ["アイスランド", "スペイン", "コーヒー", "インターネット"],
    "gb18030": ["瑞典", "挪威", "匈牙利", "白俄罗斯", "圣马力诺", "克罗地亚"],
    "euc-kr": ["스웨덴", "노르웨이", "헝가리", "산마리노"],
}


@pytest.mark.parametrize("charset", WORDS)
def test_a_list_of_words_is_read_too(charset: str) -> None:
    text = "".join(f"[part{n}]\nname = {word}\nsize={n * 7}\n" for n, word in enumerate(WORDS[charset] * 3))
    assert guess(text.encode(CODECS[charset])) == charset


def test_a_text_may_be_cut_within_a_character() -> None:
    data = TEXTS["ja"].encode("cp932")[:201]
    assert guess(data, is_whole=False) == "shift_jis"


def test_a_few_signs_tell_windows_1252() -> None:
    data = "It costs 48 € – that’s all there is to say about it.\n".encode("cp1252") + b"and more\n" * 50
    assert guess(data) == "windows-1252"


@pytest.mark.parametrize(
    "text", ["Grüße\nà vous\n", "Käse", "Ærø", "naïve café", "El niño", "São João", "Zażółć gęślą jaźń"]
)
def test_a_few_latin_words_are_not_taken_for_another_script(text: str) -> None:
    codec = "cp1250" if "ż" in text else "cp1252"
    shown = decode_leniently(text.encode(codec), guess(text.encode(codec)))
    assert all(sign < "\u0370" for sign in shown)
    if codec == "cp1252":
        assert shown == text


@given(st.binary(max_size=300))
@settings(deadline=None)
def test_any_bytes_have_an_encoding_that_they_can_be_read_in(data: bytes) -> None:
    charset = guess(data)
    assert charset in (FALLBACK, "utf-8") or decode_exactly(data, charset) is not None


@pytest.mark.parametrize(
    "piece", [b"\xe4", b"\xe4\n", b"\x81\x30", b"\xa4\xa2", b"\xff\xfe", b"a\xe9", bytes(range(128, 256))]
)
def test_no_text_takes_long(piece: bytes) -> None:
    data = (piece * 2**18)[: 2**18]
    began = time.process_time()
    guess(data)
    assert time.process_time() - began < 1


def test_names_have_aliases_and_no_codec_is_asked_for_by_a_strangers_name() -> None:
    assert known_charset("Latin-1") == known_charset("ISO_8859-1") == "windows-1252"
    assert known_charset("GB2312") == known_charset("gbk") == "gb18030"
    assert known_charset("SJIS") == known_charset("Windows-31J") == "shift_jis"
    assert known_charset("utf8") == "utf-8"
    for name in ("zip", "rot13", "hex", "idna", "unicode_escape", "utf-7", "nonsense", ""):
        assert known_charset(name) is None
    assert {known_charset(name) for name in CODECS} == set(CODECS)


def test_euc_jp_has_the_signs_of_windows() -> None:
    assert decode_leniently("①".encode("euc_jis_2004") + b"\xa1\xc1", "euc-jp") == "①～"


@pytest.mark.parametrize(("language", "charset"), ENCODED)
def test_the_rest_of_a_text_is_measured_in_its_own_bytes(language: str, charset: str) -> None:
    text = TEXTS[language]
    assert encoded_size(text, charset) == len(text.encode(CODECS[charset]))
