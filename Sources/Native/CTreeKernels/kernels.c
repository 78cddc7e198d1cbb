// One set of kernels for each instruction set, chosen at run time.
#include "tree_kernels.h"
#include <string.h>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

// The vectors cross no call: everything that takes them is inlined.
#pragma clang diagnostic ignored "-Wpsabi"

#define LEVEL 0
#define NAME(part) part##_portable
#include "kernels.inc"
#undef LEVEL
#undef NAME

#if defined(__x86_64__)
#pragma clang attribute push(__attribute__((target("avx2,fma,bmi,bmi2"))), apply_to = function)
#define LEVEL 1
#define NAME(part) part##_avx2
#include "kernels.inc"
#undef LEVEL
#undef NAME
#pragma clang attribute pop

#pragma clang attribute push( \
    __attribute__((target("avx2,fma,bmi,bmi2,avx512f,avx512bw,avx512dq,avx512vl,avx512vbmi"))), apply_to = function)
#define LEVEL 2
#define NAME(part) part##_avx512
#include "kernels.inc"
#undef LEVEL
#undef NAME
#pragma clang attribute pop
#endif

int assay_kernel_level(void) {
#if defined(__x86_64__)
  __builtin_cpu_init();
  if (__builtin_cpu_supports("avx512vbmi") && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq")
      && __builtin_cpu_supports("avx512vl")) {
    return 2;
  }
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) return 1;
#endif
  return 0;
}

int assay_table_slots(int level, int slots) { return level == 2 ? slots : (slots + 3) / 4 * 4; }

int assay_scratch(int depths, int points) { return depths * 4 * 16 * (2 * points + 3); }

void assay_run_trees(const assay_program *program, int level, int first, int last, const assay_rows *rows) {
#if defined(__x86_64__)
  if (level == 2) return run_avx512(program, first, last, rows);
  if (level == 1) return run_avx2(program, first, last, rows);
#endif
  (void)level;
  run_portable(program, first, last, rows);
}

void assay_codes(
    int level, const double *values, const double *thresholds, int count, int steps, int counts_equal, uint16_t *codes) {
#if defined(__x86_64__)
  if (level == 2) return codes_avx512(values, thresholds, count, steps, counts_equal, codes);
  if (level == 1) return codes_avx2(values, thresholds, count, steps, counts_equal, codes);
#endif
  (void)level;
  codes_portable(values, thresholds, count, steps, counts_equal, codes);
}

void assay_add_coalitions(
    int level, const uint8_t *codes, int count, const float *left, const float *right, int features,
    uint32_t left_passed, uint32_t right_passed, float *sums) {
#if defined(__x86_64__)
  if (level == 2) return coalitions_avx512(codes, count, left, right, features, left_passed, right_passed, sums);
  if (level == 1) return coalitions_avx2(codes, count, left, right, features, left_passed, right_passed, sums);
#endif
  (void)level;
  coalitions_portable(codes, count, left, right, features, left_passed, right_passed, sums);
}

void assay_flush(int level, float *sums, double *totals, int count) {
#if defined(__x86_64__)
  if (level == 2) return flush_avx512(sums, totals, count);
  if (level == 1) return flush_avx2(sums, totals, count);
#endif
  (void)level;
  flush_portable(sums, totals, count);
}

void assay_leaf_table(
    int level, const double *points, const double *weights, double value, const double *shares, int features, int pairs,
    double *table) {
#if defined(__x86_64__)
  if (level == 2) return leaf_table_avx512(points, weights, value, shares, features, pairs, table);
  if (level == 1) return leaf_table_avx2(points, weights, value, shares, features, pairs, table);
#endif
  (void)level;
  leaf_table_portable(points, weights, value, shares, features, pairs, table);
}

void assay_leaf_masks(
    int level, const uint8_t *feature_of_test, int tests, uint32_t left, int features, uint8_t *masks) {
#if defined(__x86_64__)
  if (level == 2) return leaf_masks_avx512(feature_of_test, tests, left, features, masks);
  if (level == 1) return leaf_masks_avx2(feature_of_test, tests, left, features, masks);
#endif
  (void)level;
  leaf_masks_portable(feature_of_test, tests, left, features, masks);
}

int assay_join_leaves(
    int level, const uint8_t *left_masks, const uint8_t *right_masks, int patterns, const double *left,
    const double *right, int slots, int16_t *marks, uint8_t *remap, float *table) {
#if defined(__x86_64__)
  if (level == 2) {
    return join_leaves_avx512(left_masks, right_masks, patterns, left, right, slots, marks, remap, table);
  }
  if (level == 1) return join_leaves_avx2(left_masks, right_masks, patterns, left, right, slots, marks, remap, table);
#endif
  (void)level;
  return join_leaves_portable(left_masks, right_masks, patterns, left, right, slots, marks, remap, table);
}
