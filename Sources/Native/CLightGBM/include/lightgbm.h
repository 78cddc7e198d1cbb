// LightGBM's C API (4.x), the part that assay uses, behind functions that load the library on first need.
//
// The library is never linked: `clgbm_load` opens "lib_lightgbm.so" with dlopen, so that a start that trains nothing
// does not pay for it, and OMP_WAIT_POLICY=passive is in force before libgomp reads the environment.
// Not here: anything that trains, or decides. Every wrapper returns -1 and sets an error while the library is not loaded.
#pragma once
#include <stddef.h>
#include <stdint.h>

typedef void *clgbm_dataset;
typedef void *clgbm_booster;
/// Settings for the prediction of one row at a time.
typedef void *clgbm_row;

enum { CLGBM_FLOAT32 = 0, CLGBM_FLOAT64 = 1, CLGBM_INT32 = 2, CLGBM_INT64 = 3 };
enum { CLGBM_PREDICT_NORMAL = 0, CLGBM_PREDICT_RAW = 1, CLGBM_PREDICT_LEAF = 2, CLGBM_PREDICT_CONTRIBUTIONS = 3 };
enum { CLGBM_IMPORTANCE_SPLITS = 0, CLGBM_IMPORTANCE_GAIN = 1 };

/// Opens the library once for the process: 0 when it is loaded. Thread-safe. `ASSAY_LIGHTGBM` names a folder to take it from.
int clgbm_load(void);
/// Why the last `clgbm_load` failed; an empty text after a success.
const char *clgbm_load_error(void);
/// The file that was loaded, or an empty text.
const char *clgbm_path(void);
/// The settings of the OpenMP run-time in this process, as `omp_display_env` prints them ("OMP_WAIT_POLICY = 'PASSIVE'" …),
/// written to `buffer`, cut to fit. Loads the library. Returns the length, or -1 where the run-time cannot say.
/// The file descriptor 2 points elsewhere for the time of the call.
long clgbm_openmp_settings(char *buffer, size_t capacity);

const char *clgbm_last_error(void);
int clgbm_silence(void);
/// Threads at most of every call of the process from now on, whatever its parameters say.
int clgbm_set_max_threads(int threads);
int clgbm_dataset_from_matrix(const void *data, int type, int32_t rows, int32_t columns, int row_major,
                              const char *parameters, clgbm_dataset reference, clgbm_dataset *out);
int clgbm_dataset_set_field(clgbm_dataset dataset, const char *field, const void *data, int count, int type);
int clgbm_dataset_free(clgbm_dataset dataset);
int clgbm_booster_create(clgbm_dataset train, const char *parameters, clgbm_booster *out);
int clgbm_booster_free(clgbm_booster booster);
int clgbm_booster_update(clgbm_booster booster, int *finished);
/// Adds a data set whose score is kept up to date while the booster grows; it has to outlive the booster.
int clgbm_booster_add_validation(clgbm_booster booster, clgbm_dataset validation);
int clgbm_booster_evaluation_count(clgbm_booster booster, int *out);
/// The metrics of the training data (0) or of a validation set (1 …).
int clgbm_booster_evaluation(clgbm_booster booster, int data, int *out_length, double *out);
/// The first `iterations` rounds (all for -1) as text. `out_length` counts the final zero and may exceed `capacity`.
int clgbm_booster_save(clgbm_booster booster, int iterations, int64_t capacity, int64_t *out_length, char *out);
int clgbm_booster_load(const char *text, int *out_iterations, clgbm_booster *out);
int clgbm_booster_features(clgbm_booster booster, int *out);
int clgbm_booster_classes(clgbm_booster booster, int *out);
int clgbm_booster_importance(clgbm_booster booster, int iterations, int kind, double *out);
int clgbm_booster_predict(clgbm_booster booster, const void *data, int type, int32_t rows, int32_t columns, int row_major,
                          int kind, int first_iteration, int iterations, const char *parameters, int64_t *out_length,
                          double *out);
/// Prepares predictions of one row of `columns` numbers at a time; `booster` has to outlive it. One thread may use it at a
/// time, several threads one each of the same booster.
int clgbm_row_create(clgbm_booster booster, int32_t columns, const char *parameters, clgbm_row *out);
int clgbm_row_predict(clgbm_row row, const double *data, int64_t *out_length, double *out);
int clgbm_row_free(clgbm_row row);

/// Joins the processes of `machines` ("10.0.0.1:12400,10.0.0.2:12400"), of which this one listens on `port`: for the whole
/// process, until `clgbm_network_free`. Waits for the others, and later for what they say, `minutes` at most.
int clgbm_network_init(const char *machines, int port, int minutes, int count);
int clgbm_network_free(void);
/// How the values of a data set are sorted into bins, as bytes to be copied and then freed.
int clgbm_bins_serialize(clgbm_dataset dataset, void **out, int32_t *out_length);
int clgbm_bins_copy(void *bins, int32_t length, uint8_t *out);
int clgbm_bins_free(void *bins);
/// A data set of `rows` that are still to be pushed, with the bins of another.
int clgbm_dataset_from_bins(const void *bins, int32_t length, int64_t rows, int32_t classes, const char *parameters,
                            clgbm_dataset *out);
/// Puts rows of numbers, row after row, in their places from `first` on. With the last row the data set is complete.
int clgbm_dataset_push(clgbm_dataset dataset, const double *data, int32_t rows, int32_t columns, int32_t first);
