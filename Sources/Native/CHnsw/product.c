#include "product.h"

#include <string.h>

// The vectors cross no call: everything that takes them is inlined.
#pragma clang diagnostic ignored "-Wpsabi"
#pragma clang fp contract(fast)

typedef float V16 __attribute__((ext_vector_type(16), aligned(4)));

#define BODY                                                                              \
  V16 first = 0, second = 0;                                                              \
  size_t column = 0;                                                                      \
  for (; column + 32 <= width; column += 32) {                                            \
    first += *(const V16 *)(x + column) * *(const V16 *)(y + column);                     \
    second += *(const V16 *)(x + column + 16) * *(const V16 *)(y + column + 16);          \
  }                                                                                       \
  if (column < width) first += *(const V16 *)(x + column) * *(const V16 *)(y + column);   \
  first += second;                                                                        \
  float sum = 0;                                                                          \
  for (int lane = 0; lane < 16; lane++) sum += first[lane];                               \
  return sum

static float product_portable(const float *x, const float *y, size_t width) { BODY; }

#if defined(__x86_64__)
__attribute__((target("avx2,fma"))) static float product_avx2(const float *x, const float *y, size_t width) { BODY; }
__attribute__((target("avx2,fma,avx512f"))) static float product_avx512(const float *x, const float *y, size_t width) {
  BODY;
}
#endif

assay_product assay_best_product(void) {
#if defined(__x86_64__)
  __builtin_cpu_init();
  if (__builtin_cpu_supports("avx512f")) return product_avx512;
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) return product_avx2;
#endif
  return product_portable;
}
