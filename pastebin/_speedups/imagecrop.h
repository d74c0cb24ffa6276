/* Lanczos resampling of rows of 8-bit pixels, two passes, with the very arithmetic of Pillow's Resample.c:
 * weights in double precision, rounded to 22 fractional bits; horizontal sums rounded and clipped to 8 bits;
 * vertical sums likewise. Integer sums do not depend on their order, so the result is Pillow's, bit for bit,
 * on every processor; only the way to the sums differs (imagecrop_kernels.h).
 *
 * What flows through, for each "group" of 4 source rows (16 rows of a gray image, taken as 4 rows of
 * "pixels" that hold the same column of 4 rows):
 *
 *     4 rows --pack--> block of quads --across--> group of columns --down--> result rows
 *
 * quad     4 neighbouring source pixels of the 4 rows, laid out as one kernel likes it. A window of the
 *          filter is a run of whole quads; taps beside the true window are 0.
 * group    for each byte column of the result, the 4 bytes that the 4 rows have there, side by side:
 *          a vertical tap quad meets its four values in one 32-bit lane.
 *
 * Only groups that some window still needs are kept, in a ring that stays in the level-2 cache. */

#ifndef PASTEBIN_IMAGECROP_H
#define PASTEBIN_IMAGECROP_H

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define IMAGECROP_FRACTION 22 /* 32 bits less 8 of the pixel and 2 of overshoot: Pillow's PRECISION_BITS */
#define IMAGECROP_ALIGN 64

enum imagecrop_kind { IMAGECROP_GRAY, IMAGECROP_OPAQUE, IMAGECROP_ALPHA };

/* Rows of pixels somewhere in memory: 1 byte a pixel for gray, else 4. */
typedef struct {
    int width, height;
    uint8_t *const *rows;
} imagecrop_view;

/* The filter along one axis: for result pixel i, the quads first[i] .. first[i] + count[i] - 1. */
typedef struct {
    int outs;      /* result pixels */
    int widest;    /* quads in the widest window */
    int *first;    /* never decreases */
    int *count;
    int32_t *taps; /* outs * widest * 4, in the encoding of a kernel */
} imagecrop_axis;

#include "imagecrop_kernels.h"

/* ---- the filter ---- */

/* sin(pi * x)^2 for 0 <= x <= 1, to the last bits of a double: Taylor's series on the first quarter turn. */
static inline double imagecrop_sin2(double x)
{
    double r = x > 0.5 ? 1.0 - x : x;
    double a = 3.14159265358979323846 * r, z = a * a;
    double s = 1.0 / 51090942171709440000.0;
    s = s * z - 1.0 / 121645100408832000.0;
    s = s * z + 1.0 / 355687428096000.0;
    s = s * z - 1.0 / 1307674368000.0;
    s = s * z + 1.0 / 6227020800.0;
    s = s * z - 1.0 / 39916800.0;
    s = s * z + 1.0 / 362880.0;
    s = s * z - 1.0 / 5040.0;
    s = s * z + 1.0 / 120.0;
    s = s * z - 1.0 / 6.0;
    s = (s * z + 1.0) * a;
    return s * s;
}

/* sinc(x) * sinc(x / 3) for |x| < 3, else 0; by sin(3 t) = sin(t) (3 - 4 sin(t)^2), one sine serves both. */
static inline double imagecrop_lanczos3(double x)
{
    double third = fabs(x) * (1.0 / 3.0), angle = 3.14159265358979323846 * third, s;
    if (third >= 1.0)
        return 0.0;
    if (third < 1e-9)
        return 1.0;
    s = imagecrop_sin2(third);
    return s * (3.0 - 4.0 * s) / (3.0 * angle * angle);
}

static void *imagecrop_room(size_t count, size_t size)
{
    size_t bytes = (count * size + IMAGECROP_ALIGN - 1) / IMAGECROP_ALIGN * IMAGECROP_ALIGN;
    if (size && count > (SIZE_MAX / 2) / size)
        return NULL;
    return aligned_alloc(IMAGECROP_ALIGN, bytes ? bytes : IMAGECROP_ALIGN);
}

static void imagecrop_axis_free(imagecrop_axis *axis)
{
    free(axis->first);
    free(axis->count);
    free(axis->taps);
}

/* Round the weights of one window to fixed point, as Pillow's normalize_coeffs_8bpc does. */
static void imagecrop_fix(int32_t *taps, const double *weights, int count, double sum)
{
    for (int i = 0; i < count; i++) {
        double weight = sum != 0.0 ? weights[i] / sum : weights[i];
        weight *= 1 << IMAGECROP_FRACTION;
        taps[i] = (int32_t)(weight < 0 ? weight - 0.5 : weight + 0.5);
    }
}

/* Compute the windows that take the pixels from `from` to `to` of `length` to `outs` pixels. 0, or -1 if
 * there is no memory. Bounds and centres are those of Pillow's precompute_coeffs, its single-precision
 * box included. */
static int imagecrop_axis_build(imagecrop_axis *axis, int length, float from, float to, int outs)
{
    double scale = (double)(to - from) / outs, wide = scale < 1.0 ? 1.0 : scale;
    double support = 3.0 * wide, *weights;
    int most = (int)ceil(support) * 2 + 1;

    axis->outs = outs;
    axis->widest = (most + 3 + 3) / 4;
    axis->first = imagecrop_room(outs, sizeof(int));
    axis->count = imagecrop_room(outs, sizeof(int));
    axis->taps = imagecrop_room((size_t)outs * axis->widest, 4 * sizeof(int32_t));
    weights = imagecrop_room(most, sizeof(double));
    if (!axis->first || !axis->count || !axis->taps || !weights) {
        free(weights);
        return -1;
    }
    memset(axis->taps, 0, (size_t)outs * axis->widest * 4 * sizeof(int32_t));
    for (int i = 0; i < outs; i++) {
        double centre = from + (i + 0.5) * scale, step = 1.0 / wide, sum = 0.0;
        int begin = (int)(centre - support + 0.5), end = (int)(centre + support + 0.5);
        begin = begin < 0 ? 0 : begin;
        end = end > length ? length : end;
        for (int j = 0; j < end - begin; j++)
            weights[j] = imagecrop_lanczos3((j + begin - centre + 0.5) * step);
        for (int j = 0; j < end - begin; j++)
            sum += weights[j];
        axis->first[i] = begin / 4;
        axis->count[i] = (end + 3) / 4 - begin / 4;
        imagecrop_fix(axis->taps + (size_t)i * axis->widest * 4 + begin % 4, weights, end - begin, sum);
    }
    free(weights);
    return 0;
}

/* ---- the two passes ---- */

/* Everything one call works with. */
typedef struct {
    const imagecrop_kernel *kernel;
    enum imagecrop_kind kind;
    const imagecrop_view *source;
    imagecrop_axis across, down;
    int quad, quads;          /* the source columns in use: the first quad and how many */
    int slots;                /* groups in the ring */
    size_t group_bytes;
    uint8_t *ring, *block, *lines, *line;
    const uint8_t **window;   /* groups of one vertical window */
} imagecrop_work;

static int imagecrop_batch(enum imagecrop_kind kind)
{
    return kind == IMAGECROP_GRAY ? 4 : 1;
}

static uint8_t *imagecrop_slot(const imagecrop_work *work, int group)
{
    return work->ring + (size_t)(group % work->slots) * work->group_bytes;
}

/* Lay out the 4 * batch rows from `row` on as a block of quads; rows below the image repeat its last one. */
static void imagecrop_load(imagecrop_work *work, int row)
{
    const imagecrop_view *source = work->source;
    int gray = work->kind == IMAGECROP_GRAY, rows = 4 * imagecrop_batch(work->kind);
    size_t pixel = gray ? 1 : 4, from = (size_t)work->quad * 4;
    int whole = source->width / 4 - work->quad, rest = 0;
    const uint8_t *at[16];
    uint8_t edge[16][16];

    if (whole < work->quads)
        rest = source->width % 4;
    else
        whole = work->quads;
    for (int i = 0; i < rows; i++) {
        at[i] = source->rows[row + i < source->height ? row + i : source->height - 1] + from * pixel;
        if (work->kind == IMAGECROP_ALPHA) {
            uint8_t *line = work->lines + (size_t)i * work->quads * 16;
            work->kernel->premultiply(line, at[i], whole * 4 + rest);
            at[i] = line;
        }
    }
    work->kernel->pack(work->block, at, whole, gray);
    if (!rest)
        return;
    memset(edge, 0, sizeof edge);
    for (int i = 0; i < rows; i++) {
        memcpy(edge[i], at[i] + (size_t)whole * 4 * pixel, rest * pixel);
        at[i] = edge[i];
    }
    work->kernel->pack(work->block + whole * work->kernel->quad_bytes, at, 1, gray);
}

/* Bring the groups of the next batch into the ring. */
static void imagecrop_advance(imagecrop_work *work, int group)
{
    uint8_t *groups[4];
    for (int i = 0; i < imagecrop_batch(work->kind); i++)
        groups[i] = imagecrop_slot(work, group + i);
    imagecrop_load(work, group * 4);
    work->kernel->across(groups, work->block, &work->across, work->quad, work->kind == IMAGECROP_GRAY);
}

static void imagecrop_finish(const imagecrop_work *work, uint8_t *out, int width)
{
    if (work->kind == IMAGECROP_ALPHA)
        work->kernel->unpremultiply(out, work->line, width);
    else if (work->kind == IMAGECROP_GRAY)
        memcpy(out, work->line, width);
    else
        imagecrop_opaque(out, work->line, width);
}

static void imagecrop_run(imagecrop_work *work, const imagecrop_view *result)
{
    const imagecrop_axis *down = &work->down;
    int columns = result->width * (work->kind == IMAGECROP_GRAY ? 1 : 4), next = down->first[0];
    for (int y = 0; y < result->height; y++) {
        int first = down->first[y], count = down->count[y];
        for (; next < first + count; next += imagecrop_batch(work->kind))
            imagecrop_advance(work, next);
        for (int i = 0; i < count; i++)
            work->window[i] = imagecrop_slot(work, first + i);
        work->kernel->down(work->line, work->window, down->taps + (size_t)y * down->widest * 4, count, columns);
        imagecrop_finish(work, result->rows[y], result->width);
    }
}

static int imagecrop_rooms(imagecrop_work *work, int width)
{
    const imagecrop_axis *across = &work->across;
    size_t columns = (size_t)width * (work->kind == IMAGECROP_GRAY ? 1 : 4);
    columns = (columns + IMAGECROP_CHUNK - 1) / IMAGECROP_CHUNK * IMAGECROP_CHUNK;
    work->quad = across->first[0];
    work->quads = across->first[width - 1] + across->count[width - 1] - work->quad;
    work->slots = work->down.widest + imagecrop_batch(work->kind) - 1;
    work->group_bytes = columns * 4;
    work->ring = imagecrop_room(work->slots, work->group_bytes);
    work->block = imagecrop_room(work->quads, work->kernel->quad_bytes);
    work->lines = imagecrop_room(work->kind == IMAGECROP_ALPHA ? work->quads : 0, 4 * 16);
    work->line = imagecrop_room(columns, 1);
    work->window = imagecrop_room(work->down.widest, sizeof(uint8_t *));
    if (!work->ring || !work->block || !work->lines || !work->line || !work->window)
        return -1;
    memset(work->ring, 0, work->slots * work->group_bytes); /* columns of padding are never written */
    return 0;
}

/* Scale the box (x0, y0, x1, y1) of source to result. 0, or -1 if there is no memory. */
static int imagecrop_resize(const imagecrop_kernel *kernel, enum imagecrop_kind kind,
                            const imagecrop_view *source, const imagecrop_view *result, const float *box)
{
    imagecrop_work work = {.kernel = kernel, .kind = kind, .source = source};
    imagecrop_axis *across = &work.across, *down = &work.down;
    int failed = imagecrop_axis_build(across, source->width, box[0], box[2], result->width)
                 || imagecrop_axis_build(down, source->height, box[1], box[3], result->height)
                 || imagecrop_rooms(&work, result->width);
    if (!failed) {
        kernel->encode(across->taps, (size_t)across->outs * across->widest);
        kernel->encode(down->taps, (size_t)down->outs * down->widest);
        imagecrop_run(&work, result);
    }
    imagecrop_axis_free(across);
    imagecrop_axis_free(down);
    free(work.ring);
    free(work.block);
    free(work.lines);
    free(work.line);
    free(work.window);
    return failed ? -1 : 0;
}

#endif
