#include "tree_walk.h"

// Eight walks at a time: each step waits for memory, so that walks of several trees beside one another cost little more than one.
#define WALKS ASSAY_WALKS

void assay_walk_trees(
    const assay_walk_node *nodes, const double *values, const uint32_t *roots, const int32_t *steps, const int32_t *trees,
    int groups, const double *cells, double *leaves) {
  for (int group = 0; group < groups; group++) {
    uint32_t at[WALKS];
    for (int walk = 0; walk < WALKS; walk++) at[walk] = roots[group * WALKS + walk];
    for (int step = steps[group]; step > 0; step--) {
#pragma clang loop unroll(full)
      for (int walk = 0; walk < WALKS; walk++) {
        const assay_walk_node *node = nodes + at[walk];
        at[walk] = node->below + (cells[node->cell] > node->threshold);
      }
    }
    for (int walk = 0; walk < WALKS; walk++) leaves[trees[group * WALKS + walk]] = values[at[walk]];
  }
}

void assay_spread_bits(const uint64_t *bits, int count, double *cells) {
  int word = 0;
  for (; count >= 64; count -= 64, word++) {
    for (int bit = 0; bit < 64; bit++) cells[word * 64 + bit] = (double)(int)(bits[word] >> bit & 1);
  }
  for (int bit = 0; bit < count; bit++) cells[word * 64 + bit] = (double)(int)(bits[word] >> bit & 1);
}
