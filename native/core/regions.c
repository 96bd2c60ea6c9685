/* The square around a key point, upright and of one size: what a part's code is made of. */
#include "internal.h"

/* One row of half as many samples, of four that lie below each other. */
static void halve(const float *const row[4], int32_t width, float *restrict out) {
  const float *restrict a = row[0], *restrict b = row[1], *restrict c = row[2];
  const float *restrict d = row[3];
  float sum[HM_PARTS_SIDE + 3];
  for (int32_t x = 0; x < width; x++) sum[x + 1] = (a[x] + d[x]) + 3.0f * (b[x] + c[x]);
  sum[0] = sum[1];
  sum[width + 1] = sum[width + 2] = sum[width];
  for (int32_t x = 0; x < (width + 1) / 2; x++) {
    const float *const s = sum + 2 * x;
    out[x] = ((s[0] + s[3]) + 3.0f * (s[1] + s[2])) * 0.015625f;
  }
}

void HM_NAME(hm_regions_pyramid)(const hm_picture *luma, float *room, hm_pyramid *p) {
  int32_t width = luma->width, height = luma->height;
  hm_spectrum_factors(&p->factors, HM_REGION_SIDE);
  for (int32_t y = 0; y < height; y++)
    for (int32_t x = 0; x < width; x++)
      room[(size_t)y * (size_t)width + (size_t)x] =
          (float)luma->pixels[(size_t)y * luma->stride + (size_t)x];
  for (int32_t l = 0; l < HM_LEVELS; l++) {
    p->level[l] = room;
    p->width[l] = width;
    p->height[l] = height;
    const float *const from = room;
    room += (size_t)width * (size_t)height;
    const int32_t w = (width + 1) / 2, h = (height + 1) / 2;
    /* Each sample of the next level: 1 3 3 1 on each axis, the edge repeated. */
    for (int32_t y = 0; y < h && l + 1 < HM_LEVELS; y++) {
      const float *row[4];
      for (int32_t k = 0; k < 4; k++) {
        int32_t at = 2 * y - 1 + k;
        at = at < 0 ? 0 : at > height - 1 ? height - 1 : at;
        row[k] = from + (size_t)at * (size_t)width;
      }
      halve(row, width, room + (size_t)y * (size_t)w);
    }
    width = w;
    height = h;
  }
  *room = 0.0f; /* what `sample` reads beyond the last, and weighs with nothing */
}

static void sine_cosine(uint16_t turn, float *sine, float *cosine) {
  const float a = (float)(turn & 16383) * (float)(1.5707963267948966 / 16384.0), q = a * a;
  const float s =
      a *
      (1.0f - q * (0.16666667f - q * (8.3333333e-3f - q * (1.9841270e-4f - q * 2.7557319e-6f))));
  const float c =
      1.0f -
      q * (0.5f - q * (0.041666667f - q * (1.3888889e-3f - q * (2.4801587e-5f - q * 2.7557e-7f))));
  switch (turn >> 14) {
    case 0:
      *sine = s, *cosine = c;
      break;
    case 1:
      *sine = c, *cosine = -s;
      break;
    case 2:
      *sine = -s, *cosine = -c;
      break;
    default:
      *sine = -c, *cosine = s;
  }
}

#define SIDE HM_REGION_SIDE

/* The region, turned upright: between the samples of the level that is about as fine. */
static void sample(const hm_pyramid *p, hm_place place, float grid[SIDE][SIDE]) {
  float sine, cosine, step = (float)place.size * (float)HM_REGION / (float)(SIDE * HM_UNIT);
  float x = (float)place.x / (float)HM_UNIT, y = (float)place.y / (float)HM_UNIT;
  int32_t l = 0;
  for (; l < HM_LEVELS - 1 && step >= HM_FINE; l++) step *= 0.5f, x *= 0.5f, y *= 0.5f;
  sine_cosine(place.turn, &sine, &cosine);
  sine *= step;
  cosine *= step;
  const float *const level = p->level[l];
  const int32_t width = p->width[l], right = width - 1, below = p->height[l] - 1;
  const float far_x = (float)right, far_y = (float)below;
  for (int32_t i = 0; i < SIDE; i++) {
    const float down = (float)i - 0.5f * (float)(SIDE - 1);
    const float from_x = x - 0.5f - down * sine, from_y = y - 0.5f + down * cosine;
    int32_t at[SIDE], lower[SIDE];
    float u[SIDE], v[SIDE];
    for (int32_t j = 0; j < SIDE; j++) {
      const float along = (float)j - 0.5f * (float)(SIDE - 1);
      float at_x = from_x + along * cosine, at_y = from_y + along * sine;
      at_x = at_x < 0.0f ? 0.0f : at_x;
      at_x = at_x > far_x ? far_x : at_x;
      at_y = at_y < 0.0f ? 0.0f : at_y;
      at_y = at_y > far_y ? far_y : at_y;
      const int32_t column = (int32_t)at_x, row = (int32_t)at_y;
      u[j] = at_x - (float)column;
      v[j] = at_y - (float)row;
      at[j] = row * width + column;
      lower[j] = row < below ? at[j] + width : at[j];
    }
    /* A sample and the one to its right at a time. To the right of a row's last sample is the next
     * row's first: its weight is zero. */
    float one[SIDE][2], two[SIDE][2];
    for (int32_t j = 0; j < SIDE; j++) {
      __builtin_memcpy(one[j], level + at[j], sizeof one[j]);
      __builtin_memcpy(two[j], level + lower[j], sizeof two[j]);
    }
    for (int32_t j = 0; j < SIDE; j++) {
      const float above = one[j][0] + u[j] * (one[j][1] - one[j][0]);
      const float under = two[j][0] + u[j] * (two[j][1] - two[j][0]);
      grid[i][j] = above + v[j] * (under - above);
    }
  }
}

/* Like PDQ's: what a region has to tell it by, 0 to 100. */
static int32_t quality_of(const float grid[SIDE][SIDE]) {
  float sum = 0.0f;
  for (int32_t axis = 0; axis < 2; axis++) {
    const int32_t down = axis == 0, right = axis == 1;
    for (int32_t i = 0; i < SIDE - down; i++) {
      float part[SIDE] = {0};
      for (int32_t j = 0; j < SIDE - right; j++) {
        const float step = grid[i][j] - grid[i + down][j + right];
        part[j] = step < 0.0f ? -step : step;
      }
      for (int32_t half = SIDE / 2; half > 0; half /= 2)
        for (int32_t j = 0; j < half; j++) part[j] += part[j + half];
      sum += part[0];
    }
  }
  const float quality = sum * (100.0f / 255.0f / 45.0f);
  return quality < 100.0f ? (int32_t)quality : 100;
}

int32_t HM_NAME(hm_regions_part)(const hm_pyramid *p, hm_place place, hm_part *part) {
  float grid[SIDE][SIDE], dct[256], turned[256];
  sample(p, place, grid);
  hm_spectrum_dct(&p->factors, &grid[0][0], dct);
  hm_spectrum_code(dct, part->code);
  /* In the mirrored picture the region begins at its other side: its rows are upside down. */
  hm_spectrum_turn(dct, HM_FLIP_X, turned);
  hm_spectrum_code(turned, part->mirrored);
  part->place = place;
  return quality_of(grid);
}
