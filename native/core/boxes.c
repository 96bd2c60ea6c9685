/* PDQ of parts of a gray picture: as they are; or in all eight turns, and drawn out.
 *
 * The operator is that of hm_pdq_scaled, in a cheaper form: the two box filters make a tent, which
 * is integrated over the samples in closed form, and each row that was filtered serves the grids of
 * the upright and of the mirrored columns. */
#include "internal.h"
#include "transpose.h"

#define REACH 4 /* samples beside those of a tent: two for the slope, two for rounding */
#define ROWS 4  /* rows that are weighted and added together */
#define LOST 14 /* of an axis that is drawn out, one part in so many is put to it */

/* An axis as it is, mirrored, and as that of a picture which lost a little at both ends: what it
 * showed there is taken to be as the outermost samples are. All else then lies where it lay. */
enum { AS_IS, MIRRORED, DRAWN_OUT, AXES };

/* What the largest reduction needs is the least, so the room is that of none. */
static int32_t pitch_of(int32_t n) {
  return (2 * hm_window(n + n / LOST + 1) + REACH + HM_LANES - 1) / HM_LANES * HM_LANES;
}
static size_t weights_size(int32_t n) {
  return hm_align(sizeof(float) * HM_GRID * (size_t)pitch_of(n));
}
static size_t line(int32_t n) { return ((size_t)n + HM_LANES - 1) / HM_LANES * HM_LANES; }
static size_t lines_size(int32_t n) { return hm_align(sizeof(float) * HM_LANES * line(n)); }

size_t HM_NAME(hm_boxes_room)(int32_t width, int32_t height) {
  return 64 + AXES * (weights_size(width) + weights_size(height)) + 2 * lines_size(width);
}

/* The integral of a tent over [-1, 1] up to t, and of t times it. */
static void integrals(float t, float *area, float *moment) {
  t = t < -1.0f ? -1.0f : t > 1.0f ? 1.0f : t;
  const float s = t < 0.0f ? -t : t;
  *area = 0.5f + (t - 0.5f * t * s);
  *moment = 0.5f * s * s - s * s * s / 3.0f - 1.0f / 6.0f;
}

/* The sample at a place, or the outermost beside it. */
static int32_t within(float place, int32_t n) {
  const int32_t sample = (int32_t)place;
  return sample < 0 ? 0 : sample < n ? sample : n - 1;
}

/* PDQ's windows along an axis of n samples, each of which stands for so many of the picture. A
 * sample is the mean of what it stands for, which is taken to rise as it does from the sample
 * before to the one after. */
static void make(hm_taps *taps, int32_t n, int32_t reduction, int32_t kind, float *weight) {
  const int32_t shown = n * reduction, lost = kind == DRAWN_OUT ? shown / LOST : 0;
  const int32_t pitch = pitch_of(n), full = shown + lost, window = hm_window(full);
  const int32_t ahead = hm_ahead(window), behind = window - 1 - ahead;
  const float half = (float)window / (float)reduction; /* of the tent's foot */
  taps->pitch = pitch;
  taps->weight = weight;
  for (int32_t o = 0; o < HM_GRID; o++) {
    /* Each filter moves by half of what its window lies off the middle. */
    float middle = ((float)(hm_sample(o, full) + ahead - behind) + 0.5f) / (float)reduction;
    if (kind == MIRRORED) middle = (float)n - middle;
    if (kind == DRAWN_OUT) middle -= 0.5f * (float)lost / (float)reduction;
    const int32_t a = within(middle - half, n), b = within(middle + half, n);
    const int32_t start = a > 0 ? a - 1 : 0, end = b < n - 1 ? b + 1 : b;
    float *const w = weight + (size_t)o * (size_t)pitch;
    for (int32_t k = 0; k < pitch; k++) w[k] = 0.0f;
    float area = 0.0f, moment = 0.0f;
    for (int32_t c = a; c <= b; c++) {
      float next, further;
      /* What a window has outside counts for the outermost sample. */
      integrals(c == b ? 1.0f : ((float)(c + 1) - middle) / half, &next, &further);
      const float share = next - area;
      /* Share times the distance of its middle from the sample's. */
      const float slope = half * (further - moment) + share * (middle - ((float)c + 0.5f));
      const int32_t before = c > 0 ? c - 1 : 0, after = c < n - 1 ? c + 1 : c;
      w[c - start] += share;
      if (reduction > 1 && c > a && c < b) {
        w[after - start] += slope / (float)(after - before);
        w[before - start] -= slope / (float)(after - before);
      }
      area = next;
      moment = further;
    }
    taps->start[o] = start;
    taps->count[o] = end - start + 1;
  }
}

static void filter_rows(const hm_picture *box, const hm_taps *rows, int32_t i,
                        float *restrict out) {
  const float *weight = rows->weight + (size_t)i * (size_t)rows->pitch;
  const int32_t count = rows->count[i];
  const size_t n = (size_t)box->width;
  for (int32_t k = 0; k < count; k += ROWS) {
    /* Weights past the count are zero: any row will do there. */
    const uint8_t *row[ROWS];
    for (int32_t r = 0; r < ROWS; r++) {
      const int32_t y = rows->start[i] + (k + r < count ? k + r : count - 1);
      row[r] = box->pixels + (size_t)y * box->stride;
    }
    const uint8_t *restrict p = row[0], *restrict q = row[1];
    const uint8_t *restrict r = row[2], *restrict s = row[3];
    const float a = weight[k], b = weight[k + 1], c = weight[k + 2], d = weight[k + 3];
    if (k == 0)
      for (size_t j = 0; j < n; j++)
        out[j] = (a * (float)p[j] + b * (float)q[j]) + (c * (float)r[j] + d * (float)s[j]);
    else
      for (size_t j = 0; j < n; j++)
        out[j] += (a * (float)p[j] + b * (float)q[j]) + (c * (float)r[j] + d * (float)s[j]);
  }
}

static void filter_columns(const float *turned, const hm_taps *columns, int32_t row,
                           float grid[HM_GRID][HM_GRID]) {
  for (int32_t o = 0; o < HM_GRID; o++) {
    const float *const w = columns->weight + (size_t)o * (size_t)columns->pitch;
    const float *const from = turned + (size_t)columns->start[o] * HM_LANES;
    hm_lanes sum = {0}, column;
    for (int32_t k = 0; k < columns->count[o]; k++) {
      __builtin_memcpy(&column, from + (size_t)k * HM_LANES, sizeof column);
      sum += w[k] * column;
    }
    __builtin_memcpy(&grid[o][row], &sum, sizeof sum);
  }
}

static void transpose(const uint8_t from[32], uint8_t to[32]) {
  for (int32_t b = 0; b < 32; b++) to[b] = 0;
  for (int32_t at = 0; at < 256; at++) {
    const int32_t goes = at % 16 * 16 + at / 16;
    to[31 - goes / 8] |= (uint8_t)((from[31 - at / 8] >> (at % 8) & 1) << (goes % 8));
  }
}

void HM_NAME(hm_boxes_hash)(const hm_picture *box, int32_t reduction, int32_t turned,
                            const hm_factors *factors, void *room, hm_turned *out) {
  static const struct {
    int8_t upright, transposed; /* the latter is -1 for none */
  } laid[AXES][AXES] = {
      {{HM_ORIGINAL, HM_FLIP_PLUS_1}, {HM_FLIP_Y, HM_ROTATE_90}, {HM_WIDER, -1}},
      {{HM_FLIP_X, HM_ROTATE_270}, {HM_ROTATE_180, HM_FLIP_MINUS_1}},
      {{HM_TALLER, -1}},
  };
  const int32_t axes = turned ? AXES : 1;
  char *at = (char *)(((uintptr_t)room + 63) & ~(uintptr_t)63);
  float *const lines = (float *)(void *)at;
  float *const columnwise = (float *)(void *)(at += lines_size(box->width));
  at += lines_size(box->width);
  hm_taps rows[AXES], columns[AXES];
  for (int32_t kind = 0; kind < axes; kind++) {
    make(&columns[kind], box->width, reduction, kind, (float *)(void *)at);
    make(&rows[kind], box->height, reduction, kind,
         (float *)(void *)(at += weights_size(box->width)));
    at += weights_size(box->height);
  }
  if (!turned) *out = (hm_turned){0};
  for (int32_t r = 0; r < axes; r++) {
    /* Neither is drawn out beside one that is mirrored or drawn out. */
    const int32_t beside = axes - r;
    float grid[AXES][HM_GRID][HM_GRID], dct[256]; /* a row is a column of the picture */
    for (int32_t i = 0; i < HM_GRID; i += HM_LANES) {
      for (int32_t k = 0; k < HM_LANES; k++)
        filter_rows(box, &rows[r], i + k, lines + (size_t)k * line(box->width));
      hm_turn(lines, line(box->width), columnwise);
      for (int32_t c = 0; c < beside; c++) filter_columns(columnwise, &columns[c], i, grid[c]);
    }
    if (r == 0) out->quality = hm_grid_quality(grid[0], 0.0f);
    for (int32_t c = 0; c < beside; c++) {
      uint8_t code[32];
      hm_spectrum_dct(factors, &grid[c][0][0], dct);
      hm_spectrum_code(dct, code);
      transpose(code, out->codes[laid[r][c].upright]);
      if (turned && laid[r][c].transposed >= 0)
        __builtin_memcpy(out->codes[laid[r][c].transposed], code, sizeof code);
    }
  }
}
