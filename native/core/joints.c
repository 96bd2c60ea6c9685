/* Where unlike pictures meet in one: along a straight line from side to side, as in a collage, a
 * post or a screenshot; a horizon may be such a line, too. Integers only: the same everywhere. */
#include "internal.h"

/* Lines on either side of a joint that are looked at, from beyond its blur on. */
enum { BEYOND = 2, REACH = 8, NEAR = 2 * REACH };
/* A joint lies so far from the ends: in hundredths of them, and in lines. */
enum { RIM = 6, LEAST_RIM = 5 };
/* Steps count up to so many levels; from STEP on they tell, if they are as large as four fifths of
 * the largest near by; of all along a joint, eleven twentieths must. */
enum { MOST = 40, STEP = 6 };
/* Joints that lie within an eighth of all lines are one: a gap has two sides, a horizon many. */
enum { ONE = 8 };

typedef struct {
  const uint8_t *samples; /* of line l and place k: samples[l * pitch + k * apart] */
  size_t pitch, apart;
  int32_t lines, places;
} plane;

size_t hm_joint_workspace(int32_t width, int32_t height) {
  if (width < 1 || height < 1 || width > HM_MAX_SIDE || height > HM_MAX_SIDE) return 0;
  const int32_t longer = width > height ? width : height;
  return 64 + hm_align((size_t)width * (size_t)height) + (size_t)longer * sizeof(int32_t);
}

/* The steps from each line to the next, and what they sum up to. */
static void step(const plane *p, uint8_t *steps, int32_t *sums) {
  for (int32_t l = 0; l + 1 < p->lines; l++) {
    const uint8_t *const one = p->samples + (size_t)l * p->pitch, *const other = one + p->pitch;
    uint8_t *const out = steps + (size_t)l * (size_t)p->places;
    int32_t sum = 0;
    for (int32_t k = 0; k < p->places; k++) {
      const int32_t apart = one[(size_t)k * p->apart] - other[(size_t)k * p->apart];
      out[k] = (uint8_t)(apart < 0 ? -apart : apart);
      sum += out[k] < MOST ? out[k] : MOST;
    }
    sums[l] = sum;
  }
}

/* The lines near a step between two: first those before it, then those behind. */
static int32_t near(int32_t at, int32_t steps, int32_t lines[NEAR]) {
  int32_t count = 0;
  for (int32_t k = at - BEYOND - REACH + 1; k < at - BEYOND + 1; k++)
    if (k >= 0) lines[count++] = k;
  for (int32_t k = at + BEYOND + 1; k < at + BEYOND + 1 + REACH; k++)
    if (k < steps) lines[count++] = k;
  return count;
}

/* What steps along a joint sum up to at least: half as much again as along three quarters of the
 * lines near by, and half a level each. */
static int32_t least_of(const int32_t *sums, int32_t places, const int32_t *lines, int32_t count) {
  int32_t sorted[NEAR];
  for (int32_t k = 0; k < count; k++) {
    int32_t to = k;
    for (; to > 0 && sorted[to - 1] > sums[lines[k]]; to--) sorted[to] = sorted[to - 1];
    sorted[to] = sums[lines[k]];
  }
  const int32_t quarter = count * 3 / 4 - 1;
  return (3 * sorted[quarter < 0 ? 0 : quarter] + places) / 2;
}

/* Lines that stand out themselves are not asked: a gap has two sides. */
static int32_t is_joint(const uint8_t *steps, const int32_t *sums, int32_t at, int32_t steps_of,
                        int32_t places) {
  int32_t lines[NEAR], all[NEAR];
  const int32_t found = near(at, steps_of, all), least = least_of(sums, places, all, found);
  if (sums[at] < least) return 0;
  int32_t count = 0;
  for (int32_t k = 0; k < found; k++)
    if (sums[all[k]] < least) lines[count++] = all[k];
  const uint8_t *const here = steps + (size_t)at * (size_t)places;
  int32_t told = 0;
  for (int32_t k = 0; k < places; k++) {
    int32_t peak = here[k], most = 0;
    if (here[k - places] > peak) peak = here[k - places];
    if (here[k + places] > peak) peak = here[k + places];
    for (int32_t l = 0; l < count; l++) {
      const uint8_t beside = steps[(size_t)lines[l] * (size_t)places + (size_t)k];
      if (beside > most) most = beside;
    }
    told += peak >= STEP && 5 * peak >= 4 * most;
  }
  return 20 * (int64_t)told >= 11 * (int64_t)places;
}

/* HM_SINGLE without a joint, HM_SEVERAL with more than one; else how many 64ths of the lines lie
 * before it. */
static int32_t joint_of(const plane *p, uint8_t *steps, int32_t *sums) {
  step(p, steps, sums);
  const int32_t share = p->lines * RIM / 100, rim = share > LEAST_RIM ? share : LEAST_RIM;
  int32_t first = 0, last = 0;
  for (int32_t at = rim; at < p->lines - 1 - rim; at++) {
    if (!is_joint(steps, sums, at, p->lines - 1, p->places)) continue;
    if (!first) first = at;
    last = at;
    if (ONE * (last - first) > p->lines) return HM_SEVERAL;
  }
  return first ? HM_JOINT | (64 * (first + last + 2) / (2 * p->lines)) : HM_SINGLE;
}

int32_t hm_joint(const hm_picture *luma, void *workspace, size_t size, int32_t *joint) {
  if (!hm_readable(luma) || luma->channels != 1 || !joint) return HM_BAD_PICTURE;
  if (!workspace || size < hm_joint_workspace(luma->width, luma->height)) return HM_BAD_WORKSPACE;
  uint8_t *const steps = (uint8_t *)(((uintptr_t)workspace + 63) & ~(uintptr_t)63);
  int32_t *const sums = (int32_t *)(steps + hm_align((size_t)luma->width * (size_t)luma->height));
  const plane across = {luma->pixels, luma->stride, 1, luma->height, luma->width};
  const plane down = {luma->pixels, 1, luma->stride, luma->width, luma->height};
  *joint = HM_SEVERAL;
  if (luma->width < HM_LEAST_SEARCHED || luma->height < HM_LEAST_SEARCHED) return HM_OK;
  const int32_t one = joint_of(&across, steps, sums), other = joint_of(&down, steps, sums);
  if (one == HM_SINGLE) *joint = other & HM_JOINT ? other | HM_UPRIGHT : other;
  if (other == HM_SINGLE) *joint = one;
  return HM_OK;
}
