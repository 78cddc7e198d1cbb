// The inner loop of predictions by trees: a row's way down many trees at once, without a branch. No knowledge of models, no
// allocation; what is missing, and sets of categories, are turned into numbers before.
#pragma once
#include <stdint.h>

/// Trees that are walked together.
#define ASSAY_WALKS 8

/// A test sends a row to `below` or, where its cell is larger than the threshold, to the node after that. A leaf has the
/// threshold infinity and stands below itself.
typedef struct {
  double threshold;
  uint32_t below;
  uint32_t cell;
} assay_walk_node;

/// Walks groups of eight trees from their roots, as many steps as the deepest of a group needs, and writes what each tree's leaf
/// is worth to leaves[trees[…]]. No cell is NaN.
void assay_walk_trees(
    const assay_walk_node *nodes, const double *values, const uint32_t *roots, const int32_t *steps, const int32_t *trees,
    int groups, const double *cells, double *leaves);

/// Writes 0 or 1 for each of `count` bits, the lowest first.
void assay_spread_bits(const uint64_t *bits, int count, double *cells);
