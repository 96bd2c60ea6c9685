/* Rectangles that a picture may have been pasted into: the picture in a screenshot, a meme, a
 * collage, a border.
 *
 * Two kinds of evidence name them: boxes between quiet lines (cuts.c), and seams (seams.c): every
 * rectangle of four lines, or sides of the whole, is judged by the share of its sides that are
 * seams. The likeliest are kept, none of them twice.
 *
 * The work is bounded whatever is in the picture: so many lines, so many rectangles of them, and so
 * many cuts. */
#include "rectangles.h"

#define PAIRS (HM_ENDS * (HM_ENDS - 1) / 2)
#define LEAST_AREA 0.03f /* of the whole */
#define LEAST_COVER 0.3f /* seams along its weakest side, */
#define MEAN_COVER 0.5f  /* and along all its sides that are not those of the whole */
#define LEAST_OWN 0.15f  /* of a side, from where on the rest of its line speaks for it too */
#define BESIDE 0.9f      /* of its share that such a line counts */
#define THROUGH 0.5f /* share of a line that is a seam, from where on it runs through the whole */
#define STRIPS 4     /* between such lines, at most */
#define GRID 0.7f    /* what a place between such lines ranks */
#define UNTRIMMED 0.3f
#define EDGE 12  /* a line nearer than this part of a side to its end divides nothing */
#define END 0.9f /* what a side of the whole counts as one of a rectangle */
#define SHORTLIST 160
#define MOST_REDUCED 64 /* by which the largest side still counts in 32 bits */
#define SAME 2          /* two rectangles with all sides so near are one */
#define FLAT 0.8f       /* share of one gray level, above which it is a panel */
#define STRIP 24        /* one in so many samples of a side are its outermost */
#define FRAMED 3        /* rectangles with a frame inside of them, in which a better one lies */
#define PROBE 6         /* samples from one that is looked at for that to the next */
#define OVERLAP 0.35f   /* of its rank that one loses which lies where another does */
#define CUT 0.7f        /* what a box between quiet lines ranks, beside one of nothing but seams */
#define PARTED 0.1f     /* what is left of the rank of one that is cut further */

typedef struct {
  int32_t first, second;
  int32_t length;
} span;

/* Of the lines of an axis, between two of the other: by themselves, and as sides. */
typedef struct {
  float own[HM_ENDS], side[HM_ENDS];
} shares;

typedef struct {
  float rank, divided;
  hm_rectangle box;
  int32_t exact; /* of seams, which are found to the sample */
  int32_t seen;  /* whether the rank knows how flat it is */
} judged;

#define TABLES hm_align(2 * PAIRS * sizeof(shares))

static int32_t searched(int32_t width, int32_t height) {
  return width >= HM_LEAST_SEARCHED && height >= HM_LEAST_SEARCHED && width <= HM_MAX_SIDE &&
         height <= HM_MAX_SIDE;
}

static size_t plane(int32_t width, int32_t height) {
  return hm_align((size_t)width * (size_t)height);
}

size_t hm_rectangles_workspace(int32_t width, int32_t height) {
  if (!searched(width, height)) return 0;
  return 64 + plane(width, height) + hm_cuts_room(width) + hm_seams_room(width, height) + TABLES;
}

/* Green is nearly luma, and needs no arithmetic. */
static void copy_green(const hm_picture *picture, uint8_t *gray) {
  const int32_t by = picture->channels, green = by == 3;
  for (int32_t y = 0; y < picture->height; y++) {
    const uint8_t *row = picture->pixels + (size_t)y * picture->stride + green;
    for (int32_t x = 0; x < picture->width; x++) *gray++ = row[x * by];
  }
}

/* The pairs of lines that are far enough apart. */
static int32_t pair(const hm_lines *of, int32_t n, span spans[PAIRS]) {
  int32_t count = 0;
  for (int32_t a = 0; a < of->count; a++)
    for (int32_t b = a + 1; b < of->count; b++) {
      const int32_t length = of->low[b] - of->high[a];
      if (length * HM_LEAST_PART >= n) spans[count++] = (span){a, b, length};
    }
  return count;
}

/* For each pair of lines of one axis: the share of each line of the other that is a seam between
 * them. A line that goes on beyond the two speaks for the stretch between them too. */
static void cover(const hm_lines *ends, const span *spans, int32_t count, const hm_lines *of,
                  shares *found) {
  for (int32_t k = 0; k < count; k++)
    for (int32_t c = 0; c < of->count; c++) {
      const hm_evidence *sums = of->sums[c];
      float own = 1.0f;
      if (sums) {
        const hm_evidence from = sums[ends->high[spans[k].first]];
        const hm_evidence to = sums[ends->low[spans[k].second]];
        own = hm_seam_share(to.seam - from.seam, to.busy - from.busy, spans[k].length);
      }
      const float whole = of->whole[c];
      found[k].own[c] = own;
      found[k].side[c] = own >= LEAST_OWN && own < whole ? 0.5f * (own + whole) : own;
    }
}

/* The greatest share of a line that lies between two others. */
static float between(const hm_lines *of, span o, const shares *share) {
  const int32_t from = of->high[o.first] + o.length / EDGE;
  const int32_t to = of->low[o.second] - o.length / EDGE;
  float most = 0.0f;
  for (int32_t c = o.first + 1; c < o.second; c++) {
    const int32_t far = of->low[c] >= from && of->high[c] <= to;
    const float cut = far ? share->own[c] : BESIDE * share->own[c];
    if (cut > most) most = cut;
  }
  return most;
}

static int32_t insert(judged *list, int32_t count, int32_t room, judged one) {
  if (count == room && list[count - 1].rank >= one.rank) return count;
  int32_t at = count < room ? count : room - 1;
  for (; at > 0 && list[at - 1].rank < one.rank; at--) list[at] = list[at - 1];
  list[at] = one;
  return count < room ? count + 1 : count;
}

/* The share of samples that have the commonest gray level. */
static float flatness(const hm_sheet *s, const hm_rectangle *box) {
  int32_t levels[256] = {0}, most = 0, all = 0;
  for (int32_t y = box->top; y < box->bottom; y += PROBE)
    for (int32_t x = box->left; x < box->right; x += PROBE, all++)
      levels[s->gray[(size_t)y * (size_t)s->width + (size_t)x]]++;
  for (int32_t k = 0; k < 256; k++)
    if (levels[k] > most) most = levels[k];
  return (float)most / (float)all;
}

/* Whether something lies within a rectangle that looks like its frame. */
static int32_t framed(const hm_sheet *s, const hm_rectangle *box) {
  const int32_t across = (box->right - box->left) / STRIP + 1;
  const int32_t down = (box->bottom - box->top) / STRIP + 1;
  const hm_rectangle strips[4] = {
      {box->left, box->top, box->left + across, box->bottom, 0},
      {box->right - across, box->top, box->right, box->bottom, 0},
      {box->left, box->top, box->right, box->top + down, 0},
      {box->left, box->bottom - down, box->right, box->bottom, 0},
  };
  for (int32_t k = 0; k < 4; k++)
    if (flatness(s, &strips[k]) > FLAT) return 1;
  return 0;
}

static float least_of(float a, float b) { return a < b ? a : b; }

/* The strips between the lines that run through the whole picture; what is thinner than a part is a
 * gap, or a border. */
static int32_t strips(const hm_lines *of, int32_t n, span out[STRIPS]) {
  int32_t count = 0, from = of->high[0];
  for (int32_t k = 1; k < of->count; k++) {
    if (of->whole[k] < THROUGH) continue;
    const int32_t length = of->low[k] - from;
    if (length * HM_LEAST_PART >= n) {
      if (count == STRIPS) return 0;
      out[count++] = (span){from, of->low[k], length};
    }
    from = of->high[k];
  }
  return count;
}

/* The places of a collage: a line between them goes on where one of the pictures shows no seam. */
static int32_t of_grid(const hm_sheet *s, const hm_lines *columns, const hm_lines *rows,
                       judged *list, int32_t count) {
  span across[STRIPS], down[STRIPS];
  const int32_t wide = strips(columns, s->width, across), high = strips(rows, s->height, down);
  if (wide * high < 2) return count;
  const float whole = (float)s->width * (float)s->height;
  for (int32_t q = 0; q < high; q++)
    for (int32_t p = 0; p < wide; p++) {
      const hm_rectangle box = {across[p].first, down[q].first, across[p].second, down[q].second,
                                0};
      const float area = (float)across[p].length * (float)down[q].length / whole;
      if (area >= LEAST_AREA)
        count = insert(list, count, SHORTLIST, (judged){area * GRID, 0.0f, box, 1, 0});
    }
  return count;
}

static int32_t of_seams(const hm_sheet *s, void *room, judged *list, int32_t count) {
  hm_lines columns, rows;
  span across[PAIRS], down[PAIRS];
  shares *const upright = room, *const level = upright + PAIRS;
  hm_cpu_forms()->seams(s, (char *)room + TABLES, &columns, &rows);
  const int32_t wide = pair(&columns, s->width, across), high = pair(&rows, s->height, down);
  cover(&rows, down, high, &columns, upright);
  cover(&columns, across, wide, &rows, level);
  const float whole = (float)s->width * (float)s->height;
  for (int32_t q = 0; q < high; q++) {
    for (int32_t p = 0; p < wide; p++) {
      const span x = across[p], y = down[q];
      const float *share = upright[q].side, *other = level[p].side;
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
      const float a = between(&columns, x, &upright[q]), b = between(&rows, y, &level[p]);
      float divided = ((a > b ? a : b) - 0.5f) * 2.5f;
      divided = divided < 0.0f ? 0.0f : divided > 1.0f ? 1.0f : divided;
      const float one = 1.0f - 0.85f * divided;
      const hm_rectangle box = {columns.high[x.first], rows.high[y.first], columns.low[x.second],
                                rows.low[y.second], 0};
      const float all = 0.25f * (mean * (float)inner + END * (float)(4 - inner));
      const float cubed = all * all * all;
      const judged found = {area * cubed * cubed * one * one, divided, box, 1, 0};
      count = insert(list, count, SHORTLIST, found);
    }
  }
  return of_grid(s, &columns, &rows, list, count);
}

static int32_t of_cuts(const hm_sheet *s, const hm_cut *cuts, int32_t cut, judged *list) {
  const float whole = (float)s->width * (float)s->height;
  int32_t count = 0;
  for (int32_t k = 1; k < cut; k++) {
    const hm_rectangle *box = &cuts[k].box;
    if (box->left >= box->right || box->top >= box->bottom) continue;
    const float area = (float)(box->right - box->left) * (float)(box->bottom - box->top) / whole;
    if (area < LEAST_AREA) continue;
    const float rank = area * CUT * (cuts[k].divided ? PARTED : cuts[k].whole ? UNTRIMMED : 1.0f);
    count = insert(list, count, SHORTLIST, (judged){rank, 0.0f, *box, 0, 0});
  }
  return count;
}

static int32_t same(const hm_rectangle *a, const hm_rectangle *b) {
  return hm_apart(a->left, b->left) <= SAME && hm_apart(a->top, b->top) <= SAME &&
         hm_apart(a->right, b->right) <= SAME && hm_apart(a->bottom, b->bottom) <= SAME;
}

static int32_t worth(const hm_sheet *s, const hm_rectangle *box) {
  const int32_t wide = box->right - box->left, high = box->bottom - box->top;
  return (wide < s->width || high < s->height) && wide * HM_LEAST_PART >= s->width &&
         high * HM_LEAST_PART >= s->height;
}

static float intersection(const hm_rectangle *a, const hm_rectangle *b) {
  const int32_t left = a->left > b->left ? a->left : b->left;
  const int32_t right = a->right < b->right ? a->right : b->right;
  const int32_t top = a->top > b->top ? a->top : b->top;
  const int32_t bottom = a->bottom < b->bottom ? a->bottom : b->bottom;
  return left < right && top < bottom ? (float)(right - left) * (float)(bottom - top) : 0.0f;
}

static float area_of(const hm_rectangle *a) {
  return (float)(a->right - a->left) * (float)(a->bottom - a->top);
}

/* Takes the likeliest one by one; what lies nearly where one lies that was taken becomes the less
 * likely, so that each picture of a collage has its turn before another guess at the same. */
static void take(const hm_sheet *s, judged *list, int32_t ranked, hm_rectangle *out,
                 int32_t *count) {
  int32_t frames = 0;
  for (int32_t k = 0; k < ranked; k++)
    for (int32_t o = 0; o < *count; o++) {
      if (!same(&list[k].box, &out[o])) continue;
      const int32_t trimmed = out[o].trimmed;
      if (list[k].exact) out[o] = list[k].box;
      out[o].trimmed = trimmed;
      list[k].rank = 0.0f;
      break;
    }
  while (*count < HM_RECTANGLES) {
    int32_t best = -1;
    for (int32_t k = 0; k < ranked; k++)
      if (list[k].rank > 0.0f && (best < 0 || list[k].rank > list[best].rank)) best = k;
    if (best < 0) break;
    if (!list[best].seen) { /* what is nearly one gray level is no picture */
      const float flat = flatness(s, &list[best].box);
      list[best].rank *= flat > FLAT ? 0.0f : (1.0f - flat) * (1.0f - flat);
      list[best].seen = 1;
      continue;
    }
    hm_rectangle box = list[best].box;
    for (int32_t k = 0; k < ranked && !list[best].exact; k++)
      if (list[k].exact && list[k].rank > 0.0f && same(&list[k].box, &box)) {
        box = list[k].box;
        break;
      }
    list[best].rank = 0.0f;
    if (list[best].divided >= 1.0f && framed(s, &box) && ++frames > FRAMED) continue;
    out[(*count)++] = box;
    for (int32_t k = 0; k < ranked; k++) {
      if (list[k].rank <= 0.0f) continue;
      if (same(&list[k].box, &box)) {
        list[k].rank = 0.0f;
        continue;
      }
      const float both = intersection(&list[k].box, &box);
      const float share = both / (area_of(&list[k].box) + area_of(&box) - both);
      list[k].rank *= 1.0f - OVERLAP * share;
    }
  }
}

static int32_t lesser(int32_t a, int32_t b) { return a < b ? a : b; }

/* A picture that is as dark as the page at one side is trimmed too far there. Most pictures lie in
 * the middle of their border: then the opposite side tells where it ends. */
static int32_t center(const hm_sheet *s, hm_rectangle out[HM_RECTANGLES]) {
  const hm_rectangle *box = &out[0];
  const int32_t across = lesser(box->left, s->width - box->right);
  const int32_t down = lesser(box->top, s->height - box->bottom);
  const hm_rectangle centered = {across, down, s->width - across, s->height - down, 0};
  if (same(box, &centered) || !worth(s, &centered)) return 1;
  out[1] = centered;
  return 2;
}

int32_t hm_rectangles(const hm_picture *picture, void *workspace, size_t size,
                      hm_rectangle out[HM_RECTANGLES], int32_t *count) {
  if (!picture || !picture->pixels || !out || !count) return HM_BAD_PICTURE;
  const int32_t width = picture->width, height = picture->height;
  if (!searched(width, height) || (picture->channels != 1 && picture->channels != 3) ||
      picture->stride < (size_t)width * (size_t)picture->channels)
    return HM_BAD_PICTURE;
  if (!workspace || size < hm_rectangles_workspace(width, height)) return HM_BAD_WORKSPACE;
  uint8_t *const gray = (uint8_t *)(((uintptr_t)workspace + 63) & ~(uintptr_t)63);
  uint8_t *const loud = gray + plane(width, height);
  copy_green(picture, gray);
  const hm_sheet sheet = {gray, width, height};

  hm_cut cuts[HM_CUTS];
  const int32_t cut = hm_cpu_forms()->cuts(&sheet, loud, cuts);
  out[0] = cuts[0].box;
  *count = worth(&sheet, &out[0]);

  if (*count) *count = center(&sheet, out);

  judged list[SHORTLIST];
  int32_t listed = of_cuts(&sheet, cuts, cut, list);
  listed = of_seams(&sheet, loud + hm_cuts_room(width), list, listed);
  take(&sheet, list, listed, out, count);
  return HM_OK;
}

size_t hm_pdq_rectangles_workspace(int32_t width, int32_t height) {
  return searched(width, height) ? hm_boxes_room(width, height) : 0;
}

int32_t hm_pdq_rectangles(const hm_picture *gray, int32_t reduction, const hm_rectangle *rectangles,
                          int32_t count, void *workspace, size_t size, hm_turned *out) {
  if (!gray || !gray->pixels || gray->channels != 1 || !searched(gray->width, gray->height) ||
      gray->stride < (size_t)gray->width || !rectangles || !out || reduction < 1 ||
      reduction > MOST_REDUCED)
    return HM_BAD_PICTURE;
  if (!workspace || size < hm_boxes_room(gray->width, gray->height)) return HM_BAD_WORKSPACE;
  hm_factors factors;
  hm_spectrum_factors(&factors, HM_GRID);
  for (int32_t k = 0; k < count; k++) {
    const hm_rectangle *r = &rectangles[k];
    if (r->left < 0 || r->top < 0 || r->right > gray->width || r->bottom > gray->height ||
        r->left >= r->right || r->top >= r->bottom)
      return HM_BAD_PICTURE;
    const hm_picture box = {gray->pixels + (size_t)r->top * gray->stride + (size_t)r->left,
                            gray->stride, r->right - r->left, r->bottom - r->top, 1};
    hm_cpu_forms()->box(&box, reduction, &factors, workspace, &out[k]);
  }
  return HM_OK;
}
