/* Where the sides of a rectangle may lie, other than it was found: on the line nearby that is
 * sharpest, within a margin of its own, or where the shapes that pictures have would put a side
 * that nothing shows. */
#include "rectangles.h"

#define QUIET 2   /* gray levels by which neighbours along a quiet line differ */
#define LOUD 50   /* one sample in so many may differ by more */
#define RINGING 8 /* samples beside a sharp line that a JPEG's blocks make uneven */
#define SHARP 4   /* gray levels of the mean step across a line to which a side is moved */
#define DEEPEST 6 /* a margin is at most so great a part of a side */
#define EVEN 2    /* samples by which margins that are to be even differ */

enum { LEFT, TOP, RIGHT, BOTTOM };

static int32_t *side_of(hm_rectangle *box, int32_t side) {
  return side == LEFT    ? &box->left
         : side == TOP   ? &box->top
         : side == RIGHT ? &box->right
                         : &box->bottom;
}

static int32_t upright(int32_t side) { return side == LEFT || side == RIGHT; }
static int32_t inward(int32_t side) { return side == LEFT || side == TOP ? 1 : -1; }
static int32_t wide(const hm_rectangle *box) { return box->right - box->left; }
static int32_t high(const hm_rectangle *box) { return box->bottom - box->top; }

/* The sum of steps across a side that begins at a column, or row. */
static int32_t across(const hm_sheet *s, const hm_rectangle *box, int32_t column, int32_t at) {
  const size_t w = (size_t)s->width;
  int32_t sum = 0;
  if (at < 1 || at >= (column ? s->width : s->height)) return 0;
  if (column) {
    const uint8_t *p = s->gray + (size_t)box->top * w + (size_t)at;
    for (int32_t y = box->top; y < box->bottom; y++, p += w) sum += hm_step(p[0], p[-1]);
  } else {
    const uint8_t *p = s->gray + (size_t)at * w;
    for (int32_t x = box->left; x < box->right; x++) sum += hm_step(p[x], p[(size_t)x - w]);
  }
  return sum;
}

/* Beside a sharp side a JPEG leaves ripples that are not quiet: move on to the side itself. */
static int32_t sharpen(const hm_sheet *s, const hm_rectangle *box, int32_t side, int32_t at) {
  const int32_t column = upright(side), length = column ? high(box) : wide(box);
  const int32_t as_it_is = across(s, box, column, at), least = SHARP * length;
  int32_t best = at, most = as_it_is > least ? as_it_is : least;
  for (int32_t k = 1; k <= RINGING; k++) {
    const int32_t sum = across(s, box, column, at + k * inward(side));
    if (sum > most) {
      most = sum;
      best = at + k * inward(side);
    }
  }
  return best;
}

hm_rectangle hm_sharpened(const hm_sheet *s, const hm_rectangle *box) {
  hm_rectangle made = *box;
  if (wide(box) <= 4 * RINGING || high(box) <= 4 * RINGING) return made;
  if (box->left > 0) made.left = sharpen(s, box, LEFT, box->left);
  if (box->right < s->width) made.right = sharpen(s, box, RIGHT, box->right);
  if (box->top > 0) made.top = sharpen(s, box, TOP, box->top);
  if (box->bottom < s->height) made.bottom = sharpen(s, box, BOTTOM, box->bottom);
  return made;
}

/* Whether hardly a sample of a row or column differs from the next, between two sides. */
static int32_t quiet(const hm_sheet *s, const hm_rectangle *box, int32_t column, int32_t at) {
  const size_t step = column ? (size_t)s->width : 1;
  const int32_t length = column ? high(box) : wide(box), from = column ? box->top : box->left;
  const uint8_t *p = s->gray + (column ? (size_t)from * step + (size_t)at
                                       : (size_t)at * (size_t)s->width + (size_t)from);
  int32_t loud = 0;
  for (int32_t k = 1; k < length; k++, p += step) {
    loud += hm_step(p[step], p[0]) > QUIET;
    if (loud * LOUD > length) return 0;
  }
  return 1;
}

static int32_t margin(const hm_sheet *s, hm_rectangle box, int32_t side) {
  const int32_t column = upright(side), length = column ? wide(&box) : high(&box);
  int32_t depth = 0, at = *side_of(&box, side) - (inward(side) < 0);
  for (; depth * DEEPEST < length && quiet(s, &box, column, at); depth++) at += inward(side);
  return depth;
}

int32_t hm_within(const hm_sheet *s, const hm_rectangle *box, hm_rectangle out[2]) {
  int32_t depth[4], least = 0, count = 0;
  hm_rectangle trimmed = *box, even = *box;
  if (wide(box) <= 4 * RINGING || high(box) <= 4 * RINGING) return 0;
  for (int32_t side = LEFT; side <= BOTTOM; side++) {
    depth[side] = margin(s, *box, side);
    if (depth[side] && (!least || depth[side] < least)) least = depth[side];
  }
  if (!least) return 0;
  int32_t uneven = 0;
  for (int32_t side = LEFT; side <= BOTTOM; side++) {
    if (!depth[side]) continue;
    *side_of(&trimmed, side) += depth[side] * inward(side);
    *side_of(&even, side) += least * inward(side);
    uneven |= depth[side] > least + EVEN;
  }
  trimmed = hm_sharpened(s, &trimmed);
  trimmed.trimmed = 0;
  out[count++] = trimmed;
  even.trimmed = 0;
  if (uneven) out[count++] = even;
  return count;
}

/* The side that shows least, of those that are not the whole's; the lower one where all are. */
static int32_t faintest(const hm_sheet *s, const hm_rectangle *box) {
  const int32_t inner[4] = {box->left > 0, box->top > 0, box->right < s->width,
                            box->bottom < s->height};
  const int32_t at[4] = {box->left, box->top, box->right, box->bottom};
  int32_t found = BOTTOM;
  float least = 256.0f;
  for (int32_t side = LEFT; side <= BOTTOM; side++) {
    if (!inner[side]) continue;
    const int32_t column = upright(side), length = column ? high(box) : wide(box);
    const float step = (float)across(s, box, column, at[side]) / (float)length;
    if (step < least) {
      least = step;
      found = side;
    }
  }
  return found;
}

int32_t hm_shaped(const hm_sheet *s, const hm_rectangle *box, hm_rectangle out[HM_SHAPED]) {
  static const struct {
    int32_t wide, high;
  } shapes[] = {{16, 9}, {3, 2}, {4, 3}, {1, 1}, {3, 4}, {4, 5}, {2, 3}, {9, 16}};
  const int32_t side = faintest(s, box), column = upright(side);
  const int32_t n = column ? s->width : s->height;
  int32_t count = 0;
  for (size_t k = 0; k < sizeof shapes / sizeof shapes[0] && count < HM_SHAPED; k++) {
    const int32_t a = shapes[k].wide, b = shapes[k].high;
    const int32_t length = column ? (high(box) * a + b / 2) / b : (wide(box) * b + a / 2) / a;
    hm_rectangle made = *box;
    int32_t *const moved = side_of(&made, side), was = *moved;
    *moved = *side_of(&made, side ^ 2) + length * (side == LEFT || side == TOP ? -1 : 1);
    if (*moved < 2 || *moved > n - 2 || hm_apart(*moved, was) <= 2) continue;
    int32_t still = 1;
    for (int32_t at = *moved - 2; at < *moved + 2 && still; at++) still = quiet(s, box, column, at);
    if (!still) continue;
    made.trimmed = 0;
    out[count++] = made;
  }
  return count;
}
