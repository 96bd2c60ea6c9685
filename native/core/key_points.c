/* Of the extrema found, which are kept, and which way each lies. */
#include "internal.h"

static float scaled(float value, int32_t power) { return value * (float)(1 << power); }

/* 2^x for x from -126 to 126, within 3e-7 of it. */
static float exp2_of(float x) {
  const int32_t whole = (int32_t)(x + 127.0f) - 127;
  const float f = x - (float)whole;
  const float part =
      1.0f + f * (0.69314718f +
                  f * (0.24022651f +
                       f * (0.05550411f + f * (0.00961813f + f * (0.00133336f + f * 0.000154f)))));
  union {
    uint32_t bits;
    float value;
  } power = {(uint32_t)(whole + 127) << 23};
  return part * power.value;
}

/* --- the strongest of them -------------------------------------------------------------------- */

static int32_t before(const hm_candidate *a, const hm_candidate *b) {
  return a->score != b->score ? a->score > b->score : a->order < b->order;
}

static void sift(hm_candidate *c, int32_t root, int32_t count) {
  const hm_candidate moved = c[root];
  for (int32_t child; (child = 2 * root + 1) < count; root = child) {
    if (child + 1 < count && before(&c[child], &c[child + 1])) child++;
    if (!before(&moved, &c[child])) break;
    c[root] = c[child];
  }
  c[root] = moved;
}

/* Best first. A heap sort: its time is bounded whatever the picture. */
void hm_key_points_sort(hm_candidate *c, int32_t count) {
  for (int32_t root = count / 2 - 1; root >= 0; root--) sift(c, root, count);
  for (int32_t end = count - 1; end > 0; end--) {
    const hm_candidate last = c[end];
    c[end] = c[0];
    c[0] = last;
    sift(c, 0, end);
  }
}

/* How much of [at - half, at + half] lies in [0, n]. */
static float inside(float at, float half, float n) {
  const float from = at - half > 0.0f ? at - half : 0.0f, to = at + half < n ? at + half : n;
  return to > from ? (to - from) / (2.0f * half) : 0.0f;
}

void hm_key_points_keep(void *kept, const hm_candidate *found) {
  hm_key_points *points = kept;
  hm_candidate c = *found;
  c.sigma = 1.6f * exp2_of(c.scale / (float)HM_SCALES);
  c.size = scaled(2.0f * c.sigma, c.octave);
  const float x = scaled(c.x, c.octave) + 0.5f, y = scaled(c.y, c.octave) + 0.5f;
  const float half = 0.5f * HM_REGION * c.size;
  const float seen = inside(x, half, (float)points->width) * inside(y, half, (float)points->height);
  /* What lies outside of the picture is not known, and differs where the picture is put in another.
   */
  if (seen < HM_LEAST_SEEN) return;
  c.score = __builtin_sqrtf(c.response) * c.size * seen * seen;
  c.order = points->found++;
  if (points->count == HM_CANDIDATES) {
    if (c.score <= points->least) return;
    hm_key_points_sort(points->candidate, points->count);
    points->count = HM_CANDIDATES / 2;
    points->least = points->candidate[points->count - 1].score;
    if (c.score <= points->least) return;
  }
  points->candidate[points->count++] = c;
}

/* --- which way they lie ----------------------------------------------------------------------- */

#define BINS 36
#define WINDOW 1.5f /* the Gaussian's, in sigmas of the key point */
#define REACH 3.0f
#define WIDEST 20 /* REACH * 1.6 * 2^(5 / 3), and a little */

/* The direction of (x, y) in bins, 0 to BINS; within 1e-4 of it. */
static float direction(float x, float y) {
  const float ax = x < 0.0f ? -x : x, ay = y < 0.0f ? -y : y;
  const float low = ax < ay ? ax : ay, high = ax < ay ? ay : ax;
  const float t = low / (high + 1e-30f), s = t * t;
  float a =
      t * (0.9998660f + s * (-0.3302995f + s * (0.1801410f + s * (-0.0851330f + s * 0.0208351f))));
  a = ay > ax ? 1.57079633f - a : a;
  a = x < 0.0f ? 3.14159265f - a : a;
  a = y < 0.0f ? 6.28318531f - a : a;
  return a * (float)(BINS / 6.283185307179586);
}

static void histogram(const hm_octave *o, const hm_candidate *c, float sums[BINS]) {
  const float *const image = o->layer[c->layer];
  const int32_t x = (int32_t)(c->x + 0.5f), y = (int32_t)(c->y + 0.5f);
  const int32_t radius = (int32_t)(REACH * c->sigma + 0.5f);
  const float spread = 0.72134752f / (WINDOW * WINDOW * c->sigma * c->sigma); /* log2(e) / 2 */
  float weight[2 * WIDEST + 1], size[2 * WIDEST + 1], turn[2 * WIDEST + 1];
  for (int32_t k = 0; k <= radius; k++)
    weight[radius + k] = weight[radius - k] = exp2_of(-(float)(k * k) * spread);
  const int32_t left = x - radius < 1 ? 1 : x - radius;
  const int32_t right = x + radius > o->width - 2 ? o->width - 2 : x + radius;
  const int32_t top = y - radius < 1 ? 1 : y - radius;
  const int32_t bottom = y + radius > o->height - 2 ? o->height - 2 : y + radius;
  for (int32_t k = 0; k < BINS; k++) sums[k] = 0.0f;
  for (int32_t i = top; i <= bottom; i++) {
    const float *const row = image + (size_t)i * (size_t)o->pitch + left;
    const float *const above = row - o->pitch, *const below = row + o->pitch;
    const float *const across = weight + (left - x + radius);
    const float down = weight[i - y + radius];
    const int32_t n = right - left + 1;
    for (int32_t k = 0; k < n; k++) {
      const float dx = row[k + 1] - row[k - 1], dy = below[k] - above[k];
      size[k] = down * across[k] * __builtin_sqrtf(dx * dx + dy * dy);
      turn[k] = direction(dx, dy) + 0.5f;
    }
    for (int32_t k = 0; k < n; k++) {
      const int32_t bin = (int32_t)turn[k];
      sums[bin >= BINS ? bin - BINS : bin] += size[k];
    }
  }
}

int32_t hm_key_points_turns(const hm_octave *o, const hm_candidate *c, uint16_t turns[HM_TURNS]) {
  float sums[BINS], smooth[BINS];
  histogram(o, c, sums);
  float most = 0.0f;
  for (int32_t k = 0; k < BINS; k++) {
    const float near = sums[(k + 1) % BINS] + sums[(k + BINS - 1) % BINS];
    const float far = sums[(k + 2) % BINS] + sums[(k + BINS - 2) % BINS];
    smooth[k] = sums[k] * 0.375f + near * 0.25f + far * 0.0625f;
    if (smooth[k] > most) most = smooth[k];
  }
  int32_t count = 0;
  for (int32_t k = 0; k < BINS && count < HM_TURNS; k++) {
    const float l = smooth[(k + BINS - 1) % BINS], r = smooth[(k + 1) % BINS], m = smooth[k];
    if (m <= l || m < r || m < 0.8f * most) continue;
    const float bin = (float)k + 0.5f * (l - r) / (l - 2.0f * m + r);
    const float turn = (bin < 0.0f ? bin + (float)BINS : bin) * (65536.0f / (float)BINS) + 0.5f;
    turns[count++] = (uint16_t)((uint32_t)turn & 0xffff);
  }
  return count;
}
