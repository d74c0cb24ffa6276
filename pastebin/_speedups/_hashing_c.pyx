# cython: freethreading_compatible=True
"""MD5 and SHA-256 of the same bytes in one pass: the compiled twin of `_hashing_py`.

The algorithm is in hashing.h. Importing this module raises `ImportError` on a processor without SHA
instructions, where hashlib is the faster one.
"""

import hashlib

cimport cython
from cpython.buffer cimport PyBUF_SIMPLE, PyBuffer_Release, PyObject_CheckBuffer, PyObject_GetBuffer
from cpython.bytes cimport PyBytes_AS_STRING, PyBytes_FromStringAndSize
from cpython.unicode cimport PyUnicode_DecodeASCII
from libc.stddef cimport size_t
from libc.stdint cimport uint8_t
from libc.string cimport memcpy


cdef extern from "hashing.h" nogil:
    ctypedef struct hashing_state:
        pass

    int hashing_supported()
    void hashing_start(hashing_state *state)
    void hashing_update(hashing_state *state, const uint8_t *data, size_t size)
    void hashing_finish(const hashing_state *state, uint8_t *md5, uint8_t *sha)
    void hashing_export(const hashing_state *state, hashing_state *seen)
    void hashing_hex(const uint8_t *data, size_t count, char *digits)


if not hashing_supported():
    raise ImportError("this processor has no SHA instructions")

# A buffer of at least so many bytes is hashed without the GIL, which takes 20 µs then. A thread that gives it
# up for less waits for others about ten times as long to have it back.
cdef enum:
    RELEASE_FROM = 16384


cdef int open_buffer(object data, Py_buffer *view) except -1:
    """Open `data` for reading, or raise what hashlib raises for it."""
    if isinstance(data, str) or not PyObject_CheckBuffer(data):
        hashlib.md5(usedforsecurity=False).update(data)
    PyObject_GetBuffer(data, view, PyBUF_SIMPLE)
    if view.ndim > 1:
        PyBuffer_Release(view)
        raise BufferError("Buffer must be single dimension")
    return 0


cdef inline void take_in(hashing_state *state, Py_buffer *view):
    """Hash an open buffer, without the GIL if it is a large one."""
    if view.len >= RELEASE_FROM:
        with nogil:
            hashing_update(state, <const uint8_t *> view.buf, view.len)
    else:
        hashing_update(state, <const uint8_t *> view.buf, view.len)


cdef str hex_of(const uint8_t *digest, Py_ssize_t size):
    """Return a digest of at most 32 bytes as lower-case hex digits."""
    cdef char digits[64]
    hashing_hex(digest, size, digits)
    return PyUnicode_DecodeASCII(digits, 2 * size, NULL)


cdef class ContentHash:
    """Both digests of a stream of bytes; they may be read at any time, and updating may go on after.

    Threads may share one: which update comes first is then anybody's guess.
    """

    cdef hashing_state hashed
    cdef cython.pymutex lock

    def __cinit__(self):
        hashing_start(&self.hashed)

    def __init__(self):
        """Take no arguments: a `__cinit__` without any would let them pass."""

    def update(self, data, /):
        """Take in `data`: any contiguous buffer, as its bytes in memory.

        Raises what hashlib raises: `TypeError` for text and for what is no buffer, `BufferError` for
        a buffer that is not contiguous. Nothing is taken in then.
        """
        cdef Py_buffer view
        open_buffer(data, &view)
        with self.lock:
            take_in(&self.hashed, &view)
        PyBuffer_Release(&view)

    @property
    def md5(self):
        """Return the MD5 so far: 32 lower-case hex digits (RFC 1321). Not for security."""
        cdef uint8_t md5[16]
        cdef uint8_t sha[32]
        with self.lock:
            hashing_finish(&self.hashed, md5, sha)
        return hex_of(md5, 16)

    @property
    def sha256(self):
        """Return the SHA-256 so far: 64 lower-case hex digits (FIPS 180-4)."""
        cdef uint8_t md5[16]
        cdef uint8_t sha[32]
        with self.lock:
            hashing_finish(&self.hashed, md5, sha)
        return hex_of(sha, 32)

    def copy(self):
        """Return an independent hash of the same bytes so far."""
        cdef ContentHash other = ContentHash.__new__(ContentHash)
        with self.lock:
            other.hashed = self.hashed
        return other

    @classmethod
    def from_state(cls, state, /):
        """Return the hash whose `state` this was; ValueError if it is none, or cannot be taken up here."""
        if not isinstance(state, bytes):
            raise TypeError("a state is bytes")
        if len(state) != sizeof(hashing_state):
            raise ValueError("this is no state of a ContentHash")
        cdef ContentHash found = ContentHash.__new__(ContentHash)
        memcpy(&found.hashed, PyBytes_AS_STRING(state), sizeof(hashing_state))
        return found

    def state(self):
        """Return 120 bytes from which any process can go on; nothing where the platform hides them."""
        cdef hashing_state seen
        with self.lock:
            hashing_export(&self.hashed, &seen)
        return PyBytes_FromStringAndSize(<char *> &seen, sizeof(hashing_state))

    def __reduce__(self):
        raise TypeError("a ContentHash cannot be pickled; use its copy()")


def hash_bytes(data, /):
    """Return the MD5 and the SHA-256 of `data` in hex; takes and raises what `ContentHash.update` does."""
    cdef hashing_state state
    cdef uint8_t md5[16]
    cdef uint8_t sha[32]
    cdef Py_buffer view
    open_buffer(data, &view)
    hashing_start(&state)
    take_in(&state, &view)
    PyBuffer_Release(&view)
    hashing_finish(&state, md5, sha)
    return hex_of(md5, 16), hex_of(sha, 32)
