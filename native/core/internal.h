/* What the files of the core share. Nothing here is seen by callers; hashmatch.h is. */
#ifndef HM_INTERNAL_H
#define HM_INTERNAL_H

#include "hashmatch.h"

#define HM_GRID 64  /* the filtered picture is sampled on a 64 x 64 grid */
#define HM_LANES 16 /* floats that the hot loops handle together, whatever the registers' width */

/* Sixteen floats, element by element: one, two or four registers, and the same bits in each case.
 */
typedef float hm_lanes __attribute__((vector_size(HM_LANES * sizeof(float))));

/* A separable operator along one axis: sample o is the sum of weight[o * pitch + k] times input
 * start[o] + k, for k below count[o]. Weights from count to pitch are zero. */
typedef struct {
  int32_t start[HM_GRID];
  int32_t count[HM_GRID];
  int32_t pitch; /* a multiple of HM_LANES */
  float *weight;
} hm_taps;

/* Floats that the taps of an axis of n samples take, and doubles of scratch to make them. */
int32_t hm_taps_pitch(int32_t n);

/* What a sample of a reduced picture stands for: `size` samples of the full one, of which the first
 * cell lacks `missing`. */
typedef struct {
  int32_t size, missing;
} hm_cells;

/* Taps of the full operator on n samples, folded onto cells (of size 1: as it is).
 * `weight` holds HM_GRID * hm_taps_pitch(n) floats, `scratch` hm_taps_pitch(n) doubles. */
void hm_taps_make(hm_taps *taps, int32_t n, hm_cells by, float *weight, double *scratch);

/* From taps of a mirrored axis of so many cells to those that find the same in the axis as it is.
 */
void hm_taps_mirror(hm_taps *taps, int32_t cells);

/* Where in a workspace the taps of a picture of this size are made, and what is left of it. */
typedef struct {
  float *row_weights, *column_weights;
  double *scratch;
  void *rest;
} hm_desk;
hm_desk hm_desk_at(void *workspace, int32_t width, int32_t height);

#define HM_NOTHING 5 /* with a shorter side the reference gives a zero hash */
int32_t hm_readable(const hm_picture *picture);

/* The window of the box filter along an axis of n samples, and what it covers around sample i. */
static inline int32_t hm_window(int32_t n) { return (n + 127) / 128; }
static inline int32_t hm_ahead(int32_t window) { return (window + 2) / 2 - 1; }
/* The sample of the axis that grid line o shows. */
static inline int32_t hm_sample(int32_t o, int32_t n) {
  return (int32_t)(((2 * (int64_t)o + 1) * n) / (2 * HM_GRID));
}

static inline size_t hm_align(size_t bytes) { return (bytes + 63) & ~(size_t)63; }

/* --- parts ------------------------------------------------------------------------------------ */

#define HM_REGION 8         /* diameters of the key point that a region is wide */
#define HM_REGION_SIDE 32   /* samples of a region */
#define HM_FINE 1.5f        /* samples of the level that a step may be */
#define HM_PART_QUALITY 20  /* regions of less have nothing to tell them by */
#define HM_LEAST_SEEN 0.75f /* of a region that must lie in the picture */
#define HM_CANDIDATES 4096  /* extrema that are kept: of more, the best half and what follows */
#define HM_TURNS 4          /* of one key point */
#define HM_OCTAVES 4
#define HM_SCALES 3               /* of an octave in which extrema are looked for */
#define HM_LAYERS (HM_SCALES + 3) /* Gaussians of an octave */
#define HM_DIFFERENCES (HM_LAYERS - 1)
#define HM_SMALLEST 16 /* samples on the shorter side of an octave */
#define HM_LEVELS 6    /* of the pyramid that regions are sampled from */

typedef struct {
  float *layer[HM_LAYERS]; /* height rows of pitch floats each */
  int32_t width, height, pitch, number;
} hm_octave;

typedef struct {
  float x, y, scale; /* in samples and layers of the octave */
  float response, sigma, size, score;
  int32_t octave, layer, order;
} hm_candidate;

typedef struct {
  int32_t width, height; /* of the luma */
  int32_t count, found;
  float least;
  hm_candidate candidate[HM_CANDIDATES];
} hm_key_points;

/* The factors of the DCT, by row of the result, and by column of the grid. */
typedef struct {
  int32_t side; /* of the grid: HM_GRID, or half of it */
  float row[16][HM_GRID], turned[HM_GRID][16];
} hm_factors;

typedef struct {
  const float *level[HM_LEVELS];
  int32_t width[HM_LEVELS], height[HM_LEVELS];
  hm_factors factors;
} hm_pyramid;

typedef struct {
  int32_t width, height, reduction, left, top, out_width, out_height;
} hm_scaling;

/* The samples of a picture that one sample of its luma averages along an axis. */
typedef struct {
  int32_t start, count;
  float first, middle, last; /* weights of the sample at the start, of those within, at the end */
} hm_span;
#define HM_SPANS_BYTES hm_align(sizeof(hm_span) * HM_PARTS_SIDE)

/* 2^x for x from -126 to 126, within 3e-7 of it. */
static inline float hm_exp2(float x) {
  const int32_t whole = (int32_t)(x + 127.0f) - 127;
  const float f = x - (float)whole;
  const float part =
      1.0f + f * (0.69314718f +
                  f * (0.24022651f +
                       f * (0.05550411f + f * (0.00961813f + f * (0.00133336f + f * 0.000154f)))));
  union {
    uint32_t bits;
    float value;
  } power = {(uint32_t)(whole + 127) << 23};
  return part * power.value;
}

typedef void hm_keep(void *kept, const hm_candidate *found);
hm_keep hm_key_points_keep;
size_t hm_scale_room(int32_t pitch); /* what `octave` works in */
void hm_key_points_sort(hm_candidate *candidates, int32_t count);

/* What is looked for in uploads: rectangles.h. */
typedef struct hm_sheet hm_sheet;
typedef struct hm_lines hm_lines;
typedef struct hm_cut hm_cut;

/* The hot loops, compiled once for each instruction-set level. */
typedef struct {
  /* The two forms of the hash: each fills the 64 x 64 grid. Rows that were filtered once serve all
   * grids of columns of a picture of that width. */
  void (*rows)(const hm_picture *, const hm_taps *rows, void *workspace);
  void (*columns)(int32_t width, const hm_taps *columns, const void *workspace,
                  float grid[HM_GRID][HM_GRID]);
  void (*reference)(const hm_picture *, void *workspace, float grid[HM_GRID][HM_GRID]);
  void (*dct)(const hm_factors *, const float *grid, float dct[256]);
  void (*code)(const float dct[256], uint8_t code[32]);
  float (*gap)(const float dct[256]);
  int32_t (*quality)(const float grid[HM_GRID][HM_GRID], float error);
  void (*luma)(const hm_picture *, const hm_scaling *, void *workspace, uint8_t *luma);
  void (*octave)(const hm_octave *, float *room, hm_keep *, void *kept);
  int32_t (*turns)(const hm_octave *, const hm_candidate *, uint16_t turns[HM_TURNS]);
  void (*pyramid)(const hm_picture *luma, float *room, hm_pyramid *);
  int32_t (*part)(const hm_pyramid *, hm_place, hm_part *);
  void (*warp)(const hm_picture *luma, const float matrix[9], int32_t width, int32_t height,
               uint8_t *frame, uint8_t *seen);
  void (*gray)(const hm_picture *rgb, uint8_t *gray);
  void (*box)(const hm_picture *gray, int32_t reduction, int32_t turned, const hm_factors *,
              void *room, hm_turned *);
  void (*seams)(const hm_sheet *, void *room, hm_lines *columns, hm_lines *rows);
  int32_t (*cuts)(const hm_sheet *, void *room, hm_cut *cuts);
} hm_forms;
const hm_forms *hm_cpu_forms(void);

/* Some columns of filtered rows: from the workspace of a picture of this width to that of one of
 * `count`. */
void hm_one_pass_pick(int32_t width, const int32_t *columns, int32_t count, const void *from,
                      void *to);
size_t hm_one_pass_workspace(int32_t width, int32_t channels);
size_t hm_reference_workspace(int32_t width, int32_t height);
size_t hm_boxes_room(int32_t width, int32_t height); /* what `box` works in */

#ifndef HM_LEVEL
#define HM_LEVEL
#endif
#define HM_JOIN_(name, level) name##level
#define HM_JOIN(name, level) HM_JOIN_(name, level)
#define HM_NAME(name) HM_JOIN(name, HM_LEVEL)

/* The way from the grid to the hash: compiled for each level too, and called within it. */
#define hm_spectrum_factors HM_NAME(hm_spectrum_factors)
#define hm_spectrum_dct HM_NAME(hm_spectrum_dct)
#define hm_spectrum_code HM_NAME(hm_spectrum_code)
#define hm_spectrum_turn HM_NAME(hm_spectrum_turn)
#define hm_spectrum_gap HM_NAME(hm_spectrum_gap)
#define hm_grid_quality HM_NAME(hm_grid_quality)

void hm_spectrum_factors(hm_factors *factors, int32_t side);
void hm_spectrum_dct(const hm_factors *factors, const float *grid, float dct[256]);
void hm_spectrum_code(const float dct[256], uint8_t code[32]);
void hm_spectrum_turn(const float dct[256], hm_dihedral which, float turned[256]);
/* The distance between the median and the next greater coefficient: an error of less than half of
 * it in every coefficient leaves every bit as it is. */
float hm_spectrum_gap(const float dct[256]);

/* The quality, or the least that it could be if every grid value were off by up to `error`. */
int32_t hm_grid_quality(const float grid[HM_GRID][HM_GRID], float error);

#endif
