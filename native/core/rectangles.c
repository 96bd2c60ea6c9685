/* Rectangles that a picture may have been pasted into: the picture in a screenshot, a meme, a
 * collage, a border.
 *
 * What may be one is named by candidates.c; of those the likeliest are kept, none of them twice.
 *
 * The work is bounded whatever is in the picture: so many lines, so many rectangles of them, and so
 * many cuts. */
#include "rectangles.h"

#define MOST_REDUCED 64 /* by which the largest side still counts in 32 bits */
#define SAME 2          /* two rectangles with all sides so near are one */
#define FLAT 0.8f       /* share of one gray level, above which it is a panel */
#define STRIP 24        /* one in so many samples of a side are its outermost */
#define FRAMED 3        /* rectangles with a frame inside of them, in which a better one lies */
#define PROBE 6         /* samples from one that is looked at for that to the next */
#define OVERLAP 0.35f   /* of its rank that one loses which lies where another does */
#define WHOLES 3        /* the last that are taken, whatever divides them */
#define SIBLING 0.8f    /* of what two cover together, that they share if they may be one picture */
#define SIBLINGS 3
#define WITHIN 2 /* rectangles within others, at most */
#define SHAPED 5 /* rectangles of a usual shape, at most */
#define JOINED 2 /* of two that a line divides, at most */
#define LOOKED 8 /* rectangles in which and beside which those are looked for */

static int32_t searched(int32_t width, int32_t height) {
  return width >= HM_LEAST_SEARCHED && height >= HM_LEAST_SEARCHED && width <= HM_MAX_SIDE &&
         height <= HM_MAX_SIDE;
}

static size_t plane(int32_t width, int32_t height) {
  return hm_align((size_t)width * (size_t)height);
}

size_t hm_rectangles_workspace(int32_t width, int32_t height) {
  if (!searched(width, height)) return 0;
  return 64 + plane(width, height) + hm_candidates_room(width, height);
}

/* Green is nearly luma, and needs no arithmetic. */
static void copy_green(const hm_picture *picture, uint8_t *gray) {
  const size_t width = (size_t)picture->width;
  for (size_t y = 0; y < (size_t)picture->height; y++) {
    const uint8_t *restrict row = picture->pixels + y * picture->stride;
    uint8_t *restrict out = gray + y * width;
    if (picture->channels == 1)
      __builtin_memcpy(out, row, width);
    else
      for (size_t x = 0; x < width; x++) out[x] = row[3 * x + 1];
  }
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

static float shared(const hm_rectangle *a, const hm_rectangle *b) {
  const float both = intersection(a, b);
  return both / (area_of(a) + area_of(b) - both);
}

static int32_t known(const hm_rectangle *box, const hm_rectangle *out, int32_t count) {
  for (int32_t k = 0; k < count; k++)
    if (same(box, &out[k])) return 1;
  return 0;
}

static float rank_of(const hm_judged *one, int32_t undivided) {
  return undivided ? one->rank : one->whole;
}

static void lower(hm_judged *one, float by) {
  one->rank *= by;
  one->whole *= by;
}

/* Takes the likeliest one by one; what lies nearly where one lies that was taken becomes the less
 * likely, so that each picture of a collage has its turn before another guess at the same. What a
 * line divides is most often two pictures, but a horizon is such a line too: the last are taken
 * whatever divides them. */
static void take(const hm_sheet *s, hm_judged *list, int32_t ranked, int32_t most,
                 hm_rectangle *out, int32_t *count) {
  int32_t frames = 0;
  for (int32_t k = 0; k < ranked; k++)
    for (int32_t o = 0; o < *count; o++) {
      if (!same(&list[k].box, &out[o])) continue;
      const int32_t trimmed = out[o].trimmed;
      if (list[k].exact) out[o] = list[k].box;
      out[o].trimmed = trimmed;
      lower(&list[k], 0.0f);
      break;
    }
  while (*count < most) {
    const int32_t undivided = *count < most - WHOLES;
    int32_t best = -1;
    for (int32_t k = 0; k < ranked; k++)
      if (rank_of(&list[k], undivided) > (best < 0 ? 0.0f : rank_of(&list[best], undivided)))
        best = k;
    if (best < 0) break;
    if (!list[best].seen) { /* what is nearly one gray level is no picture */
      const float flat = flatness(s, &list[best].box);
      lower(&list[best], flat > FLAT ? 0.0f : (1.0f - flat) * (1.0f - flat));
      list[best].seen = 1;
      continue;
    }
    hm_rectangle box = list[best].box;
    for (int32_t k = 0; k < ranked && !list[best].exact; k++)
      if (list[k].exact && list[k].rank > 0.0f && same(&list[k].box, &box)) {
        box = list[k].box;
        break;
      }
    lower(&list[best], 0.0f);
    if (list[best].divided >= 1.0f && framed(s, &box) && ++frames > FRAMED) continue;
    out[(*count)++] = box;
    for (int32_t k = 0; k < ranked; k++)
      if (list[k].rank > 0.0f)
        lower(&list[k],
              same(&list[k].box, &box) ? 0.0f : 1.0f - OVERLAP * shared(&list[k].box, &box));
  }
}

/* A picture may have a frame of its own, and lines that run through it: for each of those taken,
 * the likeliest of those that lie nearly there, whatever divides it. */
static void take_siblings(const hm_judged *list, int32_t ranked, int32_t most, hm_rectangle *out,
                          int32_t *count) {
  const int32_t taken = *count;
  for (int32_t o = 0; o < taken && *count < most; o++) {
    int32_t best = -1;
    for (int32_t k = 0; k < ranked; k++)
      if ((best < 0 || list[k].whole > list[best].whole) &&
          shared(&list[k].box, &out[o]) >= SIBLING && !known(&list[k].box, out, *count))
        best = k;
    if (best >= 0) out[(*count)++] = list[best].box;
  }
}

static int32_t lesser(int32_t a, int32_t b) { return a < b ? a : b; }
static int32_t greater(int32_t a, int32_t b) { return a > b ? a : b; }

static void add(const hm_sheet *s, const hm_rectangle *made, int32_t n, int32_t most,
                hm_rectangle *out, int32_t *count) {
  for (int32_t k = 0; k < n && *count < most; k++)
    if (made[k].left < made[k].right && made[k].top < made[k].bottom && worth(s, &made[k]) &&
        !known(&made[k], out, *count))
      out[(*count)++] = made[k];
}

/* Whether two lie side by side, or one above another, and end alike. */
static int32_t adjoin(const hm_rectangle *a, const hm_rectangle *b) {
  const int32_t columns =
      hm_apart(a->left, b->left) <= SAME && hm_apart(a->right, b->right) <= SAME;
  const int32_t rows = hm_apart(a->top, b->top) <= SAME && hm_apart(a->bottom, b->bottom) <= SAME;
  return (columns &&
          (hm_apart(a->bottom, b->top) <= SAME || hm_apart(b->bottom, a->top) <= SAME)) ||
         (rows && (hm_apart(a->right, b->left) <= SAME || hm_apart(b->right, a->left) <= SAME));
}

/* A horizon makes two of a picture, and both are likely: what they are together may be one. */
static void take_joined(const hm_sheet *s, hm_rectangle *out, int32_t *count) {
  const int32_t taken = *count, most = lesser(*count + JOINED, HM_RECTANGLES);
  for (int32_t b = 1; b < taken; b++)
    for (int32_t a = 0; a < b; a++) {
      if (!adjoin(&out[a], &out[b])) continue;
      const hm_rectangle both = {lesser(out[a].left, out[b].left), lesser(out[a].top, out[b].top),
                                 greater(out[a].right, out[b].right),
                                 greater(out[a].bottom, out[b].bottom), 0};
      add(s, &both, 1, most, out, count);
    }
}

/* Other sides for the likeliest. */
static void take_variants(const hm_sheet *s, hm_rectangle *out, int32_t *count) {
  const int32_t taken = lesser(*count, LOOKED);
  const int32_t within = lesser(*count + WITHIN, HM_RECTANGLES);
  hm_rectangle made[HM_SHAPED > 2 ? HM_SHAPED : 2];
  for (int32_t o = 0; o < taken && *count < within; o++)
    add(s, made, hm_within(s, &out[o], made), within, out, count);
  const int32_t shaped = lesser(*count + SHAPED, HM_RECTANGLES);
  for (int32_t o = 0; o < taken && *count < shaped; o++)
    add(s, made, hm_shaped(s, &out[o], made), shaped, out, count);
  const hm_rectangle whole = {0, 0, s->width, s->height, 0};
  if (taken) add(s, made, hm_shaped(s, &whole, made), shaped, out, count);
}

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
  copy_green(picture, gray);
  const hm_sheet sheet = {gray, width, height};

  hm_judged list[HM_SHORTLIST];
  const int32_t listed = hm_candidates(&sheet, gray + plane(width, height), &out[0], list);
  *count = worth(&sheet, &out[0]);

  if (*count) *count = center(&sheet, out);

  take(&sheet, list, listed, HM_RECTANGLES - SIBLINGS - WITHIN - SHAPED - JOINED, out, count);
  take_joined(&sheet, out, count);
  take_variants(&sheet, out, count);
  take_siblings(list, listed, HM_RECTANGLES, out, count);
  return HM_OK;
}

size_t hm_pdq_rectangles_workspace(int32_t width, int32_t height) {
  return searched(width, height) ? hm_boxes_room(width, height) + plane(width, height) : 0;
}

int32_t hm_pdq_rectangles(const hm_picture *gray, int32_t reduction, const hm_rectangle *rectangles,
                          int32_t count, int32_t turned, void *workspace, size_t size,
                          hm_turned *out) {
  if (!gray || !gray->pixels || gray->channels != 1 || !searched(gray->width, gray->height) ||
      gray->stride < (size_t)gray->width || !rectangles || !out || reduction < 1 ||
      reduction > MOST_REDUCED)
    return HM_BAD_PICTURE;
  if (!workspace || size < hm_pdq_rectangles_workspace(gray->width, gray->height))
    return HM_BAD_WORKSPACE;
  uint8_t *const mended = (uint8_t *)workspace + hm_boxes_room(gray->width, gray->height);
  hm_factors factors;
  hm_spectrum_factors(&factors, HM_GRID);
  for (int32_t k = 0; k < count; k++) {
    const hm_rectangle *r = &rectangles[k];
    if (r->left < 0 || r->top < 0 || r->right > gray->width || r->bottom > gray->height ||
        r->left >= r->right || r->top >= r->bottom)
      return HM_BAD_PICTURE;
    hm_picture box = {gray->pixels + (size_t)r->top * gray->stride + (size_t)r->left, gray->stride,
                      r->right - r->left, r->bottom - r->top, 1};
    if (hm_unround(&box, mended)) {
      box.pixels = mended;
      box.stride = (size_t)box.width;
    }
    hm_cpu_forms()->box(&box, reduction, k < turned, &factors, workspace, &out[k]);
  }
  return HM_OK;
}

int32_t hm_gray(const hm_picture *rgb, uint8_t *gray) {
  if (!hm_readable(rgb) || rgb->channels != 3 || !gray) return HM_BAD_PICTURE;
  hm_cpu_forms()->gray(rgb, gray);
  return HM_OK;
}
