/* Hashes of fixed sub-frames of a picture, and the picture brought into another's frame. */
#include "internal.h"

/* Windows of a half and of three tenths of each side, five by five of each: in fortieths. */
static const struct {
  int32_t side, step;
} WINDOW[2] = {{20, 5}, {12, 7}};

static int32_t at(int32_t fortieths, int32_t n) { return (2 * fortieths * n + 40) / 80; }

int32_t hm_tile(int32_t number, int32_t width, int32_t height, int32_t window[4]) {
  if (number < 0 || number >= HM_TILES || !window || width < 1 || height < 1 ||
      width > HM_MAX_SIDE || height > HM_MAX_SIDE)
    return HM_BAD_PICTURE;
  const int32_t side = WINDOW[number / 25].side, step = WINDOW[number / 25].step;
  const int32_t left = number % 5 * step, top = number / 5 % 5 * step;
  window[0] = at(left, width);
  window[1] = at(top, height);
  window[2] = at(left + side, width) - window[0];
  window[3] = at(top + side, height) - window[1];
  return HM_OK;
}

/* Taps of an axis, for windows of two lengths: rounding makes some a sample longer than others. */
typedef struct {
  hm_taps taps[2];
  int32_t length[2];
  float *weight[2];
} axis;

static const hm_taps *taps_of(axis *a, int32_t n, double *scratch) {
  const int32_t which = n & 1;
  if (a->length[which] != n)
    hm_taps_make(&a->taps[which], n, (hm_cells){1, 0}, a->weight[which], scratch);
  a->length[which] = n;
  return &a->taps[which];
}

/* The rows of a line of tiles are filtered over the whole width, once for all five. */
int32_t hm_tiles(const hm_picture *luma, void *workspace, size_t size, uint8_t codes[HM_TILES][32],
                 uint8_t quality[HM_TILES]) {
  if (!hm_readable(luma) || !codes || !quality) return HM_BAD_PICTURE;
  if (!workspace || size < hm_pdq_workspace(luma->width, luma->height, luma->channels))
    return HM_BAD_WORKSPACE;
  const hm_forms *const forms = hm_cpu_forms();
  hm_factors factors;
  hm_spectrum_factors(&factors, HM_GRID);
  hm_desk desk;
  axis rows = {.length = {0}}, columns = {.length = {0}};
  for (int32_t k = 0; k < 2; k++) {
    desk = hm_desk_at(k ? desk.rest : workspace, luma->width, luma->height);
    rows.weight[k] = desk.row_weights;
    columns.weight[k] = desk.column_weights;
  }
  for (int32_t k = 0; k < HM_TILES; k++) {
    int32_t window[4];
    hm_tile(k, luma->width, luma->height, window);
    quality[k] = 0;
    for (int32_t b = 0; b < 32; b++) codes[k][b] = 0;
    if (window[2] < HM_NOTHING || window[3] < HM_NOTHING) continue;
    if (k % 5 == 0) {
      const hm_picture line = {luma->pixels + (size_t)window[1] * luma->stride, luma->stride,
                               luma->width, window[3], luma->channels};
      forms->rows(&line, taps_of(&rows, window[3], desk.scratch), desk.rest);
    }
    hm_taps moved = *taps_of(&columns, window[2], desk.scratch);
    for (int32_t o = 0; o < HM_GRID; o++) moved.start[o] += window[0];
    float grid[HM_GRID][HM_GRID], dct[256];
    forms->columns(luma->width, &moved, desk.rest, grid);
    forms->dct(&factors, &grid[0][0], dct);
    forms->code(dct, codes[k]);
    quality[k] = (uint8_t)forms->quality(grid, 0.0f);
  }
  return HM_OK;
}

int32_t hm_warp(const hm_picture *luma, const float matrix[9], int32_t width, int32_t height,
                uint8_t *frame, uint8_t *seen) {
  if (!luma || !luma->pixels || luma->channels != 1 || luma->width < 1 || luma->height < 1 ||
      luma->width > HM_PARTS_SIDE || luma->height > HM_PARTS_SIDE ||
      luma->stride < (size_t)luma->width || luma->stride > 1 << 20 || !matrix || !frame || !seen ||
      width < 1 || height < 1 || width > HM_MAX_SIDE || height > HM_MAX_SIDE)
    return HM_BAD_PICTURE;
  hm_cpu_forms()->warp(luma, matrix, width, height, frame, seen);
  return HM_OK;
}
