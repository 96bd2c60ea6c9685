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

int32_t hm_tiles(const hm_picture *luma, void *workspace, size_t size, uint8_t codes[HM_TILES][32],
                 uint8_t quality[HM_TILES]) {
  if (!luma || !luma->pixels || !codes || !quality) return HM_BAD_PICTURE;
  for (int32_t k = 0; k < HM_TILES; k++) {
    int32_t window[4];
    if (hm_tile(k, luma->width, luma->height, window)) return HM_BAD_PICTURE;
    quality[k] = 0;
    for (int32_t b = 0; b < 32; b++) codes[k][b] = 0;
    if (window[2] < 1 || window[3] < 1) continue;
    const hm_picture tile = {luma->pixels + (size_t)window[1] * luma->stride +
                                 (size_t)window[0] * (size_t)luma->channels,
                             luma->stride, window[2], window[3], luma->channels};
    hm_hash hash;
    /* The reference's own order is for hashes that others make too. */
    const int32_t status = hm_pdq(&tile, HM_ONE_PASS, workspace, size, &hash);
    if (status) return status;
    quality[k] = (uint8_t)hash.quality;
    for (int32_t b = 0; b < 32; b++) codes[k][b] = hash.code[b];
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
