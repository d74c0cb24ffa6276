"""File names in forms, as every client sends them: the stored name is the one that a person sees there."""

import time

import pytest

from pastebin.web.form_names import file_name, text_of


class Part:
    """A part of a form as far as its name goes."""

    filename = None

    def __init__(self, parameters: bytes) -> None:
        self._header = (b'form-data; name="file"; ' + parameters).decode("latin-1")

    def header(self, _name: str, _default: str) -> str:
        return self._header


NAMES = [
    # In quotes, as browsers do.
    (b'filename="a.txt"', "a.txt"),
    (b'filename=""', ""),
    ('filename="日本語.txt"'.encode(), "日本語.txt"),
    (b'filename="100% done %20 test.txt"', "100% done %20 test.txt"),
    (b'filename="%bf%27.txt"', "%bf%27.txt"),
    (b'filename="a%22b%0D%0Ac.txt"', 'a"b\r\nc.txt'),
    (b'filename="a\\"b.txt"', 'a"b.txt'),
    (b'filename="a;b.txt"', "a;b.txt"),
    (b'filename="C:\\folder\\a.txt"', "a.txt"),
    # Raw bytes that are no UTF-8.
    (b'filename="K\xfcndigung.pdf"', "Kündigung.pdf"),
    (b'filename="5 \x80.txt"', "5 €.txt"),
    # RFC 2047 in quotes and without.
    (b'filename="=?utf-8?B?5pel5pys6KqeIOizh+aWmS5wbmc=?="', "日本語 資料.png"),
    (b"filename==?utf-8?B?5pel5pys6KqeIOizh+aWmS5wbmc=?=", "日本語 資料.png"),
    (b'filename="=?UTF-8?Q?gr=C3=BCn_=E6=97=A5=E6=9C=AC.jpg?="', "grün 日本.jpg"),
    (b'filename="=?iso-8859-1?q?K=FCndigung=2Epdf?="', "Kündigung.pdf"),
    (b'filename="=?ISO-2022-JP?B?GyRCRnxLXBsoQi50eHQ=?="', "日本.txt"),
    (b'filename="=?utf-8?B?5pel?= =?utf-8?B?5pys?=\t=?utf-8?Q?.txt?="', "日本.txt"),
    (b'filename="=?utf-8?B?5pc=?= =?utf-8?B?pS50eHQ=?="', "日.txt"),
    (b'filename="=?utf-8*en?Q?=C3=A9.txt?="', "é.txt"),
    (b'filename="=?x-unknown?Q?=C3=A9.txt?="', "=?x-unknown?Q?=C3=A9.txt?="),
    (b'filename="=?utf-8?Q?=C3.txt?="', "=?utf-8?Q?=C3.txt?="),
    (b'filename="=?utf-8?B?%%%?="', "=?utf-8?B?%%%?="),
    (b'filename="about =?utf-8?Q?=C3=A9?=.txt"', "about =?utf-8?Q?=C3=A9?=.txt"),
    # Percent signs for everything.
    (b'filename="gr%C3%BCn%20%E6%97%A5%E6%9C%AC.jpg"', "grün 日本.jpg"),
    (b'filename="gr%C3%BCn%22.jpg"', 'grün".jpg'),
    (b'filename="plain%20name.jpg"', "plain%20name.jpg"),
    (b'filename="gr%C3%BCn 1.jpg"', "gr%C3%BCn 1.jpg"),
    # RFC 8187, in either order.
    (b"filename*=UTF-8''caf%C3%A9.txt", "café.txt"),
    (b"filename*=utf-8'de'stra%C3%9Fe.txt", "straße.txt"),
    (b"filename*=\"utf-8''file_%C3%A9.txt\"", "file_é.txt"),
    (b"filename* = iso-8859-1'en'%A3%20rates.txt", "£ rates.txt"),
    (b"filename*=gbk''%D6%D0%CE%C4.txt", "中文.txt"),
    (b"filename=\"EUR rates.txt\"; filename*=UTF-8''%E2%82%AC%20rates.txt", "€ rates.txt"),
    (b"filename*=UTF-8''%E2%82%AC%20rates.txt; filename=\"EUR rates.txt\"", "€ rates.txt"),
    (b"filename=\"old.txt\"; filename*=UTF-8''%E2%82", "old.txt"),
    (b"filename=\"old.txt\"; filename*=x-unknown''new.txt", "old.txt"),
    (b'filename="old.txt"; filename*=new.txt', "old.txt"),
    (b"filename*=UTF-8''%E2%82.txt", "\ufffd.txt"),
    (b"filename*=UTF-8''", ""),
    (b"filename=\"old.txt\"; filename*=utf-8''", "old.txt"),
    # RFC 2231, in pieces.
    (b'filename*0="long na"; filename*1="me.txt"', "long name.txt"),
    (b"filename*0*=utf-8''%E6%97; filename*1*=%A5%20a; filename*2=\"b.txt\"", "日 ab.txt"),
    (b"filename=old.txt; filename*1*=%A9.txt; filename*0*=UTF-8'en'caf%C3", "café.txt"),
    (b"filename*1=lost.txt", None),
    # Without quotes.
    (b"filename=a.txt", "a.txt"),
    (b"filename=my photo.jpg", "my photo.jpg"),
    ("filename=grün.txt".encode(), "grün.txt"),
    (b"filename=my photo.jpg; size=3", "my photo.jpg"),
    (b"filename = a.txt ", "a.txt"),
    (b"FILENAME=a.txt", "a.txt"),
    # None at all.
    (b"filename=", None),
    (b"filename*=", None),
    (b"filename*=''", None),
    (b"x=y", None),
    (b'filename="a', None),
    (b'x="; filename=a.txt"', None),
]


@pytest.mark.parametrize(("parameters", "name"), NAMES)
def test_a_name_is_the_one_that_was_meant(parameters: bytes, name: str | None) -> None:
    assert file_name(Part(parameters)) == name


def test_a_header_of_any_bytes_becomes_text() -> None:
    assert text_of("caf\xc3\xa9") == text_of("caf\xe9") == "café"
    assert text_of("\x81") == "\ufffd"


@pytest.mark.parametrize(
    "piece",
    [
        b'; a="',
        b"; filename*0=a",
        b"; filename*0*=%C3",
        b'"\\"',
        b'; a="\\"',
        b";",
        b"; filename*",
        b"=?a?b?",
        b"=?a?b?c?= ",
        b"%C3",
        b" ",
    ],
)
def test_no_header_takes_long(piece: bytes) -> None:
    began = time.process_time()
    for start in (b"", b"filename=", b'filename="', b"filename*="):
        file_name(Part(start + piece * (30_000 // len(piece))))
    assert time.process_time() - began < 0.5
