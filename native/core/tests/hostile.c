/* Runs the core on hostile sizes and strides. Built by sanitize.sh with AddressSanitizer and UBSan:
 * every buffer is exactly as large as the interface asks for, so that a step outside is found.
 * Also compares AUTO with the reference form, and fails where they differ. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../hashmatch.h"

static uint32_t state = 1;
static uint32_t next(void) { return state = state * 1664525u + 1013904223u; }

static void fill(uint8_t *bytes, size_t n, int kind) {
  for (size_t i = 0; i < n; i++) {
    switch (kind) {
      case 0:
        bytes[i] = (uint8_t)(next() >> 24);
        break;
      case 1:
        bytes[i] = 255;
        break;
      case 2:
        bytes[i] = (uint8_t)(i * 255 / n);
        break;
      default:
        bytes[i] = (uint8_t)(i & 1 ? 255 : 0);
    }
  }
}

static void fail(const char *what, int32_t width, int32_t height) {
  fprintf(stderr, "%s at %d x %d\n", what, (int)width, (int)height);
  exit(1);
}

/* Rectangles lie within the picture, and are so many at most. */
/* The hashes of rectangles: those that were found, thin ones at the edges, and ones beyond them. */
static void hash_found(const hm_picture *picture, hm_rectangle *found, int32_t count) {
  const int32_t w = picture->width, h = picture->height;
  const size_t size = hm_pdq_rectangles_workspace(w, h);
  uint8_t *room = malloc(size + 1);
  hm_turned out[HM_RECTANGLES];
  if (!room) fail("out of memory", w, h);
  const int32_t reduction = 1 << (next() >> 8) % 7;
  if (hm_pdq_rectangles(picture, reduction, found, count, count / 2, room + 1, size, out) != HM_OK)
    fail("rectangles were refused", w, h);
  hm_rectangle edges[] = {
      {0, 0, 1, h, 0}, {w - 1, 0, w, h, 0}, {0, h - 1, w, h, 0}, {0, 0, w, h, 0}};
  if (hm_pdq_rectangles(picture, reduction, edges, 4, 2, room + 1, size, out) != HM_OK)
    fail("rectangles at the edges were refused", w, h);
  for (int32_t k = 0; k < 4; k++)
    if (out[k].quality < 0 || out[k].quality > 100) fail("a quality", w, h);
  if (hm_pdq_rectangles(picture, 65, edges, 4, 2, room + 1, size, out) != HM_BAD_PICTURE ||
      hm_pdq_rectangles(picture, 0, edges, 4, 2, room + 1, size, out) != HM_BAD_PICTURE)
    fail("a reduction was accepted", w, h);
  if (hm_pdq_rectangles(picture, 1, edges, 4, 2, room + 1, size - 1, out) != HM_BAD_WORKSPACE)
    fail("a short workspace was accepted", w, h);
  edges[1].right++;
  if (hm_pdq_rectangles(picture, 1, edges, 4, 2, room + 1, size, out) != HM_BAD_PICTURE)
    fail("a rectangle beyond the picture was accepted", w, h);
  free(room);
}

static void search(const hm_picture *picture) {
  const int32_t w = picture->width, h = picture->height;
  const size_t size = hm_rectangles_workspace(w, h);
  hm_rectangle found[HM_RECTANGLES];
  int32_t count = -1;
  if (!size) {
    if (hm_rectangles(picture, 0, 0, found, &count) != HM_BAD_PICTURE) fail("searched", w, h);
    return;
  }
  uint8_t *room = malloc(size + 1);
  if (!room || hm_rectangles(picture, room + 1, size, found, &count) != HM_OK || count < 0 ||
      count > HM_RECTANGLES)
    fail("not searched", w, h);
  for (int32_t k = 0; k < count; k++)
    if (found[k].left < 0 || found[k].top < 0 || found[k].right > w || found[k].bottom > h ||
        found[k].left >= found[k].right || found[k].top >= found[k].bottom)
      fail("a rectangle beyond the picture", w, h);
  const int32_t kept = count;
  if (hm_rectangles(picture, room + 1, size - 1, found, &count) != HM_BAD_WORKSPACE)
    fail("a short workspace was accepted", w, h);
  free(room);
  if (picture->channels == 1) hash_found(picture, found, kept);
}

/* Rows and columns by numbers, the first and the last among them, and one that is not there. */
static void pick(const hm_picture *picture) {
  enum { SIDE = 70 };
  const int32_t w = picture->width, h = picture->height;
  const size_t size = hm_pdq_picked_workspace(w, SIDE);
  uint8_t *room = malloc(size + 1), *gray = malloc((size_t)w * (size_t)h);
  int32_t rows[SIDE], columns[SIDE];
  if (!room || !gray) fail("out of memory", w, h);
  for (int32_t k = 0; k < SIDE; k++) {
    rows[k] = (int32_t)((int64_t)k * (h - 1) / (SIDE - 1));
    columns[k] = (int32_t)((int64_t)k * (w - 1) / (SIDE - 1));
  }
  hm_hash hash;
  const int32_t right = picture->channels == 1 ? HM_OK : HM_BAD_PICTURE;
  if (hm_pdq_picked(picture, rows, columns, SIDE, room + 1, size, &hash) != right)
    fail("rows and columns", w, h);
  if (hm_gray(picture, gray) != (right == HM_OK ? HM_BAD_PICTURE : HM_OK)) fail("gray", w, h);
  columns[1] = w;
  if (hm_pdq_picked(picture, rows, columns, SIDE, room + 1, size, &hash) != HM_BAD_PICTURE)
    fail("a column beyond the picture was accepted", w, h);
  columns[1] = 0;
  if (right == HM_OK &&
      hm_pdq_picked(picture, rows, columns, SIDE, room + 1, size - 1, &hash) != HM_BAD_WORKSPACE)
    fail("a short workspace was accepted", w, h);
  free(room);
  free(gray);
}

static void run(int32_t width, int32_t height, int32_t channels, size_t gap, int kind) {
  const size_t line = (size_t)width * (size_t)channels, stride = line + gap;
  /* The last row ends with its samples: a reader of the gap behind it leaves the buffer. */
  const size_t bytes = stride * (size_t)(height - 1) + line;
  uint8_t *pixels = malloc(bytes);
  const size_t size = hm_pdq_workspace(width, height, channels);
  /* An odd address: the workspace aligns itself. */
  uint8_t *room = malloc(size + 1);
  if (!pixels || !room) fail("out of memory", width, height);
  fill(pixels, bytes, kind);
  const hm_picture picture = {pixels, stride, width, height, channels};
  hm_hash hash[3];
  uint8_t codes[HM_DIHEDRAL][32];
  for (int form = HM_AUTO; form <= HM_REFERENCE; form++)
    if (hm_pdq(&picture, (hm_form)form, room + 1, size, &hash[form]) != HM_OK)
      fail("refused", width, height);
  if (memcmp(hash[HM_AUTO].code, hash[HM_REFERENCE].code, 32) != 0 ||
      hash[HM_AUTO].quality != hash[HM_REFERENCE].quality)
    fail("AUTO differs from the reference form", width, height);
  if (hm_pdq_dihedral(&picture, HM_AUTO, room + 1, size, &hash[0], codes) != HM_OK ||
      memcmp(codes[HM_ORIGINAL], hash[HM_REFERENCE].code, 32) != 0)
    fail("the original among the turns differs", width, height);
  if (hm_pdq(&picture, HM_AUTO, room + 1, size - 1, &hash[0]) != HM_BAD_WORKSPACE)
    fail("a short workspace was accepted", width, height);
  free(room);
  const int32_t reduction = 1 << (next() >> 30);
  const int32_t left = (int32_t)(next() >> 8) % reduction, top = (int32_t)(next() >> 8) % reduction;
  /* What the last cells lack, beside what the first ones do. */
  const int32_t right = left ? 0 : (int32_t)(next() >> 8) % reduction;
  const int32_t bottom = top ? 0 : (int32_t)(next() >> 8) % reduction;
  const int32_t w = width * reduction - left - right, h = height * reduction - top - bottom;
  const size_t full = hm_pdq_scaled_workspace(w, h, channels);
  if (full) {
    room = malloc(full);
    if (!room ||
        hm_pdq_scaled(&picture, w, h, reduction, left, top, room, full, &hash[0], codes) != HM_OK)
      fail("a reduced picture was refused", w, h);
    free(room);
  }
  search(&picture);
  pick(&picture);
  free(pixels);
}

/* A JPEG of random data behind a header that is valid, or nearly: damage ends in a refusal. */
static int32_t random_jpeg(int32_t across, int32_t down) {
  const int32_t width = 1 + (int32_t)(next() >> 8) % 60, height = 1 + (int32_t)(next() >> 8) % 60;
  static const uint8_t start[] = {0xff, 0xd8, 0xff, 0xe0, 0, 7, 'J', 'F', 'I', 'F', 0};
  const size_t most = 2048, size = 700 + (next() >> 8) % (most - 700);
  uint8_t *made = malloc(size), *at = made;
  if (!made) fail("out of memory", width, height);
  memcpy(at, start, sizeof start);
  at += sizeof start;
  *at++ = 0xff, *at++ = 0xdb, *at++ = 0, *at++ = 67, *at++ = 0;
  for (int k = 0; k < 64; k++) *at++ = (uint8_t)(1 + (next() >> 24) % 40);
  const uint8_t frame[] = {0xff,
                           0xc0,
                           0,
                           17,
                           8,
                           (uint8_t)(height >> 8),
                           (uint8_t)height,
                           (uint8_t)(width >> 8),
                           (uint8_t)width,
                           3,
                           1,
                           (uint8_t)(across << 4 | down),
                           0,
                           2,
                           0x11,
                           0,
                           3,
                           0x11,
                           0};
  memcpy(at, frame, sizeof frame);
  at += sizeof frame;
  /* Nearly all bits are a code: 16 of 4 bits for DC, and of 3 to 16 bits for AC. */
  static const uint8_t dc[16] = {[3] = 16};
  static const uint8_t ac[16] = {[2] = 7, [5] = 7, [8] = 7, [12] = 15, [15] = 7};
  for (int table = 0; table < 2; table++) {
    int total = 0;
    for (int k = 0; k < 16; k++) total += table ? ac[k] : dc[k];
    *at++ = 0xff, *at++ = 0xc4, *at++ = 0, *at++ = (uint8_t)(19 + total),
    *at++ = (uint8_t)(table << 4);
    memcpy(at, table ? ac : dc, 16);
    at += 16;
    for (int k = 0; k < total; k++)
      *at++ =
          table ? (uint8_t)((next() >> 24) % 2 * 16 + 1 + (next() >> 24) % 4) : (uint8_t)(k % 4);
    if (table) at[-total] = 0; /* the end of a block */
  }
  *at++ = 0xff, *at++ = 0xdd, *at++ = 0, *at++ = 4, *at++ = 0,
  *at++ = next() >> 30 ? 0 : (uint8_t)(next() >> 30);
  static const uint8_t scan[] = {0xff, 0xda, 0, 12, 3, 1, 0, 2, 0, 3, 0, 0, 63, 0};
  memcpy(at, scan, sizeof scan);
  at += sizeof scan;
  int number = 0;
  while (at < made + size) {
    *at++ = (uint8_t)(next() >> 24);
    if (at[-1] == 0xff && at < made + size)
      *at++ = next() >> 28 ? 0 : (uint8_t)(0xd0 + number++ % 8);
  }
  for (uint32_t flips = next() >> 30; flips; flips--)
    made[(next() >> 4) % size] ^= (uint8_t)(1u << (next() >> 29));
  const size_t room = hm_jpeg_workspace();
  uint8_t *luma = malloc((size_t)((width + 7) / 8) * (size_t)((height + 7) / 8)),
          *work = malloc(room + 1);
  if (!luma || !work) fail("out of memory", width, height);
  const int32_t status = hm_jpeg_eighth(made, size, width, height, luma, work + 1, room);
  if (status != HM_OK && status != HM_BAD_PICTURE) fail("another status", width, height);
  for (size_t cut = 0; cut < size; cut += 1 + (next() >> 24)) {
    uint8_t *shorter = malloc(cut ? cut : 1); /* exactly as long: reading on is found */
    if (!shorter) fail("out of memory", width, height);
    memcpy(shorter, made, cut);
    hm_jpeg_eighth(shorter, cut, width, height, luma, work + 1, room);
    free(shorter);
  }
  free(luma);
  free(work);
  free(made);
  return status == HM_OK;
}

static void random_jpegs(void) {
  int32_t good = 0;
  for (int round = 0; round < 3000; round++) good += random_jpeg(1 + round % 2, 1 + round / 2 % 2);
  if (good < 300) fail("hardly a random JPEG was decoded: the test tests nothing", good, 3000);
}

static void refusals(void) {
  uint8_t pixels[64 * 64 * 3] = {0}, room[1 << 17];
  hm_hash hash;
  const hm_picture bad[] = {
      {0, 64, 64, 64, 1},
      {pixels, 63, 64, 64, 1},
      {pixels, 64, 0, 64, 1},
      {pixels, 64, 64, -1, 1},
      {pixels, 64, 64, 64, 2},
      {pixels, 191, 64, 64, 3},
      {pixels, 64, 65536, 64, 1},
      {pixels, 64, INT32_MAX, INT32_MAX, 1},
      {pixels, 64, INT32_MIN, 64, 1},
  };
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
    if (hm_pdq(&bad[i], HM_AUTO, room, sizeof room, &hash) != HM_BAD_PICTURE)
      fail("a bad picture was accepted", bad[i].width, bad[i].height);
  const hm_picture good = {pixels, 64, 64, 64, 1};
  if (hm_pdq(0, HM_AUTO, room, sizeof room, &hash) != HM_BAD_PICTURE ||
      hm_pdq(&good, HM_AUTO, room, sizeof room, 0) != HM_BAD_PICTURE ||
      hm_pdq(&good, HM_AUTO, 0, sizeof room, &hash) != HM_BAD_WORKSPACE)
    fail("a null pointer was accepted", 64, 64);
  if (hm_pdq_workspace(0, 1, 1) || hm_pdq_workspace(1, 65536, 1) || hm_pdq_workspace(9, 9, 4))
    fail("a bad size has a workspace", 0, 0);
}

/* Pictures in which key points are many, equal, or none. */
static void draw(uint8_t *luma, int32_t width, int32_t height, int kind) {
  for (int32_t y = 0; y < height; y++)
    for (int32_t x = 0; x < width; x++) {
      uint8_t *const at = luma + (size_t)y * (size_t)width + (size_t)x;
      switch (kind) {
        case 0:
          *at = (uint8_t)(next() >> 24);
          break;
        case 1:
          *at = 128;
          break;
        case 2: /* dots, all alike */
          *at = (x % 9 - 4) * (x % 9 - 4) + (y % 9 - 4) * (y % 9 - 4) < 7 ? 255 : 0;
          break;
        case 3:
          *at = x / 8 % 2 ? 255 : 0;
          break;
        case 4: /* all border */
          *at =
              x > width / 2 - 9 && x < width / 2 && y > height / 2 - 9 && y < height / 2 ? 0 : 255;
          break;
        default:
          *at = (uint8_t)((x ^ y) * 5);
      }
    }
}

static void find_parts(int32_t width, int32_t height, int kind, int32_t limit) {
  const size_t bytes = (size_t)width * (size_t)height, size = hm_parts_workspace(width, height);
  uint8_t *luma = malloc(bytes), *room = malloc(size + 1);
  hm_part *parts = malloc(sizeof(hm_part) * (size_t)(limit ? limit : 1));
  hm_part *again = malloc(sizeof(hm_part) * (size_t)(limit ? limit : 1));
  uint8_t *quality = malloc((size_t)(limit ? limit : 1));
  if (!luma || !room || !parts || !again || !quality) fail("out of memory", width, height);
  draw(luma, width, height, kind);
  memset(room, kind % 2 ? 0xff : 0x00, size + 1); /* what lies there must not matter */
  const hm_picture picture = {luma, (size_t)width, width, height, 1};
  int32_t count = -1;
  if (hm_parts(&picture, limit, room + 1, size, parts, &count) != HM_OK || count < 0 ||
      count > limit)
    fail("parts were refused, or more than wanted", width, height);
  hm_place *places = malloc(sizeof(hm_place) * (size_t)(count ? count : 1));
  if (!places) fail("out of memory", width, height);
  for (int32_t k = 0; k < count; k++) places[k] = parts[k].place;
  if (hm_parts_at(&picture, places, count, room + 1, size, again, quality) != HM_OK)
    fail("places were refused", width, height);
  if (count && memcmp(parts, again, sizeof(hm_part) * (size_t)count) != 0)
    fail("a part differs at its own place", width, height);
  if (hm_parts(&picture, limit, room + 1, size - 1, parts, &count) != HM_BAD_WORKSPACE)
    fail("a short workspace was accepted", width, height);
  /* Places that no key point has: far outside, of no size, larger than the picture. */
  hm_place wild[8];
  for (int32_t k = 0; k < 8; k++)
    wild[k] = (hm_place){(uint16_t)next(), (uint16_t)(next() >> 8), (uint16_t)(next() >> 12),
                         (uint16_t)(next() >> 16)};
  if (limit >= 8 && hm_parts_at(&picture, wild, 8, room + 1, size, again, quality) != HM_OK)
    fail("wild places were refused", width, height);
  free(places);
  free(room);
  const size_t tile_room = hm_pdq_workspace(width, height, 1);
  uint8_t codes[HM_TILES][32], qualities[HM_TILES];
  room = malloc(tile_room);
  if (!room || hm_tiles(&picture, room, tile_room, codes, qualities) != HM_OK)
    fail("tiles were refused", width, height);
  free(room);
  const size_t joint_room = hm_joint_workspace(width, height);
  int32_t joint = -1;
  room = malloc(joint_room + 1);
  if (!room || hm_joint(&picture, room + 1, joint_room, &joint) != HM_OK || joint < 0 ||
      joint > 255)
    fail("where pictures meet in it was not told", width, height);
  if (hm_joint(&picture, room, joint_room - 1, &joint) != HM_BAD_WORKSPACE)
    fail("a short workspace was accepted", width, height);
  free(room);
  const int32_t wide = 1 + (int32_t)(next() >> 8) % 300, high = 1 + (int32_t)(next() >> 8) % 300;
  uint8_t *frame = malloc((size_t)wide * (size_t)high), *seen = malloc((size_t)wide * (size_t)high);
  if (!frame || !seen) fail("out of memory", wide, high);
  for (int round = 0; round < 4; round++) {
    float matrix[9];
    for (int k = 0; k < 9; k++) {
      union {
        uint32_t bits;
        float value;
      } pun = {round ? next() : 0}; /* all bits: NaN, infinities, huge, zero */
      matrix[k] = round < 2 ? (float)(int32_t)next() / 1e9f : pun.value;
    }
    if (hm_warp(&picture, matrix, wide, high, frame, seen) != HM_OK)
      fail("a warp was refused", wide, high);
  }
  free(frame);
  free(seen);
  free(luma);
  free(parts);
  free(again);
  free(quality);
}

static void scale_down(int32_t width, int32_t height, int32_t channels, int32_t reduction) {
  const int32_t left = (int32_t)(next() >> 8) % reduction, top = (int32_t)(next() >> 8) % reduction;
  const int32_t w = (width + left + reduction - 1) / reduction;
  const int32_t h = (height + top + reduction - 1) / reduction;
  const int32_t longer = width > height ? width : height;
  const int32_t out_width = hm_luma_side(width, longer, 512);
  const int32_t out_height = hm_luma_side(height, longer, 512);
  const size_t bytes = (size_t)w * (size_t)h * (size_t)channels;
  const size_t size = hm_luma_workspace(w, channels);
  uint8_t *pixels = malloc(bytes), *room = malloc(size + 1);
  uint8_t *luma = malloc((size_t)out_width * (size_t)out_height);
  if (!pixels || !room || !luma) fail("out of memory", width, height);
  memset(pixels, 200, bytes);
  const hm_picture picture = {pixels, (size_t)w * (size_t)channels, w, h, channels};
  if (hm_luma(&picture, width, height, reduction, left, top, out_width, out_height, room + 1, size,
              luma) != HM_OK)
    fail("a luma was refused", width, height);
  for (int32_t k = 0; k < out_width * out_height; k++)
    if (luma[k] != 200) fail("a flat picture is not flat when scaled", width, height);
  if (hm_luma(&picture, width, height, reduction, left, top, out_width, out_height, room + 1,
              size - 1, luma) != HM_BAD_WORKSPACE)
    fail("a short workspace was accepted", width, height);
  free(pixels);
  free(room);
  free(luma);
}

static void hostile_parts(void) {
  static const int32_t sides[][2] = {{1, 1},     {1, 512},   {512, 3},  {16, 16},
                                     {15, 40},   {17, 512},  {33, 300}, {64, 512},
                                     {512, 512}, {700, 500}, {5, 1024}};
  for (size_t k = 0; k < sizeof sides / sizeof *sides; k++)
    for (int kind = 0; kind < 6; kind++) find_parts(sides[k][0], sides[k][1], kind, 40);
  find_parts(512, 384, 0, 5000);
  find_parts(512, 384, 2, 0);
  static const int32_t full[][2] = {{1, 1},     {1, 65535}, {65535, 16}, {512, 512}, {511, 513},
                                    {1025, 77}, {3000, 15}, {700, 699},  {5, 1000}};
  for (size_t k = 0; k < sizeof full / sizeof *full; k++)
    for (int32_t reduction = 1; reduction <= 8; reduction += 3)
      scale_down(full[k][0], full[k][1], k % 2 ? 3 : 1, reduction);
}

int main(void) {
  refusals();
  hostile_parts();
  random_jpegs();
  for (int32_t side = 1; side <= 300; side++) {
    run(side, side, 1, 0, 0);
    run(side, 301 - side, 3, side % 7, side % 4);
  }
  static const int32_t edges[] = {1, 4, 5, 15, 16, 17, 63, 64, 65, 127, 128, 129, 255, 257, 1000};
  static const int32_t longs[] = {1, 5, 64, 129, 8191, 30000, 65535};
  for (size_t i = 0; i < sizeof edges / sizeof *edges; i++)
    for (size_t j = 0; j < sizeof longs / sizeof *longs; j++) {
      if ((int64_t)edges[i] * longs[j] > 4000000) continue;
      run(edges[i], longs[j], 1, 3, (int)(i + j) % 4);
      run(longs[j], edges[i], 3, 0, (int)(i + j + 1) % 4);
    }
  for (int round = 0; round < 300; round++)
    run((int32_t)(1 + next() % 700), (int32_t)(1 + next() % 700), round % 2 ? 1 : 3, next() % 5,
        round % 4);
  puts("hostile sizes: clean");
  return 0;
}
