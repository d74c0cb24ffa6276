/* Lanczos resampling of rows of 8-bit pixels, two passes, with the very arithmetic of Pillow's Resample.c:
 * weights in double precision, rounded to 22 fractional bits; horizontal sums rounded and clipped to 8 bits;
 * vertical sums likewise. Integer sums do not depend on their order, so the result is Pillow's, bit for bit,
 * on every processor; only the way to the sums differs (imagecrop_kernels.h).
 *
 * What flows through (of a gray image, 4 rows are taken as one row of "pixels" that hold the same column of each):
 *
 *     rows --pack--> block of quads --across--> group of columns --down--> result rows
 *
 * quad     4 neighbouring source pixels of all rows packed together, laid out as one kernel likes it. A window
 *          of the filter is a run of whole quads; taps beside the true window are 0.
 * group    for each byte column of the result, the 4 bytes that 4 rows have there, side by side:
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
#define IMAGECROP_ROWS 32 /* that are packed together, at most */

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
    if (count > SIZE_MAX / 2 / size)
        return NULL;
    return aligned_alloc(IMAGECROP_ALIGN, (count * size / IMAGECROP_ALIGN + 1) * IMAGECROP_ALIGN);
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
    int most = ((int)support + 1) * 2 + 1;

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
    const imagecrop_view *source, *result;
    imagecrop_axis across, down;
    size_t pixel;             /* bytes of a pixel: 1 or 4 */
    int gray, rows;           /* rows packed together: 8, or 32 of a gray image */
    int half;                 /* rows in one half of a block */
    int quad, quads;          /* the source columns in use: the first quad, and how many */
    int pixels;               /* of them inside the image */
    int slots;                /* groups in the ring */
    size_t group_bytes, line_bytes;
    uint8_t *ring, *turned, *block, *lines, *line;
    const uint8_t **window;   /* groups of one vertical window */
} imagecrop_work;

static uint8_t *imagecrop_slot(const imagecrop_work *work, int group)
{
    return work->ring + (size_t)(group % work->slots) * work->group_bytes;
}

static uint8_t *imagecrop_line(const imagecrop_work *work, int i)
{
    return work->lines + (size_t)i * work->line_bytes;
}

/* Point to `count` source rows from `row` on, at the first pixel in use; below the image its last row repeats. */
static void imagecrop_point(const imagecrop_work *work, const uint8_t **at, int row, int count)
{
    const imagecrop_view *source = work->source;
    for (int i = 0; i < count; i++) {
        int y = row + i < source->height ? row + i : source->height - 1;
        at[i] = source->rows[y] + (size_t)work->quad * 4 * work->pixel;
    }
}

/* Likewise, premultiplied if they have an alpha. */
static void imagecrop_source(imagecrop_work *work, const uint8_t **at, int row, int count)
{
    imagecrop_point(work, at, row, count);
    for (int i = 0; i < count && work->kind == IMAGECROP_ALPHA; i++) {
        work->kernel->premultiply(imagecrop_line(work, i), at[i], work->pixels);
        at[i] = imagecrop_line(work, i);
    }
}

/* Pack `quads` quads of rows into the block, from its quad `to` on. */
static void imagecrop_pack(imagecrop_work *work, int to, const uint8_t *const *at, int quads)
{
    uint8_t *block = work->block + (size_t)to * IMAGECROP_HALVES * work->kernel->quad_bytes;
    for (int half = 0; half < IMAGECROP_HALVES; half++)
        work->kernel->pack(block + half * work->kernel->quad_bytes, at + half * work->half, quads, work->gray);
}

/* Pack source rows; the last quad may end beyond them. */
static void imagecrop_pack_source(imagecrop_work *work, const uint8_t **at)
{
    int whole = work->pixels / 4;
    uint8_t edge[IMAGECROP_ROWS][16] = {{0}};

    imagecrop_pack(work, 0, at, whole);
    if (whole == work->quads)
        return;
    for (int i = 0; i < work->rows; i++) {
        memcpy(edge[i], at[i] + whole * 4 * work->pixel, work->pixels % 4 * work->pixel);
        at[i] = edge[i];
    }
    imagecrop_pack(work, whole, at, 1);
}

static void imagecrop_finish(const imagecrop_work *work, int y, const uint8_t *line)
{
    uint8_t *out = work->result->rows[y];
    int width = work->result->width;
    if (work->kind == IMAGECROP_ALPHA)
        work->kernel->unpremultiply(out, line, width);
    else if (work->kind == IMAGECROP_GRAY)
        memcpy(out, line, width);
    else
        imagecrop_opaque(out, line, width);
}

/* Sum the window of result row y. */
static void imagecrop_down(imagecrop_work *work, int y, uint8_t *line)
{
    const imagecrop_axis *down = &work->down;
    int columns = (int)(work->group_bytes / 4);
    for (int i = 0; i < down->count[y]; i++)
        work->window[i] = imagecrop_slot(work, down->first[y] + i);
    work->kernel->down(line, work->window, down->taps + (size_t)y * down->widest * 4, down->count[y], columns);
}

/* Bring the groups from `next` on into the ring, as many as are packed together, and fetch the rows after them. */
static void imagecrop_advance(imagecrop_work *work, int next)
{
    const uint8_t *at[IMAGECROP_ROWS], *after[IMAGECROP_ROWS];
    uint8_t *groups[IMAGECROP_ROWS / 4];
    imagecrop_ahead ahead = {after, work->rows, work->pixels * work->pixel, 0};
    for (int i = 0; i < work->rows / 4; i++)
        groups[i] = imagecrop_slot(work, next + i);
    imagecrop_source(work, at, next * 4, work->rows);
    imagecrop_point(work, after, next * 4 + work->rows, work->rows);
    imagecrop_pack_source(work, at);
    work->kernel->across(groups, work->block, &work->across, work->quad, work->gray, &ahead);
}

/* Scale rows first: the groups of the ring are of result width. */
static void imagecrop_across_first(imagecrop_work *work)
{
    const imagecrop_axis *down = &work->down;
    for (int y = 0, next = down->first[0]; y < work->result->height; y++) {
        for (; next < down->first[y] + down->count[y]; next += work->rows / 4)
            imagecrop_advance(work, next);
        imagecrop_down(work, y, work->line);
        imagecrop_finish(work, y, work->line);
    }
}

/* Scale columns first: the groups of the ring are of source width, the result is made 8 or 32 rows at a time. */
static void imagecrop_down_first(imagecrop_work *work)
{
    const imagecrop_axis *down = &work->down;
    int columns = work->result->width * (int)work->pixel, height = work->result->height;
    size_t turned_bytes = (size_t)columns * 4;
    const uint8_t *at[4], *packed[IMAGECROP_ROWS];
    uint8_t *groups[IMAGECROP_ROWS / 4], *lines[4];
    imagecrop_ahead nothing = {0};
    for (int i = 0; i < work->rows / 4; i++)
        groups[i] = work->turned + i * turned_bytes;
    for (int i = 0; i < 4; i++)
        lines[i] = work->line + (size_t)i * columns;
    for (int top = 0, next = down->first[0]; top < height; top += work->rows) {
        for (int i = 0; i < work->rows; i++) {
            int y = top + i < height ? top + i : height - 1;
            for (; next < down->first[y] + down->count[y]; next++) {
                imagecrop_source(work, at, next * 4, 4);
                work->kernel->interleave(imagecrop_slot(work, next), at, work->pixels * (int)work->pixel);
            }
            imagecrop_down(work, y, imagecrop_line(work, 4 + i));
            packed[i] = imagecrop_line(work, 4 + i);
        }
        imagecrop_pack(work, 0, packed, work->quads);
        work->kernel->across(groups, work->block, &work->across, work->quad, work->gray, &nothing);
        for (int i = 0; i < work->rows && top + i < height; i++) {
            if (i % 4 == 0)
                work->kernel->deinterleave(lines, groups[i / 4], columns);
            imagecrop_finish(work, top + i, lines[i % 4]);
        }
    }
}

static size_t imagecrop_chunks(size_t bytes)
{
    return (bytes + IMAGECROP_CHUNK - 1) / IMAGECROP_CHUNK * IMAGECROP_CHUNK;
}

/* Lay out the work on the two axes, and allocate what it needs. 0, or -1 if there is no memory. */
static int imagecrop_prepare(imagecrop_work *work, int down_first)
{
    const imagecrop_axis *across = &work->across;
    int last = across->outs - 1, end;
    size_t columns = (size_t)across->outs * work->pixel;
    work->gray = work->kind == IMAGECROP_GRAY;
    work->half = work->gray ? 16 : 4;
    work->rows = work->half * IMAGECROP_HALVES;
    work->quad = across->first[0];
    work->quads = across->first[last] + across->count[last] - work->quad;
    end = (work->quad + work->quads) * 4;
    work->pixels = (end < work->source->width ? end : work->source->width) - work->quad * 4;
    work->slots = work->down.widest + work->rows / 4 - 1;
    work->line_bytes = imagecrop_chunks((size_t)work->quads * 4 * work->pixel);
    work->group_bytes = 4 * (down_first ? work->line_bytes : imagecrop_chunks(columns));
    work->ring = imagecrop_room(work->slots, work->group_bytes);
    work->block = imagecrop_room(work->quads, IMAGECROP_HALVES * work->kernel->quad_bytes);
    work->lines = imagecrop_room(4 + work->rows, work->line_bytes);
    work->line = imagecrop_room(4, imagecrop_chunks(columns));
    work->turned = imagecrop_room(columns, work->rows);
    work->window = imagecrop_room(work->down.widest, sizeof(uint8_t *));
    if (!work->ring || !work->block || !work->lines || !work->line || !work->turned || !work->window)
        return -1;
    memset(work->ring, 0, work->slots * work->group_bytes); /* columns of padding are never written */
    return 0;
}

static void imagecrop_free(imagecrop_work *work)
{
    imagecrop_axis_free(&work->across);
    imagecrop_axis_free(&work->down);
    free(work->ring);
    free(work->block);
    free(work->lines);
    free(work->line);
    free(work->turned);
    free(work->window);
}

/* Scale the box (x0, y0, x1, y1) of source to result, rows first or columns first. 0, or -1 without memory. */
static int imagecrop_resize(const imagecrop_kernel *kernel, enum imagecrop_kind kind, int down_first,
                            const imagecrop_view *source, const imagecrop_view *result, const float *box)
{
    imagecrop_work work = {.kernel = kernel, .kind = kind, .source = source, .result = result};
    imagecrop_axis *across = &work.across, *down = &work.down;
    int failed = imagecrop_axis_build(across, source->width, box[0], box[2], result->width)
                 || imagecrop_axis_build(down, source->height, box[1], box[3], result->height);
    work.pixel = kind == IMAGECROP_GRAY ? 1 : 4;
    failed = failed || imagecrop_prepare(&work, down_first);
    if (!failed) {
        kernel->encode(across->taps, (size_t)across->outs * across->widest);
        kernel->encode(down->taps, (size_t)down->outs * down->widest);
        if (down_first)
            imagecrop_down_first(&work);
        else
            imagecrop_across_first(&work);
    }
    imagecrop_free(&work);
    return failed;
}

#endif
