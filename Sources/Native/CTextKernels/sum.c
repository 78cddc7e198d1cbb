// Sums that tell whether bytes are what they were, and marks that tell texts apart. They guard against damage, not against
// anybody who means harm.
#include <string.h>

#include "text_kernels.h"

static inline uint64_t turned(uint64_t x, int bits) { return x << bits | x >> (64 - bits); }

static inline uint64_t mixed(uint64_t x) {
  x = (x ^ x >> 33) * 0xFF51AFD7ED558CCDu;
  x = (x ^ x >> 33) * 0xC4CEB9FE1A85EC53u;
  return x ^ x >> 33;
}

void assay_sum(uint64_t lanes[8], const void *bytes, int64_t blocks) {
  const unsigned char *from = bytes;
  uint64_t held[8];
  memcpy(held, lanes, sizeof held);
  for (int64_t block = 0; block < blocks; block++, from += 64) {
    uint64_t words[8];
    memcpy(words, from, sizeof words);
    for (int lane = 0; lane < 8; lane++) held[lane] = turned((held[lane] ^ words[lane]) * 0x9E3779B97F4A7C15u, 29);
  }
  memcpy(lanes, held, sizeof held);
}

uint64_t assay_sum_end(const uint64_t lanes[8]) {
  uint64_t sum = 0;
  for (int lane = 0; lane < 8; lane++) sum = mixed(sum * 31 + lanes[lane]);
  return sum;
}

void assay_mark(const void *bytes, int64_t size, uint64_t mark[2]) {
  const unsigned char *from = bytes;
  uint64_t a = 0x9E3779B97F4A7C15u ^ (uint64_t)size, b = 0xC2B2AE3D27D4EB4Fu + (uint64_t)size;
  for (int64_t at = 0; at < size; at += 8) {
    uint64_t word = 0;
    memcpy(&word, from + at, size - at < 8 ? (size_t)(size - at) : 8);
    a = turned(a ^ word * 0x87C37B91114253D5u, 31) * 0x9E3779B185EBCA87u;
    b = turned(b + word * 0x4CF5AD432745937Fu, 27) * 0xC2B2AE3D27D4EB4Fu + a;
  }
  mark[0] = mixed(a + b);
  mark[1] = mixed(b ^ turned(a, 17));
}
