/* PDQ: which form runs, and where its workspace lies. */
#include "internal.h"

/* The errors of the one-pass form against the reference form that the decision allows for: of a
 * value of the grid, and of a DCT coefficient. They are larger than any that were found in 1e5
 * pictures of sides up to 7,000 px; beyond LARGE, and where a short side shows samples more than
 * once, the reference form decides. benchmarks/native/margin.py measures them. */
#define GRID_ERROR 0.012f
#define DCT_ERROR 0.035f
#define LARGE 8192
#define SMALL 64

int32_t hm_version(void) { return HM_VERSION; }

static int32_t allowed(int32_t width, int32_t height, int32_t channels) {
  return width >= 1 && height >= 1 && width <= HM_MAX_SIDE && height <= HM_MAX_SIDE &&
         (channels == 1 || channels == 3);
}

int32_t hm_readable(const hm_picture *p) {
  return p && p->pixels && allowed(p->width, p->height, p->channels) &&
         p->stride >= (size_t)p->width * (size_t)p->channels;
}

typedef struct {
  hm_taps rows, columns;
  void *rest; /* what the form that runs works in */
} desk;

static size_t weights(int32_t n) {
  return hm_align(sizeof(float) * HM_GRID * (size_t)hm_taps_pitch(n));
}
static size_t steps(int32_t n) { return hm_align(sizeof(double) * (size_t)hm_taps_pitch(n)); }

static size_t taps(int32_t width, int32_t height) {
  return weights(height) + weights(width) + steps(width > height ? width : height);
}

/* Of two sets of taps: tiles have windows of two lengths, and hm_pdq_scaled mirrors an axis. */
size_t hm_pdq_workspace(int32_t width, int32_t height, int32_t channels) {
  if (!allowed(width, height, channels)) return 0;
  const size_t one_pass = hm_one_pass_workspace(width, channels);
  const size_t reference = hm_reference_workspace(width, height);
  return 128 + 2 * taps(width, height) + (one_pass > reference ? one_pass : reference);
}

size_t hm_pdq_scaled_workspace(int32_t width, int32_t height, int32_t channels) {
  if (!allowed(width, height, channels)) return 0;
  return 128 + 2 * taps(width, height) + hm_one_pass_workspace(width, channels);
}

hm_desk hm_desk_at(void *workspace, int32_t width, int32_t height) {
  uintptr_t at = ((uintptr_t)workspace + 63) & ~(uintptr_t)63;
  hm_desk d = {.row_weights = (float *)at};
  d.column_weights = (float *)(at += weights(height));
  d.scratch = (double *)(at += weights(width));
  d.rest = (void *)(at + steps(width > height ? width : height));
  return d;
}

static void prepare(desk *d, void *workspace, int32_t width, int32_t height, hm_cells across,
                    hm_cells down) {
  const hm_desk at = hm_desk_at(workspace, width, height);
  d->rest = at.rest;
  hm_taps_make(&d->rows, height, down, at.row_weights, at.scratch);
  hm_taps_make(&d->columns, width, across, at.column_weights, at.scratch);
}

static void transform(const hm_factors *factors, const float grid[HM_GRID][HM_GRID], hm_hash *out) {
  hm_cpu_forms()->dct(factors, &grid[0][0], out->dct);
  hm_cpu_forms()->code(out->dct, out->code);
}

/* Fills in the hash, and says whether an error of the one-pass form could have changed anything
 * that the caller asked for. Of qualities only 100, which has no upper end, can be certain. */
static int32_t finish(const float grid[HM_GRID][HM_GRID], int32_t all_turns, hm_hash *out) {
  hm_factors factors;
  hm_spectrum_factors(&factors, HM_GRID);
  transform(&factors, grid, out);
  out->quality = hm_cpu_forms()->quality(grid, 0.0f);
  int32_t certain = hm_cpu_forms()->quality(grid, GRID_ERROR) == 100;
  /* These four have all the patterns of signs; the other turns only order them anew. */
  static const hm_dihedral PATTERN[4] = {HM_ORIGINAL, HM_ROTATE_180, HM_FLIP_X, HM_FLIP_Y};
  for (int32_t k = 0; certain && k < (all_turns ? 4 : 1); k++) {
    float turned[256];
    hm_spectrum_turn(out->dct, PATTERN[k], turned);
    certain = hm_cpu_forms()->gap(turned) > 2.0f * DCT_ERROR;
  }
  return certain;
}

static void turn_all(const hm_hash *hash, uint8_t codes[HM_DIHEDRAL][32]) {
  for (int32_t which = 0; which < HM_DIHEDRAL; which++) {
    float turned[256];
    hm_spectrum_turn(hash->dct, (hm_dihedral)which, turned);
    hm_cpu_forms()->code(turned, codes[which]);
  }
}

static void clear(hm_hash *out, uint8_t (*codes)[32]) {
  *out = (hm_hash){.form = HM_REFERENCE};
  for (int32_t which = 0; codes && which < HM_DIHEDRAL; which++)
    for (int32_t b = 0; b < 32; b++) codes[which][b] = 0;
}

static int32_t hash(const hm_picture *picture, hm_form form, void *workspace, size_t size,
                    hm_hash *out, uint8_t (*codes)[32]) {
  if (!hm_readable(picture) || !out) return HM_BAD_PICTURE;
  const int32_t width = picture->width, height = picture->height;
  if (!workspace || size < hm_pdq_workspace(width, height, picture->channels))
    return HM_BAD_WORKSPACE;
  const int32_t shorter = width < height ? width : height;
  const int32_t longer = width < height ? height : width;
  if (shorter < HM_NOTHING) {
    clear(out, codes);
    return HM_OK;
  }
  desk d;
  float grid[HM_GRID][HM_GRID];
  const hm_cells each = {1, 0};
  prepare(&d, workspace, width, height, each, each);
  const hm_forms *forms = hm_cpu_forms();
  out->form = HM_ONE_PASS;
  int32_t certain = 0;
  if (form == HM_ONE_PASS || (form == HM_AUTO && shorter >= SMALL && longer <= LARGE)) {
    forms->rows(picture, &d.rows, d.rest);
    forms->columns(width, &d.columns, d.rest, grid);
    certain = finish(grid, codes != 0, out) || form == HM_ONE_PASS;
  }
  if (!certain) {
    forms->reference(picture, d.rest, grid);
    finish(grid, 0, out);
    out->form = HM_REFERENCE;
  }
  if (codes) turn_all(out, codes);
  return HM_OK;
}

int32_t hm_pdq(const hm_picture *picture, hm_form form, void *workspace, size_t size,
               hm_hash *out) {
  return hash(picture, form, workspace, size, out, 0);
}

int32_t hm_pdq_dihedral(const hm_picture *picture, hm_form form, void *workspace, size_t size,
                        hm_hash *out, uint8_t codes[HM_DIHEDRAL][32]) {
  if (!codes) return HM_BAD_PICTURE;
  return hash(picture, form, workspace, size, out, codes);
}

static int32_t covers(hm_cells by, int32_t cells, int32_t n) {
  return by.missing >= 0 && by.missing < by.size &&
         cells == (n + by.missing + by.size - 1) / by.size;
}

/* The cells of a mirrored axis: what its last one lacked, its first one lacks. */
static hm_cells opposite(hm_cells by, int32_t n) {
  return (hm_cells){by.size, (by.size - (n + by.missing) % by.size) % by.size};
}

int32_t hm_pdq_scaled(const hm_picture *reduced, int32_t width, int32_t height, int32_t reduction,
                      int32_t left, int32_t top, void *workspace, size_t size, hm_hash *out,
                      uint8_t codes[HM_DIHEDRAL][32]) {
  if (!hm_readable(reduced) || !out || !codes) return HM_BAD_PICTURE;
  if (!allowed(width, height, 1) || reduction < 1 || reduction > 8) return HM_BAD_PICTURE;
  const hm_cells across = {reduction, left}, down = {reduction, top};
  if (!covers(across, reduced->width, width) || !covers(down, reduced->height, height))
    return HM_BAD_PICTURE;
  if (!workspace || size < hm_pdq_scaled_workspace(width, height, reduced->channels))
    return HM_BAD_WORKSPACE;
  if (width < HM_NOTHING || height < HM_NOTHING) {
    clear(out, codes);
    return HM_OK;
  }
  static const struct {
    int8_t upright, transposed;
  } laid[2][2] = {{{HM_ORIGINAL, HM_FLIP_PLUS_1}, {HM_FLIP_Y, HM_ROTATE_90}},
                  {{HM_FLIP_X, HM_ROTATE_270}, {HM_ROTATE_180, HM_FLIP_MINUS_1}}};
  hm_factors factors;
  hm_spectrum_factors(&factors, HM_GRID);
  desk d, mirrored;
  prepare(&d, workspace, width, height, across, down);
  prepare(&mirrored, d.rest, width, height, opposite(across, width), opposite(down, height));
  hm_taps_mirror(&mirrored.columns, reduced->width);
  hm_taps_mirror(&mirrored.rows, reduced->height);
  const hm_forms *const forms = hm_cpu_forms();
  for (int32_t k = 0; k < 4; k++) {
    const int32_t rows = k / 2, columns = k % 2;
    hm_hash other;
    hm_hash *const found = k == 0 ? out : &other;
    float grid[HM_GRID][HM_GRID], transposed[256];
    if (columns == 0) forms->rows(reduced, rows ? &mirrored.rows : &d.rows, mirrored.rest);
    forms->columns(reduced->width, columns ? &mirrored.columns : &d.columns, mirrored.rest, grid);
    transform(&factors, grid, found);
    if (k == 0) out->quality = hm_cpu_forms()->quality(grid, 0.0f);
    for (int32_t b = 0; b < 32; b++) codes[laid[rows][columns].upright][b] = found->code[b];
    hm_spectrum_turn(found->dct, HM_FLIP_PLUS_1, transposed);
    forms->code(transposed, codes[laid[rows][columns].transposed]);
  }
  out->form = HM_ONE_PASS;
  return HM_OK;
}
