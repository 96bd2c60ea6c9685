/* The reference form: the float operations of the PDQ reference, in its order, on a stream of rows.
 *
 * The reference filters the whole picture four times: a box filter along rows, one along columns,
 * and both again. Each is a running sum (add the sample that enters, subtract the one that leaves,
 * divide by their number), whose rounding depends on all that went before; so the order is kept,
 * and speed comes from handling sixteen rows, or all columns, side by side. Columns need only the
 * last `window` rows, which bounds the memory. Of the second filter along rows only the 64 columns
 * that the grid shows are divided out, and of the last one only those and 64 rows.
 */
#include "internal.h"

/* A box filter along columns, fed one row at a time. It answers `ahead` rows later. */
typedef struct {
  float *sum;     /* running sums, one a column */
  float *ring;    /* the last `slots` rows */
  size_t columns; /* floats in a row */
  int32_t n, window, ahead, slots, fed;
} column_box;

/* What a stage of the stream keeps. All sizes follow from the picture's. */
typedef struct {
  float *block;    /* sixteen rows */
  hm_lanes *tile;  /* the same, turned: one vector of sixteen rows a column */
  float *filtered; /* sixteen rows out of the first filter along columns */
  float *narrow;   /* sixteen rows of 64 columns */
  float *answer;   /* one row out of the second filter along columns */
  column_box wide, thin;
} stream;

/* Room for the window and for the sixteen rows that arrive together. */
static int32_t ring_slots(int32_t height) { return hm_window(height) + HM_LANES; }

static void *take(uintptr_t *at, size_t bytes) {
  void *here = (void *)*at;
  *at += hm_align(bytes);
  return here;
}

/* Lays the stream out from an address on and gives its size. */
static size_t lay_out(stream *s, uintptr_t at, int32_t width, int32_t height) {
  uintptr_t end = at;
  /* Rows are padded to whole tiles. */
  const size_t columns = ((size_t)width + HM_LANES - 1) / HM_LANES * HM_LANES;
  const size_t row = sizeof(float) * columns;
  const size_t slots = (size_t)ring_slots(height);
  s->block = take(&end, HM_LANES * row);
  s->tile = take(&end, HM_LANES * row);
  s->filtered = take(&end, HM_LANES * row);
  s->narrow = take(&end, HM_LANES * sizeof(float) * HM_GRID);
  s->answer = take(&end, sizeof(float) * HM_GRID);
  s->wide.sum = take(&end, row);
  s->wide.ring = take(&end, slots * row);
  s->thin.sum = take(&end, sizeof(float) * HM_GRID);
  s->thin.ring = take(&end, slots * sizeof(float) * HM_GRID);
  s->wide.columns = columns;
  s->thin.columns = HM_GRID;
  return end - at;
}

size_t HM_NAME(hm_reference_workspace)(int32_t width, int32_t height) {
  stream s;
  return lay_out(&s, 0, width, height);
}

static void begin(column_box *box, int32_t height) {
  box->n = height;
  box->window = hm_window(height);
  box->ahead = hm_ahead(box->window);
  box->slots = ring_slots(height);
  box->fed = 0;
  for (size_t x = 0; x < box->columns; x++) box->sum[x] = 0.0f;
}

static float *ring_row(const column_box *box, int32_t y) {
  return box->ring + (size_t)(y % box->slots) * box->columns;
}

/* Step the filter along columns by one row, which lies in its place in the ring (past the last row,
 * only the leaving ones are subtracted). Gives the index of the row that it answers, or -1. */
static int32_t step(column_box *box, float *restrict answer) {
  const int32_t y = box->fed++;
  const int32_t out = y - box->ahead;
  const size_t columns = box->columns;
  float *restrict sum = box->sum;
  const float *restrict enters = y < box->n ? ring_row(box, y) : 0;
  const float *restrict leaves = y >= box->window ? ring_row(box, y - box->window) : 0;
  int32_t members = box->window;
  if (y < box->window) members = y + 1;
  if (y >= box->n) members = box->window - (y - box->n + 1);
  const float divisor = (float)members;

  if (!enters) {
    for (size_t x = 0; x < columns; x++) {
      sum[x] -= leaves[x];
      answer[x] = sum[x] / divisor;
    }
  } else if (leaves) {
    for (size_t x = 0; x < columns; x++) {
      float s = sum[x] + enters[x];
      sum[x] = s = s - leaves[x];
      answer[x] = s / divisor;
    }
  } else if (out >= 0) {
    for (size_t x = 0; x < columns; x++) {
      sum[x] += enters[x];
      answer[x] = sum[x] / divisor;
    }
  } else {
    for (size_t x = 0; x < columns; x++) sum[x] += enters[x];
  }
  return out;
}

/* Luma of one row. The reference rounds 0.299 R + 0.587 G + 0.114 B, formed in doubles, to a float;
 * the nearest float to (299 R + 587 G + 114 B) / 1000 is the same for all 2^24 colours. */
static void luma_row(const hm_picture *picture, int32_t y, float *restrict luma) {
  const uint8_t *restrict p = picture->pixels + (size_t)y * picture->stride;
  const size_t width = (size_t)picture->width;
  if (picture->channels == 1) {
    for (size_t x = 0; x < width; x++) luma[x] = (float)p[x];
  } else {
    for (size_t x = 0; x < width; x++) {
      int32_t thousand = 299 * p[3 * x] + 587 * p[3 * x + 1] + 114 * p[3 * x + 2];
      luma[x] = (float)thousand / 1000.0f;
    }
  }
}

/* Turn sixteen rows into one vector a column, and sixteen such vectors back. */
static void turn_in(const float *restrict rows, size_t columns, hm_lanes *restrict tile) {
  for (size_t x = 0; x < columns; x += HM_LANES)
    for (size_t k = 0; k < HM_LANES; k++)
      for (size_t g = 0; g < HM_LANES; g++) tile[x + k][g] = rows[g * columns + x + k];
}
static void turn_out(const hm_lanes *restrict tile, float *const row[HM_LANES], size_t x) {
  for (size_t g = 0; g < HM_LANES; g++)
    for (size_t k = 0; k < HM_LANES; k++) row[g][x + k] = tile[k][g];
}

/* A box filter along sixteen rows at once. */
typedef struct {
  const hm_lanes *in;
  hm_lanes sum;
  int32_t width, window, ahead, members, fed;
} row_box;

static row_box begin_rows(const hm_lanes *in, int32_t width) {
  const int32_t window = hm_window(width);
  return (row_box){.in = in, .width = width, .window = window, .ahead = hm_ahead(window)};
}

/* Step by one column: what enters is added before what leaves is subtracted. */
static inline void step_rows(row_box *box) {
  const int32_t t = box->fed++;
  if (t < box->width) {
    box->sum = box->sum + box->in[t];
    box->members++;
  }
  if (t >= box->window) {
    box->sum = box->sum - box->in[t - box->window];
    box->members--;
  }
}

/* The filter along rows; every column is answered. */
static void filter_rows(const stream *s, int32_t width, float *const out[HM_LANES]) {
  row_box box = begin_rows(s->tile, width);
  hm_lanes answers[HM_LANES];
  while (box.fed < box.ahead) step_rows(&box);
  for (int32_t x = 0; x < width; x += HM_LANES) {
    for (int32_t k = 0; k < HM_LANES; k++) {
      if (x + k < width) step_rows(&box);
      answers[k] = box.sum / (float)box.members; /* past the width: never looked at */
    }
    turn_out(answers, out, (size_t)x);
  }
}

/* The filter along rows, of which only the 64 columns that the grid shows are answered. */
static void filter_rows_to_grid(const stream *s, int32_t width, float *const out[HM_LANES]) {
  row_box box = begin_rows(s->tile, width);
  for (int32_t o = 0; o < HM_GRID; o++) {
    while (box.fed <= hm_sample(o, width) + box.ahead) step_rows(&box);
    const hm_lanes answer = box.sum / (float)box.members;
    for (int32_t g = 0; g < HM_LANES; g++) out[g][o] = answer[g];
  }
}

/* The second half of the stream: rows of the once filtered picture, up to sixteen at a time. */
static void narrow_rows(stream *s, int32_t width, int32_t count, float grid[HM_GRID][HM_GRID],
                        int32_t *line) {
  const int32_t height = s->thin.n;
  float *out[HM_LANES];
  turn_in(s->filtered, s->wide.columns, s->tile);
  for (int32_t g = 0; g < HM_LANES; g++)
    out[g] = g < count ? ring_row(&s->thin, s->thin.fed + g) : s->narrow;
  filter_rows_to_grid(s, width, out);
  for (int32_t g = 0; g < count || (s->thin.fed >= height && *line < HM_GRID); g++) {
    const int32_t y = step(&s->thin, s->answer);
    for (; *line < HM_GRID && hm_sample(*line, height) == y; ++*line)
      for (int32_t o = 0; o < HM_GRID; o++) grid[*line][o] = s->answer[o];
  }
}

void HM_NAME(hm_reference)(const hm_picture *picture, void *workspace,
                           float grid[HM_GRID][HM_GRID]) {
  const int32_t width = picture->width, height = picture->height;
  if (width == HM_GRID && height == HM_GRID) { /* the one size that is not filtered */
    for (int32_t y = 0; y < HM_GRID; y++) luma_row(picture, y, grid[y]);
    return;
  }
  stream s;
  lay_out(&s, (uintptr_t)workspace, width, height);
  begin(&s.wide, height);
  begin(&s.thin, height);
  const size_t columns = s.wide.columns;
  for (size_t k = 0; k < HM_LANES * columns; k++) s.block[k] = s.filtered[k] = 0.0f;

  int32_t line = 0, gathered = 0;
  for (int32_t top = 0; top < height; top += HM_LANES) {
    const int32_t count = height - top < HM_LANES ? height - top : HM_LANES;
    float *out[HM_LANES];
    for (int32_t g = 0; g < count; g++) luma_row(picture, top + g, s.block + (size_t)g * columns);
    for (int32_t g = 0; g < HM_LANES; g++) out[g] = ring_row(&s.wide, top + g);
    turn_in(s.block, columns, s.tile);
    filter_rows(&s, width, out);
    const int32_t steps = top + count < height ? count : count + s.wide.ahead;
    for (int32_t g = 0; g < steps; g++) {
      if (step(&s.wide, s.filtered + (size_t)gathered * columns) < 0) continue;
      if (++gathered == HM_LANES) {
        narrow_rows(&s, width, gathered, grid, &line);
        gathered = 0;
      }
    }
  }
  narrow_rows(&s, width, gathered, grid, &line);
}
