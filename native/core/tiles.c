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

int32_t hm_tiles(const hm_picture *luma, void *workspace, size_t size,
                 uint8_t codes[HM_TILES][32], uint8_t quality[HM_TILES]) {
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
    const int32_t status = hm_pdq(&tile, HM_AUTO, workspace, size, &hash);
    if (status) return status;
    quality[k] = (uint8_t)hash.quality;
    for (int32_t b = 0; b < 32; b++) codes[k][b] = hash.code[b];
  }
  return HM_OK;
}

/* A coordinate brought into [0, n - 1], also what is no number; and whether it was there. */
static int32_t clamp(float *value, int32_t n) {
  const int32_t within = *value >= -0.5f && *value <= (float)n - 0.5f;
  if (!(*value > 0.0f)) *value = 0.0f;
  if (*value > (float)(n - 1)) *value = (float)(n - 1);
  return within;
}

int32_t hm_warp(const hm_picture *luma, const float matrix[9], int32_t width, int32_t height,
                uint8_t *frame, uint8_t *seen) {
  if (!luma || !luma->pixels || luma->channels != 1 || luma->width < 1 || luma->height < 1 ||
      luma->width > HM_MAX_SIDE || luma->height > HM_MAX_SIDE ||
      luma->stride < (size_t)luma->width || !matrix || !frame || !seen || width < 1 ||
      height < 1 || width > HM_MAX_SIDE || height > HM_MAX_SIDE)
    return HM_BAD_PICTURE;
  for (int32_t y = 0; y < height; y++) {
    uint8_t *const out = frame + (size_t)y * (size_t)width;
    uint8_t *const mask = seen + (size_t)y * (size_t)width;
    const float b = (float)y + 0.5f;
    for (int32_t x = 0; x < width; x++) {
      const float a = (float)x + 0.5f;
      const float depth = matrix[6] * a + matrix[7] * b + matrix[8];
      float px = (matrix[0] * a + matrix[1] * b + matrix[2]) / depth - 0.5f;
      float py = (matrix[3] * a + matrix[4] * b + matrix[5]) / depth - 0.5f;
      const int32_t in_x = clamp(&px, luma->width), in_y = clamp(&py, luma->height);
      mask[x] = (uint8_t)(in_x & in_y & (depth > 0.0f));
      const int32_t column = (int32_t)px, row = (int32_t)py;
      const float u = px - (float)column, v = py - (float)row;
      const uint8_t *const s = luma->pixels + (size_t)row * luma->stride + column;
      const size_t next = column < luma->width - 1;
      const size_t lower = row < luma->height - 1 ? luma->stride : 0;
      const float one = (float)s[0] + u * ((float)s[next] - (float)s[0]);
      const float two = (float)s[lower] + u * ((float)s[lower + next] - (float)s[lower]);
      out[x] = (uint8_t)(one + v * (two - one) + 0.5f);
    }
  }
  return HM_OK;
}
