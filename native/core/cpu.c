/* Chooses the instruction-set level of the hot loops. Levels differ in speed, never in bits. */
#include "internal.h"

#define DECLARE_HASH(level)                                                           \
  void hm_one_pass_rows##level(const hm_picture *, const hm_taps *, void *);          \
  void hm_one_pass_columns##level(int32_t, const hm_taps *, const void *,             \
                                  float grid[HM_GRID][HM_GRID]);                      \
  void hm_reference##level(const hm_picture *, void *, float grid[HM_GRID][HM_GRID]); \
  void hm_spectrum_dct##level(const hm_factors *, const float *, float dct[256]);     \
  void hm_spectrum_code##level(const float dct[256], uint8_t code[32]);               \
  float hm_spectrum_gap##level(const float dct[256]);                                 \
  int32_t hm_grid_quality##level(const float grid[HM_GRID][HM_GRID], float);
#define HASH(level)                                                       \
  .rows = hm_one_pass_rows##level, .columns = hm_one_pass_columns##level, \
  .reference = hm_reference##level, .dct = hm_spectrum_dct##level,        \
  .code = hm_spectrum_code##level, .gap = hm_spectrum_gap##level,         \
  .quality = hm_grid_quality##level

#ifdef HM_NO_VIEWS /* what only a check of uploads needs */
#define DECLARE_VIEWS(level)
#define VIEWS(level)
#else
#define DECLARE_VIEWS(level)                                                                  \
  void hm_gray_fill##level(const hm_picture *, uint8_t *);                                    \
  void hm_boxes_hash##level(const hm_picture *, int32_t, int32_t, const hm_factors *, void *, \
                            hm_turned *);                                                     \
  void hm_seams##level(const hm_sheet *, void *, hm_lines *, hm_lines *);                     \
  int32_t hm_cuts##level(const hm_sheet *, void *, hm_cut *);
#define VIEWS(level)                                                                  \
  .gray = hm_gray_fill##level, .box = hm_boxes_hash##level, .seams = hm_seams##level, \
  .cuts = hm_cuts##level,
#endif

#ifdef HM_HASH_ONLY /* a module for pages that need no parts */
#define DECLARE(level) \
  DECLARE_HASH(level)  \
  static const hm_forms FORMS##level = {HASH(level)};
#else
#define DECLARE(level)                                                                        \
  DECLARE_HASH(level)                                                                         \
  DECLARE_VIEWS(level)                                                                        \
  void hm_luma_fill##level(const hm_picture *, const hm_scaling *, void *, uint8_t *);        \
  void hm_scale_octave##level(const hm_octave *, float *, hm_keep *, void *);                 \
  int32_t hm_turns##level(const hm_octave *, const hm_candidate *, uint16_t turns[HM_TURNS]); \
  void hm_regions_pyramid##level(const hm_picture *, float *, hm_pyramid *);                  \
  int32_t hm_regions_part##level(const hm_pyramid *, hm_place, hm_part *);                    \
  void hm_warp_fill##level(const hm_picture *, const float[9], int32_t, int32_t, uint8_t *,   \
                           uint8_t *);                                                        \
  static const hm_forms FORMS##level = {HASH(level),                                          \
                                        VIEWS(level).luma = hm_luma_fill##level,              \
                                        .octave = hm_scale_octave##level,                     \
                                        .turns = hm_turns##level,                             \
                                        .pyramid = hm_regions_pyramid##level,                 \
                                        .part = hm_regions_part##level,                       \
                                        .warp = hm_warp_fill##level};
#endif
DECLARE()

#ifdef HM_X86_LEVELS

#include <cpuid.h>

DECLARE(_v3)
DECLARE(_v4)

#ifndef HM_LEVEL_LIMIT /* tests build the core with a lower one, to compare the levels */
#define HM_LEVEL_LIMIT 4
#endif

static int has(uint32_t word, uint32_t bits) { return (word & bits) == bits; }

/* The x86-64 microarchitecture level (of those that we build) that processor and system support. */
static int detect(void) {
  uint32_t a, b, c, d;
  if (!__get_cpuid(1, &a, &b, &c, &d)) return 1;
  const uint32_t fma = 1u << 12, movbe = 1u << 22, osxsave = 1u << 27, avx = 1u << 28;
  const uint32_t f16c = 1u << 29;
  if (!has(c, fma | movbe | osxsave | avx | f16c)) return 1;
  uint32_t enabled, high;
  __asm__("xgetbv" : "=a"(enabled), "=d"(high) : "c"(0));
  if (!has(enabled, 0x6)) return 1; /* the system saves xmm and ymm */
  if (!__get_cpuid(0x80000001u, &a, &b, &c, &d) || !has(c, 1u << 5 /* lzcnt */)) return 1;
  if (!__get_cpuid_count(7, 0, &a, &b, &c, &d)) return 1;
  const uint32_t bmi1 = 1u << 3, avx2 = 1u << 5, bmi2 = 1u << 8;
  if (!has(b, bmi1 | avx2 | bmi2)) return 1;
  const uint32_t f = 1u << 16, dq = 1u << 17, cd = 1u << 28, bw = 1u << 30, vl = 1u << 31;
  return has(b, f | dq | cd | bw | vl) && has(enabled, 0xe6) ? 4 : 3;
}

const hm_forms *hm_cpu_forms(void) {
  /* Asking the processor is slow in a virtual machine, so the answer is kept. Threads that race to
   * the first call write the same value. */
  static int kept;
  int level = __atomic_load_n(&kept, __ATOMIC_RELAXED);
  if (level == 0) {
    level = detect();
    if (level > HM_LEVEL_LIMIT) level = HM_LEVEL_LIMIT;
    __atomic_store_n(&kept, level, __ATOMIC_RELAXED);
  }
  return level >= 4 ? &FORMS_v4 : level >= 3 ? &FORMS_v3 : &FORMS;
}

#else

const hm_forms *hm_cpu_forms(void) { return &FORMS; }

#endif
