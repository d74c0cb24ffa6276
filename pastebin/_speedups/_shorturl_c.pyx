# cython: freethreading_compatible=True
"""Short codes for numbers: the compiled twin of `_shorturl_py`, which describes the scheme."""

from cpython.exc cimport PyErr_Clear, PyErr_Occurred
from cpython.number cimport PyNumber_Index
from libc.stdint cimport int32_t, uint64_t
from libc.string cimport memcpy, memset

from pastebin._speedups._shorturl_py import DEFAULT_ALPHABET


cdef extern from "shorturl.h" nogil:
    uint64_t shorturl_shuffle(uint64_t value, unsigned size)
    uint64_t shorturl_divide(uint64_t value, uint64_t base, uint64_t reciprocal)


cdef extern from "Python.h":
    str PyUnicode_New(Py_ssize_t size, Py_UCS4 maxchar)
    str PyUnicode_FromKindAndData(int kind, const void *buffer, Py_ssize_t size)
    char *PyUnicode_1BYTE_DATA(object text) noexcept
    Py_UCS4 PyUnicode_READ_CHAR(object text, Py_ssize_t index) noexcept
    unsigned long long PyLong_AsUnsignedLongLong(object number) noexcept
    enum:
        PyUnicode_4BYTE_KIND


cdef enum:
    MAX_BLOCK_SIZE = 63
    MAX_LENGTH = 64
    ASCII = 128

cdef uint64_t MAX_NUMBER = 0xFFFFFFFFFFFFFFFFU


cdef uint64_t to_number(object number) except? 0:
    """Return an integer as 64 bits; `ValueError` where it does not fit."""
    cdef object exact = PyNumber_Index(number)
    cdef uint64_t value = PyLong_AsUnsignedLongLong(exact)
    if value == MAX_NUMBER and PyErr_Occurred():
        PyErr_Clear()
        raise ValueError(f"number must be from 0 to {MAX_NUMBER}")
    return value


cdef class ShortCodec:
    """Turns numbers from 0 to 2**64 - 1 into short codes and back; immutable, so threads may share one.

    `alphabet`: the digits, at least 2 characters, all different. `block_size`: how many bits are
    reversed, 0 to 63. `min_length`: characters a code has at least, 1 to 64. Raises `ValueError` for
    values outside these, `TypeError` for other types.
    """

    cdef readonly str alphabet
    cdef readonly int block_size
    cdef readonly int min_length
    cdef uint64_t base, reciprocal
    cdef bint is_ascii
    cdef char letters[ASCII]    # the digits, where all of them are ASCII
    cdef int32_t digits[ASCII]  # ASCII character -> digit, -1 for those outside the alphabet
    cdef dict other_digits      # the same for all other characters of the alphabet

    def __cinit__(self, alphabet=DEFAULT_ALPHABET, block_size=24, min_length=5):
        if not isinstance(alphabet, str):
            raise TypeError(f"alphabet must be str, not {type(alphabet).__name__}")
        block_size, min_length = PyNumber_Index(block_size), PyNumber_Index(min_length)
        if len(alphabet) < 2 or len(set(alphabet)) != len(alphabet):
            raise ValueError("alphabet must have at least 2 characters, all different")
        if not 0 <= block_size <= MAX_BLOCK_SIZE:
            raise ValueError(f"block_size must be from 0 to {MAX_BLOCK_SIZE}")
        if not 1 <= min_length <= MAX_LENGTH:
            raise ValueError(f"min_length must be from 1 to {MAX_LENGTH}")
        self.alphabet, self.block_size, self.min_length = alphabet, block_size, min_length
        self.base = len(alphabet)
        self.reciprocal = MAX_NUMBER // self.base + 1
        self.fill_tables()

    def encode(self, number, /):
        """Return the code of `number`, at least `min_length` characters long.

        Raises `ValueError` outside 0 to 2**64 - 1, `TypeError` for what is no integer.
        """
        return self.code_of(to_number(number))

    def encode_many(self, numbers, /):
        """Return the codes of `numbers`, in order; raises what `encode` raises for the first bad one."""
        return [self.code_of(to_number(number)) for number in numbers]

    def decode(self, code, /):
        """Return the number of `code`; zeros too many or too few on the left make no difference.

        Raises `ValueError` for a code that is empty, longer than 64 characters, has a character
        outside the alphabet, or stands for a number over 2**64 - 1; `TypeError` for what is no `str`.
        """
        if not isinstance(code, str):
            raise TypeError(f"code must be str, not {type(code).__name__}")
        return self.number_of(<str> code)

    def __reduce__(self):
        return type(self), (self.alphabet, self.block_size, self.min_length)

    cdef int fill_tables(self) except -1:
        """Lay out the tables of digits and letters."""
        cdef Py_ssize_t digit
        cdef Py_UCS4 letter
        memset(self.digits, 0xFF, sizeof(self.digits))
        self.other_digits = {}
        for digit, letter in enumerate(self.alphabet):
            if digit < ASCII:
                self.letters[digit] = <char> letter
            if letter < ASCII:
                self.digits[letter] = digit
            else:
                self.other_digits[letter] = digit
        self.is_ascii = not self.other_digits
        return 0

    cdef str code_of(self, uint64_t number):
        """Return the code of a number whose digits are ASCII letters, or leave it to `wide_code_of`."""
        cdef char buffer[MAX_LENGTH]
        cdef int at = MAX_LENGTH
        cdef uint64_t rest, value = shorturl_shuffle(number, self.block_size)
        if not self.is_ascii:
            return self.wide_code_of(value)
        while value:
            rest = shorturl_divide(value, self.base, self.reciprocal)
            at -= 1
            buffer[at] = self.letters[value - rest * self.base]
            value = rest
        while MAX_LENGTH - at < self.min_length:
            at -= 1
            buffer[at] = self.letters[0]
        code = PyUnicode_New(MAX_LENGTH - at, ASCII - 1)
        memcpy(PyUnicode_1BYTE_DATA(code), buffer + at, MAX_LENGTH - at)
        return code

    cdef str wide_code_of(self, uint64_t value):
        """Return a shuffled number in the digits of any alphabet."""
        cdef Py_UCS4 buffer[MAX_LENGTH]
        cdef int at = MAX_LENGTH
        while value or MAX_LENGTH - at < self.min_length:
            at -= 1
            buffer[at] = PyUnicode_READ_CHAR(self.alphabet, value % self.base)
            value //= self.base
        return PyUnicode_FromKindAndData(PyUnicode_4BYTE_KIND, buffer + at, MAX_LENGTH - at)

    cdef object number_of(self, str code):
        """Return the number of a code. A character outside the alphabet is told before too large a number."""
        cdef uint64_t scaled, value = 0, limit = MAX_NUMBER // self.base
        cdef int32_t digit
        cdef bint too_large = False
        cdef Py_UCS4 letter
        if not 1 <= len(code) <= MAX_LENGTH:
            raise ValueError(f"code must have from 1 to {MAX_LENGTH} characters")
        for letter in code:
            digit = self.digits[letter] if letter < ASCII else self.other_digits.get(letter, -1)
            if digit < 0:
                raise ValueError(f"code has a character outside the alphabet: {letter!r}")
            scaled = value * self.base
            too_large |= value > limit or scaled + <uint64_t> digit < scaled
            value = scaled + <uint64_t> digit
        if too_large:
            raise ValueError(f"code stands for a number over {MAX_NUMBER}")
        return shorturl_shuffle(value, self.block_size)
