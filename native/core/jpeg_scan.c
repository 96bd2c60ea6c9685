/* The entropy-coded data of a JPEG: DC coefficients are read, AC coefficients skipped. */
#include "jpeg.h"

#define INLINE static inline __attribute__((always_inline))

/* Byte by byte, where a 0xff is near: a stuffed one, a marker, or the end. By value, so that the
 * caller's reader can stay in registers. */
static __attribute__((noinline)) reader refill_slowly(reader in) {
  while (in.have < 56) {
    uint64_t byte = 0;
    if (in.at < in.end && in.at[0] != 0xff) {
      byte = *in.at++;
    } else if (in.end - in.at >= 2 && in.at[1] == 0) {
      byte = 0xff;
      in.at += 2;
    } else {
      in.padded += 8;
    }
    in.bits |= byte << (56 - in.have);
    in.have += 8;
  }
  return in;
}

/* Have at least 56 bits: one code and its value, and two steps along a chain, or four such steps.
 * Without asking how many there are: whether a refill is due cannot be predicted, and costs more to
 * find out than to do. */
INLINE void refill(reader *in) {
  if (in->end - in->at >= 8) {
    uint64_t next;
    __builtin_memcpy(&next, in->at, 8);
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    next = __builtin_bswap64(next);
#endif
    const uint64_t inverse = ~next; /* a byte 0xff is a zero here, which has to be looked at */
    if (!((inverse - 0x0101010101010101u) & ~inverse & 0x8080808080808080u)) {
      /* Bits beyond `have` may be set; they are those that the next refill adds there again. */
      in->bits |= next >> in->have;
      in->at += (63 - in->have) >> 3;
      in->have |= 56;
      return;
    }
  }
  in->bits &= ~((~(uint64_t)0) >> in->have);
  *in = refill_slowly(*in);
}

INLINE uint32_t peek(const reader *in, int32_t bits) { return (uint32_t)(in->bits >> (64 - bits)); }
INLINE void skip(reader *in, int32_t bits) {
  in->bits <<= bits;
  in->have -= bits;
}

/* The next symbol, or -1 where no code is like the bits. */
INLINE int32_t next_symbol(reader *in, const huffman *h) {
  const uint16_t entry = h->first[peek(in, LOOK)];
  if (entry) {
    skip(in, entry & 0xff);
    return entry >> 8;
  }
  for (int32_t length = LOOK + 1; length <= 16; length++) {
    const int32_t code = (int32_t)peek(in, length);
    if (code <= h->last_code[length] && code + h->offset[length] >= 0) {
      skip(in, length);
      return h->symbol[code + h->offset[length]];
    }
  }
  return -1;
}

/* Step along the chain of a window; 1 where that ended the block, -1 where there is no such step.
 */
INLINE int32_t step(reader *in, const huffman *h, int32_t *k) {
  const uint16_t chain = h->chain[peek(in, LOOK)];
  const int32_t advance = chain >> 8;
  /* A chain that would reach past the block has left it before its last coefficient. */
  if (!chain || *k + advance > (chain & CHAIN_END ? 63 : 64)) return -1;
  skip(in, chain & CHAIN_BITS);
  *k += advance;
  return chain & CHAIN_END ? 1 : *k == 64;
}

/* Step over the AC coefficients of a block; 0 where they are damaged. Begins with 29 bits. */
INLINE int32_t skip_ac(reader *in, const huffman *h) {
  int32_t k = 1;
  for (int32_t steps = 2;; steps = 4) {
    int32_t state = 0;
    for (int32_t i = 0; i < 4 && i < steps && state == 0; i++) state = step(in, h, &k);
    if (state > 0) return 1;
    refill(in);
    if (state == 0) continue;
    const int32_t symbol = next_symbol(in, h);
    if (symbol < 0) return 0;
    if (symbol == 0) return 1;
    skip(in, symbol & 15);
    k += (symbol >> 4) + 1;
    if (k >= 64) return k == 64;
    refill(in);
  }
}

/* One block: its DC coefficient is the new prediction. 0 where it is damaged. */
INLINE int32_t read_block(reader *in, const huffman *dc, const huffman *ac, int32_t *predicted) {
  refill(in);
  const int32_t bits = next_symbol(in, dc);
  if (bits < 0 || bits > 11) return 0;
  if (bits) {
    const int32_t value = (int32_t)peek(in, bits);
    skip(in, bits);
    *predicted += value < 1 << (bits - 1) ? value - (1 << bits) + 1 : value;
    if (*predicted < -2048 || *predicted > 2047) return 0;
  }
  return skip_ac(in, ac);
}

static uint8_t sample(int32_t dc, int32_t quantum) {
  const int32_t value = ((dc * quantum + 4) >> 3) + 128;
  return (uint8_t)(value < 0 ? 0 : value > 255 ? 255 : value);
}

/* The marker that starts the next interval; 0 where it is missing. */
static int32_t restart(reader *in, int32_t number) {
  if (in->have - in->padded >= 8) return 0;
  if (in->end - in->at < 2 || in->at[0] != 0xff || in->at[1] != 0xd0 + number) return 0;
  *in = (reader){.at = in->at + 2, .end = in->end};
  return 1;
}

int32_t hm_jpeg_scan(const jpeg *j, uint8_t *luma, int32_t across, int32_t down) {
  const component *first = &j->component[0];
  /* A scan of one component has a block at a time, whatever its factors. */
  const int32_t wide = j->components == 1 ? 1 : first->across;
  const int32_t tall = j->components == 1 ? 1 : first->down;
  const int32_t columns = (across + wide - 1) / wide, rows = (down + tall - 1) / tall;
  const int32_t quantum = j->quantum[first->quantum];
  int32_t predicted[COMPONENTS] = {0};
  int32_t left = j->interval ? j->interval : INT32_MAX, number = 0;
  reader in = j->in; /* a copy that stays in registers */
  for (int32_t y = 0; y < rows; y++)
    for (int32_t x = 0; x < columns; x++) {
      if (left-- == 0) {
        if (!j->interval || !restart(&in, number)) return 0;
        number = (number + 1) % 8;
        left = j->interval - 1;
        for (int32_t c = 0; c < COMPONENTS; c++) predicted[c] = 0;
      }
      for (int32_t c = 0; c < j->components; c++) {
        const component *part = &j->component[c];
        const int32_t blocks = c ? part->across * part->down : wide * tall;
        const huffman *dc = &j->dc[part->dc], *ac = &j->ac[part->ac];
        for (int32_t b = 0; b < blocks; b++) {
          if (!read_block(&in, dc, ac, &predicted[c])) return 0;
          if (c) continue;
          const int32_t row = y * tall + b / wide, column = x * wide + b % wide;
          if (row < down && column < across)
            luma[(size_t)row * (size_t)across + (size_t)column] = sample(predicted[0], quantum);
        }
      }
      if (in.have < in.padded) return 0; /* bits were used that the file does not have */
    }
  return 1;
}
