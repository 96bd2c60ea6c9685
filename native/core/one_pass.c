/* The one-pass form: the whole operator applied once to 8-bit samples, luma combined last, so that
 * every sample is read about once and no full-size buffer of floats is needed. Rows are filtered
 * first, sixteen lines of the grid at a time, and turned: then one vector has a column of them. */
#include "internal.h"
#include "transpose.h"

#define ROWS 4 /* rows that are weighted and added together */

static size_t line(int32_t width) { return ((size_t)width + HM_LANES - 1) / HM_LANES * HM_LANES; }

typedef struct {
  float *sums, *lines, *turned;
} rooms;

static rooms rooms_in(void *workspace, int32_t width) {
  float *const turned = workspace;
  float *const lines = turned + HM_GRID * line(width);
  return (rooms){lines + HM_LANES * line(width), lines, turned};
}

size_t HM_NAME(hm_one_pass_workspace)(int32_t width, int32_t channels) {
  const size_t sums = channels == 1 ? 0 : (size_t)width * (size_t)channels;
  return hm_align(sizeof(float) * ((HM_GRID + HM_LANES) * line(width) + sums));
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

static void filter_rows(const hm_picture *picture, const hm_taps *rows, int32_t i, float *sums) {
  const float *weight = rows->weight + (size_t)i * (size_t)rows->pitch;
  const int32_t count = rows->count[i];
  for (int32_t k = 0; k < count; k += ROWS) {
    /* Weights past the count are zero: any row will do there. */
    const uint8_t *row[ROWS];
    for (int32_t r = 0; r < ROWS; r++) {
      const int32_t y = rows->start[i] + (k + r < count ? k + r : count - 1);
      row[r] = picture->pixels + (size_t)y * picture->stride;
    }
    add_rows(sums, (size_t)picture->width * (size_t)picture->channels, row, weight + k, k == 0);
  }
}

void HM_NAME(hm_one_pass_rows)(const hm_picture *picture, const hm_taps *rows, void *workspace) {
  const rooms room = rooms_in(workspace, picture->width);
  const size_t pitch = line(picture->width);
  for (int32_t i = 0; i < HM_GRID; i++) {
    float *restrict luma = room.lines + (size_t)(i % HM_LANES) * pitch;
    if (picture->channels == 1) {
      filter_rows(picture, rows, i, luma);
    } else {
      const float *restrict sums = room.sums;
      filter_rows(picture, rows, i, room.sums);
      for (int32_t x = 0; x < picture->width; x++)
        luma[x] = (0.299f * sums[3 * x] + 0.587f * sums[3 * x + 1]) + 0.114f * sums[3 * x + 2];
    }
    if (i % HM_LANES == HM_LANES - 1)
      hm_turn(room.lines, pitch, room.turned + (size_t)(i - i % HM_LANES) * pitch);
  }
}

/* The weighted sum of so many columns. Every sixteenth is added to the same part, and the parts in
 * pairs that are ever nearer: the order is part of the contract. */
static void add_columns(const float *from, const float *weight, int32_t count, float *sum) {
  hm_lanes part[HM_LANES], column;
  const int32_t parts = count < HM_LANES ? count : HM_LANES;
  for (int32_t l = 0; l < parts; l++) part[l] = (hm_lanes){0};
  for (int32_t k = 0; k < count; k++) {
    __builtin_memcpy(&column, from + (size_t)k * HM_LANES, sizeof column);
    part[k % HM_LANES] += weight[k] * column;
  }
  for (int32_t half = HM_LANES / 2; half > 0; half /= 2)
    for (int32_t l = 0; l < half && l + half < parts; l++) part[l] += part[l + half];
  __builtin_memcpy(sum, &part[0], sizeof part[0]);
}

void HM_NAME(hm_one_pass_columns)(int32_t width, const hm_taps *columns, const void *workspace,
                                  float grid[HM_GRID][HM_GRID]) {
  const float *const turned = workspace;
  for (size_t i = 0; i < HM_GRID; i += HM_LANES) {
    float sums[HM_GRID][HM_LANES];
    const float *const from = turned + i * line(width);
    for (int32_t o = 0; o < HM_GRID; o++)
      add_columns(from + (size_t)columns->start[o] * HM_LANES,
                  columns->weight + (size_t)o * (size_t)columns->pitch, columns->count[o], sums[o]);
    for (size_t o = 0; o < HM_GRID; o += HM_LANES)
      hm_transpose(sums[o], HM_LANES, &grid[i][o], HM_GRID);
  }
}

void HM_NAME(hm_one_pass_pick)(int32_t width, const int32_t *columns, int32_t count,
                               const void *from, void *to) {
  const size_t vector = HM_LANES * sizeof(float);
  for (size_t i = 0; i < HM_GRID; i += HM_LANES) {
    const char *const in = (const char *)from + i * line(width) * sizeof(float);
    char *const out = (char *)to + i * line(count) * sizeof(float);
    for (int32_t k = 0; k < count; k++)
      __builtin_memcpy(out + (size_t)k * vector, in + (size_t)columns[k] * vector, vector);
  }
}
