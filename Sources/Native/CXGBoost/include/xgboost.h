// XGBoost's C API (3.x), the part that assay uses, behind functions that load the library on first need.
//
// The library is never linked: `cxgb_load` opens "libxgboost.so" with dlopen, so that a start that trains nothing does not
// pay for it, and OMP_WAIT_POLICY=passive is in force before its OpenMP run-time reads the environment.
// Not here: anything that trains, or decides. Every wrapper returns -1 and sets an error while the library is not loaded.
#pragma once
#include <stdint.h>

typedef void *cxgb_matrix;
typedef void *cxgb_booster;

/// Opens the library once for the process: 0 when it is loaded. Thread-safe. `ASSAY_XGBOOST` names a folder to take it from.
int cxgb_load(void);
/// Why the last `cxgb_load` failed; an empty text after a success.
const char *cxgb_load_error(void);
/// The file that was loaded, or an empty text.
const char *cxgb_path(void);
/// The version of the loaded library; zeros before it is loaded.
void cxgb_version(int *major, int *minor, int *patch);

/// The last error of the calling thread.
const char *cxgb_last_error(void);
/// `data` is [rows × columns], row after row; `missing` marks missing values.
int cxgb_matrix_create(const float *data, uint64_t rows, uint64_t columns, float missing, cxgb_matrix *out);
int cxgb_matrix_set_floats(cxgb_matrix matrix, const char *field, const float *values, uint64_t count);
int cxgb_matrix_free(cxgb_matrix matrix);
int cxgb_booster_create(const cxgb_matrix *matrices, uint64_t count, cxgb_booster *out);
int cxgb_booster_free(cxgb_booster booster);
int cxgb_booster_set(cxgb_booster booster, const char *name, const char *value);
int cxgb_booster_update(cxgb_booster booster, int iteration, cxgb_matrix train);
/// `out` is a text such as "[3]\tvalid-auc:0.91", valid until the next call of the thread.
int cxgb_booster_evaluate(cxgb_booster booster, int iteration, cxgb_matrix *matrices, const char **names, uint64_t count,
                          const char **out);
/// `out` holds `shape[0] × … × shape[dimensions - 1]` values, valid until the next call of the thread.
int cxgb_booster_predict(cxgb_booster booster, cxgb_matrix matrix, const char *config, const uint64_t **out_shape,
                         uint64_t *out_dimensions, const float **out);
/// The same of numbers in place, without a matrix of XGBoost's own. `values` describes them by the array interface of numpy as
/// JSON.
int cxgb_booster_predict_dense(cxgb_booster booster, const char *values, const char *config, const uint64_t **out_shape,
                               uint64_t *out_dimensions, const float **out);
/// `out` is valid until the next call of the thread. `config` is {"format": "ubj"}.
int cxgb_booster_save(cxgb_booster booster, const char *config, uint64_t *out_length, const char **out);
/// The first `end` rounds as a booster of its own.
int cxgb_booster_slice(cxgb_booster booster, int begin, int end, cxgb_booster *out);
int cxgb_booster_load(cxgb_booster booster, const void *bytes, uint64_t length);
int cxgb_booster_features(cxgb_booster booster, uint64_t *out);
