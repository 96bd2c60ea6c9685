/* Two box filters and a decimation are one linear operator: 64 tent-weighted windows an axis. */
#include "internal.h"

int32_t hm_taps_pitch(int32_t n) {
  int32_t window = hm_window(n);
  return (2 * window + HM_LANES - 1) / HM_LANES * HM_LANES;
}

/* The samples that the box filter averages for sample i: it shrinks at the edges. */
static int32_t first(int32_t i, int32_t window) {
  int32_t behind = window - 1 - hm_ahead(window);
  return i < behind ? 0 : i - behind;
}
static int32_t last(int32_t i, int32_t window, int32_t n) {
  int32_t ahead = hm_ahead(window);
  return i > n - 1 - ahead ? n - 1 : i + ahead;
}

/* Spread the weight of one cell; w[0] belongs to cell `from`. `sum` is the weight of its samples;
 * `slope` is theirs times their distance from its middle, in cells: within a cell the picture is
 * taken to rise as it does from the cell before to the one after. Keeps the sum of all weights. */
static void spread(float *w, int32_t from, int32_t cell, int32_t cells, double sum, double slope) {
  const int32_t before = cell > 0 ? cell - 1 : 0, after = cell < cells - 1 ? cell + 1 : cell;
  w[cell - from] += (float)sum;
  if (after > before) {
    w[after - from] += (float)(slope / (double)(after - before));
    w[before - from] -= (float)(slope / (double)(after - before));
  }
}

void hm_taps_make(hm_taps *taps, int32_t n, hm_cells by, float *weight, double *scratch) {
  const int32_t window = hm_window(n), pitch = hm_taps_pitch(n);
  taps->pitch = pitch;
  taps->weight = weight;
  for (int32_t o = 0; o < HM_GRID; o++) {
    const int32_t sample = hm_sample(o, n);
    const int32_t a = first(sample, window), b = last(sample, window, n);
    const int32_t start = first(a, window), end = last(b, window, n);
    float *w = weight + (size_t)o * (size_t)pitch;
    for (int32_t k = 0; k < pitch; k++) {
      scratch[k] = 0.0;
      w[k] = 0.0f;
    }
    /* scratch: the steps by which the weight rises and falls. The second filter averages samples
     * a..b of the first, and each of these averages its own window. */
    for (int32_t i = a; i <= b; i++) {
      const int32_t c = first(i, window), d = last(i, window, n);
      const double step = 1.0 / ((double)(b - a + 1) * (double)(d - c + 1));
      scratch[c - start] += step;
      if (d < end) scratch[d + 1 - start] -= step;
    }
    const int32_t reach = by.size > 1; /* cells beside those of the samples */
    int32_t from = (start + by.missing) / by.size, to = (end + by.missing) / by.size;
    const int32_t cells = (n + by.missing + by.size - 1) / by.size;
    from = from > reach ? from - reach : 0;
    to = to < cells - 1 - reach ? to + reach : cells - 1;
    double level = 0.0, sum = 0.0, slope = 0.0;
    for (int32_t i = start; i <= end; i++) {
      const int32_t place = (i + by.missing) % by.size;
      level += scratch[i - start];
      sum += level;
      slope += level * (((double)place + 0.5) / (double)by.size - 0.5);
      if (i == end || place == by.size - 1) {
        const int32_t cell = (i + by.missing) / by.size;
        if (reach)
          spread(w, from, cell, cells, sum, slope);
        else
          w[cell - from] = (float)sum;
        sum = slope = 0.0;
      }
    }
    taps->start[o] = from;
    taps->count[o] = to - from + 1;
  }
}

void hm_taps_mirror(hm_taps *taps, int32_t cells) {
  for (int32_t o = 0; o < HM_GRID; o++) {
    const int32_t count = taps->count[o];
    float *w = taps->weight + (size_t)o * (size_t)taps->pitch;
    taps->start[o] = cells - taps->start[o] - count;
    for (int32_t a = 0, b = count - 1; a < b; a++, b--) {
      const float kept = w[a];
      w[a] = w[b];
      w[b] = kept;
    }
  }
}
