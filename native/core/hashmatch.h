/* The C core of hashmatch: PDQ, a 256-bit perceptual hash, of full-size pictures.
 *
 * Freestanding C11: no libc beyond memcpy/memset, no allocation, no state but the instruction set
 * that was chosen at the first call.
 * The caller passes a workspace; functions are re-entrant and may run in parallel, each with a
 * workspace of its own. One source makes the shared library and the WebAssembly module, and both
 * give the same bits: the order of float operations is part of the contract, whatever the
 * instruction set.
 *
 * Algorithm: the C++ reference of PDQ (facebook/ThreatExchange, pdq/cpp), whose hashes and
 * qualities these equal bit for bit on equal pixels.
 */
#ifndef HASHMATCH_H
#define HASHMATCH_H

#include <stddef.h>
#include <stdint.h>

#define HM_VERSION 1 /* of this interface; changes when a caller must */

/* Sides are limited so that every size below fits 32 bits, also in WebAssembly. */
#define HM_MAX_SIDE 65535

typedef enum {
  HM_OK = 0,
  HM_BAD_PICTURE = 1,  /* a null pointer, a side outside 1..HM_MAX_SIDE, channels not 1 or 3, or a
                          stride shorter than a row */
  HM_BAD_WORKSPACE = 2 /* null, or smaller than hm_pdq_workspace() says */
} hm_status;

/* How the hash was computed. Which form ran does not change the result. */
typedef enum {
  HM_AUTO = 0,     /* the one-pass form, and the reference form where that could differ */
  HM_ONE_PASS = 1, /* always one pass: for measuring only, may differ in bits next to the median */
  HM_REFERENCE = 2 /* always the reference's order of float operations */
} hm_form;

/* Rows of 8-bit samples: gray (channels 1) or R, G, B (channels 3). Gray equals R = G = B. */
typedef struct {
  const uint8_t *pixels;
  size_t stride; /* bytes from one row to the next, at least width * channels */
  int32_t width;
  int32_t height;
  int32_t channels;
} hm_picture;

typedef struct {
  uint8_t code[32]; /* most significant bits first: code[0] holds bits 255..248 */
  int32_t quality;  /* 0..100 */
  int32_t form;     /* the hm_form that decided: HM_ONE_PASS or HM_REFERENCE */
  float dct[256];   /* the coefficients that the bits are signs of: row 16 * i + j is bit i, j */
} hm_hash;

/* The eight hashes of a picture turned and mirrored, in the order of pdqhash.compute_dihedral. */
typedef enum {
  HM_ORIGINAL,
  HM_ROTATE_90,
  HM_ROTATE_180,
  HM_ROTATE_270,
  HM_FLIP_X,
  HM_FLIP_Y,
  HM_FLIP_PLUS_1,
  HM_FLIP_MINUS_1,
  HM_DIHEDRAL
} hm_dihedral;

#if defined(_WIN32)
#define HM_API __declspec(dllexport)
#else
#define HM_API __attribute__((visibility("default")))
#endif

HM_API int32_t hm_version(void);

/* Bytes of workspace that hashing a picture of this size takes; 0 where the size is not allowed. */
HM_API size_t hm_pdq_workspace(int32_t width, int32_t height, int32_t channels);

/* Hash a picture at full size. Sides under 5 px give a zero code of quality 0. */
HM_API int32_t hm_pdq(const hm_picture *picture, hm_form form, void *workspace, size_t size,
                      hm_hash *out);

/* The same, and the codes of all eight turns and mirrors (they share the quality). */
HM_API int32_t hm_pdq_dihedral(const hm_picture *picture, hm_form form, void *workspace,
                               size_t size, hm_hash *out, uint8_t codes[HM_DIHEDRAL][32]);

/* Bytes of workspace that hm_pdq_scaled takes, by the sides of the full picture. */
HM_API size_t hm_pdq_scaled_workspace(int32_t width, int32_t height, int32_t channels);

/* Approximate the hashes of a width x height picture, as it is, turned and mirrored, from a decode
 * of it at 1/reduction of the size (JPEG's DCT scaling: ceil(width / reduction) x
 * ceil(height / reduction) means of cells; 1: the picture itself): the full-size operator is folded
 * onto the small grid, and applied to the picture as it would lie. So the eight are nearer to the
 * hashes of turned pictures than those of hm_pdq_dihedral, whose windows are not symmetric. For
 * checking, never for submitting.
 * The last cells may be filled in part. `left` and `top` say how many columns and rows the first
 * ones lack: 0 as a decoder gives them, and what the last ones lacked once the small picture was
 * mirrored. HM_BAD_PICTURE where the sides and the reduction do not fit. */
HM_API int32_t hm_pdq_scaled(const hm_picture *reduced, int32_t width, int32_t height,
                             int32_t reduction, int32_t left, int32_t top, void *workspace,
                             size_t size, hm_hash *out, uint8_t codes[HM_DIHEDRAL][32]);

/* Bytes of workspace that hm_pdq_picked takes; 0 where a size is not allowed. */
HM_API size_t hm_pdq_picked_workspace(int32_t width, int32_t side);

/* Hash the square picture made of some rows of a gray one, `side` of them, and as many columns, by
 * their numbers, in the one-pass form. In the shared library only. */
HM_API int32_t hm_pdq_picked(const hm_picture *gray, const int32_t *rows, const int32_t *columns,
                             int32_t side, void *workspace, size_t size, hm_hash *out);

/* The gray of an RGB picture, width x height samples without gaps: (19595 R + 38470 G + 7471 B) /
 * 65536, rounded. In the shared library only. */
HM_API int32_t hm_gray(const hm_picture *rgb, uint8_t *gray);

/* --- parts and tiles -------------------------------------------------------------------------- */

#define HM_PARTS_SIDE 1024 /* the longest side of a luma that parts can be looked for in */
#define HM_UNIT 64         /* places count 64ths of a sample of the luma */
#define HM_TILES 50

/* A side of the luma of a picture whose longer side becomes `most`; 0 where that is not allowed.
 * The parts and tiles that are listed are those of 512. */
HM_API int32_t hm_luma_side(int32_t side, int32_t longer, int32_t most);

/* Bytes of workspace that hm_luma takes; 0 where the size is not allowed. */
HM_API size_t hm_luma_workspace(int32_t width, int32_t channels);

/* Scale a picture by area (up, between samples) to out_width x out_height gray samples without
 * gaps. The picture may be a decode at 1/reduction of width x height, as for hm_pdq_scaled. */
HM_API int32_t hm_luma(const hm_picture *reduced, int32_t width, int32_t height, int32_t reduction,
                       int32_t left, int32_t top, int32_t out_width, int32_t out_height,
                       void *workspace, size_t size, uint8_t *luma);

/* Where a part lies: its middle, the diameter of its key point, in 1/HM_UNIT of a sample of the
 * luma, from the upper left corner; and its turn, clockwise, in 1/65536 of a full one. Its region
 * is a square of 8 diameters a side. */
typedef struct {
  uint16_t x, y, size, turn;
} hm_place;

typedef struct {
  uint8_t code[32];     /* of the region, turned upright: PDQ of 64 x 64 samples */
  uint8_t mirrored[32]; /* what the code is in the picture mirrored left to right */
  hm_place place;
} hm_part;

/* Bytes of workspace that parts of a luma of this size take; 0 where the size is not allowed. */
HM_API size_t hm_parts_workspace(int32_t width, int32_t height);

/* The parts of a luma, most telling first, `limit` at most; `count` says how many. */
HM_API int32_t hm_parts(const hm_picture *luma, int32_t limit, void *workspace, size_t size,
                        hm_part *parts, int32_t *count);

/* The parts at given places, and the quality of each region (0 to 100). */
HM_API int32_t hm_parts_at(const hm_picture *luma, const hm_place *places, int32_t count,
                           void *workspace, size_t size, hm_part *parts, uint8_t *quality);

/* The window of tile `number` in a picture of this size: left, top, width, height. Tiles 0 to 24
 * are half as wide and high as the picture, 25 to 49 three tenths, each five by five, row by row.
 */
HM_API int32_t hm_tile(int32_t number, int32_t width, int32_t height, int32_t window[4]);

/* PDQ of each tile of a luma, in a workspace of hm_pdq_workspace() of the whole luma. */
HM_API int32_t hm_tiles(const hm_picture *luma, void *workspace, size_t size,
                        uint8_t codes[HM_TILES][32], uint8_t quality[HM_TILES]);

/* What hm_joint tells. */
enum {
  HM_SEVERAL = 0,  /* pictures may be in it, or a side is too short to tell */
  HM_SINGLE = 1,   /* one surely is */
  HM_JOINT = 128,  /* two may be, and meet so many 64ths of the height, or of */
  HM_UPRIGHT = 64, /* the width, from the start: both to be added */
};

/* Bytes of workspace that hm_joint takes; 0 where the size is not allowed. */
HM_API size_t hm_joint_workspace(int32_t width, int32_t height);

/* Where straight lines cross a luma along which unlike pictures meet, as in a collage, a post or a
 * screenshot: a value from 0 to 255.
 */
HM_API int32_t hm_joint(const hm_picture *luma, void *workspace, size_t size, int32_t *joint);

/* Show a luma in another frame: the sample at (x, y) is that of the luma at
 * ((m0 x + m1 y + m2) / d, (m3 x + m4 y + m5) / d), d = m6 x + m7 y + m8, coordinates from the
 * upper left corners. `seen` is 1 where that lies in the luma, and 0 where its edge is repeated. */
HM_API int32_t hm_warp(const hm_picture *luma, const float matrix[9], int32_t width, int32_t height,
                       uint8_t *frame, uint8_t *seen);

/* Bytes of workspace that hm_jpeg_eighth takes. */
HM_API size_t hm_jpeg_workspace(void);

/* Decode the luma of a JPEG at 1/8 of its size: ceil(width / 8) x ceil(height / 8) samples without
 * gaps, equal to those of libjpeg. Only sequential Huffman coding in one scan, gray or YCbCr, and
 * undamaged: HM_BAD_PICTURE asks the caller to turn to a decoder that knows the rest, or to one
 * that can tell what is wrong. `width` and `height` are of the full picture, and must be the
 * file's. In the shared library only. */
HM_API int32_t hm_jpeg_eighth(const uint8_t *data, size_t size, int32_t width, int32_t height,
                              uint8_t *luma, void *workspace, size_t room);

/* A part of a picture, in samples: columns left to right - 1, rows top to bottom - 1. */
typedef struct {
  int32_t left, top, right, bottom;
  int32_t trimmed; /* 1: the whole without the quiet lines around it; 0: found by its sides */
} hm_rectangle;

#define HM_RECTANGLES 28     /* that are found at most */
#define HM_LEAST_SEARCHED 32 /* samples of a side; in less there is nothing to find */

/* Bytes of workspace that hm_rectangles takes; 0 where the size is not allowed. */
HM_API size_t hm_rectangles_workspace(int32_t width, int32_t height);

/* Find what may be a picture within a picture: in a border, a screenshot, a meme or a collage. The
 * likeliest come first, and *count says how many there are. Time and memory are bounded by the
 * number of samples, whatever they show. In the shared library only. */
HM_API int32_t hm_rectangles(const hm_picture *picture, void *workspace, size_t size,
                             hm_rectangle out[HM_RECTANGLES], int32_t *count);

/* Besides in its eight turns, a rectangle is hashed as if it had lost a twenty-eighth at its left
 * and at its right, or at its top and at its bottom: collages cut pictures to fill their places. */
enum { HM_WIDER = HM_DIHEDRAL, HM_TALLER, HM_RENDERINGS };

typedef struct {
  uint8_t codes[HM_RENDERINGS][32];
  int32_t quality; /* 0..100, shared by all */
} hm_turned;

/* Bytes of workspace that hm_pdq_rectangles takes, by the sides of the picture; 0 where the size is
 * not allowed. */
HM_API size_t hm_pdq_rectangles_workspace(int32_t width, int32_t height);

/* Approximate the hashes of rectangles of a gray picture, the first `turned` of them in all eight
 * turns as hm_pdq_scaled does, and drawn out, the others as they are (their other codes are 0).
 * Each sample of the picture stands for reduction x reduction of the full one. HM_BAD_PICTURE also
 * where the reduction is not 1 to 64, or a rectangle is empty or does not lie in the picture. For
 * checking, never for submitting. In the shared library only. */
HM_API int32_t hm_pdq_rectangles(const hm_picture *gray, int32_t reduction,
                                 const hm_rectangle *rectangles, int32_t count, int32_t turned,
                                 void *workspace, size_t size, hm_turned *out);

#endif
