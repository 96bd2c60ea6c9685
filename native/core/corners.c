/* Rounded corners: what they show of the page is taken out of a rectangle before it is hashed.
 *
 * Programs show pictures with round corners everywhere. The page in them is little of a picture,
 * but where a picture is of one tone, dark or faint, it is the most of what can be told. */
#include "rectangles.h"

#define LIKE 10    /* gray levels by which samples of the page differ from that in the corner */
#define SMALLEST 3 /* samples of a radius; a smaller one shows little of the page */
#define LARGEST 4  /* a radius is at most so great a part of the shorter side */
#define CLEAR 2    /* samples beside the page that are a mixture of page and picture */
#define ROUND_MOST 0.45f  /* of the square of the radius; outside of a quarter circle lies 0.21, */
#define ROUND_LEAST 0.06f /* beyond a slant 0.5, and of a flat corner all */

/* A corner, and the steps from it into the rectangle. */
typedef struct {
  int32_t at, aside, down;
  int32_t radius; /* as found; 0 for a corner that is not round */
} corner;

/* Samples of a row, from its end on, that are of the page. */
static int32_t run(const uint8_t *row, int32_t aside, uint8_t page, int32_t most) {
  int32_t n = 0;
  while (n < most && hm_step(row[n * aside], page) <= LIKE) n++;
  return n;
}

static void measure(const uint8_t *pixels, corner *c, int32_t limit) {
  const uint8_t *row = pixels + c->at;
  const uint8_t page = *row;
  const int32_t first = run(row, c->aside, page, limit);
  int32_t rows = 0, most = first, area = 0;
  c->radius = 0;
  if (first < SMALLEST || first == limit) return;
  for (; rows < limit; rows++, row += c->down) {
    const int32_t n = run(row, c->aside, page, limit);
    if (!n) break;
    if (n > most + 1) return; /* no arc: it never grows on the way */
    most = n;
    area += n;
  }
  const int32_t apart = hm_apart(rows, first);
  if (rows == limit || apart * 3 > first + 6) return;
  /* A slant covers half of each sample on it, and counts them whole. */
  const float square = (float)(first * rows), most_of_it = ROUND_MOST * square + 0.5f * (float)rows;
  if ((float)area > most_of_it || (float)area < ROUND_LEAST * square) return;
  c->radius = first > rows ? first : rows;
}

static void fill(uint8_t *pixels, const corner *c) {
  const uint8_t page = pixels[c->at];
  uint8_t *row = pixels + c->at;
  for (int32_t y = 0; y < c->radius; y++, row += c->down) {
    const int32_t n = run(row, c->aside, page, c->radius) + CLEAR;
    if (n == CLEAR) break;
    for (int32_t x = 0; x < n; x++) row[x * c->aside] = row[n * c->aside];
  }
}

int32_t hm_unround(const hm_picture *box, uint8_t *room) {
  const int32_t w = box->width, h = box->height, limit = (w < h ? w : h) / LARGEST;
  const int32_t stride = (int32_t)box->stride, last = (h - 1) * stride;
  if (limit <= SMALLEST + CLEAR) return 0;
  corner corners[4] = {{0, 1, stride, 0},
                       {w - 1, -1, stride, 0},
                       {last, 1, -stride, 0},
                       {last + w - 1, -1, -stride, 0}};
  int32_t round = 0, least = limit, most = 0;
  for (int32_t k = 0; k < 4; k++) {
    measure(box->pixels, &corners[k], limit);
    const int32_t r = corners[k].radius;
    if (!r) continue;
    round++;
    least = r < least ? r : least;
    most = r > most ? r : most;
  }
  /* One corner of a picture may look round by chance, hardly three of them, and alike. */
  if (round < 3 || most > 2 * least + SMALLEST) return 0;
  for (int32_t y = 0; y < h; y++)
    __builtin_memcpy(room + (size_t)y * (size_t)w, box->pixels + (size_t)y * box->stride,
                     (size_t)w);
  const int32_t end = (h - 1) * w;
  const corner there[4] = {
      {0, 1, w, 0}, {w - 1, -1, w, 0}, {end, 1, -w, 0}, {end + w - 1, -1, -w, 0}};
  for (int32_t k = 0; k < 4; k++) {
    corner c = there[k];
    c.radius = corners[k].radius;
    fill(room, &c);
  }
  return 1;
}
