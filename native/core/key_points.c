/* Of the extrema found, which are kept. */
#include "internal.h"

static float scaled(float value, int32_t power) { return value * (float)(1 << power); }

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
  c.sigma = 1.6f * hm_exp2(c.scale / (float)HM_SCALES);
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
