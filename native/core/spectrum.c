/* From the 64 x 64 grid to coefficients, bits and quality. */
#include "internal.h"

/* float(float(sqrt(2 / 64)) * cos(pi m / 128)) for m = 0..64. Every factor of the 64-point DCT is
 * one of these, with a sign: a libm, and its differences between platforms, is not needed. */
static const float COSINE[65] = {
    0x1.6a09e6p-3f, 0x1.69edfcp-3f, 0x1.699a42p-3f, 0x1.690ec6p-3f, 0x1.684b9cp-3f, 0x1.6750e4p-3f,
    0x1.661ec2p-3f, 0x1.64b568p-3f, 0x1.63150ap-3f, 0x1.613decp-3f, 0x1.5f3056p-3f, 0x1.5cec98p-3f,
    0x1.5a730cp-3f, 0x1.57c414p-3f, 0x1.54e018p-3f, 0x1.51c78cp-3f, 0x1.4e7ae8p-3f, 0x1.4afab2p-3f,
    0x1.474772p-3f, 0x1.4361bap-3f, 0x1.3f4a24p-3f, 0x1.3b015p-3f,  0x1.3687eap-3f, 0x1.31dea2p-3f,
    0x1.2d062ep-3f, 0x1.27ff5p-3f,  0x1.22caccp-3f, 0x1.1d6972p-3f, 0x1.17dc14p-3f, 0x1.12238ep-3f,
    0x1.0c40c2p-3f, 0x1.063498p-3f, 0x1p-3f,        0x1.f347dap-4f, 0x1.e642b8p-4f, 0x1.d8f29ap-4f,
    0x1.cb598cp-4f, 0x1.bd79aap-4f, 0x1.af5516p-4f, 0x1.a0edfep-4f, 0x1.92469cp-4f, 0x1.83613p-4f,
    0x1.74400ap-4f, 0x1.64e57ap-4f, 0x1.5553e4p-4f, 0x1.458daap-4f, 0x1.35953cp-4f, 0x1.256d12p-4f,
    0x1.1517a8p-4f, 0x1.049782p-4f, 0x1.e7de5ep-5f, 0x1.c6427ap-5f, 0x1.a4608ap-5f, 0x1.823dc8p-5f,
    0x1.5fdf76p-5f, 0x1.3d4aep-5f,  0x1.1a855ep-5f, 0x1.ef2894p-6f, 0x1.a8fa12p-6f, 0x1.628a08p-6f,
    0x1.1be352p-6f, 0x1.aa21a8p-7f, 0x1.1c3af6p-7f, 0x1.1c50e2p-8f, 0.0f,
};

/* The factor of an odd number of half samples, at a frequency; of 64 samples, from the first. */
static float dct_factor(int32_t frequency, int32_t halves) {
  int32_t m = frequency * halves % 256;
  if (m > 128) m = 256 - m;
  return m > 64 ? -COSINE[128 - m] : COSINE[m];
}

/* Row i of the matrix is the frequency i + 1: the reference leaves the constant term out. */
void hm_spectrum_factors(hm_factors *f, int32_t side) {
  f->side = side;
  /* The cosines at the middles of half as many samples lie between those of all. */
  for (int32_t i = 0; i < 16; i++)
    for (int32_t k = 0; k < side; k++)
      f->row[i][k] = f->turned[k][i] = dct_factor((i + 1) * (HM_GRID / side), 2 * k + 1);
}

/* Sums run over k one after another, as the reference's do; lanes are different sums. */
void hm_spectrum_dct(const hm_factors *f, const float *grid, float dct[256]) {
  const int32_t side = f->side;
  hm_lanes line, sum[4];
  float rows[16][HM_GRID];
  for (int32_t i = 0; i < 16; i += 4)
    for (int32_t j = 0; j < side; j += HM_LANES) {
      for (int32_t r = 0; r < 4; r++) sum[r] = (hm_lanes){0};
      for (int32_t k = 0; k < side; k++) {
        __builtin_memcpy(&line, grid + k * side + j, sizeof line);
        for (int32_t r = 0; r < 4; r++) sum[r] += f->row[i + r][k] * line;
      }
      for (int32_t r = 0; r < 4; r++) __builtin_memcpy(&rows[i + r][j], &sum[r], sizeof sum[r]);
    }
  for (int32_t i = 0; i < 16; i += 4) {
    for (int32_t r = 0; r < 4; r++) sum[r] = (hm_lanes){0};
    for (int32_t k = 0; k < side; k++) {
      __builtin_memcpy(&line, f->turned[k], sizeof line);
      for (int32_t r = 0; r < 4; r++) sum[r] += rows[i + r][k] * line;
    }
    for (int32_t r = 0; r < 4; r++) __builtin_memcpy(dct + 16 * (i + r), &sum[r], sizeof sum[r]);
  }
}

/* Floats as integers of the same order; both zeros are one. */
static uint32_t ordered(float value) {
  union {
    float value;
    uint32_t bits;
  } pun = {value + 0.0f};
  return pun.bits & 0x80000000u ? ~pun.bits : pun.bits | 0x80000000u;
}
static float from_ordered(uint32_t key) {
  union {
    uint32_t bits;
    float value;
  } pun = {key & 0x80000000u ? key & 0x7fffffffu : ~key};
  return pun.value;
}

#define RANK 127 /* of the lower median of 256 */

/* The greatest value that no more than so many keys lie below: found bit by bit. */
static uint16_t ranked(const uint16_t key[256], uint16_t most) {
  uint16_t found = 0;
  for (uint32_t bit = 0x8000u; bit; bit >>= 1) {
    const uint16_t bound = (uint16_t)(found | bit);
    uint16_t below = 0;
    for (int32_t k = 0; k < 256; k++) below += key[k] < bound;
    if (below <= most) found = bound;
  }
  return found;
}

/* The upper half of the median first, then the lower half among those of the same upper one: twice
 * as many keys fit into a register. */
static uint32_t median(const uint32_t key[256]) {
  uint16_t half[256], below = 0;
  for (int32_t k = 0; k < 256; k++) half[k] = (uint16_t)(key[k] >> 16);
  const uint16_t upper = ranked(half, RANK);
  for (int32_t k = 0; k < 256; k++) {
    below += half[k] < upper;
    half[k] = half[k] == upper ? (uint16_t)key[k] : UINT16_MAX;
  }
  return (uint32_t)upper << 16 | ranked(half, RANK - below);
}

static void order_all(const float dct[256], uint32_t key[256]) {
  for (int32_t k = 0; k < 256; k++) key[k] = ordered(dct[k]);
}

void hm_spectrum_code(const float dct[256], uint8_t code[32]) {
  uint32_t key[256];
  order_all(dct, key);
  const uint32_t middle = median(key);
  for (int32_t b = 0; b < 32; b++) {
    uint32_t byte = 0;
    for (int32_t k = 0; k < 8; k++) byte |= (uint32_t)(key[8 * b + k] > middle) << k;
    code[31 - b] = (uint8_t)byte;
  }
}

float hm_spectrum_gap(const float dct[256]) {
  uint32_t key[256];
  order_all(dct, key);
  const uint32_t middle = median(key);
  uint32_t next = UINT32_MAX;
  int32_t greater = 0;
  for (int32_t k = 0; k < 256; k++) {
    if (key[k] <= middle) continue;
    greater++;
    if (key[k] < next) next = key[k];
  }
  return greater < 128 ? 0.0f : from_ordered(next) - from_ordered(middle);
}

void hm_spectrum_turn(const float dct[256], hm_dihedral which, float turned[256]) {
  /* A mirrored axis changes the sign of its odd frequencies (even indices here). */
  static const struct {
    int8_t transpose, mirror_rows, mirror_columns;
  } turn[HM_DIHEDRAL] = {
      [HM_ORIGINAL] = {0, 0, 0},    [HM_ROTATE_90] = {1, 0, 1},    [HM_ROTATE_180] = {0, 1, 1},
      [HM_ROTATE_270] = {1, 1, 0},  [HM_FLIP_X] = {0, 1, 0},       [HM_FLIP_Y] = {0, 0, 1},
      [HM_FLIP_PLUS_1] = {1, 0, 0}, [HM_FLIP_MINUS_1] = {1, 1, 1},
  };
  for (int32_t i = 0; i < 16; i++)
    for (int32_t j = 0; j < 16; j++) {
      const int32_t flips = (turn[which].mirror_rows & ~i) + (turn[which].mirror_columns & ~j);
      const float value = dct[16 * i + j];
      turned[turn[which].transpose ? 16 * j + i : 16 * i + j] = flips & 1 ? -value : value;
    }
}

static float magnitude(float value) { return value < 0.0f ? -value : value; }

int32_t hm_grid_quality(const float grid[HM_GRID][HM_GRID], float error) {
  /* A term is the difference of two values, so it errs by twice as much, scaled as the term is. */
  const float slack = 2.0f * error * 100.0f / 255.0f;
  int32_t sum = 0;
  for (int32_t axis = 0; axis < 2; axis++) {
    const int32_t down = axis == 0, right = axis == 1;
    for (int32_t i = 0; i < HM_GRID - down; i++)
      for (int32_t j = 0; j < HM_GRID - right; j++) {
        const float term = magnitude((grid[i][j] - grid[i + down][j + right]) * 100.0f / 255.0f);
        sum += term > slack ? (int32_t)(term - slack) : 0;
      }
  }
  return sum / 90 < 100 ? sum / 90 : 100;
}
