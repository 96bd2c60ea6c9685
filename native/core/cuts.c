/* Boxes between quiet lines: a picture on a page, in a border, between the gaps of a collage.
 *
 * A line is quiet if hardly a sample of it differs from the next: one colour, a gradient, blur. The
 * whole is trimmed of quiet lines; what is left is cut along quiet rows, else along quiet columns,
 * and each piece likewise. No seam is needed: a picture may be as dark as the page it lies on.
 * Known from the layout of documents as the recursive X-Y cut (Nagy and Seth, 1984). */
#include "rectangles.h"

#define QUIET 2 /* gray levels by which neighbours along a quiet line differ */
#define LOUD 50 /* one sample in so many may differ by more */
#define SECOND 2
#define DEEPEST 6

size_t HM_NAME(hm_cuts_room)(int32_t width) {
  return hm_align((size_t)width * sizeof(int32_t)) + hm_align((size_t)width);
}

/* Counts are bytes, of which many are added at once, until they could overflow. */
#define BYTE 255
#define WIDE 32

static int32_t row_is_quiet(const hm_sheet *s, const hm_rectangle *box, int32_t y) {
  const uint8_t *line = s->gray + (size_t)y * (size_t)s->width + box->left + 1;
  int32_t left = box->right - box->left - 1, loud = 0;
  while (left >= WIDE) {
    uint8_t counts[WIDE] = {0};
    for (int32_t k = 0; k < BYTE && left >= WIDE; k++, left -= WIDE, line += WIDE)
      for (int32_t l = 0; l < WIDE; l++) counts[l] += hm_step(line[l], line[l - 1]) > QUIET;
    for (int32_t l = 0; l < WIDE; l++) loud += counts[l];
  }
  for (int32_t l = 0; l < left; l++) loud += hm_step(line[l], line[l - 1]) > QUIET;
  return loud * LOUD <= box->right - box->left;
}

/* How many samples of each column differ from the one above. */
static void count_loud(const hm_sheet *s, const hm_rectangle *box, int32_t *restrict loud) {
  const int32_t wide = box->right - box->left;
  uint8_t *const restrict counts = (uint8_t *)loud + hm_align((size_t)s->width * sizeof(int32_t));
  for (int32_t x = 0; x < wide; x++) loud[x] = 0;
  for (int32_t y = box->top + 1; y < box->bottom;) {
    for (int32_t x = 0; x < wide; x++) counts[x] = 0;
    for (int32_t k = 0; k < BYTE && y < box->bottom; k++, y++) {
      const uint8_t *const restrict line = s->gray + (size_t)y * (size_t)s->width + box->left;
      const uint8_t *const restrict above = line - s->width;
      for (int32_t x = 0; x < wide; x++) counts[x] += hm_step(line[x], above[x]) > QUIET;
    }
    for (int32_t x = 0; x < wide; x++) loud[x] += counts[x];
  }
}

static int32_t column_is_quiet(const hm_rectangle *box, const int32_t *loud, int32_t x) {
  return loud[x - box->left] * LOUD <= box->bottom - box->top;
}

static void trim(const hm_sheet *s, int32_t *loud, hm_rectangle *box) {
  /* Twice: a line at the top may be quiet only where a bar at the side is left out. */
  for (int32_t round = 0; round < 2; round++) {
    while (box->top < box->bottom && row_is_quiet(s, box, box->top)) box->top++;
    while (box->top < box->bottom && row_is_quiet(s, box, box->bottom - 1)) box->bottom--;
    if (box->top == box->bottom) return;
    count_loud(s, box, loud);
    const hm_rectangle counted = *box;
    while (box->left < box->right && column_is_quiet(&counted, loud, box->left)) box->left++;
    while (box->left < box->right && column_is_quiet(&counted, loud, box->right - 1)) box->right--;
  }
}

static int32_t large(const hm_sheet *s, const hm_rectangle *box) {
  return (box->right - box->left) * HM_LEAST_PART >= s->width &&
         (box->bottom - box->top) * HM_LEAST_PART >= s->height;
}

typedef struct {
  const hm_sheet *sheet;
  int32_t *loud;
  hm_cut *cuts;
  int32_t count;
} desk;

static void keep(desk *d, hm_rectangle box, int32_t depth, int32_t whole) {
  if (d->count < HM_CUTS && large(d->sheet, &box))
    d->cuts[d->count++] = (hm_cut){box, depth, 0, whole};
}

/* Keeps the pieces between quiet rows, or columns; 0 where there is but one. */
static int32_t cut(desk *d, const hm_cut *from, int32_t columns) {
  const hm_rectangle *box = &from->box;
  const int32_t begin = columns ? box->left : box->top, end = columns ? box->right : box->bottom;
  int32_t pieces = 0, start = -1, quiet = 1;
  if (columns) count_loud(d->sheet, box, d->loud);
  const int32_t known = d->count;
  for (int32_t at = begin; at <= end; at++) {
    const int32_t was = quiet;
    quiet = at == end ||
            (columns ? column_is_quiet(box, d->loud, at) : row_is_quiet(d->sheet, box, at));
    if (was && !quiet) start = at;
    if (!was && quiet) {
      hm_rectangle piece = *box;
      if (columns)
        piece.left = start, piece.right = at;
      else
        piece.top = start, piece.bottom = at;
      pieces++;
      keep(d, piece, from->depth + 1, 0);
    }
  }
  if (pieces < 2) {
    d->count = known;
    return 0;
  }
  return 1;
}

static int32_t differs(const hm_rectangle *a, const hm_rectangle *b) {
  return a->left != b->left || a->top != b->top || a->right != b->right || a->bottom != b->bottom;
}

int32_t HM_NAME(hm_cuts)(const hm_sheet *sheet, void *room, hm_cut *cuts) {
  desk d = {sheet, room, cuts, 1};
  cuts[0] = (hm_cut){{0, 0, sheet->width, sheet->height, 1}, 0, 0, 0};
  for (int32_t k = 0; k < d.count; k++) {
    const hm_cut from = cuts[k];
    if (from.whole) continue;
    hm_rectangle box = from.box;
    trim(sheet, d.loud, &box);
    cuts[k].box = box;
    if (box.left >= box.right || box.top >= box.bottom) continue;
    const hm_cut trimmed = {box, from.depth, 0, 0};
    if (from.depth < DEEPEST) cuts[k].divided = cut(&d, &trimmed, 0) || cut(&d, &trimmed, 1);
    cuts[k].box = hm_sharpened(sheet, &box);
    cuts[k].box.trimmed = k == 0;
    /* A picture that is plain at its edge is trimmed too far; its neighbours tell where it ends. */
    if (from.depth >= SECOND && differs(&box, &from.box)) keep(&d, from.box, from.depth, 1);
  }
  return d.count;
}
