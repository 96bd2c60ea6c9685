/* The one-pass form: the whole operator applied once to 8-bit samples, luma combined last, so that
 * every sample is read about once and no full-size buffer of floats is needed. */
#include "internal.h"

#define ROWS 4 /* rows that are weighted and added together */

size_t HM_NAME(hm_one_pass_workspace)(int32_t width, int32_t channels) {
  /* a line of sums for each channel, and one of luma with room for the taps' padding */
  size_t sums = hm_align(sizeof(float) * (size_t)width * (size_t)channels);
  return sums + hm_align(sizeof(float) * ((size_t)width + HM_LANES));
}

/* sums (+)= the weighted sum of four rows. */
static void add_rows(float *restrict sums, size_t n, const uint8_t *const row[ROWS],
                     const float weight[ROWS], int begin) {
  const uint8_t *restrict p = row[0], *restrict q = row[1];
  const uint8_t *restrict r = row[2], *restrict s = row[3];
  const float a = weight[0], b = weight[1], c = weight[2], d = weight[3];
  if (begin) {
    for (size_t j = 0; j < n; j++)
      sums[j] = (a * (float)p[j] + b * (float)q[j]) + (c * (float)r[j] + d * (float)s[j]);
  } else {
    for (size_t j = 0; j < n; j++)
      sums[j] += (a * (float)p[j] + b * (float)q[j]) + (c * (float)r[j] + d * (float)s[j]);
  }
}

void HM_NAME(hm_one_pass)(const hm_picture *picture, const hm_taps *rows, const hm_taps *columns,
                          void *workspace, float grid[HM_GRID][HM_GRID]) {
  const size_t width = (size_t)picture->width;
  const size_t line = width * (size_t)picture->channels;
  float *restrict sums = workspace;
  float *restrict luma = (float *)((char *)workspace + hm_align(sizeof(float) * line));
  for (size_t k = 0; k < HM_LANES; k++) luma[width + k] = 0.0f;

  for (int32_t i = 0; i < HM_GRID; i++) {
    const float *weight = rows->weight + (size_t)i * (size_t)rows->pitch;
    const int32_t count = rows->count[i];
    for (int32_t k = 0; k < count; k += ROWS) {
      /* Weights past the count are zero: any row will do there. */
      const uint8_t *row[ROWS];
      for (int32_t r = 0; r < ROWS; r++) {
        int32_t y = rows->start[i] + (k + r < count ? k + r : count - 1);
        row[r] = picture->pixels + (size_t)y * picture->stride;
      }
      add_rows(sums, line, row, weight + k, k == 0);
    }
    if (picture->channels == 1) {
      for (size_t x = 0; x < width; x++) luma[x] = sums[x];
    } else {
      for (size_t x = 0; x < width; x++)
        luma[x] = (0.299f * sums[3 * x] + 0.587f * sums[3 * x + 1]) + 0.114f * sums[3 * x + 2];
    }
    for (int32_t o = 0; o < HM_GRID; o++) {
      const float *restrict w = columns->weight + (size_t)o * (size_t)columns->pitch;
      const float *restrict in = luma + columns->start[o];
      float part[HM_LANES] = {0};
      for (int32_t k = 0; k < columns->count[o]; k += HM_LANES)
        for (int32_t l = 0; l < HM_LANES; l++) part[l] += w[k + l] * in[k + l];
      for (int32_t half = HM_LANES / 2; half > 0; half /= 2)
        for (int32_t l = 0; l < half; l++) part[l] += part[l + half];
      grid[i][o] = part[0];
    }
  }
}
