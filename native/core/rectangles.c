/* Rectangles that a picture may have been pasted into: the picture in a screenshot, a meme, a
 * collage, a border.
 *
 * Where a picture ends, unlike neighbours meet along a straight line: a *seam*. A sample lies on
 * one if the step across it is at least twice as steep as the steps beside it. Lines on which many
 * samples do become candidates; every rectangle of four candidates (or sides of the whole) is
 * judged by the share of its sides that are seams. Beside these, the whole is trimmed of lines
 * along which nothing changes: borders of one colour, gradients and blur.
 *
 * The work is bounded whatever is in the picture: so many lines, and so many rectangles of them. */
#include "internal.h"

#define STEP 4      /* gray levels: less is noise */
#define NEAR 3      /* samples from a step to those that it is compared with; and twice as far */
#define BANDS 16    /* pieces of a line that are counted by themselves */
#define BUSY 0.4f   /* share of a piece on a seam, above which it speaks for the line */
#define ENOUGH 1.0f /* sum over pieces of what is above that */
#define LINES 20    /* candidates in each direction */
#define ALL (LINES + 2) /* with both ends of the axis */
#define PAIRS (ALL * (ALL - 1) / 2)
#define LEAST_SIDE 8 /* a rectangle has at least 1/8 of each side of the whole */
#define LEAST_AREA 0.04f
#define LEAST_COVER 0.35f /* seams along its weakest side, */
#define MEAN_COVER 0.55f  /* and along all its sides that are not those of the whole */
#define SHORTLIST 160
#define SAME 2    /* two rectangles with all sides so near are one */
#define FLAT 0.8f /* share of one gray level, above which it is a panel */
#define STRIP 24  /* one in so many samples of a side are its outermost */
#define FRAMED 3  /* rectangles with a frame inside of them, in which a better one lies */
#define PROBE 6   /* samples from one that is looked at for that to the next */
#define QUIET 2   /* gray levels by which neighbours along a quiet line differ */
#define LOUD 50   /* one sample in so many may differ by more */

typedef struct {
  int32_t count;
  int32_t low[ALL],
      high[ALL];            /* where what is before the line ends, and what is behind it begins */
  const int32_t *sums[ALL]; /* samples on a seam before a place; null for the ends of the axis */
} lines;

typedef struct {
  int32_t first, second;
  int32_t length;
} span;

static int32_t apart(int32_t a, int32_t b) { return a > b ? a - b : b - a; }
static uint8_t step(uint8_t a, uint8_t b) { return a > b ? a - b : b - a; }
static uint8_t lesser(uint8_t a, uint8_t b) { return a < b ? a : b; }
static uint8_t greater(uint8_t a, uint8_t b) { return a > b ? a : b; }

/* Seams in a row of steps: a step that is twice the second greatest of four beside it, so that one
 * other seam close by, the far edge of a thin line, does no harm. */
static void mark(const uint8_t *restrict here, const uint8_t *restrict a, const uint8_t *restrict b,
                 const uint8_t *restrict c, const uint8_t *restrict d, int32_t n,
                 uint8_t *restrict seam) {
  for (int32_t x = 0; x < n; x++) {
    const uint8_t low = lesser(a[x], b[x]), high = greater(a[x], b[x]);
    const uint8_t less = lesser(c[x], d[x]), more = greater(c[x], d[x]);
    const uint8_t second = greater(lesser(high, more), greater(low, less));
    seam[x] = here[x] > STEP && here[x] / 2 >= second;
  }
}

/* What the search works in, in the order in which it lies in the workspace. */
typedef struct {
  int32_t width, height;
  uint8_t *gray, *upright,
      *level;     /* width * height each: the picture; seams between columns, rows */
  uint8_t *steps; /* rows of steps, with room for neighbours on both sides */
  float *scores;
  int32_t *sums;
  float *tables;
} desk;

enum { PAD = 2 * NEAR, RING = 4 * NEAR + 1 };

static size_t longest(int32_t width, int32_t height) {
  return (size_t)(width > height ? width : height);
}
static size_t planes(int32_t width, int32_t height) {
  return hm_align((size_t)width * (size_t)height);
}
static size_t steps_size(int32_t width) { return hm_align(RING * ((size_t)width + 2 * PAD)); }
static size_t scores_size(size_t longer) { return hm_align(longer * (BANDS + 1) * sizeof(float)); }
static size_t sums_size(size_t longer) {
  return hm_align(2 * LINES * (longer + 1) * sizeof(int32_t));
}
#define TABLES (2 * PAIRS * ALL + 2 * PAIRS * PAIRS)

static int32_t searched(int32_t width, int32_t height) {
  return width >= HM_LEAST_SEARCHED && height >= HM_LEAST_SEARCHED && width <= HM_MAX_SIDE &&
         height <= HM_MAX_SIDE;
}

size_t hm_rectangles_workspace(int32_t width, int32_t height) {
  if (!searched(width, height)) return 0;
  const size_t longer = longest(width, height);
  return 64 + 3 * planes(width, height) + steps_size(width) + scores_size(longer) +
         sums_size(longer) + TABLES * sizeof(float);
}

static void lay_out(desk *d, int32_t width, int32_t height, void *workspace) {
  const size_t longer = longest(width, height);
  uint8_t *at = (uint8_t *)(((uintptr_t)workspace + 63) & ~(uintptr_t)63);
  d->width = width;
  d->height = height;
  d->gray = at;
  d->upright = at += planes(width, height);
  d->level = at += planes(width, height);
  d->steps = at += planes(width, height);
  d->scores = (float *)(void *)(at += steps_size(width));
  d->sums = (int32_t *)(void *)(at += scores_size(longer));
  d->tables = (float *)(void *)(at + sums_size(longer));
}

/* Green is nearly luma, and needs no arithmetic. */
static void copy_green(const hm_picture *picture, uint8_t *gray) {
  const int32_t by = picture->channels, green = by == 3;
  for (int32_t y = 0; y < picture->height; y++) {
    const uint8_t *row = picture->pixels + (size_t)y * picture->stride + green;
    for (int32_t x = 0; x < picture->width; x++) *gray++ = row[x * by];
  }
}

static void find_upright(const desk *d) {
  uint8_t *const s = d->steps + PAD;
  for (int32_t k = 0; k < PAD; k++) s[-1 - k] = s[d->width + k] = 0;
  s[0] = s[d->width - 1] = 0;
  for (int32_t y = 0; y < d->height; y++) {
    const uint8_t *row = d->gray + (size_t)y * (size_t)d->width;
    for (int32_t x = 1; x < d->width - 1; x++) s[x] = step(row[x + 1], row[x - 1]);
    mark(s, s - 2 * NEAR, s - NEAR, s + NEAR, s + 2 * NEAR, d->width,
         d->upright + (size_t)y * (size_t)d->width);
  }
}

static void find_level(const desk *d) {
  const int32_t w = d->width, h = d->height;
  uint8_t *row[RING];
  for (int32_t k = 0; k < RING; k++) {
    row[k] = d->steps + (size_t)k * (size_t)w;
    for (int32_t x = 0; x < w; x++) row[k][x] = 0;
  }
  /* Steps of row y are kept at y modulo the ring, and made when their farthest neighbour asks. */
  for (int32_t y = -PAD; y < h; y++) {
    const int32_t next = y + PAD;
    uint8_t *restrict made = row[(next + RING) % RING];
    const int32_t inside = next >= 1 && next < h - 1;
    const uint8_t *above = d->gray + (inside ? (size_t)(next - 1) * (size_t)w : 0);
    const uint8_t *below = d->gray + (inside ? (size_t)(next + 1) * (size_t)w : 0);
    for (int32_t x = 0; x < w; x++) made[x] = step(above[x], below[x]);
    if (y < 0) continue;
    mark(row[y % RING], row[(y - 2 * NEAR + RING) % RING], row[(y - NEAR + RING) % RING],
         row[(y + NEAR) % RING], row[(y + 2 * NEAR) % RING], w, d->level + (size_t)y * (size_t)w);
  }
}

/* What speaks for each line; `across` samples lie between two of the axis, `along` between two of a
 * line. */
static void score(const uint8_t *seams, int32_t n, size_t across, int32_t length, size_t along,
                  float *scores) {
  float *const counts = scores + n;
  for (int32_t c = 0; c < n; c++) scores[c] = 0.0f;
  for (int32_t band = 0; band < BANDS; band++) {
    const int32_t from = (int32_t)((int64_t)length * band / BANDS);
    const int32_t to = (int32_t)((int64_t)length * (band + 1) / BANDS);
    for (int32_t c = 0; c < n; c++) counts[c] = 0.0f;
    if (across == 1) {
      for (int32_t k = from; k < to; k++)
        for (int32_t c = 0; c < n; c++) counts[c] += (float)seams[(size_t)k * along + (size_t)c];
    } else {
      for (int32_t c = 0; c < n; c++) {
        int32_t count = 0;
        for (int32_t k = from; k < to; k++) count += seams[(size_t)c * across + (size_t)k];
        counts[c] = (float)count;
      }
    }
    for (int32_t c = 0; c < n; c++) {
      const float over = counts[c] / (float)(to - from) - BUSY;
      scores[c] += over > 0.0f ? over : 0.0f;
    }
  }
}

/* The best lines, none beside another, in order of their places. */
static int32_t choose(float *scores, int32_t n, int32_t chosen[LINES]) {
  int32_t count = 0;
  while (count < LINES) {
    int32_t best = 2;
    for (int32_t c = 2; c < n - 2; c++)
      if (scores[c] > scores[best]) best = c;
    if (scores[best] < ENOUGH) break;
    for (int32_t c = best - SAME; c <= best + SAME; c++) scores[c] = 0.0f;
    int32_t at = count++;
    for (; at > 0 && chosen[at - 1] > best; at--) chosen[at] = chosen[at - 1];
    chosen[at] = best;
  }
  return count;
}

/* A sharp line lies between two samples; a blurred one takes up some, which belong to neither side.
 */
static void refine(const desk *d, const uint8_t *seams, int32_t place, int32_t n, size_t across,
                   int32_t length, size_t along, int32_t *low, int32_t *high) {
  enum { REACH = 2, PLACES = 2 * REACH + 2 };
  int64_t sums[PLACES] = {0}, most = 0;
  for (int32_t k = 0; k < length; k++) {
    const size_t at = (size_t)k * along;
    if (!seams[at + (size_t)place * across]) continue;
    for (int32_t o = 0; o < PLACES; o++) {
      const int32_t c = place + o - REACH;
      if (c < 1 || c >= n) continue;
      sums[o] += step(d->gray[at + (size_t)c * across], d->gray[at + (size_t)(c - 1) * across]);
    }
  }
  for (int32_t o = 0; o < PLACES; o++)
    if (sums[o] > most) most = sums[o];
  *low = *high = place;
  for (int32_t o = PLACES - 1; o >= 0; o--)
    if (sums[o] * 3 >= most) *low = place + o - REACH;
  for (int32_t o = 0; o < PLACES; o++)
    if (sums[o] * 3 >= most) *high = place + o - REACH;
}

static void find_lines(const desk *d, int32_t columns, lines *found) {
  const uint8_t *seams = columns ? d->upright : d->level;
  const int32_t n = columns ? d->width : d->height, length = columns ? d->height : d->width;
  const size_t across = columns ? 1 : (size_t)d->width, along = columns ? (size_t)d->width : 1;
  int32_t chosen[LINES];
  score(seams, n, across, length, along, d->scores);
  const int32_t count = choose(d->scores, n, chosen);
  int32_t *sums = d->sums + (columns ? 0 : (size_t)LINES * (longest(d->width, d->height) + 1));
  found->count = count + 2;
  found->low[0] = found->high[0] = 0;
  found->low[count + 1] = found->high[count + 1] = n;
  found->sums[0] = found->sums[count + 1] = 0;
  for (int32_t k = 0; k < count; k++) {
    const int32_t at = k + 1;
    refine(d, seams, chosen[k], n, across, length, along, &found->low[at], &found->high[at]);
    found->sums[at] = sums;
    *sums++ = 0;
    for (int32_t i = 0; i < length; i++, sums++)
      *sums = sums[-1] + seams[(size_t)i * along + (size_t)chosen[k] * across];
  }
}

/* The pairs of lines that are far enough apart. */
static int32_t pair(const lines *of, int32_t n, span spans[PAIRS]) {
  int32_t count = 0;
  for (int32_t a = 0; a < of->count; a++)
    for (int32_t b = a + 1; b < of->count; b++) {
      const int32_t length = of->low[b] - of->high[a];
      if (length * LEAST_SIDE >= n) spans[count++] = (span){a, b, length};
    }
  return count;
}

/* For each pair of lines of one axis: the share of each line of the other that is a seam between
 * them; and for each pair of those the greatest share of a line that lies between the two. */
static void cover(const lines *ends, const span *spans, int32_t count, const lines *of,
                  const span *others, int32_t many, float *shares, float *between) {
  for (int32_t k = 0; k < count; k++) {
    float *share = shares + (size_t)k * ALL;
    for (int32_t c = 0; c < of->count; c++) {
      const int32_t *sums = of->sums[c];
      share[c] =
          !sums ? 1.0f
                : (float)(sums[ends->low[spans[k].second]] - sums[ends->high[spans[k].first]]) /
                      (float)spans[k].length;
    }
    for (int32_t p = 0; p < many; p++) {
      float most = 0.0f;
      for (int32_t c = others[p].first + 1; c < others[p].second; c++)
        if (share[c] > most) most = share[c];
      between[(size_t)k * PAIRS + (size_t)p] = most;
    }
  }
}

typedef struct {
  float rank, divided;
  hm_rectangle box;
} judged;

static int32_t insert(judged *list, int32_t count, int32_t room, judged one) {
  if (count == room && list[count - 1].rank >= one.rank) return count;
  int32_t at = count < room ? count : room - 1;
  for (; at > 0 && list[at - 1].rank < one.rank; at--) list[at] = list[at - 1];
  list[at] = one;
  return count < room ? count + 1 : count;
}

/* The share of samples that have the commonest gray level. */
static float flatness(const desk *d, const hm_rectangle *box) {
  int32_t levels[256] = {0}, most = 0, all = 0;
  for (int32_t y = box->top; y < box->bottom; y += PROBE)
    for (int32_t x = box->left; x < box->right; x += PROBE, all++)
      levels[d->gray[(size_t)y * (size_t)d->width + (size_t)x]]++;
  for (int32_t k = 0; k < 256; k++)
    if (levels[k] > most) most = levels[k];
  return (float)most / (float)all;
}

/* Whether something lies within a rectangle that looks like its frame. */
static int32_t framed(const desk *d, const hm_rectangle *box) {
  const int32_t across = (box->right - box->left) / STRIP + 1;
  const int32_t down = (box->bottom - box->top) / STRIP + 1;
  const hm_rectangle strips[4] = {
      {box->left, box->top, box->left + across, box->bottom, 0},
      {box->right - across, box->top, box->right, box->bottom, 0},
      {box->left, box->top, box->right, box->top + down, 0},
      {box->left, box->bottom - down, box->right, box->bottom, 0},
  };
  for (int32_t k = 0; k < 4; k++)
    if (flatness(d, &strips[k]) > FLAT) return 1;
  return 0;
}

static float least_of(float a, float b) { return a < b ? a : b; }

static int32_t shortlist(const desk *d, judged *list) {
  lines columns, rows;
  span across[PAIRS], down[PAIRS];
  find_lines(d, 1, &columns);
  find_lines(d, 0, &rows);
  const int32_t wide = pair(&columns, d->width, across), high = pair(&rows, d->height, down);
  float *const upright = d->tables, *const level = upright + PAIRS * ALL;
  float *const beside = level + PAIRS * ALL, *const above = beside + PAIRS * PAIRS;
  cover(&rows, down, high, &columns, across, wide, upright, beside);
  cover(&columns, across, wide, &rows, down, high, level, above);
  const float whole = (float)d->width * (float)d->height;
  int32_t count = 0;
  for (int32_t q = 0; q < high; q++) {
    for (int32_t p = 0; p < wide; p++) {
      const span x = across[p], y = down[q];
      const float *share = upright + (size_t)q * ALL, *other = level + (size_t)p * ALL;
      const float left = share[x.first], right = share[x.second];
      const float top = other[y.first], bottom = other[y.second];
      if (least_of(least_of(left, right), least_of(top, bottom)) < LEAST_COVER) continue;
      const int32_t inner = (x.first > 0) + (x.second < columns.count - 1) + (y.first > 0) +
                            (y.second < rows.count - 1);
      const float area = (float)x.length * (float)y.length / whole;
      if (!inner || area < LEAST_AREA) continue;
      const float mean = (left + right + top + bottom - (float)(4 - inner)) / (float)inner;
      if (mean < MEAN_COVER) continue;
      /* What a seam divides is more likely two pictures than one. */
      const float a = beside[(size_t)q * PAIRS + (size_t)p];
      const float b = above[(size_t)p * PAIRS + (size_t)q];
      float divided = ((a > b ? a : b) - 0.5f) * 2.5f;
      divided = divided < 0.0f ? 0.0f : divided > 1.0f ? 1.0f : divided;
      const float one = 1.0f - 0.85f * divided;
      const hm_rectangle box = {columns.high[x.first], rows.high[y.first], columns.low[x.second],
                                rows.low[y.second], 0};
      const float cubed = mean * mean * mean;
      count =
          insert(list, count, SHORTLIST, (judged){area * cubed * cubed * one * one, divided, box});
    }
  }
  return count;
}

static int32_t same(const hm_rectangle *a, const hm_rectangle *b) {
  return apart(a->left, b->left) <= SAME && apart(a->top, b->top) <= SAME &&
         apart(a->right, b->right) <= SAME && apart(a->bottom, b->bottom) <= SAME;
}

static int32_t quiet(const uint8_t *line, size_t by, int32_t n) {
  int32_t loud = 0;
  for (int32_t k = 1; k < n; k++)
    loud += step(line[(size_t)k * by], line[(size_t)(k - 1) * by]) > QUIET;
  return loud * LOUD <= n;
}

/* What is left of the whole without the quiet lines around it; its trimming is seen in `box`. */
static void trim(const desk *d, hm_rectangle *box) {
  const size_t w = (size_t)d->width;
  /* Twice: a line at the top may be quiet only where a bar at the side is left out. */
  for (int32_t round = 0; round < 2; round++) {
    const uint8_t *left = d->gray + box->left;
    const int32_t wide = box->right - box->left;
    while (box->top < box->bottom && quiet(left + (size_t)box->top * w, 1, wide)) box->top++;
    while (box->top < box->bottom && quiet(left + (size_t)(box->bottom - 1) * w, 1, wide))
      box->bottom--;
    const uint8_t *top = d->gray + (size_t)box->top * w;
    const int32_t high = box->bottom - box->top;
    while (box->left < box->right && quiet(top + box->left, w, high)) box->left++;
    while (box->left < box->right && quiet(top + box->right - 1, w, high)) box->right--;
  }
}

static int32_t worth(const desk *d, const hm_rectangle *box) {
  const int32_t wide = box->right - box->left, high = box->bottom - box->top;
  return (wide < d->width || high < d->height) && wide * LEAST_SIDE >= d->width &&
         high * LEAST_SIDE >= d->height;
}

int32_t hm_rectangles(const hm_picture *picture, void *workspace, size_t size,
                      hm_rectangle out[HM_RECTANGLES], int32_t *count) {
  if (!picture || !picture->pixels || !out || !count) return HM_BAD_PICTURE;
  const int32_t width = picture->width, height = picture->height;
  if (!searched(width, height) || (picture->channels != 1 && picture->channels != 3) ||
      picture->stride < (size_t)width * (size_t)picture->channels)
    return HM_BAD_PICTURE;
  if (!workspace || size < hm_rectangles_workspace(width, height)) return HM_BAD_WORKSPACE;
  desk d;
  lay_out(&d, width, height, workspace);
  copy_green(picture, d.gray);
  *count = 0;
  const hm_rectangle trimmed = {0, 0, width, height, 1};
  out[0] = trimmed;
  trim(&d, &out[0]);
  *count = worth(&d, &out[0]);

  find_upright(&d);
  find_level(&d);
  judged list[SHORTLIST], best[SHORTLIST];
  const int32_t listed = shortlist(&d, list);
  int32_t ranked = 0;
  for (int32_t k = 0; k < listed; k++) {
    const float flat = flatness(&d, &list[k].box);
    if (flat > FLAT) continue;
    list[k].rank *= (1.0f - flat) * (1.0f - flat);
    ranked = insert(best, ranked, SHORTLIST, list[k]);
  }
  int32_t frames = 0;
  for (int32_t k = 0; k < ranked && *count < HM_RECTANGLES; k++) {
    const hm_rectangle *box = &best[k].box;
    int32_t known = 0;
    for (int32_t o = 0; o < *count; o++) known |= same(box, &out[o]);
    if (known || (best[k].divided >= 1.0f && framed(&d, box) && ++frames > FRAMED)) continue;
    out[(*count)++] = *box;
  }
  return HM_OK;
}
