/* MD5 (RFC 1321) and SHA-256 (FIPS 180-4) of the same bytes in one pass.

   MD5 is one long chain: every one of the 64 steps of a block needs the result of the step before, so
   that it takes 4.5 cycles a byte (5 cycles a step in rounds 1 and 4, 4 in rounds 2 and 3) while most
   of the processor idles. The SHA instructions of x86 ("Intel SHA Extensions", 2013) hash a block
   of SHA-256 in less than half of that time, in other registers and other units. The loop below
   alternates four steps of MD5 with four rounds of SHA-256, so that the second digest is computed in the
   shadow of the first.

   MD5 in AVX-512 registers (vpternlogd, vprold) was tried and dropped: where vprold takes two cycles
   (Zen 4), it is slower.

   On a processor without SHA instructions, or another compiler, hashing_supported() is 0 and nothing else
   here may be called: the platform's own library is the faster one there. */

#ifndef PASTEBIN_HASHING_H
#define PASTEBIN_HASHING_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define HASHING_BLOCK 64 /* bytes a block, for both hashes */

typedef struct {
    uint32_t md5[4];                /* A, B, C, D */
    uint32_t sha[8];                /* a to h */
    uint64_t length;                /* bytes taken in so far */
    uint8_t pending[HASHING_BLOCK]; /* the last length % 64 of them: a block not yet complete */
} hashing_state;

#if defined(__x86_64__) && (defined(__GNUC__) || defined(__clang__))
#include <cpuid.h>
#include <immintrin.h>

/* Tell whether the processor has SSSE3, SSE4.1 and the SHA extensions. */
static int hashing_supported(void) {
    unsigned a, b, c, d;
    if (!__get_cpuid(1, &a, &b, &c, &d) || !(c & bit_SSSE3) || !(c & bit_SSE4_1)) return 0;
    return __get_cpuid_count(7, 0, &a, &b, &c, &d) && (b & (1u << 29));
}

/* FIPS 180-4, 4.2.2: the fractional parts of the cube roots of the first 64 primes. */
static const uint32_t hashing_sha_k[64] __attribute__((aligned(64))) = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
};

/* The 16 groups of a block: MD5 step function, the message words of its four steps, its four constants
   (RFC 1321, 3.4: the integer parts of 2**32 * abs(sin(i)), i = 1..64) and its four rotations. */
#define HASHING_GROUPS(GROUP)                                                                        \
    GROUP(0, F, 0, 1, 2, 3, 0xd76aa478, 0xe8c7b756, 0x242070db, 0xc1bdceee, 7, 12, 17, 22)           \
    GROUP(1, F, 4, 5, 6, 7, 0xf57c0faf, 0x4787c62a, 0xa8304613, 0xfd469501, 7, 12, 17, 22)           \
    GROUP(2, F, 8, 9, 10, 11, 0x698098d8, 0x8b44f7af, 0xffff5bb1, 0x895cd7be, 7, 12, 17, 22)         \
    GROUP(3, F, 12, 13, 14, 15, 0x6b901122, 0xfd987193, 0xa679438e, 0x49b40821, 7, 12, 17, 22)       \
    GROUP(4, G, 1, 6, 11, 0, 0xf61e2562, 0xc040b340, 0x265e5a51, 0xe9b6c7aa, 5, 9, 14, 20)           \
    GROUP(5, G, 5, 10, 15, 4, 0xd62f105d, 0x02441453, 0xd8a1e681, 0xe7d3fbc8, 5, 9, 14, 20)          \
    GROUP(6, G, 9, 14, 3, 8, 0x21e1cde6, 0xc33707d6, 0xf4d50d87, 0x455a14ed, 5, 9, 14, 20)           \
    GROUP(7, G, 13, 2, 7, 12, 0xa9e3e905, 0xfcefa3f8, 0x676f02d9, 0x8d2a4c8a, 5, 9, 14, 20)          \
    GROUP(8, H, 5, 8, 11, 14, 0xfffa3942, 0x8771f681, 0x6d9d6122, 0xfde5380c, 4, 11, 16, 23)         \
    GROUP(9, H, 1, 4, 7, 10, 0xa4beea44, 0x4bdecfa9, 0xf6bb4b60, 0xbebfbc70, 4, 11, 16, 23)          \
    GROUP(10, H, 13, 0, 3, 6, 0x289b7ec6, 0xeaa127fa, 0xd4ef3085, 0x04881d05, 4, 11, 16, 23)         \
    GROUP(11, H, 9, 12, 15, 2, 0xd9d4d039, 0xe6db99e5, 0x1fa27cf8, 0xc4ac5665, 4, 11, 16, 23)        \
    GROUP(12, I, 0, 7, 14, 5, 0xf4292244, 0x432aff97, 0xab9423a7, 0xfc93a039, 6, 10, 15, 21)         \
    GROUP(13, I, 12, 3, 10, 1, 0x655b59c3, 0x8f0ccc92, 0xffeff47d, 0x85845dd1, 6, 10, 15, 21)        \
    GROUP(14, I, 8, 15, 6, 13, 0x6fa87e4f, 0xfe2ce6e0, 0xa3014314, 0x4e0811a1, 6, 10, 15, 21)        \
    GROUP(15, I, 4, 11, 2, 9, 0xf7537e82, 0xbd3af235, 0x2ad7d2bb, 0xeb86d391, 6, 10, 15, 21)

/* Rounds 4g to 4g+3 of SHA-256. m[0..3] hold the last 16 words of the message schedule; `abef` and
   `cdgh` the state in the order the instructions want it. */
#define HASHING_SHA_ROUNDS(g)                                                                        \
    if ((g) < 4) {                                                                                   \
        m[(g) & 3] = _mm_shuffle_epi8(_mm_loadu_si128((const __m128i *)sha_data + ((g) & 3)), swap); \
    } else {                                                                                         \
        m[(g) & 3] = _mm_sha256msg2_epu32(                                                           \
            _mm_add_epi32(_mm_sha256msg1_epu32(m[(g) & 3], m[((g) + 1) & 3]),                        \
                          _mm_alignr_epi8(m[((g) + 3) & 3], m[((g) + 2) & 3], 4)),                   \
            m[((g) + 3) & 3]);                                                                       \
    }                                                                                                \
    wk = _mm_add_epi32(m[(g) & 3], _mm_load_si128((const __m128i *)hashing_sha_k + (g)));            \
    cdgh = _mm_sha256rnds2_epu32(cdgh, abef, wk);                                                    \
    abef = _mm_sha256rnds2_epu32(abef, cdgh, _mm_shuffle_epi32(wk, 0x0e));

/* The round functions of MD5, added to `t`, which is known before the newest word, b, is. In G the term
   without b is added ahead too: the two terms share no bit, so `+` may stand for `|`. */
#define HASHING_F(t, b, c, d) ((t) + ((d) ^ ((b) & ((c) ^ (d)))))
#define HASHING_G(t, b, c, d) (((t) + ((c) & ~(d))) + ((b) & (d)))
#define HASHING_H(t, b, c, d) ((t) + ((b) ^ ((c) ^ (d))))
#define HASHING_I(t, b, c, d) ((t) + ((c) ^ ((b) | ~(d))))

#define HASHING_MD5_STEP(f, a, b, c, d, word, k, s)                        \
    a = HASHING_##f(a + (k##u + hashing_word(md5_data, word)), b, c, d);   \
    a = ((a << (s)) | (a >> (32 - (s)))) + b;

#define HASHING_GROUP(g, f, w0, w1, w2, w3, k0, k1, k2, k3, s0, s1, s2, s3)                          \
    HASHING_SHA_ROUNDS(g)                                                                            \
    HASHING_MD5_STEP(f, a, b, c, d, w0, k0, s0)                                                      \
    HASHING_MD5_STEP(f, d, a, b, c, w1, k1, s1)                                                      \
    HASHING_MD5_STEP(f, c, d, a, b, w2, k2, s2)                                                      \
    HASHING_MD5_STEP(f, b, c, d, a, w3, k3, s3)

static inline uint32_t hashing_word(const uint8_t *data, int index) {
    uint32_t word;
    memcpy(&word, data + 4 * index, 4);
    return word;
}

/* Take `count` blocks into both hashes. The two addresses differ only for the padded end of a message,
   whose length field each hash writes in its own byte order. */
__attribute__((target("sha,sse4.1,ssse3"))) static void
hashing_blocks(hashing_state *state, const uint8_t *md5_data, const uint8_t *sha_data, size_t count) {
    const __m128i swap = _mm_set_epi64x(0x0c0d0e0f08090a0bLL, 0x0405060700010203LL); /* big-endian words */
    uint32_t a = state->md5[0], b = state->md5[1], c = state->md5[2], d = state->md5[3];
    __m128i m[4], wk;
    /* Lanes are named from the highest down: memory holds d c b a and h g f e. */
    __m128i low = _mm_shuffle_epi32(_mm_loadu_si128((const __m128i *)state->sha), 0x1b);        /* a b c d */
    __m128i high = _mm_shuffle_epi32(_mm_loadu_si128((const __m128i *)(state->sha + 4)), 0x1b); /* e f g h */
    __m128i abef = _mm_unpackhi_epi64(high, low);
    __m128i cdgh = _mm_unpacklo_epi64(high, low);

    for (; count; count--, md5_data += HASHING_BLOCK, sha_data += HASHING_BLOCK) {
        const uint32_t a_before = a, b_before = b, c_before = c, d_before = d;
        const __m128i abef_before = abef, cdgh_before = cdgh;
        HASHING_GROUPS(HASHING_GROUP)
        a += a_before;
        b += b_before;
        c += c_before;
        d += d_before;
        abef = _mm_add_epi32(abef, abef_before);
        cdgh = _mm_add_epi32(cdgh, cdgh_before);
    }

    low = _mm_unpackhi_epi64(cdgh, abef);  /* a b c d */
    high = _mm_unpacklo_epi64(cdgh, abef); /* e f g h */
    _mm_storeu_si128((__m128i *)state->sha, _mm_shuffle_epi32(low, 0x1b));
    _mm_storeu_si128((__m128i *)(state->sha + 4), _mm_shuffle_epi32(high, 0x1b));
    state->md5[0] = a;
    state->md5[1] = b;
    state->md5[2] = c;
    state->md5[3] = d;
}

#else

static int hashing_supported(void) { return 0; }

static void
hashing_blocks(hashing_state *state, const uint8_t *md5_data, const uint8_t *sha_data, size_t count) {
    (void)state, (void)md5_data, (void)sha_data, (void)count;
}

#endif

/* RFC 1321, 3.3 and FIPS 180-4, 5.3.3. */
static void hashing_start(hashing_state *state) {
    static const hashing_state start = {
        {0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476},
        {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19},
        0,
        {0},
    };
    *state = start;
}

/* Take `size` bytes in. */
static void hashing_update(hashing_state *state, const uint8_t *data, size_t size) {
    const size_t filled = state->length % HASHING_BLOCK;
    const size_t missing = HASHING_BLOCK - filled;
    if (!size) return; /* `data` may be NULL then */
    state->length += size;
    if (filled) {
        if (size < missing) {
            memcpy(state->pending + filled, data, size);
            return;
        }
        memcpy(state->pending + filled, data, missing);
        hashing_blocks(state, state->pending, state->pending, 1);
        data += missing;
        size -= missing;
    }
    hashing_blocks(state, data, data, size / HASHING_BLOCK);
    if (size % HASHING_BLOCK)
        memcpy(state->pending, data + size - size % HASHING_BLOCK, size % HASHING_BLOCK);
}

/* Write the digests of what `state` has taken in; `state` itself stays as it was.
   Padding: RFC 1321, 3.1-3.2 and FIPS 180-4, 5.1.1; they differ in the byte order of the bit count. */
static void hashing_finish(const hashing_state *state, uint8_t md5[16], uint8_t sha[32]) {
    hashing_state end = *state;
    uint8_t md5_tail[2 * HASHING_BLOCK] = {0}, sha_tail[2 * HASHING_BLOCK] = {0};
    const size_t filled = state->length % HASHING_BLOCK;
    const size_t size = filled < HASHING_BLOCK - 8 ? HASHING_BLOCK : 2 * HASHING_BLOCK;
    const uint64_t bits = state->length * 8;
    memcpy(md5_tail, state->pending, filled);
    md5_tail[filled] = 0x80;
    memcpy(sha_tail, md5_tail, filled + 1);
    for (int i = 0; i < 8; i++) {
        md5_tail[size - 8 + i] = (uint8_t)(bits >> (8 * i));
        sha_tail[size - 1 - i] = (uint8_t)(bits >> (8 * i));
    }
    hashing_blocks(&end, md5_tail, sha_tail, size / HASHING_BLOCK);
    for (int i = 0; i < 16; i++) md5[i] = (uint8_t)(end.md5[i / 4] >> (8 * (i % 4)));
    for (int i = 0; i < 32; i++) sha[i] = (uint8_t)(end.sha[i / 4] >> (24 - 8 * (i % 4)));
}

/* Copy a state as it may leave this process: in the order of x86, which is little-endian, without what
   an earlier block has left behind in `pending`. */
static void hashing_export(const hashing_state *state, hashing_state *seen) {
    const size_t filled = state->length % HASHING_BLOCK;
    *seen = *state;
    memset(seen->pending + filled, 0, HASHING_BLOCK - filled);
}

/* Write `count` bytes as 2 * count lower-case hex digits. */
static void hashing_hex(const uint8_t *bytes, size_t count, char *digits) {
    for (size_t i = 0; i < count; i++) {
        digits[2 * i] = "0123456789abcdef"[bytes[i] >> 4];
        digits[2 * i + 1] = "0123456789abcdef"[bytes[i] & 15];
    }
}

#endif
