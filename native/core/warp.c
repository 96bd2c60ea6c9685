/* A luma shown in another frame. */
#include "internal.h"

#define RUN 64 /* samples of a row that are handled together */

typedef struct {
  int32_t at[RUN];
  float u[RUN], v[RUN], a[RUN], b[RUN], c[RUN], d[RUN];
} run;

/* Where the samples of a run lie in the luma: brought into it, also what is no number. */
static void find(const hm_picture *luma, const float m[9], float x, float y, run *r,
                 uint8_t seen[RUN]) {
  const float right = (float)(luma->width - 1), below = (float)(luma->height - 1);
  const int32_t stride = (int32_t)luma->stride;
  for (int32_t k = 0; k < RUN; k++) {
    const float across = x + (float)k;
    const float depth = m[6] * across + m[7] * y + m[8];
    float px = (m[0] * across + m[1] * y + m[2]) / depth - 0.5f;
    float py = (m[3] * across + m[4] * y + m[5]) / depth - 0.5f;
    seen[k] = (uint8_t)((depth > 0.0f) & (px >= -0.5f) & (px <= right + 0.5f) & (py >= -0.5f) &
                        (py <= below + 0.5f));
    px = px > 0.0f ? px : 0.0f;
    px = px < right ? px : right;
    py = py > 0.0f ? py : 0.0f;
    py = py < below ? py : below;
    const int32_t column = (int32_t)px, row = (int32_t)py;
    r->u[k] = px - (float)column;
    r->v[k] = py - (float)row;
    r->at[k] = row * stride + column;
  }
}

/* On the last column and row the weight of what lies beyond is zero: any sample will do there. */
static void gather(const hm_picture *luma, run *r) {
  const int32_t last = (luma->height - 1) * (int32_t)luma->stride + luma->width - 1;
  const int32_t stride = (int32_t)luma->stride;
  for (int32_t k = 0; k < RUN; k++) {
    const int32_t at = r->at[k], next = at < last ? at + 1 : last;
    const int32_t lower = at + stride <= last ? at + stride : last;
    const int32_t both = at + stride + 1 <= last ? at + stride + 1 : last;
    r->a[k] = (float)luma->pixels[at];
    r->b[k] = (float)luma->pixels[next];
    r->c[k] = (float)luma->pixels[lower];
    r->d[k] = (float)luma->pixels[both];
  }
}

void HM_NAME(hm_warp_fill)(const hm_picture *luma, const float matrix[9], int32_t width,
                           int32_t height, uint8_t *frame, uint8_t *seen) {
  for (int32_t y = 0; y < height; y++)
    for (int32_t x = 0; x < width; x += RUN) {
      run r;
      uint8_t shown[RUN], mask[RUN];
      find(luma, matrix, (float)x + 0.5f, (float)y + 0.5f, &r, mask);
      gather(luma, &r);
      for (int32_t k = 0; k < RUN; k++) {
        const float one = r.a[k] + r.u[k] * (r.b[k] - r.a[k]);
        const float two = r.c[k] + r.u[k] * (r.d[k] - r.c[k]);
        shown[k] = (uint8_t)(int32_t)(one + r.v[k] * (two - one) + 0.5f);
      }
      const size_t n = (size_t)(width - x < RUN ? width - x : RUN);
      const size_t at = (size_t)y * (size_t)width + (size_t)x;
      __builtin_memcpy(frame + at, shown, n);
      __builtin_memcpy(seen + at, mask, n);
    }
}
