/* A picture as the parts see it: gray, and scaled by area so that its longer side has 512 samples.
 */
#include "internal.h"

typedef struct {
  double step, offset; /* sample o begins at o * step + offset */
  int32_t cells;
} axis;

static hm_span span_of(axis a, int32_t o) {
  hm_span s;
  if (a.step >= 1.0) {
    const double begin = (double)o * a.step + a.offset, end = begin + a.step;
    int32_t first = (int32_t)begin, last = (int32_t)end;
    if (last > a.cells - 1) last = a.cells - 1;
    if (first > last) first = last;
    if (last > first && end - (double)last <= 1e-6) last--; /* nothing of it but rounding */
    s.start = first;
    s.count = last - first + 1;
    s.middle = (float)(1.0 / a.step);
    s.first = s.count == 1 ? 1.0f : (float)(((double)(first + 1) - begin) / a.step);
    s.last = s.count == 1 ? 0.0f : 1.0f - s.first - (float)(s.count - 2) * s.middle;
  } else { /* larger than the picture: between the two nearest samples */
    double at = ((double)o + 0.5) * a.step + a.offset - 0.5;
    if (at < 0.0) at = 0.0;
    if (at > (double)(a.cells - 1)) at = (double)(a.cells - 1);
    s.start = (int32_t)at;
    s.count = s.start < a.cells - 1 ? 2 : 1;
    s.middle = 0.0f;
    s.last = s.count == 2 ? (float)(at - (double)s.start) : 0.0f;
    s.first = 1.0f - s.last;
  }
  return s;
}

static void add_row(float *restrict sums, const uint8_t *restrict row, size_t n, float weight,
                    int32_t begin) {
  if (begin)
    for (size_t j = 0; j < n; j++) sums[j] = weight * (float)row[j];
  else
    for (size_t j = 0; j < n; j++) sums[j] += weight * (float)row[j];
}

static float weighted(const float *in, hm_span s) {
  float sum[4] = {0};
  int32_t k = 1;
  if (s.count > 12)
    for (; k + 4 <= s.count - 1; k += 4)
      for (int32_t l = 0; l < 4; l++) sum[l] += in[k + l];
  for (; k < s.count - 1; k++) sum[0] += in[k];
  const float middle = (sum[0] + sum[1]) + (sum[2] + sum[3]);
  return (s.first * in[0] + s.middle * middle) + s.last * in[s.count - 1];
}

void HM_NAME(hm_luma_fill)(const hm_picture *picture, const hm_scaling *by, void *workspace,
                           uint8_t *luma) {
  const size_t width = (size_t)picture->width, line = width * (size_t)picture->channels;
  hm_span *const columns = workspace;
  float *const sums = (float *)((char *)workspace + HM_SPANS_BYTES);
  float *const gray = picture->channels == 1 ? sums : sums + line;
  const double cell = (double)by->reduction;
  const axis down = {(double)by->height / by->out_height / cell, by->top / cell, picture->height};
  const axis across = {(double)by->width / by->out_width / cell, by->left / cell, picture->width};
  for (int32_t o = 0; o < by->out_width; o++) columns[o] = span_of(across, o);
  for (int32_t i = 0; i < by->out_height; i++) {
    const hm_span rows = span_of(down, i);
    for (int32_t k = 0; k < rows.count; k++) {
      const float weight = k == 0 ? rows.first : k == rows.count - 1 ? rows.last : rows.middle;
      add_row(sums, picture->pixels + (size_t)(rows.start + k) * picture->stride, line, weight,
              k == 0);
    }
    if (picture->channels == 3)
      for (size_t x = 0; x < width; x++)
        gray[x] = (0.299f * sums[3 * x] + 0.587f * sums[3 * x + 1]) + 0.114f * sums[3 * x + 2];
    uint8_t *out = luma + (size_t)i * (size_t)by->out_width;
    for (int32_t o = 0; o < by->out_width; o++) {
      const float value = weighted(gray + columns[o].start, columns[o]) + 0.5f;
      out[o] = value < 0.0f ? 0 : value >= 255.0f ? 255 : (uint8_t)value;
    }
  }
}
