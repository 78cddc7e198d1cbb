// The inner loops of neural networks, for three instruction sets: products of matrices, and the steps of Adam. No knowledge
// of models, no allocation.
#pragma once
#include "tree_walk.h"
#include <stdint.h>

/// 2 for AVX-512, 1 for AVX2, 0 for what every processor has.
int assay_dense_level(void);

/// Floats that `assay_multiply` needs to work in.
long assay_multiply_scratch(long m, long n, long k);

/// C = A · B, or C += A · B where `adds` is not 0. A is m × k, B is k × n, C is m × n.
///
/// The element (i, j) of A lies at a[i * a_row + j * a_column], that of B likewise, and that of C at c[i * c_row + j]:
/// swapping the two steps of a matrix multiplies by its transpose. Every sum is taken in the order of k.
void assay_multiply(
    int level, long m, long n, long k, const float *a, long a_row, long a_column, const float *b, long b_row, long b_column,
    float *c, long c_row, int adds, float *scratch);

/// One step of Adam with decoupled weight decay (Kingma and Ba 2015; Loshchilov and Hutter 2019).
///
/// `rate` has the corrections of both moments in it; `shrink` is what a weight keeps, 1 for no decay.
void assay_adam(
    int level, long count, float *weights, const float *gradient, float *first, float *second, float beta1, float beta2,
    float rate, float epsilon, float shrink);

/// values = max(values + bias, 0), row by row. Where `limit` is not 0, each number is set to 0 with the chance limit / 2^32,
/// and the others are multiplied by `factor`; `state` are sixteen generators, none of them 0.
void assay_activate(
    int level, long rows, long size, float *values, const float *bias, uint32_t limit, float factor, uint32_t *state);

/// Back through `assay_activate`: values = states > 0 ? values * factor : 0, and their sums over rows are added to `bias`.
void assay_deactivate(int level, long rows, long size, float *values, const float *states, float factor, float *bias);
