/* Parts of a picture: codes of the regions around its key points. */
#include "internal.h"

static int32_t fits(const hm_picture *p) {
  return p && p->pixels && p->channels == 1 && p->width >= 1 && p->height >= 1 &&
         p->width <= HM_PARTS_SIDE && p->height <= HM_PARTS_SIDE && p->stride >= (size_t)p->width;
}

static int32_t pitch_of(int32_t width) {
  return (width + 2 * HM_LANES - 1) / (2 * HM_LANES) * (2 * HM_LANES);
}
static int32_t half(int32_t n) { return (n + 1) / 2; }

static size_t pyramid_bytes(int32_t width, int32_t height) {
  size_t samples = 0;
  for (int32_t l = 0; l < HM_LEVELS; l++, width = half(width), height = half(height))
    samples += (size_t)width * (size_t)height;
  return hm_align(sizeof(float) * (samples + 1));
}

static int32_t octaves_of(int32_t width, int32_t height) {
  int32_t n = 0;
  for (; n < HM_OCTAVES && width >= HM_SMALLEST && height >= HM_SMALLEST; n++)
    width = half(width), height = half(height);
  return n;
}

static size_t scales_bytes(int32_t width, int32_t height) {
  const int32_t count = octaves_of(width, height);
  size_t floats = 0;
  for (int32_t o = 0; o < count; o++, width = half(width), height = half(height))
    floats += HM_LAYERS * (size_t)pitch_of(width) * (size_t)height;
  return hm_align(sizeof(float) * floats);
}

size_t hm_parts_workspace(int32_t width, int32_t height) {
  if (width < 1 || height < 1 || width > HM_PARTS_SIDE || height > HM_PARTS_SIDE) return 0;
  return 64 + pyramid_bytes(width, height) + scales_bytes(width, height) +
         hm_align(hm_scale_room(pitch_of(width))) + hm_align(sizeof(hm_key_points));
}

static void fill_base(hm_octave *o, const hm_pyramid *p) {
  for (int32_t y = 0; y < o->height; y++) {
    const float *const from = p->level[0] + (size_t)y * (size_t)o->width;
    float *const to = o->layer[HM_LAYERS - 1] + (size_t)y * (size_t)o->pitch;
    for (int32_t x = 0; x < o->pitch; x++) to[x] = x < o->width ? from[x] : 0.0f;
  }
}

/* Every other sample of the layer that is twice as blurred as the octave's first. */
static void halve(const hm_octave *from, hm_octave *to) {
  for (int32_t y = 0; y < to->height; y++) {
    const float *const in = from->layer[HM_SCALES] + (size_t)(2 * y) * (size_t)from->pitch;
    float *const out = to->layer[0] + (size_t)y * (size_t)to->pitch;
    for (int32_t x = 0; x < to->pitch; x++) out[x] = x < to->width ? in[2 * x] : 0.0f;
  }
}

static int32_t scale_space(const hm_pyramid *p, float *room, float *rows, hm_octave *octave,
                           hm_key_points *points) {
  const hm_forms *const forms = hm_cpu_forms();
  int32_t width = p->width[0], height = p->height[0];
  const int32_t count = octaves_of(width, height);
  for (int32_t n = 0; n < count; n++, width = half(width), height = half(height)) {
    hm_octave *const o = &octave[n];
    *o = (hm_octave){.width = width, .height = height, .pitch = pitch_of(width), .number = n};
    for (int32_t k = 0; k < HM_LAYERS; k++, room += (size_t)o->pitch * (size_t)height)
      o->layer[k] = room;
    if (n == 0)
      fill_base(o, p);
    else
      halve(&octave[n - 1], o);
    forms->octave(o, rows, hm_key_points_keep, points);
  }
  return count;
}

static int32_t apart(int32_t a, int32_t b) { return a < b ? b - a : a - b; }

/* Whether a place says what another has said: nearly the same middle, size and turn. */
static int32_t repeats(hm_place a, hm_place b) {
  const int32_t small = a.size < b.size ? a.size : b.size,
                large = a.size < b.size ? b.size : a.size;
  const int32_t turned = apart(a.turn, b.turn);
  return apart(a.x, b.x) < small && apart(a.y, b.y) < small && 10 * large < 17 * small &&
         (turned < 65536 / 12 || turned > 65536 - 65536 / 12);
}

static int32_t new_place(hm_place place, const hm_part *parts, int32_t count) {
  for (int32_t k = 0; k < count; k++)
    if (repeats(place, parts[k].place)) return 0;
  return 1;
}

static uint16_t quantised(float value) {
  const float units = value * (float)HM_UNIT + 0.5f;
  return units < 0.0f ? 0 : units > 65535.0f ? 65535 : (uint16_t)units;
}

#define CELLS 6  /* on each axis */
#define SHARE 24 /* a cell may have so much of the whole at first */

/* Best first, but no sixth of the picture's width and height may take more than its share before
 * all others had their turn: a crop or a collage shows a few of them only. */
static int32_t choose(const hm_pyramid *p, const hm_octave *octave, hm_key_points *points,
                      int32_t limit, hm_part *parts) {
  const int32_t share = limit / SHARE + 1;
  int32_t count = 0, taken[CELLS][CELLS] = {{0}};
  for (int32_t turn = 0; turn < 2; turn++)
    for (int32_t k = 0; k < points->count && count < limit; k++) {
      hm_candidate *const c = &points->candidate[k];
      const float by = (float)(1 << c->octave), x = c->x * by + 0.5f, y = c->y * by + 0.5f;
      int32_t *const cell = &taken[(int32_t)(y * CELLS) / (points->height + 1)]
                                  [(int32_t)(x * CELLS) / (points->width + 1)];
      if (c->layer < 0 || (turn == 0 && *cell >= share)) continue;
      uint16_t turns[HM_TURNS];
      const int32_t found = hm_cpu_forms()->turns(&octave[c->octave], c, turns);
      for (int32_t t = 0; t < found && count < limit; t++) {
        const hm_place place = {quantised(x), quantised(y), quantised(c->size), turns[t]};
        if (!new_place(place, parts, count)) continue;
        if (hm_cpu_forms()->part(p, place, &parts[count]) < HM_PART_QUALITY) continue;
        count++;
        (*cell)++;
      }
      c->layer = -1;
    }
  return count;
}

int32_t hm_parts(const hm_picture *luma, int32_t limit, void *workspace, size_t size,
                 hm_part *parts, int32_t *count) {
  if (!fits(luma) || !parts || !count || limit < 0) return HM_BAD_PICTURE;
  const int32_t width = luma->width, height = luma->height;
  if (!workspace || size < hm_parts_workspace(width, height)) return HM_BAD_WORKSPACE;
  uintptr_t at = ((uintptr_t)workspace + 63) & ~(uintptr_t)63;
  float *const levels = (float *)at;
  float *const layers = (float *)(at += pyramid_bytes(width, height));
  float *const rows = (float *)(at += scales_bytes(width, height));
  hm_key_points *const points = (hm_key_points *)(at += hm_align(hm_scale_room(pitch_of(width))));
  points->width = width;
  points->height = height;
  points->count = points->found = 0;
  points->least = 0.0f;
  hm_pyramid pyramid;
  hm_octave octave[HM_OCTAVES];
  hm_cpu_forms()->pyramid(luma, levels, &pyramid);
  scale_space(&pyramid, layers, rows, octave, points);
  hm_key_points_sort(points->candidate, points->count);
  *count = choose(&pyramid, octave, points, limit < HM_CANDIDATES ? limit : HM_CANDIDATES, parts);
  return HM_OK;
}

int32_t hm_parts_at(const hm_picture *luma, const hm_place *places, int32_t count, void *workspace,
                    size_t size, hm_part *parts, uint8_t *quality) {
  if (!fits(luma) || count < 0 || (count && (!places || !parts || !quality))) return HM_BAD_PICTURE;
  if (!workspace || size < hm_parts_workspace(luma->width, luma->height)) return HM_BAD_WORKSPACE;
  hm_pyramid pyramid;
  hm_cpu_forms()->pyramid(luma, (float *)(((uintptr_t)workspace + 63) & ~(uintptr_t)63), &pyramid);
  for (int32_t k = 0; k < count; k++)
    quality[k] = (uint8_t)hm_cpu_forms()->part(&pyramid, places[k], &parts[k]);
  return HM_OK;
}

/* --- the luma --------------------------------------------------------------------------------- */

int32_t hm_luma_side(int32_t side, int32_t longer, int32_t most) {
  if (side < 1 || longer < side || longer > HM_MAX_SIDE || most < 1 || most > HM_PARTS_SIDE)
    return 0;
  const int32_t scaled = (2 * side * most + longer) / (2 * longer);
  return scaled < 1 ? 1 : scaled;
}

size_t hm_luma_workspace(int32_t width, int32_t channels) {
  if (width < 1 || width > HM_MAX_SIDE || (channels != 1 && channels != 3)) return 0;
  return 64 + HM_SPANS_BYTES + hm_align(sizeof(float) * (size_t)width * (size_t)(channels + 1));
}

static int32_t cells_of(int32_t n, int32_t missing, int32_t reduction) {
  return missing >= 0 && missing < reduction ? (n + missing + reduction - 1) / reduction : -1;
}

int32_t hm_luma(const hm_picture *reduced, int32_t width, int32_t height, int32_t reduction,
                int32_t left, int32_t top, int32_t out_width, int32_t out_height, void *workspace,
                size_t size, uint8_t *luma) {
  const hm_picture *const p = reduced;
  if (!p || !p->pixels || !luma || (p->channels != 1 && p->channels != 3)) return HM_BAD_PICTURE;
  if (width < 1 || height < 1 || width > HM_MAX_SIDE || height > HM_MAX_SIDE || reduction < 1 ||
      reduction > 8 || out_width < 1 || out_height < 1 || out_width > HM_PARTS_SIDE ||
      out_height > HM_PARTS_SIDE)
    return HM_BAD_PICTURE;
  if (p->width != cells_of(width, left, reduction) ||
      p->height != cells_of(height, top, reduction) ||
      p->stride < (size_t)p->width * (size_t)p->channels)
    return HM_BAD_PICTURE;
  if (!workspace || size < hm_luma_workspace(p->width, p->channels)) return HM_BAD_WORKSPACE;
  const hm_scaling by = {width, height, reduction, left, top, out_width, out_height};
  void *const room = (void *)(((uintptr_t)workspace + 63) & ~(uintptr_t)63);
  hm_cpu_forms()->luma(p, &by, room, luma);
  return HM_OK;
}
