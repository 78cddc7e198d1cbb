#define _GNU_SOURCE
#include "duckdb.h"

#include <dlfcn.h>
#include <stdio.h>
#include <sys/mman.h>

int assay_memory_file(const char *name) {
#ifdef MFD_CLOEXEC
  return memfd_create(name, MFD_CLOEXEC);
#else
  (void)name;
  return -1;
#endif
}

typedef uint8_t Lane __attribute__((vector_size(16)));

// A byte of all ones becomes one bit, the first byte the lowest.
static inline uint64_t bits(Lane flags) {
#ifdef __SSE2__
  return (uint16_t)__builtin_ia32_pmovmskb128((char __attribute__((vector_size(16))))flags);
#else
  // Each half's flags are weighed 1, 2, 4 ... 128 and added up: no sum carries.
  uint64_t halves[2];
  __builtin_memcpy(halves, &flags, 16);
  const uint64_t gather = UINT64_C(0x0102040810204080);
  const uint64_t lowest = UINT64_C(0x0101010101010101);
  return ((halves[0] & lowest) * gather >> 56) | ((halves[1] & lowest) * gather >> 56) << 8;
#endif
}

void assay_ends_of_fields(const void *bytes, uint64_t count, uint8_t delimiter, uint64_t *ends) {
  Lane delimiters, feeds, returns;
  for (int i = 0; i < 16; i++) {
    delimiters[i] = delimiter;
    feeds[i] = 0x0A;
    returns[i] = 0x0D;
  }
  const char *at = bytes;
  for (uint64_t word = 0; word < count; word++) {
    uint64_t found = 0;
    for (int part = 0; part < 4; part++) {
      Lane lane;
      __builtin_memcpy(&lane, at, 16);
      at += 16;
      found |= bits((Lane)(lane == delimiters) | (Lane)(lane == feeds) | (Lane)(lane == returns)) << (16 * part);
    }
    ends[word] = found;
  }
}

int assay_library_file(char *path, int capacity) {
  Dl_info info;
  void *symbol = dlsym(RTLD_DEFAULT, "duckdb_library_version");
  if (!symbol || !dladdr(symbol, &info) || !info.dli_fname) return 0;
  return snprintf(path, (size_t)capacity, "%s", info.dli_fname) < capacity;
}
