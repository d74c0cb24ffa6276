/* Bits and digits for _shorturl_c.pyx. */

#ifndef PASTEBIN_SHORTURL_H
#define PASTEBIN_SHORTURL_H

#include <stdint.h>

/* Return `value` with its lowest `size` (0 to 63) bits in reverse order; the others stay. */
static inline uint64_t shorturl_shuffle(uint64_t value, unsigned size) {
    const uint64_t mask = ((uint64_t)1 << size) - 1;
    uint64_t r = value & mask;
    if (!size) return value;
    r = (r >> 1 & 0x5555555555555555u) | (r & 0x5555555555555555u) << 1;
    r = (r >> 2 & 0x3333333333333333u) | (r & 0x3333333333333333u) << 2;
    r = (r >> 4 & 0x0f0f0f0f0f0f0f0fu) | (r & 0x0f0f0f0f0f0f0f0fu) << 4;
    r = (r >> 8 & 0x00ff00ff00ff00ffu) | (r & 0x00ff00ff00ff00ffu) << 8;
    r = (r >> 16 & 0x0000ffff0000ffffu) | (r & 0x0000ffff0000ffffu) << 16;
    r = r >> 32 | r << 32;
    return (value & ~mask) | r >> (64 - size);
}

/* Return value / base. For values below 2**32 that is the upper half of a product with the reciprocal
   ceil(2**64 / base), and exact (Lemire, Kaser, Kurz: "Faster remainder by direct computation", 2019). */
static inline uint64_t shorturl_divide(uint64_t value, uint64_t base, uint64_t reciprocal) {
#ifdef __SIZEOF_INT128__
    if (!(value >> 32)) return (uint64_t)((unsigned __int128)reciprocal * value >> 64);
#endif
    (void)reciprocal;
    return value / base;
}

#endif
