// An approximate index of rows by their inner product: hierarchical navigable small worlds (Malkov, Yashunin 2018,
// doi:10.1109/TPAMI.2018.2889473), of the library hnswlib. The index holds the graph alone; the rows stay where they are.
//
// No exception leaves these functions: what goes wrong is told in `error`, which holds ASSAY_HNSW_ERROR bytes and is
// empty where nothing did.
#pragma once
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define ASSAY_HNSW_ERROR 256

typedef struct assay_hnsw assay_hnsw;

/// Rows of length 1, `width` floats each, of which those past `dimensions` are zeros; width is a multiple of 16. They
/// must stay as long as the index does.
typedef struct {
  const float *rows;
  int64_t count;
  int32_t dimensions;
  int32_t width;
} assay_hnsw_rows;

/// An index of no row yet.
/// links: neighbours of a row, in 2...256. construction: candidates while a row is added.
/// Null where it cannot be made.
assay_hnsw *assay_hnsw_create(assay_hnsw_rows rows, int links, int construction, char *error);

/// Adds rows first..<end. Several threads may add different rows at once, after row 0 was added by one.
/// Returns 0, or -1 on an error, after which the index is good for nothing but to be freed.
int assay_hnsw_add(assay_hnsw *index, int64_t first, int64_t end, char *error);

/// Rows that were added.
int64_t assay_hnsw_count(const assay_hnsw *index);

/// The rows with the largest products with a vector of `dimensions` floats, at most k, in falling order, by way of at
/// least `candidates`. Not while rows are added; searches wait for each other.
/// Returns how many were found, or -1.
int64_t assay_hnsw_search(
    assay_hnsw *index, const float *vector, int dimensions, int64_t k, int candidates, int64_t *numbers, float *products,
    char *error);

/// Writes the graph to a new file. stamp: of the rows, which the file must find again.
/// Returns 0, or -1; the file is then to be removed.
int assay_hnsw_save(const assay_hnsw *index, const char *path, uint64_t stamp, char *error);

/// Reads a graph over rows. Null where the file is damaged, or of other rows.
assay_hnsw *assay_hnsw_load(const char *path, assay_hnsw_rows rows, uint64_t stamp, char *error);

void assay_hnsw_free(assay_hnsw *index);

#ifdef __cplusplus
}
#endif
