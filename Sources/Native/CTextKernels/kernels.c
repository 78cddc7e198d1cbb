// One set of kernels for each instruction set, chosen at run time.
#include "text_kernels.h"
#include <math.h>
#include <string.h>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

// The vectors cross no call: everything that takes them is inlined.
#pragma clang diagnostic ignored "-Wpsabi"
#pragma clang fp contract(fast)

#define LEVEL 0
#define NAME(part) part##_portable
#include "kernels.inc"
INLINE V NAME(inverse_root)(V x) {
#if defined(__x86_64__)
  return (V)_mm_rsqrt_ps((__m128)x);
#else
  return 1 / __builtin_elementwise_sqrt(x);
#endif
}
#include "rows.inc"
#include "dense.inc"
#undef LEVEL
#undef NAME
#undef W
#undef V
#undef AT

#if defined(__x86_64__)
#pragma clang attribute push(__attribute__((target("avx2,fma,bmi,bmi2"))), apply_to = function)
#define LEVEL 1
#define NAME(part) part##_avx2
#include "kernels.inc"
INLINE V NAME(inverse_root)(V x) { return (V)_mm256_rsqrt_ps((__m256)x); }
#include "rows.inc"
#include "dense.inc"
#undef LEVEL
#undef NAME
#undef W
#undef V
#undef AT
#pragma clang attribute pop

#pragma clang attribute push( \
    __attribute__((target("avx2,fma,bmi,bmi2,avx512f,avx512bw,avx512dq,avx512vl"))), apply_to = function)
#define LEVEL 2
#define NAME(part) part##_avx512
#include "kernels.inc"
INLINE V NAME(inverse_root)(V x) { return (V)_mm512_rsqrt14_ps((__m512)x); }
#include "rows.inc"
#include "dense.inc"
#undef LEVEL
#undef NAME
#undef W
#undef V
#undef AT
#pragma clang attribute pop
#endif

int assay_text_level(void) {
#if defined(__x86_64__)
  __builtin_cpu_init();
  if (__builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl")) {
    return 2;
  }
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) return 1;
#endif
  return 0;
}

int assay_text_scratch(int width) { return 4 * width + 8 * (2 * ASSAY_MAX_WINDOW + 4) + ASSAY_MAX_LINE; }

#if defined(__x86_64__)
#define DISPATCH(part, ...)                            \
  if (level == 2) return part##_avx512(__VA_ARGS__);   \
  if (level == 1) return part##_avx2(__VA_ARGS__);     \
  return part##_portable(__VA_ARGS__)
#else
#define DISPATCH(part, ...) \
  (void)level;              \
  return part##_portable(__VA_ARGS__)
#endif

int64_t assay_train_lines(
    int level, enum assay_text_mode mode, const assay_text_model *model, assay_text_worker *worker, const int32_t *ids,
    int64_t count, int64_t wanted, float rate) {
  DISPATCH(lines, mode, model, worker, ids, count, wanted, rate);
}

void assay_train_examples(
    int level, enum assay_text_loss loss, const assay_text_model *model, assay_text_worker *worker,
    const assay_text_examples *examples, int64_t first, int64_t last, float rate) {
  DISPATCH(examples, loss, model, worker, examples, first, last, rate);
}

void assay_mean(int level, const float *rows, int width, const int32_t *numbers, int64_t count, float *mean) {
  float factor = count > 0 ? 1.0f / (float)count : 0;
  DISPATCH(gather, rows, width, numbers, count, factor, mean);
}

void assay_dots(int level, const float *rows, int width, int64_t count, const float *vector, float *products) {
  DISPATCH(dots, rows, width, count, vector, products);
}

double assay_train_pairs(
    int level, float *words, float *contexts, float *word_squares, float *context_squares, int width, int dimensions,
    const int32_t *pairs, const float *logs, const float *weights, int64_t count, float rate) {
  DISPATCH(
      pairs, words, contexts, word_squares, context_squares, width, dimensions, pairs, logs, weights, count, rate);
}

int64_t assay_packed_size(int level, int inputs, int outputs) {
  int panel = level == 2 ? 32 : level == 1 ? 16 : 8;
  return (int64_t)inputs * ((outputs + panel - 1) / panel * panel);
}

void assay_pack(int level, const float *weights, int inputs, int outputs, int is_transposed, float *packed) {
  DISPATCH(pack, weights, inputs, outputs, is_transposed, packed);
}

void assay_dense(
    int level, const float *x, int rows, int inputs, const float *packed, const float *bias, int outputs, float *y) {
  DISPATCH(dense, x, rows, inputs, packed, bias, outputs, y);
}

void assay_normalize(
    int level, float *x, int rows, int columns, const float *scale, const float *shift, float epsilon) {
  DISPATCH(normalize, x, rows, columns, scale, shift, epsilon);
}

void assay_gelu(int level, float *x, int64_t count, int by_tanh) { DISPATCH(gelu, x, count, by_tanh); }

void assay_attend(
    int level, const float *qkv, int tokens, int width, int heads, int is_causal, float *scratch, float *y) {
  DISPATCH(attend, qkv, tokens, width, heads, is_causal, scratch, y);
}
