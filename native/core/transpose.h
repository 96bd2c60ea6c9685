/* Squares of floats turned so that their rows become columns, in registers. For files that are
 * compiled for each instruction-set level. */
#ifndef HM_TRANSPOSE_H
#define HM_TRANSPOSE_H

#include "internal.h"

#define EXCHANGE(by)                                                               \
  _Pragma("GCC unroll 16") for (int32_t r = 0; r < HM_LANES; r++) if (!(r & by)) { \
    const hm_lanes a = v[r], b = v[r + by];                                        \
    v[r] = __builtin_shufflevector(a, b, LOW_##by);                                \
    v[r + by] = __builtin_shufflevector(a, b, HIGH_##by);                          \
  }
#define LOW_8 0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23
#define HIGH_8 8, 9, 10, 11, 12, 13, 14, 15, 24, 25, 26, 27, 28, 29, 30, 31
#define LOW_4 0, 1, 2, 3, 16, 17, 18, 19, 8, 9, 10, 11, 24, 25, 26, 27
#define HIGH_4 4, 5, 6, 7, 20, 21, 22, 23, 12, 13, 14, 15, 28, 29, 30, 31
#define LOW_2 0, 1, 16, 17, 4, 5, 20, 21, 8, 9, 24, 25, 12, 13, 28, 29
#define HIGH_2 2, 3, 18, 19, 6, 7, 22, 23, 10, 11, 26, 27, 14, 15, 30, 31
#define LOW_1 0, 16, 2, 18, 4, 20, 6, 22, 8, 24, 10, 26, 12, 28, 14, 30
#define HIGH_1 1, 17, 3, 19, 5, 21, 7, 23, 9, 25, 11, 27, 13, 29, 15, 31

/* 16 x 16 floats, from rows so many floats apart to others: by four rounds that each exchange the
 * rows and columns of larger pieces. */
static inline void hm_transpose(const float *from, size_t step, float *to, size_t to_step) {
  hm_lanes v[HM_LANES];
  for (size_t r = 0; r < HM_LANES; r++) __builtin_memcpy(&v[r], from + r * step, sizeof v[r]);
  EXCHANGE(8)
  EXCHANGE(4)
  EXCHANGE(2)
  EXCHANGE(1)
  for (size_t r = 0; r < HM_LANES; r++) __builtin_memcpy(to + r * to_step, &v[r], sizeof v[r]);
}

/* Sixteen rows of so many floats, a multiple of sixteen: each column of them becomes one vector. */
static inline void hm_turn(const float *rows, size_t pitch, float *turned) {
  for (size_t x = 0; x < pitch; x += HM_LANES)
    hm_transpose(rows + x, pitch, turned + x * HM_LANES, HM_LANES);
}

#endif
