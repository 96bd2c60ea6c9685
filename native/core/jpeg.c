/* The luma of a JPEG at 1/8 of its size, which is what its DC coefficients are (ITU-T T.81).
 *
 * A check of a large upload needs no more, and the time of any decoder at this scale goes into
 * finding the ends of the AC coefficients' codes. Here they are skipped as many at a time as fit a
 * look-up of thirteen bits (jpeg_scan.c). Sequential Huffman coding, 8 bit, one interleaved scan,
 * gray or YCbCr; anything else, and anything damaged, is left to the caller's decoder. Samples
 * equal those of libjpeg's 1x1 inverse DCT.
 */
#include "jpeg.h"

size_t hm_jpeg_workspace(void) { return sizeof(jpeg) + 64; }

static int32_t big16(const uint8_t *p) { return p[0] << 8 | p[1]; }

/* --- tables ----------------------------------------------------------------------------------- */

/* Chain up what lies whole in a window of LOOK bits. */
static uint16_t chain_of(const huffman *h, uint32_t window) {
  int32_t used = 0, advance = 0;
  for (;;) {
    const uint16_t entry = h->first[window << used & ((1u << LOOK) - 1)];
    const int32_t length = entry & 0xff, symbol = entry >> 8;
    const int32_t bits = length + (symbol & 15);
    if (!length || used + bits > LOOK || advance + (symbol >> 4) + 1 > 63) break;
    used += bits;
    if (symbol == 0) return (uint16_t)(used | CHAIN_END | advance << 8);
    advance += (symbol >> 4) + 1;
  }
  return (uint16_t)(used | advance << 8);
}

/* Keep the tables as they stand in the file; those that the scan uses are built when it begins. */
static int32_t read_huffman(jpeg *j, const uint8_t *p, const uint8_t *end) {
  while (p < end) {
    if (end - p < 17 || (p[0] & 0x0f) >= TABLES || p[0] >> 4 > 1) return 0;
    huffman *h = p[0] >> 4 ? &j->ac[p[0] & 0x0f] : &j->dc[p[0] & 0x0f];
    int32_t total = 0, code = 0;
    for (int32_t length = 1; length <= 16; length++, code <<= 1) {
      const int32_t count = p[length];
      h->offset[length] = total - code;
      h->last_code[length] = count ? code + count - 1 : -1;
      code += count;
      total += count;
      if (code > 1 << length || total > 256) return 0; /* more codes than there can be */
    }
    p += 17;
    if (end - p < total) return 0;
    for (int32_t k = 0; k < total; k++) h->symbol[k] = *p++;
    h->present = 1;
  }
  return 1;
}

static int32_t build(huffman *h, int32_t chains) {
  if (!h->present) return 0;
  for (int32_t i = 0; i < 1 << LOOK; i++) h->first[i] = 0;
  int32_t code = 0;
  for (int32_t length = 1; length <= LOOK; length++, code <<= 1)
    for (; code <= h->last_code[length]; code++) {
      const int32_t spare = LOOK - length, symbol = h->symbol[code + h->offset[length]];
      for (int32_t low = 0; low < 1 << spare; low++)
        h->first[code << spare | low] = (uint16_t)(length | symbol << 8);
    }
  for (uint32_t i = 0; chains && i < 1u << LOOK; i++) h->chain[i] = chain_of(h, i);
  return 1;
}

static int32_t read_quanta(jpeg *j, const uint8_t *p, const uint8_t *end) {
  while (p < end) {
    const int32_t wide = p[0] >> 4, table = p[0] & 0x0f;
    const int32_t bytes = wide ? 128 : 64;
    if (wide > 1 || table >= TABLES || end - p < 1 + bytes) return 0;
    j->quantum[table] = wide ? big16(p + 1) : p[1];
    p += 1 + bytes;
  }
  return 1;
}

static int32_t read_frame(jpeg *j, const uint8_t *p, const uint8_t *end) {
  if (j->components || end - p < 6 || p[0] != 8) return 0;
  j->height = big16(p + 1);
  j->width = big16(p + 3);
  const int32_t count = p[5];
  if ((count != 1 && count != COMPONENTS) || end - p < 6 + 3 * count) return 0;
  if (!j->width || !j->height) return 0;
  j->components = count;
  for (int32_t c = 0; c < count; c++, p += 3) {
    const int32_t across = p[7] >> 4, down = p[7] & 0x0f;
    if (across < 1 || across > 4 || down < 1 || down > 4 || p[8] >= TABLES) return 0;
    j->component[c] = (component){.id = p[6], .across = across, .down = down, .quantum = p[8]};
    /* The luma has every sample, or a block of it would not be a cell of the picture. */
    if (across > j->component[0].across || down > j->component[0].down) return 0;
  }
  return 1;
}

static int32_t read_scan(jpeg *j, const uint8_t *p, const uint8_t *end) {
  const int32_t count = j->components;
  if (!count || end - p < 4 + 2 * count || p[0] != count) return 0;
  for (int32_t c = 0; c < count; c++) {
    component *part = &j->component[c];
    const int32_t dc = p[2 + 2 * c] >> 4, ac = p[2 + 2 * c] & 0x0f;
    if (p[1 + 2 * c] != part->id || dc >= TABLES || ac >= TABLES) return 0;
    if (!build(&j->dc[dc], 0) || !build(&j->ac[ac], 1) || !j->quantum[part->quantum]) return 0;
    part->dc = dc;
    part->ac = ac;
  }
  if (count == 1) return 1;
  /* Three components are YCbCr when the file says so, or numbers them as JFIF does. */
  if (j->jfif || j->transform == 1) return 1;
  return j->transform < 0 && j->component[0].id == 1 && j->component[1].id == 2 &&
         j->component[2].id == 3;
}

/* Read the segments up to the scan's data. */
static int32_t read_header(jpeg *j, const uint8_t *data, size_t size) {
  const uint8_t *p = data, *const all = data + size;
  if (size < 4 || p[0] != 0xff || p[1] != 0xd8) return 0;
  p += 2;
  while (all - p >= 4 && p[0] == 0xff) {
    const int32_t marker = p[1], length = big16(p + 2);
    if (length < 2 || all - p < 2 + length) return 0;
    const uint8_t *body = p + 4, *const end = p + 2 + length;
    int32_t good = 1;
    if (marker == 0xc4) {
      good = read_huffman(j, body, end);
    } else if (marker == 0xdb) {
      good = read_quanta(j, body, end);
    } else if (marker == 0xc0 || marker == 0xc1) {
      good = read_frame(j, body, end);
    } else if (marker == 0xdd) {
      good = length == 4;
      if (good) j->interval = big16(body);
    } else if (marker == 0xe0) {
      j->jfif |= length >= 7 && body[0] == 'J' && body[1] == 'F' && body[2] == 'I';
    } else if (marker == 0xee) {
      if (length >= 14 && body[0] == 'A' && body[1] == 'd' && body[2] == 'o')
        j->transform = body[11];
    } else if (marker == 0xda) {
      j->in = (reader){.at = end, .end = all};
      return read_scan(j, body, end);
    } else if (marker < 0xe0 && marker != 0xfe) {
      return 0; /* another kind of frame, or no header at all */
    }
    if (!good) return 0;
    p = end;
  }
  return 0;
}

int32_t hm_jpeg_eighth(const uint8_t *data, size_t size, int32_t width, int32_t height,
                       uint8_t *luma, void *workspace, size_t room) {
  if (!data || !luma || width < 1 || height < 1) return HM_BAD_PICTURE;
  if (!workspace || room < hm_jpeg_workspace()) return HM_BAD_WORKSPACE;
  jpeg *j = (jpeg *)(((uintptr_t)workspace + 63) & ~(uintptr_t)63);
  for (int32_t t = 0; t < TABLES; t++) j->dc[t].present = j->ac[t].present = j->quantum[t] = 0;
  j->components = j->interval = j->jfif = 0;
  j->transform = -1;
  if (!read_header(j, data, size) || j->width != width || j->height != height)
    return HM_BAD_PICTURE;
  return hm_jpeg_scan(j, luma, (width + 7) / 8, (height + 7) / 8) ? HM_OK : HM_BAD_PICTURE;
}
