/* For benchmarks/native/margin.py: the 64 x 64 grids of one picture, in both forms. */
#include <stdlib.h>

#include "../internal.h"

HM_API int32_t hm_test_grids(const hm_picture *picture, float one_pass[HM_GRID][HM_GRID],
                             float reference[HM_GRID][HM_GRID]) {
  const int32_t width = picture->width, height = picture->height;
  const int32_t longer = width > height ? width : height;
  const size_t line = sizeof(float) * HM_GRID;
  float *row_weights = malloc(line * (size_t)hm_taps_pitch(height));
  float *column_weights = malloc(line * (size_t)hm_taps_pitch(width));
  double *scratch = malloc(sizeof(double) * (size_t)hm_taps_pitch(longer));
  void *workspace = aligned_alloc(64, hm_align(hm_pdq_workspace(width, height, picture->channels)));
  const int32_t ok = row_weights && column_weights && scratch && workspace;
  if (ok) {
    hm_taps rows, columns;
    const hm_cells each = {1, 0};
    hm_taps_make(&rows, height, each, row_weights, scratch);
    hm_taps_make(&columns, width, each, column_weights, scratch);
    hm_cpu_forms()->rows(picture, &rows, workspace);
    hm_cpu_forms()->columns(width, &columns, workspace, one_pass);
    hm_cpu_forms()->reference(picture, workspace, reference);
  }
  free(row_weights);
  free(column_weights);
  free(scratch);
  free(workspace);
  return ok;
}
