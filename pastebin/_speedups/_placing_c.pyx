# cython: freethreading_compatible=True
"""Files brought to their places, durably, many at a time: the compiled twin of `_placing_py`.

All system calls of a batch happen in one stretch without the GIL. A thread that takes it back after
each of them has to wait for it each time, and makes others wait: that costs more than the calls.
Files are synced first, renamed then, their folders synced last, so that what the first sync of each kind
brings to the disk is done for the others.
"""

import os

from libc.errno cimport EINTR, ENOENT, errno
from libc.stdlib cimport calloc, free
from posix.fcntl cimport AT_FDCWD, O_CLOEXEC, O_DIRECTORY, O_RDONLY, open as c_open
from posix.stat cimport stat as c_stat, struct_stat
from posix.unistd cimport close, fsync, unlink


cdef extern from "<stdio.h>" nogil:
    int rename(const char *path, const char *target)

cdef extern from "<sys/stat.h>" nogil:
    int utimensat(int folder, const char *path, const void *times, int flags)


cdef extern from * nogil:
    """
    #include <fcntl.h>
    #ifdef SYNC_FILE_RANGE_WRITE
    #define START_WRITEBACK(descriptor) sync_file_range(descriptor, 0, 0, SYNC_FILE_RANGE_WRITE)
    #else
    #define START_WRITEBACK(descriptor) 0
    #endif
    """
    int START_WRITEBACK(int descriptor)


cdef struct Move:
    int descriptor
    const char *path
    const char *target
    const char *folder  # of the target
    long long size
    bint found  # a whole file at the target
    int error  # errno of what failed, or 0


cdef int open_to_sync(Move *move, const char *path, int flags) noexcept nogil:
    """Open a file or folder; 0 or an error's number."""
    while True:
        move.descriptor = c_open(path, O_RDONLY | O_CLOEXEC | flags)
        if move.descriptor >= 0:
            return 0
        if errno != EINTR:
            return errno


cdef int sync(Move *move) noexcept nogil:
    """Return 0 when what was opened is on the disk, else an error's number; close it."""
    cdef int error = 0
    while fsync(move.descriptor) != 0:
        if errno != EINTR:
            error = errno
            break
    close(move.descriptor)
    return error


cdef int refresh(Move *move) noexcept nogil:
    """Give a whole file at the target the present time, and note that there is one; 0 or an error's number."""
    cdef struct_stat status
    if c_stat(move.target, &status) == 0:
        if status.st_size != move.size:
            return 0
        if utimensat(AT_FDCWD, move.target, NULL, 0) == 0:
            move.found = True
            return 0
    return 0 if errno == ENOENT else errno


cdef int replace(const Move *move) noexcept nogil:
    """Leave the file at its target and nowhere else; 0 or an error's number."""
    if move.found:
        return 0 if unlink(move.path) == 0 or errno == ENOENT else errno
    return 0 if rename(move.path, move.target) == 0 else errno


cdef void place(Move *moves, Py_ssize_t count, bint durable) noexcept nogil:
    cdef Py_ssize_t at
    for at in range(count):
        moves[at].error = refresh(&moves[at])
    if durable:
        for at in range(count):
            if not moves[at].error and not moves[at].found:
                moves[at].error = open_to_sync(&moves[at], moves[at].path, 0)
                if not moves[at].error:
                    START_WRITEBACK(moves[at].descriptor)
        for at in range(count):
            if not moves[at].error and not moves[at].found:
                moves[at].error = sync(&moves[at])
    for at in range(count):
        if not moves[at].error:
            moves[at].error = replace(&moves[at])
    if durable:
        for at in range(count):
            if not moves[at].error:
                moves[at].error = open_to_sync(&moves[at], moves[at].folder, O_DIRECTORY)
            if not moves[at].error:
                moves[at].error = sync(&moves[at])


def place_all(moves, durable, /):
    """Bring files to their places as `place` does; return for each None, or what kept it from there.

    With `durable`, files and the folders of their places are on the disk afterwards (fsync).
    """
    cdef list names = [
        (os.fsencode(path), os.fsencode(target), os.fsencode(os.path.dirname(target)), size)
        for path, target, size in moves
    ]
    cdef Py_ssize_t at, count = len(names)
    cdef bint is_durable = durable
    cdef Move *made = <Move *> calloc(count + 1, sizeof(Move))
    if made == NULL:
        raise MemoryError
    try:
        for at, (path, target, folder, size) in enumerate(names):
            made[at] = Move(-1, <bytes> path, <bytes> target, <bytes> folder, size, False, 0)
        with nogil:
            place(made, count, is_durable)
        return [
            OSError(made[at].error, os.strerror(made[at].error)) if made[at].error else None
            for at in range(count)
        ]
    finally:
        free(made)
