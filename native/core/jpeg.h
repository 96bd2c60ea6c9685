/* What the two files of the JPEG decoder share: what a header says, and where its data begin. */
#ifndef HM_JPEG_H
#define HM_JPEG_H

#include "hashmatch.h"

#define LOOK 13 /* bits of a look-up */
#define TABLES 4
#define COMPONENTS 3

typedef struct {
  /* By the next bits: code length and symbol << 8; 0 where the code is longer than the look-up. */
  uint16_t first[1 << LOOK];
  /* By the next bits: of all AC coefficients that lie in them whole, the bits, END if they end the
   * block, and by how much they advance in it << 8. 0 where not even one does. */
  uint16_t chain[1 << LOOK];
  int32_t last_code[17]; /* of each length; -1 where there is none */
  int32_t offset[17];    /* from a code of that length to its symbol's place */
  uint8_t symbol[256];
  int32_t present;
} huffman;
#define CHAIN_BITS 0x1f
#define CHAIN_END 0x20

typedef struct {
  int32_t id, across, down, quantum, dc, ac;
} component;

typedef struct {
  const uint8_t *at, *end;
  uint64_t bits;  /* the next ones, left-aligned */
  int32_t have;   /* how many */
  int32_t padded; /* of them, past the end of the data: zeros */
} reader;

typedef struct {
  huffman dc[TABLES], ac[TABLES];
  int32_t quantum[TABLES]; /* of the DC coefficient; 0 where the table is missing */
  component component[COMPONENTS];
  int32_t components, width, height, interval, jfif, transform;
  reader in;
} jpeg;

/* Every eighth sample of the luma: across * down of them. 0 where the data are damaged. */
int32_t hm_jpeg_scan(const jpeg *j, uint8_t *luma, int32_t across, int32_t down);

#endif
