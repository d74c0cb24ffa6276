"""Both twins of the short codes: vectors, the `short_url` package as the reference, wrong input."""

import copy
import pickle
from importlib import import_module

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from short_url import UrlEncoder

relaxed = settings(deadline=None, max_examples=300)

VECTORS = {
    0: "mmmmm",
    1: "867nv",
    12: "jy7yj",
    1337: "pjz2p",
    16777216: "7cc65",
    2147483647: "6gm8qyn",
}
DEFAULT = "mn6j2c4rv8bpygw95z7hsdaetxuk3fq"
TOP = 2**64 - 1

alphabets = st.one_of(
    st.just(DEFAULT),
    st.permutations("0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ").map("".join),
    st.lists(st.characters(max_codepoint=127), unique=True, min_size=2).map("".join),
    st.lists(st.characters(), unique=True, min_size=2, max_size=300).map("".join),
)
settings_of_codecs = st.tuples(alphabets, st.integers(0, 63), st.integers(1, 64))
numbers = st.one_of(
    st.integers(0, TOP),
    st.integers(0, 2**63),
    st.integers(0, 2**20),
    st.integers(0, 63).map(lambda bit: 1 << bit),
    st.integers(1, 64).map(lambda bit: (1 << bit) - 1),
)


def twin(name):
    """Import a twin; the compiled one may be missing only where `test_loaded` says it may."""
    try:
        return import_module(f"pastebin._speedups._shorturl_{name}")
    except ImportError as error:
        pytest.skip(str(error))


@pytest.fixture(params=["py", "c"])
def shorturl(request):
    return twin(request.param)


def outcome(function, *arguments):
    """Return what a call gives, or the type and the text of what it raises."""
    try:
        return function(*arguments)
    except Exception as error:  # noqa: BLE001 - any error is an answer to compare
        return type(error), str(error)


def outcomes(call):
    """Return what `call` gives with each twin's module."""
    return outcome(call, twin("py")), outcome(call, twin("c"))


@pytest.mark.parametrize(("number", "code"), VECTORS.items())
def test_vectors(shorturl, number, code):
    codec = shorturl.ShortCodec()
    assert codec.encode(number) == code
    assert codec.decode(code) == number
    assert codec.encode_many([number]) == [code]


def test_the_first_codes_are_those_of_the_package(shorturl):
    package, codec = UrlEncoder(), shorturl.ShortCodec()
    codes = codec.encode_many(range(5000))
    assert codes == [package.encode_url(number) for number in range(5000)]
    assert [codec.decode(code) for code in codes] == list(range(5000))


@given(parameters=settings_of_codecs, number=numbers)
@relaxed
def test_codes_are_those_of_the_package(parameters, number):
    alphabet, block_size, min_length = parameters
    expected = UrlEncoder(alphabet, block_size).encode_url(number, min_length)
    for shorturl in (twin("py"), twin("c")):
        codec = shorturl.ShortCodec(*parameters)
        assert codec.encode(number) == expected
        assert codec.encode_many([number, number]) == [expected, expected]
        assert codec.decode(expected) == number


@given(parameters=settings_of_codecs, data=st.data())
@relaxed
def test_texts_decode_as_with_the_package_or_fail_the_same(parameters, data):
    alphabet, block_size, _ = parameters
    letters = st.sampled_from(alphabet) if data.draw(st.booleans()) else st.characters()
    code = data.draw(st.text(letters, max_size=70))
    py, c = outcomes(lambda module: module.ShortCodec(*parameters).decode(code))
    assert py == c
    if isinstance(py, int):
        assert py == UrlEncoder(alphabet, block_size).decode_url(code)
    else:
        assert py[0] is ValueError
        assert not 1 <= len(code) <= 64 or set(code) - set(alphabet) or outsized(parameters, code)


def outsized(parameters, code):
    """Tell whether a code stands for a number beyond 64 bits."""
    return UrlEncoder(*parameters[:2]).decode_url(code) > TOP


@given(zeros=st.integers(0, 57), number=st.integers(0, 2**31))
@relaxed
def test_zeros_on_the_left_make_no_difference(zeros, number):
    for shorturl in (twin("py"), twin("c")):
        codec = shorturl.ShortCodec()
        code = codec.encode(number)
        assert codec.decode("m" * zeros + code) == number
        assert codec.decode(code.lstrip("m") or "m") == number


def test_the_largest_number(shorturl):
    for alphabet in ("01", DEFAULT, "".join(map(chr, range(0x4E00, 0x9E00)))):
        codec = shorturl.ShortCodec(alphabet)
        code = codec.encode(TOP)
        assert codec.decode(code) == TOP
        assert code == UrlEncoder(alphabet).encode_url(TOP)
    assert len(shorturl.ShortCodec("01").encode(TOP)) == 64


def test_the_first_number_too_large(shorturl):
    codec = shorturl.ShortCodec(block_size=0)
    code = UrlEncoder(block_size=0).encode_url(TOP + 1)
    with pytest.raises(ValueError, match=r"^code stands for a number over 18446744073709551615$"):
        codec.decode(code)


@pytest.mark.parametrize(
    "number", [-1, -(2**63), -(2**64) - 1, TOP + 1, 2**65, 1 << 99_999], ids=int.bit_length
)
def test_numbers_out_of_range(shorturl, number):
    codec = shorturl.ShortCodec()
    with pytest.raises(ValueError, match=r"^number must be from 0 to 18446744073709551615$"):
        codec.encode(number)
    with pytest.raises(ValueError, match=r"^number must be from 0 to 18446744073709551615$"):
        codec.encode_many([1, number])


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("", "code must have from 1 to 64 characters"),
        ("m" * 65, "code must have from 1 to 64 characters"),
        ("mmmm1", "code has a character outside the alphabet: '1'"),
        ("MMMMM", "code has a character outside the alphabet: 'M'"),
        ("mmmmm\n", r"code has a character outside the alphabet: '\n'"),
        ("mmmmé", "code has a character outside the alphabet: 'é'"),
        ("m\ud800", r"code has a character outside the alphabet: '\ud800'"),
        ("mm\0mm", r"code has a character outside the alphabet: '\x00'"),
        ("q" * 20 + "'", """code has a character outside the alphabet: "'\""""),
        ("q" * 14, "code stands for a number over 18446744073709551615"),
        ("q" * 64, "code stands for a number over 18446744073709551615"),
    ],
)
def test_codes_that_are_none(shorturl, code, message):
    with pytest.raises(ValueError) as raised:  # noqa: PT011 - the text is compared below
        shorturl.ShortCodec().decode(code)
    assert str(raised.value) == message


class Seven:
    """What has `__index__` counts as an integer."""

    def __index__(self):
        return 7


class Broken:
    """An integer that fails."""

    def __index__(self):
        raise LookupError("no number today")


def failing():
    """Yield one number, then fail."""
    yield 1
    raise LookupError("no more")


@pytest.mark.parametrize(
    "call",
    [
        lambda codec: codec.encode(Seven()),
        lambda codec: codec.encode(True),
        lambda codec: codec.encode(Broken()),
        lambda codec: codec.encode(1.0),
        lambda codec: codec.encode("1"),
        lambda codec: codec.encode(None),
        lambda codec: codec.decode(None),
        lambda codec: codec.decode(b"mmmmm"),
        lambda codec: codec.decode(12),
        lambda codec: codec.encode_many(7),
        lambda codec: codec.encode_many([]),
        lambda codec: codec.encode_many("12"),
        lambda codec: codec.encode_many([1, None]),
        lambda codec: codec.encode_many(iter((1, Seven(), 3))),
        lambda codec: codec.encode_many(failing()),
    ],
)
def test_odd_input_has_the_same_outcome(call):
    py, c = outcomes(lambda module: call(module.ShortCodec()))
    assert py == c


@pytest.mark.parametrize(
    ("parameters", "error", "message"),
    [
        (("",), ValueError, "alphabet must have at least 2 characters, all different"),
        (("a",), ValueError, "alphabet must have at least 2 characters, all different"),
        (("abca",), ValueError, "alphabet must have at least 2 characters, all different"),
        (("éaé",), ValueError, "alphabet must have at least 2 characters, all different"),
        ((b"ab",), TypeError, "alphabet must be str, not bytes"),
        ((None,), TypeError, "alphabet must be str, not NoneType"),
        (("ab", -1), ValueError, "block_size must be from 0 to 63"),
        (("ab", 64), ValueError, "block_size must be from 0 to 63"),
        (("ab", 10**30), ValueError, "block_size must be from 0 to 63"),
        (("ab", "8"), TypeError, "'str' object cannot be interpreted as an integer"),
        (("ab", 8, 0), ValueError, "min_length must be from 1 to 64"),
        (("ab", 8, 65), ValueError, "min_length must be from 1 to 64"),
        (("ab", 8, 2.0), TypeError, "'float' object cannot be interpreted as an integer"),
        (("a", 64, 0), ValueError, "alphabet must have at least 2 characters, all different"),
    ],
)
def test_parameters_are_checked(shorturl, parameters, error, message):
    with pytest.raises(error) as raised:
        shorturl.ShortCodec(*parameters)
    assert str(raised.value) == message


def test_parameters_have_names_and_can_be_read(shorturl):
    codec = shorturl.ShortCodec(alphabet="abc", block_size=8, min_length=3)
    assert (codec.alphabet, codec.block_size, codec.min_length) == ("abc", 8, 3)
    default = shorturl.ShortCodec()
    assert (default.alphabet, default.block_size, default.min_length) == (DEFAULT, 24, 5)


@pytest.mark.parametrize("again", [copy.copy, copy.deepcopy, lambda codec: pickle.loads(pickle.dumps(codec))])
def test_a_codec_can_be_copied(shorturl, again):
    codec = again(shorturl.ShortCodec("abc", 8, 3))
    assert codec.encode(1000) == shorturl.ShortCodec("abc", 8, 3).encode(1000)
