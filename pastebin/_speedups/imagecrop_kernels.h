/* The inner loops of imagecrop.h, once for each kind of processor, chosen at run time.
 *
 * Every kernel forms the same 32-bit sums of (8-bit value) * (24-bit tap), as its instructions allow:
 *
 *     avx512vnni  vpdpbusd takes four 8-bit taps at a time: a tap is three signed 8-bit digits
 *     avx2        vpmaddwd takes two 16-bit taps at a time: a tap is two signed 16-bit digits
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
#define IMAGECROP_HALF (1 << (IMAGECROP_FRACTION - 1))

typedef struct {
    const char *name;
    size_t quad_bytes; /* of a quad of 4 pixels of 4 rows, packed */

    /* Turn taps, quads of four 32-bit integers, into digits, in place. */
    void (*encode)(int32_t *taps, size_t quads);
    /* Lay out `quads` quads of 4 rows of 4-byte pixels, or of 16 rows of bytes if gray. */
    void (*pack)(uint8_t *block, const uint8_t *const *rows, int quads, int gray);
    /* Resample a block, which begins with quad `quad`, into one group, or into four if gray. */
    void (*across)(uint8_t *const *groups, const uint8_t *block, const imagecrop_axis *axis, int quad, int gray);
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

/* Store a result pixel of the 4 rows, bytes in the order row, channel: as four columns of one group, or as one
 * column of four groups. */
IMAGECROP_INLINE void imagecrop_scatter(uint8_t *const *groups, size_t x, const uint8_t *bytes)
{
    for (int i = 0; i < 4; i++)
        memcpy(groups[i] + x * 4, bytes + 4 * i, 4);
}

/* ---- portable ---- */

typedef int32_t imagecrop_i32x16 __attribute__((vector_size(64)));
typedef uint8_t imagecrop_u8x16 __attribute__((vector_size(16)));

IMAGECROP_INLINE imagecrop_i32x16 imagecrop_widen(const uint8_t *from)
{
    imagecrop_u8x16 bytes;
    memcpy(&bytes, from, 16);
    return __builtin_convertvector(bytes, imagecrop_i32x16);
}

IMAGECROP_INLINE void imagecrop_narrow(uint8_t *to, const imagecrop_i32x16 *sums)
{
    imagecrop_i32x16 value = *sums >> IMAGECROP_FRACTION;
    value &= ~(value >> 31);                    /* below 0 becomes 0 */
    value |= (255 - value) >> 31;               /* above 255 becomes all ones, of which 8 are kept */
    imagecrop_u8x16 bytes = __builtin_convertvector(value, imagecrop_u8x16);
    memcpy(to, &bytes, 16);
}

static void portable_encode(int32_t *taps, size_t quads)
{
    (void)taps, (void)quads; /* 32-bit taps are used as they are */
}

/* A quad is 4 pixels, each of 4 rows of 4 bytes. */
static void portable_pack(uint8_t *block, const uint8_t *const *rows, int quads, int gray)
{
    for (size_t q = 0; q < (size_t)quads; q++, block += 64)
        for (int tap = 0; tap < 4; tap++)
            if (gray)
                for (int row = 0; row < 16; row++)
                    block[tap * 16 + row] = rows[row][q * 4 + tap];
            else
                for (int row = 0; row < 4; row++)
                    memcpy(block + tap * 16 + row * 4, rows[row] + q * 16 + tap * 4, 4);
}

static void portable_across(uint8_t *const *groups, const uint8_t *block, const imagecrop_axis *axis, int quad,
                            int gray)
{
    for (size_t x = 0; x < (size_t)axis->outs; x++) {
        const uint8_t *pixel = block + (size_t)(axis->first[x] - quad) * 64;
        const int32_t *taps = axis->taps + x * axis->widest * 4;
        imagecrop_i32x16 sums = {0};
        uint8_t bytes[16];
        sums += IMAGECROP_HALF;
        for (int i = 0; i < axis->count[x] * 4; i++)
            sums += imagecrop_widen(pixel + i * 16) * taps[i];
        imagecrop_narrow(bytes, &sums);
        if (gray)
            imagecrop_scatter(groups, x, bytes);
        else
            for (int i = 0; i < 16; i++)
                groups[0][x * 16 + i] = bytes[i % 4 * 4 + i / 4];
    }
}

static void portable_down(uint8_t *line, const uint8_t *const *groups, const int32_t *taps, int count, int columns)
{
    for (int column = 0; column < columns; column += 16) {
        imagecrop_i32x16 sums = {0};
        sums += IMAGECROP_HALF;
        for (int i = 0; i < count; i++) {
            const uint8_t *values = groups[i] + (size_t)column * 4;
            for (int k = 0; k < 16; k++)
                for (int row = 0; row < 4; row++)
                    sums[k] += values[k * 4 + row] * taps[i * 4 + row];
        }
        imagecrop_narrow(line + column, &sums);
    }
}

IMAGECROP_LOOPS(portable,)

static const imagecrop_kernel imagecrop_portable = {
    "portable", 64, portable_encode, portable_pack, portable_across, portable_down,
    portable_interleave, portable_deinterleave, portable_premultiply, portable_unpremultiply,
};

#if defined(__x86_64__)
#include <immintrin.h>

/* Bytes in the order row, channel, to channel, row. */
#define IMAGECROP_TURN 0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15

/* ---- AVX2 ---- */

#define IMAGECROP_AVX2 __attribute__((target("avx2")))

/* A quad of taps becomes its four low digits, then its four high digits, 16 bits each. */
static void avx2_encode(int32_t *taps, size_t quads)
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

/* A quad is two pairs of pixels, each of 4 rows of 4 channels of two 16-bit values. */
static IMAGECROP_AVX2 void avx2_pack(uint8_t *block, const uint8_t *const *rows, int quads, int gray)
{
    const __m128i pair = _mm_setr_epi8(0, 4, 1, 5, 2, 6, 3, 7, 8, 12, 9, 13, 10, 14, 11, 15);
    for (size_t q = 0; q < (size_t)quads; q++, block += 128)
        if (gray)
            for (int row = 0; row < 16; row++) {
                uint32_t bytes = imagecrop_get32(rows[row] + q * 4);
                imagecrop_put32(block + row * 4, (bytes & 0xff) | (bytes & 0xff00) << 8);
                imagecrop_put32(block + 64 + row * 4, (bytes >> 16 & 0xff) | (bytes >> 24) << 16);
            }
        else
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

/* Sum the window of one result pixel: rows 0 and 1, and rows 2 and 3. */
IMAGECROP_INLINE IMAGECROP_AVX2 __m128i avx2_pixel(const uint8_t *quad, const int32_t *taps, int count)
{
    __m256i low01 = _mm256_set1_epi32(IMAGECROP_HALF), low23 = low01;
    __m256i high01 = _mm256_setzero_si256(), high23 = high01, bytes;
    for (const uint8_t *end = quad + (size_t)count * 128; quad < end; quad += 128, taps += 4)
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
    bytes = _mm256_packs_epi32(low01, low23);   /* rows 0 and 2 in one lane, 1 and 3 in the other */
    bytes = _mm256_packus_epi16(bytes, bytes);
    return _mm_unpacklo_epi32(_mm256_castsi256_si128(bytes), _mm256_extracti128_si256(bytes, 1));
}

static IMAGECROP_AVX2 void avx2_across(uint8_t *const *groups, const uint8_t *block, const imagecrop_axis *axis,
                                       int quad, int gray)
{
    const __m128i turn = _mm_setr_epi8(IMAGECROP_TURN);
    for (size_t x = 0; x < (size_t)axis->outs; x++) {
        const uint8_t *from = block + (size_t)(axis->first[x] - quad) * 128;
        __m128i bytes = avx2_pixel(from, axis->taps + x * axis->widest * 4, axis->count[x]);
        if (gray) {
            uint8_t rows[16];
            _mm_storeu_si128((__m128i *)rows, bytes);
            imagecrop_scatter(groups, x, rows);
        } else
            _mm_store_si128((__m128i *)(groups[0] + x * 16), _mm_shuffle_epi8(bytes, turn));
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
            __m256i first = avx2_join(low[2 * k], high[2 * k]), second = avx2_join(low[2 * k + 1], high[2 * k + 1]);
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
    "avx2", 128, avx2_encode, avx2_pack, avx2_across, avx2_down,
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

/* A quad is 4 rows of 4 channels of 4 pixels. */
static IMAGECROP_VNNI void vnni_pack(uint8_t *block, const uint8_t *const *rows, int quads, int gray)
{
    const __m512i turn = _mm512_broadcast_i32x4(_mm_setr_epi8(IMAGECROP_TURN));
    for (size_t q = 0; q < (size_t)quads; q++, block += 64)
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
                                       int quad, int gray)
{
    const __m128i turn = _mm_setr_epi8(IMAGECROP_TURN);
    for (size_t x = 0; x < (size_t)axis->outs; x++) {
        const uint8_t *from = block + (size_t)(axis->first[x] - quad) * 64;
        const int32_t *taps = axis->taps + x * axis->widest * 4;
        __m512i low = _mm512_set1_epi32(IMAGECROP_HALF), middle = _mm512_setzero_si512(), high = middle;
        __m128i bytes;
        for (int i = 0; i < axis->count[x]; i++, from += 64, taps += 4) {
            __m512i pixels = _mm512_load_si512(from);
            low = _mm512_dpbusd_epi32(low, pixels, _mm512_set1_epi32(taps[0]));
            middle = _mm512_dpbusd_epi32(middle, pixels, _mm512_set1_epi32(taps[1]));
            high = _mm512_dpbusd_epi32(high, pixels, _mm512_set1_epi32(taps[2]));
        }
        bytes = vnni_bytes(low, middle, high);
        if (gray) {
            uint8_t rows[16];
            _mm_storeu_si128((__m128i *)rows, bytes);
            imagecrop_scatter(groups, x, rows);
        } else
            _mm_store_si128((__m128i *)(groups[0] + x * 16), _mm_shuffle_epi8(bytes, turn));
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
#endif
    kernels[(*count)++] = &imagecrop_portable;
}

#endif
