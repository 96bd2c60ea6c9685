/* What may be a picture within a picture, and how likely that is.
 *
 * Two kinds of evidence: boxes between quiet lines (cuts.c), and seams (seams.c). Every rectangle
 * of four lines, or sides of the whole, is judged by the share of its sides that are seams; and
 * where lines run through the whole, the places between them are those of a collage, whichever of
 * their sides show no seam. */
#include "rectangles.h"

#define PAIRS (HM_ENDS * (HM_ENDS - 1) / 2)
#define LEAST_AREA 0.03f /* of the whole */
#define LEAST_COVER 0.3f /* seams along its weakest side, */
#define MEAN_COVER 0.5f  /* and along all its sides that are not those of the whole */
#define LEAST_OWN 0.15f  /* of a side, from where on the rest of its line speaks for it too */
#define EDGE 12          /* a line nearer than this part of a side to its end divides nothing */
#define BESIDE 0.7f      /* of its share that a line near an end counts: that of a frame, */
#define WITHIN 0.7f    /* and one that ends where the rectangle ends: that of the picture itself */
#define END 0.9f       /* what a side of the whole counts as one of a rectangle */
#define THROUGH 0.5f   /* share of a line that is a seam, from where on it runs through the whole */
#define STRIPS 4       /* between such lines, at most */
#define GRID 0.7f      /* what a place between such lines ranks */
#define CUT 0.7f       /* what a box between quiet lines ranks, beside one of nothing but seams */
#define PARTED 0.1f    /* what is left of the rank of one that is cut further */
#define UNTRIMMED 0.3f /* of one that keeps quiet lines which its neighbours have not */

typedef struct {
  int32_t first, second;
  int32_t length;
} span;

/* Of the lines of an axis, between two of the other: by themselves, and as sides. */
typedef struct {
  float own[HM_ENDS], side[HM_ENDS];
  float on[HM_ENDS]; /* 0 to 1: whether a line goes on beyond the two */
} shares;

#define TABLES hm_align(2 * PAIRS * sizeof(shares))

size_t hm_candidates_room(int32_t width, int32_t height) {
  return TABLES + hm_cuts_room(width) + hm_seams_room(width, height);
}

static int32_t insert(hm_judged *list, int32_t count, int32_t room, hm_judged one) {
  if (count == room && list[count - 1].rank >= one.rank) return count;
  int32_t at = count < room ? count : room - 1;
  for (; at > 0 && list[at - 1].rank < one.rank; at--) list[at] = list[at - 1];
  list[at] = one;
  return count < room ? count + 1 : count;
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
  const int32_t n = ends->low[ends->count - 1];
  for (int32_t k = 0; k < count; k++)
    for (int32_t c = 0; c < of->count; c++) {
      const hm_evidence *sums = of->sums[c];
      const int32_t rest = n - spans[k].length;
      float own = 1.0f, on = 1.0f;
      if (sums) {
        const hm_evidence from = sums[ends->high[spans[k].first]];
        const hm_evidence to = sums[ends->low[spans[k].second]];
        own = hm_seam_share(to.seam - from.seam, to.busy - from.busy, spans[k].length);
        if (rest * EDGE > n) {
          const int32_t seam = sums[n].seam - (to.seam - from.seam);
          const int32_t busy = sums[n].busy - (to.busy - from.busy);
          const float beyond = hm_seam_share(seam, busy, rest);
          on = beyond < own ? beyond / own : 1.0f;
        }
      }
      const float whole = of->whole[c];
      found[k].own[c] = own;
      found[k].on[c] = on;
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
    const float runs = WITHIN + (1.0f - WITHIN) * share->on[c];
    const float cut = (far ? runs : BESIDE) * share->own[c];
    if (cut > most) most = cut;
  }
  return most;
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
                       hm_judged *list, int32_t count) {
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
        count = insert(list, count, HM_SHORTLIST,
                       (hm_judged){area * GRID, 0.0f, area * GRID, box, 1, 0});
    }
  return count;
}

static int32_t of_seams(const hm_sheet *s, void *tables, void *room, hm_judged *list,
                        int32_t count) {
  hm_lines columns, rows;
  span across[PAIRS], down[PAIRS];
  shares *const upright = tables, *const level = upright + PAIRS;
  hm_cpu_forms()->seams(s, room, &columns, &rows);
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
      const float likely = area * cubed * cubed;
      const hm_judged found = {likely * one * one, divided, likely, box, 1, 0};
      count = insert(list, count, HM_SHORTLIST, found);
    }
  }
  return of_grid(s, &columns, &rows, list, count);
}

static int32_t of_cuts(const hm_sheet *s, const hm_cut *cuts, int32_t cut, hm_judged *list) {
  const float whole = (float)s->width * (float)s->height;
  int32_t count = 0;
  for (int32_t k = 1; k < cut; k++) {
    const hm_rectangle *box = &cuts[k].box;
    if (box->left >= box->right || box->top >= box->bottom) continue;
    const float area = (float)(box->right - box->left) * (float)(box->bottom - box->top) / whole;
    if (area < LEAST_AREA) continue;
    const float rank = area * CUT * (cuts[k].divided ? PARTED : cuts[k].whole ? UNTRIMMED : 1.0f);
    count = insert(list, count, HM_SHORTLIST, (hm_judged){rank, 0.0f, rank, *box, 0, 0});
  }
  return count;
}

int32_t hm_candidates(const hm_sheet *sheet, void *room, hm_rectangle *trimmed,
                      hm_judged list[HM_SHORTLIST]) {
  hm_cut cuts[HM_CUTS];
  char *const rest = (char *)room + TABLES;
  const int32_t cut = hm_cpu_forms()->cuts(sheet, rest, cuts);
  *trimmed = cuts[0].box;
  const int32_t listed = of_cuts(sheet, cuts, cut, list);
  return of_seams(sheet, room, rest + hm_cuts_room(sheet->width), list, listed);
}
