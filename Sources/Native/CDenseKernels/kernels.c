// One set of kernels for each instruction set, chosen at run time.
#include "dense_kernels.h"
#include <math.h>
#include <string.h>

// The vectors cross no call: everything that takes them is inlined.
#pragma clang diagnostic ignored "-Wpsabi"
#define INLINE static inline __attribute__((always_inline))

// Tiles of C that are kept in registers: ROWS × two vectors of LANES.
#define LANES 4
#define ROWS 4
#define NAME(part) part##_portable
#include "kernels.inc"
#undef LANES
#undef ROWS
#undef NAME

#if defined(__x86_64__)
#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
#define LANES 8
#define ROWS 6
#define NAME(part) part##_avx2
#include "kernels.inc"
#undef LANES
#undef ROWS
#undef NAME
#pragma clang attribute pop

#pragma clang attribute push(__attribute__((target("avx2,fma,avx512f,avx512bw,avx512dq,avx512vl"))), apply_to = function)
#define LANES 16
#define ROWS 12
#define NAME(part) part##_avx512
#include "kernels.inc"
#undef LANES
#undef ROWS
#undef NAME
#pragma clang attribute pop
#endif

int assay_dense_level(void) {
#if defined(__x86_64__)
  __builtin_cpu_init();
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq")
      && __builtin_cpu_supports("avx512vl")) {
    return 2;
  }
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) return 1;
#endif
  return 0;
}

long assay_multiply_scratch(long m, long n, long k) {
  (void)n;
  // The largest tile has 12 rows and 32 columns.
  return (m + 12) * k + 32 * k + 64;
}

void assay_multiply(
    int level, long m, long n, long k, const float *a, long a_row, long a_column, const float *b, long b_row, long b_column,
    float *c, long c_row, int adds, float *scratch) {
#if defined(__x86_64__)
  if (level == 2) return multiply_avx512(m, n, k, a, a_row, a_column, b, b_row, b_column, c, c_row, adds, scratch);
  if (level == 1) return multiply_avx2(m, n, k, a, a_row, a_column, b, b_row, b_column, c, c_row, adds, scratch);
#endif
  (void)level;
  multiply_portable(m, n, k, a, a_row, a_column, b, b_row, b_column, c, c_row, adds, scratch);
}

void assay_adam(
    int level, long count, float *weights, const float *gradient, float *first, float *second, float beta1, float beta2,
    float rate, float epsilon, float shrink) {
#if defined(__x86_64__)
  if (level == 2) return adam_avx512(count, weights, gradient, first, second, beta1, beta2, rate, epsilon, shrink);
  if (level == 1) return adam_avx2(count, weights, gradient, first, second, beta1, beta2, rate, epsilon, shrink);
#endif
  (void)level;
  adam_portable(count, weights, gradient, first, second, beta1, beta2, rate, epsilon, shrink);
}

void assay_activate(
    int level, long rows, long size, float *values, const float *bias, uint32_t limit, float factor, uint32_t *state) {
#if defined(__x86_64__)
  if (level == 2) return activate_avx512(rows, size, values, bias, limit, factor, state);
  if (level == 1) return activate_avx2(rows, size, values, bias, limit, factor, state);
#endif
  (void)level;
  activate_portable(rows, size, values, bias, limit, factor, state);
}

void assay_deactivate(
    int level, long rows, long size, float *values, const float *states, float factor, float *bias) {
#if defined(__x86_64__)
  if (level == 2) return deactivate_avx512(rows, size, values, states, factor, bias);
  if (level == 1) return deactivate_avx2(rows, size, values, states, factor, bias);
#endif
  (void)level;
  deactivate_portable(rows, size, values, states, factor, bias);
}
