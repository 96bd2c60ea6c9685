/* PDQ of a picture that is made of rows and columns of another: without making it. */
#include "internal.h"

static size_t rows_bytes(int32_t width, int32_t side) {
  return hm_align((size_t)width * (size_t)side);
}

size_t hm_pdq_picked_workspace(int32_t width, int32_t side) {
  if (width < 1 || width > HM_MAX_SIDE || side < HM_NOTHING || side > HM_MAX_SIDE) return 0;
  return hm_pdq_workspace(side, side, 1) + hm_one_pass_workspace(width, 1) +
         rows_bytes(width, side);
}

int32_t hm_pdq_picked(const hm_picture *gray, const int32_t *rows, const int32_t *columns,
                      int32_t side, void *workspace, size_t size, hm_hash *out) {
  if (!hm_readable(gray) || gray->channels != 1 || !rows || !columns || !out) return HM_BAD_PICTURE;
  const size_t needed = hm_pdq_picked_workspace(gray->width, side);
  if (!needed) return HM_BAD_PICTURE;
  if (!workspace || size < needed) return HM_BAD_WORKSPACE;
  for (int32_t k = 0; k < side; k++)
    if (rows[k] < 0 || rows[k] >= gray->height || columns[k] < 0 || columns[k] >= gray->width)
      return HM_BAD_PICTURE;
  const hm_forms *const forms = hm_cpu_forms();
  const size_t width = (size_t)gray->width;
  const hm_desk desk = hm_desk_at(workspace, side, side);
  char *const wide = (char *)desk.rest + hm_one_pass_workspace(side, 1);
  uint8_t *const picked = (uint8_t *)wide + hm_one_pass_workspace(gray->width, 1);
  for (size_t k = 0; k < (size_t)side; k++)
    __builtin_memcpy(picked + k * width, gray->pixels + (size_t)rows[k] * gray->stride, width);
  const hm_picture lines = {picked, width, gray->width, side, 1};
  hm_taps taps; /* of both axes, for it is a square */
  hm_taps_make(&taps, side, (hm_cells){1, 0}, desk.row_weights, desk.scratch);
  forms->rows(&lines, &taps, wide);
  hm_one_pass_pick(gray->width, columns, side, wide, desk.rest);
  float grid[HM_GRID][HM_GRID];
  hm_factors factors;
  hm_spectrum_factors(&factors, HM_GRID);
  forms->columns(side, &taps, desk.rest, grid);
  forms->dct(&factors, &grid[0][0], out->dct);
  forms->code(out->dct, out->code);
  out->quality = forms->quality(grid, 0.0f);
  out->form = HM_ONE_PASS;
  return HM_OK;
}
