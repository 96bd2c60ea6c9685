/* The gray of a picture, in whole numbers: ITU-R BT.601 as the Python Imaging Library has it. */
#include "internal.h"

void HM_NAME(hm_gray_fill)(const hm_picture *rgb, uint8_t *gray) {
  const size_t width = (size_t)rgb->width;
  for (size_t y = 0; y < (size_t)rgb->height; y++) {
    const uint8_t *restrict in = rgb->pixels + y * rgb->stride;
    uint8_t *restrict out = gray + y * width;
    for (size_t x = 0; x < width; x++)
      out[x] = (uint8_t)((19595u * in[3 * x] + 38470u * in[3 * x + 1] + 7471u * in[3 * x + 2] +
                          0x8000u) >>
                         16);
  }
}
