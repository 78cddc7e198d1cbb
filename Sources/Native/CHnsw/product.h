// The product of two rows, for three instruction sets.
#pragma once
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef float (*assay_product)(const float *x, const float *y, size_t width);

/// The fastest one for this processor. Width is a multiple of 16; rows may stand anywhere.
assay_product assay_best_product(void);

#ifdef __cplusplus
}
#endif
