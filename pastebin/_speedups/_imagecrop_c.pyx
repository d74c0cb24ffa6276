"""Compiled twin of `_imagecrop_py`: the same regions, the same pixels, the same errors.

The pixels are read straight from the memory of a Pillow image, and written straight into that of a
new one, without the GIL. That memory is laid out as Pillow likes, and no public interface says how: on import
this module makes small images and looks whether all is where it expects it. Where it is not,
the import fails, and `imagecrop` falls back to the Python twin.
"""

from cpython.pycapsule cimport PyCapsule_GetPointer
from libc.stdint cimport int32_t, uint8_t

from operator import index

from PIL import Image

from pastebin._speedups._imagecrop_py import FITS, LARGEST_SIDE, checked, cut

__all__ = ["crop_resize", "kernel_names", "plan", "use_kernel"]


cdef extern from *:
    """
    #include <stdint.h>
    /* The first fields of ImagingMemoryInstance, as Pillow 12 and 13 declare it in Imaging.h. */
    typedef struct {
        int mode, type, depth, bands, xsize, ysize;
        void *palette;
        uint8_t **image8;
        int32_t **image32;
        uint8_t **image;
        uint8_t *block;
        void *blocks;
        int pixelsize, linesize;
    } pillow_image;
    """
    ctypedef struct pillow_image:
        int bands, xsize, ysize, pixelsize, linesize
        uint8_t **image8
        int32_t **image32
        uint8_t **image


cdef extern from "imagecrop.h" nogil:
    enum imagecrop_kind:
        IMAGECROP_GRAY
        IMAGECROP_OPAQUE
        IMAGECROP_ALPHA

    ctypedef struct imagecrop_view:
        int width
        int height
        uint8_t **rows

    ctypedef struct imagecrop_kernel:
        const char *name

    void imagecrop_kernels(const imagecrop_kernel **kernels, int *count)
    int imagecrop_resize(const imagecrop_kernel *kernel, imagecrop_kind kind, bint down_first,
                         const imagecrop_view *source, const imagecrop_view *result, const float *box)


cdef const imagecrop_kernel *KERNELS[8]
cdef int KERNEL_COUNT = 0
imagecrop_kernels(KERNELS, &KERNEL_COUNT)
cdef const imagecrop_kernel *KERNEL = KERNELS[0]


def kernel_names():
    """Return the names of the inner loops this processor can run, the fastest and usual one first."""
    return [KERNELS[i].name.decode() for i in range(KERNEL_COUNT)]


def use_kernel(name):
    """Compute with another of the inner loops from now on; for tests and measurements."""
    global KERNEL
    KERNEL = KERNELS[kernel_names().index(name)]


cdef long long _side(name, length) except -1:
    """Return a length in pixels, checked."""
    length = index(length)
    if not 1 <= length <= LARGEST_SIDE:
        raise ValueError(f"{name} must be 1 to {LARGEST_SIDE} pixels, not {length}")
    return length


cdef inline long long _scaled(long long length, long long numerator, long long denominator) noexcept:
    """Return length * numerator / denominator, rounded down, at least 1. No product exceeds 2**62."""
    return max(1, length * numerator // denominator)


def plan(source, width, height, fit="auto"):
    """Return the region of the source to take and the size it becomes: see the Python twin."""
    cdef long long source_width = _side("source width", source[0])
    cdef long long source_height = _side("source height", source[1])
    cdef long long w = 0, h = 0, ours, theirs, margin
    whole = (0, 0, source_width, source_height)
    if fit not in FITS:
        raise ValueError(f"fit must be one of {', '.join(FITS)}, not {fit!r}")
    if width is not None:
        w = _side("width", width)
    if height is not None:
        h = _side("height", height)
    if not w and not h:
        raise ValueError("width or height must be given")
    ours, theirs = source_width * h, w * source_height
    if w and h and (fit == "crop" or (fit == "auto" and max(ours, theirs) > 2 * min(ours, theirs))):
        if ours > theirs:
            margin = (ours - theirs) // (2 * h)
            return (margin, 0, source_width - margin, source_height), (w, h)
        margin = (theirs - ours) // (2 * w)
        return (0, margin, source_width, source_height - margin), (w, h)
    if not h or (w and ours >= theirs):
        return whole, (w, _scaled(source_height, w, source_width))
    return whole, (_scaled(source_width, h, source_height), h)


cdef pillow_image *_memory(capsule) except NULL:
    """Return the structure behind `Image.getim()`; the capsule keeps it alive."""
    return <pillow_image *>PyCapsule_GetPointer(capsule, "Pillow Imaging")


cdef imagecrop_view _view(pillow_image *memory) noexcept:
    """Return the rows of an image."""
    cdef imagecrop_view view
    view.width, view.height, view.rows = memory.xsize, memory.ysize, memory.image
    return view


cdef imagecrop_kind _kind(str mode) noexcept:
    """Return how the pixels of a mode are laid out: bytes, or quadruples that end in an alpha or not."""
    if mode == "L":
        return IMAGECROP_GRAY
    return IMAGECROP_OPAQUE if mode == "RGB" else IMAGECROP_ALPHA


def crop_resize(image, size, box=None):
    """Return the region `box` of the image scaled to exactly `size`: see the Python twin."""
    size, box = checked(image, size, box)
    untouched = cut(image, size, box)
    if untouched is not None:
        return untouched
    return _resample(image, size, box, COLUMNS_FIRST and _columns_first(image.size, size))


cdef bint _columns_first(tuple source, tuple size) except -1:
    """Tell whether Pillow 13 scales columns before rows: where the height shrinks by much more pixels."""
    cdef long long shorter = source[1] - size[1], narrower = source[0] - size[0]
    return shorter > 0 and shorter > 2 * narrower


cdef _resample(image, tuple size, tuple box, bint columns_first):
    """Return the region of an image that `checked` has seen."""
    result = Image.new(image.mode, size, None)
    result.info = image.info.copy()
    capsule, result_capsule = image.getim(), result.getim()
    cdef imagecrop_view source = _view(_memory(capsule)), target = _view(_memory(result_capsule))
    cdef imagecrop_kind kind = _kind(image.mode)
    cdef float[4] edges = box
    cdef int failed
    with nogil:
        failed = imagecrop_resize(KERNEL, kind, columns_first, &source, &target, edges)
    if failed:
        raise MemoryError
    return result


cdef bint _looks_right(str mode, int width, int height, int pixelsize) except -1:
    """Tell whether the memory of an image of this mode and size holds what was put into it."""
    bands = len(mode)
    content = bytes((7 + 11 * i) % 251 for i in range(width * height * bands))
    image = Image.frombytes(mode, (width, height), content)
    capsule = image.getim()
    cdef pillow_image *memory = _memory(capsule)
    cdef const uint8_t *pixel
    cdef int x, y
    if (memory.xsize, memory.ysize, memory.bands) != (width, height, bands):
        return False
    if memory.pixelsize != pixelsize or memory.linesize != width * pixelsize:
        return False
    if memory.image == NULL or memory.image != (memory.image8 if pixelsize == 1 else <uint8_t **>memory.image32):
        return False
    for y in range(height):
        for x in range(width):
            pixel = memory.image[y] + x * pixelsize
            stored = tuple(pixel[i] for i in ((0,), (0, 3), (0, 1, 2), (0, 1, 2, 3))[bands - 1])
            if stored != tuple(content[(y * width + x) * bands:][:bands]):
                return False
    return True


def _check_layout():
    """Raise ImportError unless this Pillow lays out its images as `pillow_image` says."""
    for mode, pixelsize in (("L", 1), ("LA", 4), ("RGB", 4), ("RGBA", 4)):
        for width, height in ((5, 3), (16, 7), (1, 1)):
            try:
                right = _looks_right(mode, width, height, pixelsize)
            except (AttributeError, ValueError) as error:  # no getim(), or a capsule of another name
                raise ImportError("this Pillow does not show its memory") from error
            if not right:
                raise ImportError(f"this Pillow lays out images of mode {mode} in another way")


_check_layout()


def _follows_order():
    """Tell whether this Pillow scales columns first where `_columns_first` says so, as 13 does and 12 does not.

    The order matters, as sums are clipped to 8 bits in between. Raise ImportError where neither order gives
    its pixels.
    """
    image = Image.frombytes("L", (9, 40), bytes(255 * (i * i % 7 < 3) for i in range(360)))
    size, box = (8, 12), (0.0, 0.0, 9.0, 40.0)
    wanted = image.resize(size, Image.Resampling.LANCZOS).tobytes()
    for columns_first in (True, False):
        if _resample(image, size, box, columns_first).tobytes() == wanted:
            return columns_first
    raise ImportError("this Pillow resamples in another way")


COLUMNS_FIRST = _follows_order()
