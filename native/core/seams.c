/* Straight lines along which unlike neighbours meet.
 *
 * A sample lies on a *seam* if the step across it is at least twice as steep as the steps beside
 * it. It is *quiet* if nothing changes around it at all, as where a dark picture lies on black:
 * that says little. All others contradict a seam. Lines on which many samples lie on one, of those
 * that say something, become candidates. */
#include "rectangles.h"

#define STEP 3      /* gray levels: less is noise */
#define CALM 2      /* gray levels: steps of no more are quiet */
#define NEAR 3      /* samples from a step to those that it is compared with; and twice as far */
#define BANDS 16    /* pieces of a line that are counted by themselves */
#define BUSY 0.4f   /* share of a piece on a seam, above which it speaks for the line */
#define ENOUGH 1.0f /* sum over pieces of what is above that */
#define BESIDE 2    /* lines next to one that is chosen are that one */

enum { PAD = 2 * NEAR, RING = 4 * NEAR + 1, SEAM = 1, CONTRADICTS = 2 };

static uint8_t lesser(uint8_t a, uint8_t b) { return a < b ? a : b; }
static uint8_t greater(uint8_t a, uint8_t b) { return a > b ? a : b; }

/* What a row of steps says: a seam is twice the second greatest of four beside it, so that one
 * other seam close by, the far edge of a thin line, does no harm. */
static void mark(const uint8_t *restrict here, const uint8_t *restrict a, const uint8_t *restrict b,
                 const uint8_t *restrict c, const uint8_t *restrict d, int32_t n,
                 uint8_t *restrict said) {
  for (int32_t x = 0; x < n; x++) {
    const uint8_t low = lesser(a[x], b[x]), high = greater(a[x], b[x]);
    const uint8_t less = lesser(c[x], d[x]), more = greater(c[x], d[x]);
    const uint8_t most = greater(high, more);
    const uint8_t second = greater(lesser(high, more), greater(low, less));
    const uint8_t seam = here[x] > STEP && here[x] / 2 >= second;
    const uint8_t calm = greater(most, here[x]) <= CALM;
    said[x] = seam ? SEAM : calm ? 0 : CONTRADICTS;
  }
}

typedef struct {
  const hm_sheet *sheet;
  uint8_t *upright, *level; /* what each sample says of seams between columns, and rows */
  uint8_t *steps;           /* rows of steps, with room for neighbours on both sides */
  float *scores;
  hm_evidence *counts; /* of the lines of an axis, in one band; and as bytes */
  uint8_t *bytes;
  hm_evidence *sums;
} desk;

static size_t longest(int32_t width, int32_t height) {
  return (size_t)(width > height ? width : height);
}
static size_t plane(int32_t width, int32_t height) {
  return hm_align((size_t)width * (size_t)height);
}
static size_t steps_size(int32_t width) { return hm_align(RING * ((size_t)width + 2 * PAD)); }
static size_t scores_size(size_t longer) { return hm_align(longer * sizeof(float)); }
static size_t counts_size(size_t longer) { return hm_align(longer * sizeof(hm_evidence)); }
static size_t bytes_size(size_t longer) { return hm_align(2 * longer); }
static size_t sums_size(size_t longer) {
  return hm_align(2 * HM_LINES * (longer + 1) * sizeof(hm_evidence));
}

size_t HM_NAME(hm_seams_room)(int32_t width, int32_t height) {
  const size_t longer = longest(width, height);
  return 2 * plane(width, height) + steps_size(width) + scores_size(longer) + counts_size(longer) +
         bytes_size(longer) + sums_size(longer);
}

static void lay_out(desk *d, const hm_sheet *sheet, void *room) {
  const size_t longer = longest(sheet->width, sheet->height);
  const size_t one = plane(sheet->width, sheet->height);
  uint8_t *at = room;
  d->sheet = sheet;
  d->upright = at;
  d->level = at += one;
  d->steps = at += one;
  d->scores = (float *)(void *)(at += steps_size(sheet->width));
  d->counts = (hm_evidence *)(void *)(at += scores_size(longer));
  d->bytes = at += counts_size(longer);
  d->sums = (hm_evidence *)(void *)(at + bytes_size(longer));
}

static void find_upright(const desk *d) {
  const int32_t w = d->sheet->width;
  uint8_t *const s = d->steps + PAD;
  for (int32_t k = 0; k < PAD; k++) s[-1 - k] = s[w + k] = 0;
  s[0] = s[w - 1] = 0;
  for (int32_t y = 0; y < d->sheet->height; y++) {
    const uint8_t *row = d->sheet->gray + (size_t)y * (size_t)w;
    for (int32_t x = 1; x < w - 1; x++) s[x] = hm_step(row[x + 1], row[x - 1]);
    mark(s, s - 2 * NEAR, s - NEAR, s + NEAR, s + 2 * NEAR, w, d->upright + (size_t)y * (size_t)w);
  }
}

static void find_level(const desk *d) {
  const int32_t w = d->sheet->width, h = d->sheet->height;
  uint8_t *row[RING];
  for (int32_t k = 0; k < RING; k++) {
    row[k] = d->steps + (size_t)k * (size_t)w;
    for (int32_t x = 0; x < w; x++) row[k][x] = 0;
  }
  /* Steps of row y are kept at y modulo the ring, and made when their farthest neighbour asks. */
  for (int32_t y = -PAD; y < h; y++) {
    const int32_t next = y + PAD;
    uint8_t *restrict made = row[(next + RING) % RING];
    const int32_t inside = next >= 1 && next < h - 1;
    const uint8_t *above = d->sheet->gray + (inside ? (size_t)(next - 1) * (size_t)w : 0);
    const uint8_t *below = d->sheet->gray + (inside ? (size_t)(next + 1) * (size_t)w : 0);
    for (int32_t x = 0; x < w; x++) made[x] = hm_step(above[x], below[x]);
    if (y < 0) continue;
    mark(row[y % RING], row[(y - 2 * NEAR + RING) % RING], row[(y - NEAR + RING) % RING],
         row[(y + NEAR) % RING], row[(y + 2 * NEAR) % RING], w, d->level + (size_t)y * (size_t)w);
  }
}

/* One axis: `across` samples lie between two of its lines, `along` between two of a line. */
typedef struct {
  const uint8_t *said;
  int32_t n, length;
  size_t across, along;
} axis;

/* Adds up what samples say, in bytes, of which many are added at once until they could overflow. */
#define BYTE 255
#define WIDE 32

static hm_evidence sum_up(const uint8_t *said, int32_t n) {
  hm_evidence sum = {0, 0};
  while (n >= WIDE) {
    uint8_t seams[WIDE] = {0}, busy[WIDE] = {0};
    for (int32_t k = 0; k < BYTE && n >= WIDE; k++, n -= WIDE, said += WIDE)
      for (int32_t l = 0; l < WIDE; l++) seams[l] += said[l] & 1, busy[l] += said[l] >> 1;
    for (int32_t l = 0; l < WIDE; l++) sum.seam += seams[l], sum.busy += busy[l];
  }
  for (int32_t l = 0; l < n; l++) sum.seam += said[l] & 1, sum.busy += said[l] >> 1;
  return sum;
}

/* The same of each column between two rows. */
static void sum_columns(const desk *d, const axis *a, int32_t from, int32_t to) {
  const int32_t n = a->n; /* read once: bytes that are written might be those of anything */
  uint8_t *const restrict seams = d->bytes, *const restrict busy = d->bytes + n;
  hm_evidence *const restrict sums = d->counts;
  for (int32_t c = 0; c < n; c++) sums[c] = (hm_evidence){0, 0};
  while (from < to) {
    for (int32_t c = 0; c < n; c++) seams[c] = busy[c] = 0;
    for (int32_t k = 0; k < BYTE && from < to; k++, from++) {
      const uint8_t *const restrict line = a->said + (size_t)from * a->along;
      for (int32_t c = 0; c < n; c++) seams[c] += line[c] & 1, busy[c] += line[c] >> 1;
    }
    for (int32_t c = 0; c < n; c++) sums[c].seam += seams[c], sums[c].busy += busy[c];
  }
}

/* What speaks for each line. */
static void score(const desk *d, const axis *a) {
  for (int32_t c = 0; c < a->n; c++) d->scores[c] = 0.0f;
  for (int32_t band = 0; band < BANDS; band++) {
    const int32_t from = (int32_t)((int64_t)a->length * band / BANDS);
    const int32_t to = (int32_t)((int64_t)a->length * (band + 1) / BANDS);
    if (a->across == 1)
      sum_columns(d, a, from, to);
    else
      for (int32_t c = 0; c < a->n; c++)
        d->counts[c] = sum_up(a->said + (size_t)c * a->across + (size_t)from, to - from);
    for (int32_t c = 0; c < a->n; c++) {
      const hm_evidence sum = d->counts[c];
      const float over = hm_seam_share(sum.seam, sum.busy, to - from) - BUSY;
      d->scores[c] += over > 0.0f ? over : 0.0f;
    }
  }
}

/* The best lines, none beside another, in order of their places. */
static int32_t choose(float *scores, int32_t n, int32_t chosen[HM_LINES]) {
  int32_t count = 0;
  while (count < HM_LINES) {
    int32_t best = BESIDE;
    for (int32_t c = BESIDE; c < n - BESIDE; c++)
      if (scores[c] > scores[best]) best = c;
    if (scores[best] < ENOUGH) break;
    for (int32_t c = best - BESIDE; c <= best + BESIDE; c++) scores[c] = 0.0f;
    int32_t at = count++;
    for (; at > 0 && chosen[at - 1] > best; at--) chosen[at] = chosen[at - 1];
    chosen[at] = best;
  }
  return count;
}

/* A sharp line lies between two samples; a blurred one takes up some, which belong to neither side.
 */
static void refine(const desk *d, const axis *a, int32_t place, int32_t *low, int32_t *high) {
  enum { REACH = 2, PLACES = 2 * REACH + 2 };
  int64_t sums[PLACES] = {0}, most = 0;
  for (int32_t k = 0; k < a->length; k++) {
    const size_t at = (size_t)k * a->along;
    if (a->said[at + (size_t)place * a->across] != SEAM) continue;
    const uint8_t *const line = d->sheet->gray + at;
    for (int32_t o = 0; o < PLACES; o++) {
      const int32_t c = place + o - REACH;
      if (c >= 1 && c < a->n)
        sums[o] += hm_step(line[(size_t)c * a->across], line[(size_t)(c - 1) * a->across]);
    }
  }
  for (int32_t o = 0; o < PLACES; o++)
    if (sums[o] > most) most = sums[o];
  *low = *high = place;
  for (int32_t o = PLACES - 1; o >= 0; o--)
    if (sums[o] * 3 >= most) *low = place + o - REACH;
  for (int32_t o = 0; o < PLACES; o++)
    if (sums[o] * 3 >= most) *high = place + o - REACH;
}

static void find_lines(const desk *d, const axis *a, hm_evidence *sums, hm_lines *found) {
  int32_t chosen[HM_LINES];
  score(d, a);
  const int32_t count = choose(d->scores, a->n, chosen);
  found->count = count + 2;
  found->low[0] = found->high[0] = 0;
  found->low[count + 1] = found->high[count + 1] = a->n;
  found->sums[0] = found->sums[count + 1] = 0;
  found->whole[0] = found->whole[count + 1] = 1.0f;
  for (int32_t k = 0; k < count; k++) {
    const int32_t at = k + 1;
    refine(d, a, chosen[k], &found->low[at], &found->high[at]);
    found->sums[at] = sums;
    hm_evidence sum = {0, 0};
    *sums++ = sum;
    for (int32_t i = 0; i < a->length; i++) {
      const uint8_t said = a->said[(size_t)i * a->along + (size_t)chosen[k] * a->across];
      sum.seam += said & 1;
      sum.busy += said >> 1;
      *sums++ = sum;
    }
    found->whole[at] = hm_seam_share(sum.seam, sum.busy, a->length);
  }
}

void HM_NAME(hm_seams)(const hm_sheet *sheet, void *room, hm_lines *columns, hm_lines *rows) {
  const int32_t w = sheet->width, h = sheet->height;
  desk d;
  lay_out(&d, sheet, room);
  find_upright(&d);
  find_level(&d);
  const axis across = {d.upright, w, h, 1, (size_t)w}, down = {d.level, h, w, (size_t)w, 1};
  find_lines(&d, &across, d.sums, columns);
  find_lines(&d, &down, d.sums + (size_t)HM_LINES * (longest(w, h) + 1), rows);
}
