/* What the files share that look for pictures within a picture. */
#ifndef HM_RECTANGLES_H
#define HM_RECTANGLES_H

#include "internal.h"

#define HM_LINES 20            /* candidates in each direction */
#define HM_ENDS (HM_LINES + 2) /* with both ends of the axis */
#define HM_LEAST_PART 8        /* a rectangle has at least 1/8 of each side of the whole */
#define HM_CUTS 32             /* boxes that are cut out along quiet lines, at most */

/* A gray picture without gaps. */
struct hm_sheet {
  const uint8_t *gray;
  int32_t width, height;
};

/* What lies along a line before a place: samples on a seam, and samples that contradict one. */
typedef struct {
  int32_t seam, busy;
} hm_evidence;

/* Straight lines along one axis, in order, the ends of the axis first and last. */
struct hm_lines {
  int32_t count;
  /* Where what is before the line ends, and what is behind it begins. */
  int32_t low[HM_ENDS], high[HM_ENDS];
  const hm_evidence *sums[HM_ENDS]; /* null for the ends */
  float whole[HM_ENDS];             /* share of the whole line that is a seam */
};

/* A box between quiet lines. */
struct hm_cut {
  hm_rectangle box;
  int32_t depth;   /* cuts that led to it */
  int32_t divided; /* whether it was cut further */
  int32_t whole;   /* whether it is as it was cut out, not trimmed */
};

/* What a sample that is quiet on both sides of a line counts, beside one that contradicts a seam.
 */
#define HM_SILENCE 0.6f

/* The share of a stretch of a line that is a seam. */
static inline float hm_seam_share(int32_t seam, int32_t busy, int32_t length) {
  return (float)seam / ((float)(seam + busy) + HM_SILENCE * (float)(length - seam - busy));
}

size_t hm_seams_room(int32_t width, int32_t height);
size_t hm_cuts_room(int32_t width);
/* hm_cpu_forms()->seams finds the lines; hm_cpu_forms()->cuts the boxes, and the whole without
 * quiet lines around it first, whatever it is. */

/* A rectangle that may be a picture. */
typedef struct {
  float rank, divided; /* how likely it is; how much a seam divides it, 0 to 1 */
  float whole;         /* how likely if what divides it were in the picture itself */
  hm_rectangle box;
  int32_t exact; /* of seams, which are found to the sample */
  int32_t seen;  /* whether the rank knows how flat it is */
} hm_judged;
#define HM_SHORTLIST 160

size_t hm_candidates_room(int32_t width, int32_t height);
/* The likeliest rectangles first, and the whole without quiet lines around it in `trimmed`. */
int32_t hm_candidates(const hm_sheet *sheet, void *room, hm_rectangle *trimmed,
                      hm_judged list[HM_SHORTLIST]);

/* The same rectangle with its sides on the sharpest line just within of each. */
hm_rectangle hm_sharpened(const hm_sheet *sheet, const hm_rectangle *box);
/* The rectangles within a margin of quiet lines: as wide as it is at each side; and as wide at all
 * as it is where it is narrowest, for a picture that is plain at its edge. */
int32_t hm_within(const hm_sheet *sheet, const hm_rectangle *box, hm_rectangle out[2]);
/* Rectangles that share three sides with one and have a shape that pictures often have, where the
 * fourth, the faintest, comes to lie on quiet lines: a picture may be as dark as the page there. */
#define HM_SHAPED 2
int32_t hm_shaped(const hm_sheet *sheet, const hm_rectangle *box, hm_rectangle out[HM_SHAPED]);

/* Whether a rectangle has round corners: then it lies in `room`, without gaps, with the picture
 * drawn out into them. */
int32_t hm_unround(const hm_picture *box, uint8_t *room);

static inline int32_t hm_apart(int32_t a, int32_t b) { return a > b ? a - b : b - a; }
static inline uint8_t hm_step(uint8_t a, uint8_t b) { return a > b ? a - b : b - a; }

#endif
