/* Which way a key point lies: where the gradients around it point. */
#include "internal.h"

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
    weight[radius + k] = weight[radius - k] = hm_exp2(-(float)(k * k) * spread);
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

int32_t HM_NAME(hm_turns)(const hm_octave *o, const hm_candidate *c, uint16_t turns[HM_TURNS]) {
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
