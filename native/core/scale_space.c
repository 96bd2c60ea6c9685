/* Differences of Gaussians over an octave, and where they are extreme.
 *
 * Source: D. Lowe, "Distinctive image features from scale-invariant keypoints", IJCV 2004. */
#include "internal.h"

#define WIDEST 10 /* of the radii below */
#define PAD 16    /* more than that */

/* From each layer of an octave to the next: Gaussians of 1.52 (from a camera's 0.5 to 1.6), and of
 * what is missing to 1.6 * 2^(k / 3). The values are exp(-i i / 2 s s) over their sum; a libm, and
 * its differences between platforms, is not needed. */
typedef struct {
  int32_t radius;
  float weight[WIDEST + 1];
} gaussian;
static const gaussian GAUSSIAN[HM_LAYERS] = {
    {5,
     {0x1.0cd8a8p-2f, 0x1.b10afcp-3f, 0x1.c46e1cp-4f, 0x1.329876p-5f, 0x1.0d872ap-7f,
      0x1.335f7ap-10f}},
    {4, {0x1.4d3102p-2f, 0x1.dde186p-3f, 0x1.607b78p-4f, 0x1.0b68ccp-6f, 0x1.a1518ap-10f}},
    {5,
     {0x1.087d08p-2f, 0x1.ad02a4p-3f, 0x1.c9b5ecp-4f, 0x1.41336p-5f, 0x1.288526p-7f,
      0x1.6819c8p-10f}},
    {6,
     {0x1.a40908p-3f, 0x1.701c74p-3f, 0x1.ef8d18p-4f, 0x1.002f78p-4f, 0x1.96e15ap-6f,
      0x1.f052f2p-8f, 0x1.d0ff42p-10f}},
    {8,
     {0x1.4d4c4ap-3f, 0x1.32b67p-3f, 0x1.de08a4p-4f, 0x1.3b7774p-4f, 0x1.609852p-5f, 0x1.4dbb32p-6f,
      0x1.0b7ebp-7f, 0x1.6b2142p-9f, 0x1.a173b4p-11f}},
    {10,
     {0x1.0894bcp-3f, 0x1.f62a3ap-4f, 0x1.ad2916p-4f, 0x1.4a4ccep-4f, 0x1.c9defp-5f, 0x1.1dccecp-5f,
      0x1.41502ap-6f, 0x1.4551aep-7f, 0x1.289fb8p-8f, 0x1.e72242p-10f, 0x1.683a0ep-11f}},
};

static int32_t mirrored(int32_t i, int32_t n) {
  if (i >= 0 && i < n) return i; /* nearly always: a division takes long */
  if (n == 1) return 0;
  const int32_t period = 2 * (n - 1);
  i %= period;
  if (i < 0) i += period;
  return i < n ? i : period - i;
}

/* Lanes wherever they begin. (A function that returned them would want a register as wide.) */
typedef float lanes_anywhere
    __attribute__((vector_size(HM_LANES * sizeof(float)), aligned(sizeof(float)), may_alias));
#define LOAD(from) (*(const lanes_anywhere *)(from))
#define STORE(to, lanes) (*(lanes_anywhere *)(to) = (lanes))

/* Two rows filtered down the columns at once: each step of the one needs a row that the step before
 * of the other had, so that half as many are read. Sums go from the middle outwards. */
static void blur_down(const gaussian *g, const float *const *row, int32_t pitch, float *upper,
                      float *lower) {
  for (int32_t x = 0; x < pitch; x += HM_LANES) {
    hm_lanes up = LOAD(row[0] + x), down = LOAD(row[1] + x);
    hm_lanes a = g->weight[0] * up, b = g->weight[0] * down;
    for (int32_t k = 1; k <= g->radius; k++) {
      const hm_lanes above = LOAD(row[-k] + x), below = LOAD(row[k + 1] + x);
      a += g->weight[k] * (above + down);
      b += g->weight[k] * (up + below);
      up = above;
      down = below;
    }
    STORE(upper + x, a);
    STORE(lower + x, b);
  }
}

static void blur_along(const gaussian *g, float *middle, int32_t width, int32_t pitch, float *out) {
  for (int32_t k = 1; k <= g->radius; k++) {
    middle[-k] = middle[mirrored(-k, width)];
    middle[width - 1 + k] = middle[mirrored(width - 1 + k, width)];
  }
  for (int32_t x = 0; x < pitch; x += 2 * HM_LANES) {
    const float *const at = middle + x;
    hm_lanes a = g->weight[0] * LOAD(at), b = g->weight[0] * LOAD(at + HM_LANES);
    for (int32_t k = 1; k <= g->radius; k++) {
      a += g->weight[k] * (LOAD(at - k) + LOAD(at + k));
      b += g->weight[k] * (LOAD(at + HM_LANES - k) + LOAD(at + HM_LANES + k));
    }
    STORE(out + x, a);
    STORE(out + x + HM_LANES, b);
  }
}

/* The rows y and y + 1 of a layer, from those of the layer before. */
static void blur(const hm_octave *o, int32_t layer, const float *from, int32_t y, float *lines) {
  const gaussian *g = &GAUSSIAN[layer];
  float *const upper = lines + PAD, *const lower = upper + o->pitch + 2 * PAD;
  const float *row[2 * WIDEST + 2], *const *const middle = row + WIDEST;
  for (int32_t k = -g->radius; k <= g->radius + 1; k++)
    row[WIDEST + k] = from + (size_t)mirrored(y + k, o->height) * (size_t)o->pitch;
  blur_down(g, middle, o->pitch, upper, lower);
  float *const out = o->layer[layer] + (size_t)y * (size_t)o->pitch;
  blur_along(g, upper, o->width, o->pitch, out);
  if (y + 1 < o->height) blur_along(g, lower, o->width, o->pitch, out + o->pitch);
}

/* --- extrema ---------------------------------------------------------------------------------- */

#define CONTRAST 0.8f   /* of a difference, in gray levels: less is noise */
#define EDGE 14.083333f /* (e + 1)^2 / e for e = 12, the ratio of curvatures along an edge */
#define BORDER 4

typedef struct {
  float *row[HM_DIFFERENCES][3];                     /* differences of the rows y - 1, y, y + 1 */
  float *high[HM_DIFFERENCES], *low[HM_DIFFERENCES]; /* the highest and lowest of these three */
  float *highest, *lowest;                           /* of three differences */
  uint8_t *marks;
} window;

static window window_in(float *room, int32_t pitch) {
  window w;
  for (int32_t d = 0; d < HM_DIFFERENCES; d++) {
    for (int32_t k = 0; k < 3; k++, room += pitch) w.row[d][k] = room;
    w.high[d] = room;
    w.low[d] = room + pitch;
    room += 2 * pitch;
  }
  w.highest = room;
  w.lowest = room + pitch;
  w.marks = (uint8_t *)(room + 2 * pitch);
  for (int32_t x = 0; x < pitch; x++) w.marks[x] = 0;
  return w;
}

static void difference(const hm_octave *o, int32_t y, window *w) {
  const size_t at = (size_t)y * (size_t)o->pitch;
  for (int32_t d = 0; d < HM_DIFFERENCES; d++) {
    float *const kept = w->row[d][0];
    w->row[d][0] = w->row[d][1];
    w->row[d][1] = w->row[d][2];
    w->row[d][2] = kept;
    const float *const low = o->layer[d] + at, *const high = o->layer[d + 1] + at;
    for (int32_t x = 0; x < o->pitch; x += HM_LANES)
      STORE(kept + x, LOAD(high + x) - LOAD(low + x));
  }
}

static float absolute(float value) { return value < 0.0f ? -value : value; }

/* Fits a parabola through the extremum; says whether it is one, and no edge. */
static int32_t refine(const window *w, int32_t d, int32_t x, hm_candidate *c) {
#define AT(s, dy, dx) w->row[d + (s)][1 + (dy)][x + (dx)]
  const float v = AT(0, 0, 0);
  const float gx = (AT(0, 0, 1) - AT(0, 0, -1)) * 0.5f, gy = (AT(0, 1, 0) - AT(0, -1, 0)) * 0.5f;
  const float gs = (AT(1, 0, 0) - AT(-1, 0, 0)) * 0.5f;
  const float xx = AT(0, 0, 1) + AT(0, 0, -1) - 2.0f * v;
  const float yy = AT(0, 1, 0) + AT(0, -1, 0) - 2.0f * v;
  const float ss = AT(1, 0, 0) + AT(-1, 0, 0) - 2.0f * v;
  const float xy = (AT(0, 1, 1) - AT(0, 1, -1) - AT(0, -1, 1) + AT(0, -1, -1)) * 0.25f;
  const float xs = (AT(1, 0, 1) - AT(1, 0, -1) - AT(-1, 0, 1) + AT(-1, 0, -1)) * 0.25f;
  const float ys = (AT(1, 1, 0) - AT(1, -1, 0) - AT(-1, 1, 0) + AT(-1, -1, 0)) * 0.25f;
#undef AT
  const float flat = xx * yy - xy * xy, trace = xx + yy;
  if (flat <= 0.0f || trace * trace >= EDGE * flat) return 0;
  const float a = yy * ss - ys * ys, b = ys * xs - xy * ss, e = xy * ys - yy * xs;
  const float det = xx * a + xy * b + xs * e;
  if (absolute(det) < 1e-6f) return 0;
  const float f = xx * ss - xs * xs, g = xy * xs - xx * ys;
  const float mx = -(a * gx + b * gy + e * gs) / det;
  const float my = -(b * gx + f * gy + g * gs) / det;
  const float ms = -(e * gx + g * gy + flat * gs) / det;
  if (absolute(mx) > 1.0f || absolute(my) > 1.0f || absolute(ms) > 1.0f) return 0;
  c->response = absolute(v + 0.5f * (gx * mx + gy * my + gs * ms));
  if (c->response < CONTRAST) return 0;
  c->x = (float)x + mx;
  c->y += my;
  c->scale = (float)d + ms;
  c->layer = d;
  return 1;
}

static void range(const window *w, int32_t d, int32_t width) {
  const float *restrict above = w->row[d][0], *restrict here = w->row[d][1];
  const float *restrict below = w->row[d][2];
  float *restrict high = w->high[d], *restrict low = w->low[d];
  for (int32_t x = 0; x < width; x++) {
    const float h = above[x] > here[x] ? above[x] : here[x];
    const float l = above[x] < here[x] ? above[x] : here[x];
    high[x] = h > below[x] ? h : below[x];
    low[x] = l < below[x] ? l : below[x];
  }
}

/* Marks where the middle of three differences is extreme in its row and the two beside it. */
static void mark(const window *w, int32_t d, int32_t width) {
  float *restrict high = w->highest, *restrict low = w->lowest;
  uint8_t *restrict marks = w->marks;
  const float *restrict centre = w->row[d][1];
  const float *restrict h0 = w->high[d - 1], *restrict h1 = w->high[d],
                        *restrict h2 = w->high[d + 1];
  const float *restrict l0 = w->low[d - 1], *restrict l1 = w->low[d], *restrict l2 = w->low[d + 1];
  for (int32_t x = 0; x < width; x++) {
    const float h = h0[x] > h1[x] ? h0[x] : h1[x], l = l0[x] < l1[x] ? l0[x] : l1[x];
    high[x] = h > h2[x] ? h : h2[x];
    low[x] = l < l2[x] ? l : l2[x];
  }
  for (int32_t x = BORDER; x < width - BORDER; x++) {
    const float v = centre[x];
    const int32_t top =
        (v >= 0.8f * CONTRAST) & (v == high[x]) & (v > high[x - 1]) & (v >= high[x + 1]);
    const int32_t bottom =
        (v <= -0.8f * CONTRAST) & (v == low[x]) & (v < low[x - 1]) & (v <= low[x + 1]);
    marks[x] = (uint8_t)(top | bottom);
  }
}

static void extrema(const hm_octave *o, int32_t y, const window *w, hm_keep *keep, void *kept) {
  for (int32_t d = 0; d < HM_DIFFERENCES; d++) range(w, d, o->width);
  for (int32_t d = 1; d <= HM_DIFFERENCES - 2; d++) {
    mark(w, d, o->width);
    for (int32_t x = 0; x < o->width; x += 8) {
      uint64_t eight;
      __builtin_memcpy(&eight, w->marks + x, sizeof eight);
      if (!eight) continue;
      for (int32_t k = 0; k < 8; k++) {
        hm_candidate c = {.y = (float)y, .octave = o->number};
        if (w->marks[x + k] && refine(w, d, x + k, &c)) keep(kept, &c);
      }
    }
  }
}

/* --- an octave -------------------------------------------------------------------------------- */

size_t HM_NAME(hm_scale_room)(int32_t pitch) {
  return sizeof(float) * ((5 * HM_DIFFERENCES + 3) * (size_t)pitch + 2 * ((size_t)pitch + 2 * PAD));
}

/* All layers go down the picture together, each as far behind the one before as it is blurred, and
 * extrema are looked for in the rows that all have: so what is read again is still in the cache. */
void HM_NAME(hm_scale_octave)(const hm_octave *o, float *room, hm_keep *keep, void *kept) {
  const int32_t last = HM_LAYERS - 1;
  /* The picture is where the last layer will be, which is so far behind that it overwrites nothing
   * that is read again. */
  const float *from[HM_LAYERS] = {o->layer[last]};
  for (int32_t k = 1; k < HM_LAYERS; k++) from[k] = o->layer[k - 1];
  int32_t done[HM_LAYERS] = {o->number ? o->height : 0}, seen = 0;
  float *const lines = room;
  room += 2 * (o->pitch + 2 * PAD);
  window w = window_in(room, o->pitch);
  for (int32_t x = 0; x < 2 * (o->pitch + 2 * PAD); x++) lines[x] = 0.0f;
  while (seen < o->height) {
    for (int32_t k = 0; k <= last; k++) {
      const int32_t y = done[k], most = y + 2 + GAUSSIAN[k].radius;
      if (y >= o->height || (k > 0 && done[k - 1] < (most < o->height ? most : o->height)))
        continue;
      blur(o, k, from[k], y, lines);
      done[k] = y + 2 < o->height ? y + 2 : o->height;
    }
    for (; seen < done[last]; seen++) {
      difference(o, seen, &w);
      if (seen > BORDER && seen <= o->height - BORDER) extrema(o, seen - 1, &w, keep, kept);
    }
  }
}
