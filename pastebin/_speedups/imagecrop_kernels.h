/* The inner loops of imagecrop.h, once for each kind of processor, chosen at run time.
 *
 * Every kernel forms the same 32-bit sums of (8-bit value) * (24-bit tap), as its instructions allow:
 *
 *     avx512vnni  vpdpbusd takes four 8-bit taps at a time: a tap is three signed 8-bit digits
 *     avx2, sse2  pmaddwd takes two 16-bit taps at a time: a tap is two signed 16-bit digits
 *     portable    32-bit multiplications, in the vector types of GCC and Clang
 *
 * Digits are signed, so tap = digit0 + digit1 * B + digit2 * B^2 with |digit| <= B / 2. The sums of each digit
 * are joined at the end; all of it modulo 2^32, in which the true sum fits. */

#ifndef PASTEBIN_IMAGECROP_KERNELS_H
#define PASTEBIN_IMAGECROP_KERNELS_H

#if !defined(__GNUC__) || __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
#error "imagecrop needs GCC or Clang and a little-endian processor; pastebin works without it"
#endif

#define IMAGECROP_CHUNK 64 /* columns that `down` makes at a time; groups are padded to a multiple */
#define IMAGECROP_HALVES 2 /* times 4 rows, or 16 of gray, packed side by side: each tap is loaded once for all */
#define IMAGECROP_HALF (1 << (IMAGECROP_FRACTION - 1))

/* Rows that the next block is made of, to be fetched into the cache while this one is computed. */
typedef struct {
    const uint8_t *const *rows;
    int count;
    size_t bytes, done;
} imagecrop_ahead;

typedef struct {
    const char *name;
    size_t quad_bytes; /* of one half of a quad; both lie side by side */

    /* Turn taps, quads of four 32-bit integers, into digits, in place. */
    void (*encode)(int32_t *taps, size_t quads);
    /* Lay out one half of `quads` quads: 4 rows of 4-byte pixels, or 16 rows of bytes if gray. */
    void (*pack)(uint8_t *block, const uint8_t *const *rows, int quads, int gray);
    /* Resample a block, which begins with quad `quad`, into one group a half, or into four if gray. */
    void (*across)(uint8_t *const *groups, const uint8_t *block, const imagecrop_axis *axis, int quad, int gray,
                   imagecrop_ahead *ahead);
    /* Sum `count` groups by the taps of one window into a line of `columns` bytes. */
    void (*down)(uint8_t *line, const uint8_t *const *groups, const int32_t *taps, int count, int columns);
    /* Make a group of 4 lines of `columns` bytes, and 4 lines of a group. */
    void (*interleave)(uint8_t *group, const uint8_t *const *lines, int columns);
    void (*deinterleave)(uint8_t *const *lines, const uint8_t *group, int columns);
    /* Multiply colour by its alpha, and divide it again, over `pixels` pixels. */
    void (*premultiply)(uint8_t *out, const uint8_t *in, int pixels);
    void (*unpremultiply)(uint8_t *out, const uint8_t *in, int pixels);
} imagecrop_kernel;

#define IMAGECROP_INLINE static inline __attribute__((always_inline))

/* ---- pixels one by one; compilers make vectors of these ---- */

IMAGECROP_INLINE uint32_t imagecrop_get32(const uint8_t *from)
{
    uint32_t value;
    memcpy(&value, from, 4);
    return value;
}

IMAGECROP_INLINE void imagecrop_put32(uint8_t *to, uint32_t value)
{
    memcpy(to, &value, 4);
}

/* value * alpha / 255, rounded, for the two bytes 0xff00ff; Pillow's MULDIV255. */
IMAGECROP_INLINE uint32_t imagecrop_weigh(uint32_t pair, uint32_t alpha)
{
    uint32_t product = pair * alpha + 0x00800080u;
    return ((product + ((product >> 8) & 0x00ff00ffu)) >> 8) & 0x00ff00ffu;
}

IMAGECROP_INLINE void imagecrop_premultiply(uint8_t *restrict out, const uint8_t *restrict in, int pixels)
{
    for (int i = 0; i < pixels; i++) {
        uint32_t pixel = imagecrop_get32(in + 4 * i), alpha = pixel >> 24;
        uint32_t even = imagecrop_weigh(pixel & 0x00ff00ffu, alpha);
        uint32_t odd = imagecrop_weigh(((pixel >> 8) & 0xffu) | 0x00ff0000u, alpha); /* 255 * alpha: alpha */
        imagecrop_put32(out + 4 * i, even | odd << 8);
    }
}

/* min(255, 255 * value / alpha), rounded down: exact, as a quotient below 256 is at least 1/254 away from
 * the next whole number, which is far more than single precision is off. */
IMAGECROP_INLINE uint32_t imagecrop_unweigh(uint32_t value, uint32_t alpha)
{
    float quotient = (float)(int32_t)(255 * value) / (float)(int32_t)alpha;
    return (uint32_t)(int32_t)(quotient < 255.0f ? quotient : 255.0f);
}

IMAGECROP_INLINE void imagecrop_unpremultiply(uint8_t *restrict out, const uint8_t *restrict in, int pixels)
{
    for (int i = 0; i < pixels; i++) {
        uint32_t pixel = imagecrop_get32(in + 4 * i), alpha = pixel >> 24, divisor = alpha ? alpha : 255;
        uint32_t red = imagecrop_unweigh(pixel & 0xff, divisor);
        uint32_t green = imagecrop_unweigh(pixel >> 8 & 0xff, divisor);
        uint32_t blue = imagecrop_unweigh(pixel >> 16 & 0xff, divisor);
        imagecrop_put32(out + 4 * i, red | green << 8 | blue << 16 | alpha << 24);
    }
}

IMAGECROP_INLINE void imagecrop_opaque(uint8_t *restrict out, const uint8_t *restrict in, int pixels)
{
    for (int i = 0; i < pixels; i++)
        imagecrop_put32(out + 4 * i, imagecrop_get32(in + 4 * i) | 0xff000000u);
}

IMAGECROP_INLINE void imagecrop_interleave(uint8_t *restrict group, const uint8_t *const *lines, int columns)
{
    const uint8_t *a = lines[0], *b = lines[1], *c = lines[2], *d = lines[3];
    for (size_t i = 0; i < (size_t)columns; i++)
        imagecrop_put32(group + 4 * i, a[i] | b[i] << 8 | c[i] << 16 | (uint32_t)d[i] << 24);
}

IMAGECROP_INLINE void imagecrop_deinterleave(uint8_t *const *lines, const uint8_t *restrict group, int columns)
{
    uint8_t *restrict a = lines[0], *restrict b = lines[1], *restrict c = lines[2], *restrict d = lines[3];
    for (size_t i = 0; i < (size_t)columns; i++) {
        uint32_t rows = imagecrop_get32(group + 4 * i);
        a[i] = (uint8_t)rows, b[i] = (uint8_t)(rows >> 8), c[i] = (uint8_t)(rows >> 16), d[i] = rows >> 24;
    }
}

/* Compile these loops for one kind of processor. */
#define IMAGECROP_LOOPS(kind, TARGET)                                                                  \
    static TARGET void kind##_interleave(uint8_t *group, const uint8_t *const *lines, int columns)     \
    {                                                                                                  \
        imagecrop_interleave(group, lines, columns);                                                   \
    }                                                                                                  \
    static TARGET void kind##_deinterleave(uint8_t *const *lines, const uint8_t *group, int columns)   \
    {                                                                                                  \
        imagecrop_deinterleave(lines, group, columns);                                                 \
    }                                                                                                  \
    static TARGET void kind##_premultiply(uint8_t *out, const uint8_t *in, int pixels)                 \
    {                                                                                                  \
        imagecrop_premultiply(out, in, pixels);                                                        \
    }                                                                                                  \
    static TARGET void kind##_unpremultiply(uint8_t *out, const uint8_t *in, int pixels)               \
    {                                                                                                  \
        imagecrop_unpremultiply(out, in, pixels);                                                      \
    }

/* Fetch what is due when result pixel x of outs is reached. */
IMAGECROP_INLINE void imagecrop_fetch(imagecrop_ahead *ahead, size_t x, size_t outs)
{
    for (; ahead->done * outs < (x + 1) * ahead->bytes; ahead->done += 64)
        for (int i = 0; i < ahead->count; i++)
            __builtin_prefetch(ahead->rows[i] + ahead->done);
}

/* Store a result pixel of 4 gray rows, bytes in the order group, row: a column of four groups. */
IMAGECROP_INLINE void imagecrop_scatter(uint8_t *const *groups, size_t x, const uint8_t *bytes)
{
    for (int i = 0; i < 4; i++)
        memcpy(groups[i] + x * 4, bytes + 4 * i, 4);
}

/* ---- portable ---- */

IMAGECROP_INLINE void imagecrop_narrow(uint8_t *bytes, const int32_t *sums)
{
    for (int k = 0; k < 16; k++) {
        int32_t value = sums[k] >> IMAGECROP_FRACTION;
        bytes[k] = (uint8_t)(value < 0 ? 0 : value > 255 ? 255 : value);
    }
}

static void portable_encode(int32_t *taps, size_t quads)
{
    (void)taps, (void)quads; /* 32-bit taps are used as they are */
}

typedef int32_t imagecrop_i32x4 __attribute__((vector_size(16)));

/* Half a quad is 4 pixels, each of 4 rows of 4 channels, already 32 bits wide. */
static void portable_pack(uint8_t *block, const uint8_t *const *rows, int quads, int gray)
{
    for (size_t q = 0; q < (size_t)quads; q++, block += 256 * IMAGECROP_HALVES) {
        int32_t wide[4][16];
        for (int tap = 0; tap < 4; tap++)
            for (int k = 0; k < 16; k++)
                wide[tap][k] = gray ? rows[k][q * 4 + tap] : rows[k / 4][q * 16 + tap * 4 + k % 4];
        memcpy(block, wide, 256);
    }
}

/* Sum the window of one result pixel in 4 rows. */
IMAGECROP_INLINE void portable_pixel(int32_t *sums, const uint8_t *quad, const int32_t *taps, int count)
{
    imagecrop_i32x4 row[4] = {{0}};
    for (int i = 0; i < count; i++, quad += 256 * IMAGECROP_HALVES, taps += 4)
        for (int tap = 0; tap < 4; tap++)
            for (int k = 0; k < 4; k++)
                row[k] += ((const imagecrop_i32x4 *)quad)[tap * 4 + k] * taps[tap];
    for (int k = 0; k < 16; k++)
        sums[k] = row[k / 4][k % 4] + IMAGECROP_HALF;
}

static void portable_across(uint8_t *const *groups, const uint8_t *block, const imagecrop_axis *axis, int quad,
                            int gray, imagecrop_ahead *ahead)
{
    for (size_t x = 0; x < (size_t)axis->outs; x++) {
        const uint8_t *from = block + (size_t)(axis->first[x] - quad) * (256 * IMAGECROP_HALVES);
        imagecrop_fetch(ahead, x, axis->outs);
        for (int half = 0; half < IMAGECROP_HALVES; half++) {
            int32_t sums[16];
            uint8_t bytes[16];
            portable_pixel(sums, from + half * 256, axis->taps + x * axis->widest * 4, axis->count[x]);
            imagecrop_narrow(bytes, sums);
            if (gray)
                imagecrop_scatter(groups + 4 * half, x, bytes);
            else
                for (int k = 0; k < 16; k++)
                    groups[half][x * 16 + k] = bytes[k % 4 * 4 + k / 4];
        }
    }
}

static void portable_down(uint8_t *line, const uint8_t *const *groups, const int32_t *taps, int count, int columns)
{
    for (int column = 0; column < columns; column += 16) {
        int32_t sums[16];
        for (int k = 0; k < 16; k++)
            sums[k] = IMAGECROP_HALF;
        for (int i = 0; i < count; i++) {
            const uint8_t *values = groups[i] + (size_t)column * 4;
            for (int k = 0; k < 16; k++)
                for (int row = 0; row < 4; row++)
                    sums[k] += values[k * 4 + row] * taps[i * 4 + row];
        }
        imagecrop_narrow(line + column, sums);
    }
}

IMAGECROP_LOOPS(portable,)

static const imagecrop_kernel imagecrop_portable = {
    "portable", 256, portable_encode, portable_pack, portable_across, portable_down,
    portable_interleave, portable_deinterleave, portable_premultiply, portable_unpremultiply,
};

#if defined(__x86_64__)
#include <immintrin.h>

/* Bytes in the order row, channel, to channel, row. */
#define IMAGECROP_TURN 0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15

/* ---- SSE2, which every x86-64 has; and what it shares with AVX2 ---- */

#define IMAGECROP_SSE2

/* A quad of taps becomes its four low digits, then its four high digits, 16 bits each. */
static void pairs_encode(int32_t *taps, size_t quads)
{
    for (size_t q = 0; q < quads; q++, taps += 4) {
        int16_t digits[8];
        for (int i = 0; i < 4; i++) {
            digits[i] = (int16_t)(taps[i] & 0xffff);
            digits[4 + i] = (int16_t)((taps[i] - digits[i]) >> 16);
        }
        memcpy(taps, digits, 16);
    }
}

/* Half a quad is two pairs of pixels, each of 4 rows of 4 channels of two 16-bit values. */
IMAGECROP_INLINE void pairs_pack_gray(uint8_t *block, const uint8_t *const *rows, int quads)
{
    for (size_t q = 0; q < (size_t)quads; q++, block += 128 * IMAGECROP_HALVES)
        for (int row = 0; row < 16; row++) {
            uint32_t bytes = imagecrop_get32(rows[row] + q * 4);
            imagecrop_put32(block + row * 4, (bytes & 0xff) | (bytes & 0xff00) << 8);
            imagecrop_put32(block + 64 + row * 4, (bytes >> 16 & 0xff) | (bytes >> 24) << 16);
        }
}

static void sse2_pack(uint8_t *block, const uint8_t *const *rows, int quads, int gray)
{
    const __m128i zero = _mm_setzero_si128();
    if (gray) {
        pairs_pack_gray(block, rows, quads);
        return;
    }
    for (size_t q = 0; q < (size_t)quads; q++, block += 128 * IMAGECROP_HALVES)
        for (int row = 0; row < 4; row++) {
            __m128i bytes = _mm_loadu_si128((const __m128i *)(rows[row] + q * 16));
            __m128i first = _mm_unpacklo_epi8(bytes, _mm_srli_si128(bytes, 4));
            __m128i second = _mm_unpackhi_epi8(bytes, _mm_slli_si128(_mm_srli_si128(bytes, 12), 8));
            _mm_store_si128((__m128i *)(block + row * 16), _mm_unpacklo_epi8(first, zero));
            _mm_store_si128((__m128i *)(block + 64 + row * 16), _mm_unpacklo_epi8(second, zero));
        }
}

IMAGECROP_INLINE __m128i sse2_join(__m128i low, __m128i high)
{
    return _mm_srai_epi32(_mm_add_epi32(low, _mm_slli_epi32(high, 16)), IMAGECROP_FRACTION);
}

/* Sum the window of one result pixel in 4 rows. */
IMAGECROP_INLINE __m128i sse2_pixel(const uint8_t *quad, const int32_t *taps, int count)
{
    __m128i low[4], high[4];
    for (int row = 0; row < 4; row++)
        low[row] = _mm_set1_epi32(IMAGECROP_HALF), high[row] = _mm_setzero_si128();
    for (int i = 0; i < count; i++, quad += 128 * IMAGECROP_HALVES, taps += 4)
        for (int pair = 0; pair < 2; pair++) {
            __m128i low_taps = _mm_set1_epi32(taps[pair]), high_taps = _mm_set1_epi32(taps[2 + pair]);
            for (int row = 0; row < 4; row++) {
                __m128i pixels = _mm_load_si128((const __m128i *)(quad + pair * 64 + row * 16));
                low[row] = _mm_add_epi32(low[row], _mm_madd_epi16(pixels, low_taps));
                high[row] = _mm_add_epi32(high[row], _mm_madd_epi16(pixels, high_taps));
            }
        }
    for (int row = 0; row < 4; row++)
        low[row] = sse2_join(low[row], high[row]);
    return _mm_packus_epi16(_mm_packs_epi32(low[0], low[1]), _mm_packs_epi32(low[2], low[3]));
}

/* Bytes in the order row, channel, to channel, row. */
IMAGECROP_INLINE __m128i sse2_turn(__m128i bytes)
{
    bytes = _mm_unpacklo_epi8(bytes, _mm_srli_si128(bytes, 8)); /* rows 0 and 2, then 1 and 3 */
    return _mm_unpacklo_epi8(bytes, _mm_srli_si128(bytes, 8));
}

static void sse2_across(uint8_t *const *groups, const uint8_t *block, const imagecrop_axis *axis, int quad, int gray,
                        imagecrop_ahead *ahead)
{
    for (size_t x = 0; x < (size_t)axis->outs; x++) {
        const uint8_t *from = block + (size_t)(axis->first[x] - quad) * (128 * IMAGECROP_HALVES);
        imagecrop_fetch(ahead, x, axis->outs);
        for (int half = 0; half < IMAGECROP_HALVES; half++) {
            __m128i bytes = sse2_pixel(from + half * 128, axis->taps + x * axis->widest * 4, axis->count[x]);
            uint8_t rows[16];
            if (gray) {
                _mm_storeu_si128((__m128i *)rows, bytes);
                imagecrop_scatter(groups + 4 * half, x, rows);
            } else
                _mm_store_si128((__m128i *)(groups[half] + x * 16), sse2_turn(bytes));
        }
    }
}

static void sse2_down(uint8_t *line, const uint8_t *const *groups, const int32_t *taps, int count, int columns)
{
    const __m128i zero = _mm_setzero_si128();
    for (int column = 0; column < columns; column += 8) {
        __m128i low[4], high[4];
        for (int k = 0; k < 4; k++) /* half of a half, as two neighbouring sums are added at the end */
            low[k] = _mm_set1_epi32(IMAGECROP_HALF / 2), high[k] = zero;
        for (int i = 0; i < count; i++) {
            const __m128i *values = (const __m128i *)(groups[i] + (size_t)column * 4);
            __m128i digits = _mm_load_si128((const __m128i *)(taps + i * 4));
            __m128i low_taps = _mm_unpacklo_epi64(digits, digits), high_taps = _mm_unpackhi_epi64(digits, digits);
            for (int k = 0; k < 4; k++) {
                __m128i bytes = _mm_load_si128(values + k / 2);
                __m128i wide = k % 2 ? _mm_unpackhi_epi8(bytes, zero) : _mm_unpacklo_epi8(bytes, zero);
                low[k] = _mm_add_epi32(low[k], _mm_madd_epi16(wide, low_taps));
                high[k] = _mm_add_epi32(high[k], _mm_madd_epi16(wide, high_taps));
            }
        }
        for (int k = 0; k < 4; k++)
            low[k] = _mm_add_epi32(low[k], _mm_slli_epi32(high[k], 16));
        for (int k = 0; k < 4; k += 2) {
            __m128 first = _mm_castsi128_ps(low[k]), second = _mm_castsi128_ps(low[k + 1]);
            __m128i even = _mm_castps_si128(_mm_shuffle_ps(first, second, 0x88));
            __m128i odd = _mm_castps_si128(_mm_shuffle_ps(first, second, 0xdd));
            low[k] = _mm_srai_epi32(_mm_add_epi32(even, odd), IMAGECROP_FRACTION);
        }
        low[0] = _mm_packs_epi32(low[0], low[2]);
        _mm_storel_epi64((__m128i *)(line + column), _mm_packus_epi16(low[0], low[0]));
    }
}

IMAGECROP_LOOPS(sse2, IMAGECROP_SSE2)

static const imagecrop_kernel imagecrop_sse2 = {
    "sse2", 128, pairs_encode, sse2_pack, sse2_across, sse2_down,
    sse2_interleave, sse2_deinterleave, sse2_premultiply, sse2_unpremultiply,
};

/* ---- AVX2 ---- */

#define IMAGECROP_AVX2 __attribute__((target("avx2")))

static IMAGECROP_AVX2 void avx2_pack(uint8_t *block, const uint8_t *const *rows, int quads, int gray)
{
    const __m128i pair = _mm_setr_epi8(0, 4, 1, 5, 2, 6, 3, 7, 8, 12, 9, 13, 10, 14, 11, 15);
    if (gray) {
        pairs_pack_gray(block, rows, quads);
        return;
    }
    for (size_t q = 0; q < (size_t)quads; q++, block += 128 * IMAGECROP_HALVES)
        for (int row = 0; row < 4; row++) {
            __m128i bytes = _mm_loadu_si128((const __m128i *)(rows[row] + q * 16));
            __m256i wide = _mm256_cvtepu8_epi16(_mm_shuffle_epi8(bytes, pair));
            _mm_store_si128((__m128i *)(block + row * 16), _mm256_castsi256_si128(wide));
            _mm_store_si128((__m128i *)(block + 64 + row * 16), _mm256_extracti128_si256(wide, 1));
        }
}

/* Join the sums of both digits. */
IMAGECROP_INLINE IMAGECROP_AVX2 __m256i avx2_join(__m256i low, __m256i high)
{
    return _mm256_add_epi32(low, _mm256_slli_epi32(high, 16));
}

/* Sum the window of one result pixel: rows 0 and 1, and rows 2 and 3; as bytes, in the order row, channel. */
IMAGECROP_INLINE IMAGECROP_AVX2 __m128i avx2_pixel(const uint8_t *quad, const int32_t *taps, int count)
{
    __m256i low01 = _mm256_set1_epi32(IMAGECROP_HALF), low23 = low01;
    __m256i high01 = _mm256_setzero_si256(), high23 = high01, bytes;
    for (int i = 0; i < count; i++, quad += 128 * IMAGECROP_HALVES, taps += 4)
        for (int pair = 0; pair < 2; pair++) {
            __m256i low = _mm256_set1_epi32(taps[pair]), high = _mm256_set1_epi32(taps[2 + pair]);
            __m256i rows01 = _mm256_load_si256((const __m256i *)(quad + pair * 64));
            __m256i rows23 = _mm256_load_si256((const __m256i *)(quad + pair * 64 + 32));
            low01 = _mm256_add_epi32(low01, _mm256_madd_epi16(rows01, low));
            high01 = _mm256_add_epi32(high01, _mm256_madd_epi16(rows01, high));
            low23 = _mm256_add_epi32(low23, _mm256_madd_epi16(rows23, low));
            high23 = _mm256_add_epi32(high23, _mm256_madd_epi16(rows23, high));
        }
    low01 = _mm256_srai_epi32(avx2_join(low01, high01), IMAGECROP_FRACTION);
    low23 = _mm256_srai_epi32(avx2_join(low23, high23), IMAGECROP_FRACTION);
    bytes = _mm256_packs_epi32(low01, low23); /* rows 0 and 2 in one lane, 1 and 3 in the other */
    bytes = _mm256_packus_epi16(bytes, bytes);
    return _mm_unpacklo_epi32(_mm256_castsi256_si128(bytes), _mm256_extracti128_si256(bytes, 1));
}

static IMAGECROP_AVX2 void avx2_across(uint8_t *const *groups, const uint8_t *block, const imagecrop_axis *axis,
                                       int quad, int gray, imagecrop_ahead *ahead)
{
    const __m128i turn = _mm_setr_epi8(IMAGECROP_TURN);
    for (size_t x = 0; x < (size_t)axis->outs; x++) {
        const uint8_t *from = block + (size_t)(axis->first[x] - quad) * (128 * IMAGECROP_HALVES);
        imagecrop_fetch(ahead, x, axis->outs);
        for (int half = 0; half < IMAGECROP_HALVES; half++) {
            __m128i bytes = avx2_pixel(from + half * 128, axis->taps + x * axis->widest * 4, axis->count[x]);
            uint8_t rows[16];
            if (gray) {
                _mm_storeu_si128((__m128i *)rows, bytes);
                imagecrop_scatter(groups + 4 * half, x, rows);
            } else
                _mm_store_si128((__m128i *)(groups[half] + x * 16), _mm_shuffle_epi8(bytes, turn));
        }
    }
}

static IMAGECROP_AVX2 void avx2_down(uint8_t *line, const uint8_t *const *groups, const int32_t *taps, int count,
                                     int columns)
{
    for (int column = 0; column < columns; column += 16) {
        __m256i low[4], high[4], sums[2];
        for (int k = 0; k < 4; k++) /* half of a half, as two neighbouring sums are added at the end */
            low[k] = _mm256_set1_epi32(IMAGECROP_HALF / 2), high[k] = _mm256_setzero_si256();
        for (int i = 0; i < count; i++) {
            const __m128i *values = (const __m128i *)(groups[i] + (size_t)column * 4);
            int64_t digits[2];
            memcpy(digits, taps + i * 4, 16);
            for (int k = 0; k < 4; k++) {
                __m256i wide = _mm256_cvtepu8_epi16(_mm_load_si128(values + k));
                low[k] = _mm256_add_epi32(low[k], _mm256_madd_epi16(wide, _mm256_set1_epi64x(digits[0])));
                high[k] = _mm256_add_epi32(high[k], _mm256_madd_epi16(wide, _mm256_set1_epi64x(digits[1])));
            }
        }
        for (int k = 0; k < 2; k++) {
            __m256i first = avx2_join(low[2 * k], high[2 * k]);
            __m256i second = avx2_join(low[2 * k + 1], high[2 * k + 1]);
            sums[k] = _mm256_permute4x64_epi64(_mm256_hadd_epi32(first, second), 0xd8);
            sums[k] = _mm256_srai_epi32(sums[k], IMAGECROP_FRACTION);
        }
        sums[0] = _mm256_permute4x64_epi64(_mm256_packs_epi32(sums[0], sums[1]), 0xd8);
        sums[0] = _mm256_permute4x64_epi64(_mm256_packus_epi16(sums[0], sums[0]), 0x08);
        _mm_store_si128((__m128i *)(line + column), _mm256_castsi256_si128(sums[0]));
    }
}

IMAGECROP_LOOPS(avx2, IMAGECROP_AVX2)

static const imagecrop_kernel imagecrop_avx2 = {
    "avx2", 128, pairs_encode, avx2_pack, avx2_across, avx2_down,
    avx2_interleave, avx2_deinterleave, avx2_premultiply, avx2_unpremultiply,
};

/* ---- AVX-512 with VNNI ---- */

#define IMAGECROP_VNNI __attribute__((target("avx512f,avx512bw,avx512vnni")))

/* A quad of taps becomes four 8-bit digits of each place, the lowest first; the last four bytes rest. */
static void vnni_encode(int32_t *taps, size_t quads)
{
    for (size_t q = 0; q < quads; q++, taps += 4) {
        int8_t digits[16] = {0};
        for (int i = 0; i < 4; i++) {
            digits[i] = (int8_t)(taps[i] & 0xff);
            int32_t rest = (taps[i] - digits[i]) >> 8;
            digits[4 + i] = (int8_t)(rest & 0xff);
            digits[8 + i] = (int8_t)((rest - digits[4 + i]) >> 8);
        }
        memcpy(taps, digits, 16);
    }
}

IMAGECROP_INLINE IMAGECROP_VNNI __m512i vnni_rows(const uint8_t *const *rows, size_t offset)
{
    __m512i all = _mm512_castsi128_si512(_mm_loadu_si128((const __m128i *)(rows[0] + offset)));
    all = _mm512_inserti32x4(all, _mm_loadu_si128((const __m128i *)(rows[1] + offset)), 1);
    all = _mm512_inserti32x4(all, _mm_loadu_si128((const __m128i *)(rows[2] + offset)), 2);
    return _mm512_inserti32x4(all, _mm_loadu_si128((const __m128i *)(rows[3] + offset)), 3);
}

/* Half a quad is 4 rows of 4 channels of 4 pixels. */
static IMAGECROP_VNNI void vnni_pack(uint8_t *block, const uint8_t *const *rows, int quads, int gray)
{
    const __m512i turn = _mm512_broadcast_i32x4(_mm_setr_epi8(IMAGECROP_TURN));
    for (size_t q = 0; q < (size_t)quads; q++, block += 64 * IMAGECROP_HALVES)
        if (gray)
            for (int row = 0; row < 16; row++)
                memcpy(block + row * 4, rows[row] + q * 4, 4);
        else
            _mm512_store_si512(block, _mm512_shuffle_epi8(vnni_rows(rows, q * 16), turn));
}

/* Join the sums of the three digits, and make bytes of them. */
IMAGECROP_INLINE IMAGECROP_VNNI __m128i vnni_bytes(__m512i low, __m512i middle, __m512i high)
{
    __m512i sum = _mm512_add_epi32(low, _mm512_slli_epi32(middle, 8));
    sum = _mm512_add_epi32(sum, _mm512_slli_epi32(high, 16));
    sum = _mm512_max_epi32(_mm512_srai_epi32(sum, IMAGECROP_FRACTION), _mm512_setzero_si512());
    return _mm512_cvtusepi32_epi8(sum);
}

static IMAGECROP_VNNI void vnni_across(uint8_t *const *groups, const uint8_t *block, const imagecrop_axis *axis,
                                       int quad, int gray, imagecrop_ahead *ahead)
{
    const __m128i turn = _mm_setr_epi8(IMAGECROP_TURN);
    for (size_t x = 0; x < (size_t)axis->outs; x++) {
        const uint8_t *from = block + (size_t)(axis->first[x] - quad) * (64 * IMAGECROP_HALVES);
        const int32_t *taps = axis->taps + x * axis->widest * 4;
        __m512i low[IMAGECROP_HALVES], middle[IMAGECROP_HALVES], high[IMAGECROP_HALVES];
        imagecrop_fetch(ahead, x, axis->outs);
        for (int half = 0; half < IMAGECROP_HALVES; half++) {
            low[half] = _mm512_set1_epi32(IMAGECROP_HALF);
            middle[half] = high[half] = _mm512_setzero_si512();
        }
        for (int i = 0; i < axis->count[x]; i++, from += 64 * IMAGECROP_HALVES, taps += 4) {
            __m512i low_taps = _mm512_set1_epi32(taps[0]), middle_taps = _mm512_set1_epi32(taps[1]);
            __m512i high_taps = _mm512_set1_epi32(taps[2]);
            for (int half = 0; half < IMAGECROP_HALVES; half++) {
                __m512i pixels = _mm512_load_si512(from + half * 64);
                low[half] = _mm512_dpbusd_epi32(low[half], pixels, low_taps);
                middle[half] = _mm512_dpbusd_epi32(middle[half], pixels, middle_taps);
                high[half] = _mm512_dpbusd_epi32(high[half], pixels, high_taps);
            }
        }
        for (int half = 0; half < IMAGECROP_HALVES; half++) {
            __m128i bytes = vnni_bytes(low[half], middle[half], high[half]);
            uint8_t rows[16];
            if (gray) {
                _mm_storeu_si128((__m128i *)rows, bytes);
                imagecrop_scatter(groups + 4 * half, x, rows);
            } else
                _mm_store_si128((__m128i *)(groups[half] + x * 16), _mm_shuffle_epi8(bytes, turn));
        }
    }
}

static IMAGECROP_VNNI void vnni_down(uint8_t *line, const uint8_t *const *groups, const int32_t *taps, int count,
                                     int columns)
{
    for (int column = 0; column < columns; column += 64) {
        __m512i low[4], middle[4], high[4];
        for (int k = 0; k < 4; k++) {
            low[k] = _mm512_set1_epi32(IMAGECROP_HALF);
            middle[k] = high[k] = _mm512_setzero_si512();
        }
        for (int i = 0; i < count; i++) {
            const uint8_t *values = groups[i] + (size_t)column * 4;
            __m512i low_taps = _mm512_set1_epi32(taps[i * 4]), middle_taps = _mm512_set1_epi32(taps[i * 4 + 1]);
            __m512i high_taps = _mm512_set1_epi32(taps[i * 4 + 2]);
            for (int k = 0; k < 4; k++) {
                __m512i bytes = _mm512_load_si512(values + k * 64);
                low[k] = _mm512_dpbusd_epi32(low[k], bytes, low_taps);
                middle[k] = _mm512_dpbusd_epi32(middle[k], bytes, middle_taps);
                high[k] = _mm512_dpbusd_epi32(high[k], bytes, high_taps);
            }
        }
        for (int k = 0; k < 4; k++)
            _mm_store_si128((__m128i *)(line + column + k * 16), vnni_bytes(low[k], middle[k], high[k]));
    }
}

IMAGECROP_LOOPS(vnni, IMAGECROP_VNNI)

static const imagecrop_kernel imagecrop_vnni = {
    "avx512vnni", 64, vnni_encode, vnni_pack, vnni_across, vnni_down,
    vnni_interleave, vnni_deinterleave, vnni_premultiply, vnni_unpremultiply,
};
#endif

/* Return the kernels this processor can run, the fastest first; how many, in *count. */
static void imagecrop_kernels(const imagecrop_kernel **kernels, int *count)
{
    *count = 0;
#if defined(__x86_64__)
    __builtin_cpu_init();
    if (__builtin_cpu_supports("avx512vnni") && __builtin_cpu_supports("avx512bw"))
        kernels[(*count)++] = &imagecrop_vnni;
    if (__builtin_cpu_supports("avx2"))
        kernels[(*count)++] = &imagecrop_avx2;
    kernels[(*count)++] = &imagecrop_sse2;
#endif
    kernels[(*count)++] = &imagecrop_portable;
}

#endif
