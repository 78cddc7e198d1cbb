// The inner loops of TreeSHAP: 64 rows at a time, for three instruction sets. No knowledge of models, no allocation.
//
// Every value of a feature is replaced by a 16-bit code before it comes here, so that a test of a tree is one comparison
// of codes. `Explain` makes the programs below and checks what comes out against a plain reference.
#pragma once
#include <stdint.h>

/// Rows that are handled together.
#define ASSAY_BLOCK 64

/// The code of a missing value, and of a category that no set can hold.
#define ASSAY_MISSING 0xFFFF
#define ASSAY_UNKNOWN 0xFFFE

/// A test of a tree. Without a set, rows with (code + offset) mod 2^16 < limit go left; offset 1 sends a missing value
/// left, 0 right. With a set, rows whose code is a member go left or right as members_left says.
typedef struct {
  int32_t column;        // of the codes
  int32_t parent;        // number in the tree of the test above, counted from 1; 0 at the root
  uint16_t offset, limit;
  uint8_t bit;           // set in a row's pattern where it goes left
  uint8_t members_left, missing_left;
  int32_t set;           // where its words of 32 categories begin; -1 where there is none
  int32_t set_words;
} assay_split;

/// One or two leaves under the same test. A row's pattern of the tests on the path becomes a state, and the state
/// chooses from each of the slots' tables what is added to that slot. With AVX-512 the tables, which registers then hold,
/// are [slots][size]; otherwise four slots stand side by side, [slots / 4][size][4], so that one load has all of them.
typedef struct {
  int32_t split;         // number in the tree, counted from 1
  int32_t size;          // states of a table: 16, 32 or 64
  int32_t slots;         // how many tables there are
  int32_t first_slot;    // where their numbers begin
  int32_t table;         // where the first table begins
  int32_t remap;         // where the 64 states by pattern begin
  // Patterns of rows that reach the leaves, and the leaves' numbers in the tree. Where a side is no leaf its pattern is
  // one that no row has.
  uint8_t left_path, right_path, left_leaf, right_leaf;
} assay_unit;

/// One step down an edge of a tree, or up again.
typedef struct {
  int32_t split;         // number in the tree, from 0
  int32_t slot;          // the feature's
  int16_t depth;         // edges above
  int16_t previous;      // depth of the same feature's edge above, -1 where there is none
  uint8_t kind;          // 0 down, 1 down to a leaf and up again, 2 up
  uint8_t left;
  float value;           // of the leaf
} assay_edge;

/// A tree: its tests, and either units or edges.
typedef struct {
  int32_t first_split, splits;
  int32_t first_unit, units;
  int32_t first_edge, edges;
  int32_t points;        // of the quadrature
  int32_t first_factor;  // of its edges: [edge][5][points]
  int32_t prediction;    // the slot that gets the value of the leaf reached
  int32_t values;        // of units: where the values of the leaves, 64 by number, begin in the tables
} assay_tree;

typedef struct {
  const assay_split *splits;
  const assay_unit *units;
  const assay_edge *edges;
  const assay_tree *trees;
  const uint32_t *sets;
  const float *tables;   // 64-byte aligned
  const uint8_t *remaps; // 64-byte aligned
  const int32_t *slots;
  const float *factors;
} assay_program;

/// Rows of one call. `categories` holds, for each block and each column, where its masks begin, -1 for none:
/// count, then count pairs of code and the bits of the rows that have it.
typedef struct {
  int32_t blocks, columns, slots;
  const uint16_t *codes;      // [blocks][columns][64]
  const int32_t *categories;  // [blocks][columns]
  const uint64_t *masks;
  float *sums;                // [blocks][slots][64], added to
  uint64_t *bits;             // scratch: tests of the largest tree
  int32_t depths;             // edges on the longest path, and one
  float *scratch;             // 64-byte aligned: see assay_scratch
} assay_rows;

/// 2 for AVX-512 with VBMI, 1 for AVX2 with FMA, 0 for any processor.
int assay_kernel_level(void);

/// How many slots have room in the tables of a unit, where some are needed.
int assay_table_slots(int level, int slots);

/// Floats of scratch for a number of depths and of points.
int assay_scratch(int depths, int points);

/// Adds what trees first ..< last give the rows.
void assay_run_trees(const assay_program *program, int level, int first, int last, const assay_rows *rows);

/// For each of 64 values how many of the ascending thresholds are below it, or below or equal. NaN gives 0.
/// `steps` is the largest power of two up to `count`; the thresholds go on with infinity to 2 * steps - 1.
void assay_codes(
    int level, const double *values, const double *thresholds, int count, int steps, int counts_equal, uint16_t *codes);

/// Adds sums to totals and clears them.
void assay_flush(int level, float *sums, double *totals, int count);

/// Solves the game of a leaf of up to six features, in which absent ones follow both branches.
///
/// The Shapley value is the integral over t of the product of the others' factors, each t + z(1 - t) where the feature
/// passes and z(1 - t) where not, times the feature's own change; three points are exact for six features.
/// `shares` is z by feature. `table` is [slots][64], 64-byte aligned: by mask of passed features what each feature gets,
/// and with `pairs` then each pair of them.
void assay_leaf_table(
    int level, const double *points, const double *weights, double value, const double *shares, int features, int pairs,
    double *table);

/// For each of 64 patterns of tests which of a leaf's features pass all their tests. Bit t of `left` is set where the path
/// goes left at test t.
void assay_leaf_masks(
    int level, const uint8_t *feature_of_test, int tests, uint32_t left, int features, uint8_t *masks);

/// Makes the tables of one or two leaves under the same test. Patterns that pass the same features of both are one state.
/// `marks` is [64][64], all -1 before and after. Gives the states of a table: 16, 32 or 64.
int assay_join_leaves(
    int level, const uint8_t *left_masks, const uint8_t *right_masks, int patterns, const double *left,
    const double *right, int slots, int16_t *marks, uint8_t *remap, float *table);

/// Adds to each coalition's sum what one or two leaves give it. `codes` says which of the leaves' features a coalition has
/// (below 2^features, at most 64); `left` and `right` are the leaves' tables by that code, 64-byte aligned and of 64; a code
/// counts where all its features are among those that the row passes. `count` is a multiple of 64.
void assay_add_coalitions(
    int level, const uint8_t *codes, int count, const float *left, const float *right, int features,
    uint32_t left_passed, uint32_t right_passed, float *sums);
