// Loads LightGBM on first need and forwards to it. See include/lightgbm.h.
#define _GNU_SOURCE
#include "lightgbm.h"
#include <dlfcn.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define LIBRARY "lib_lightgbm.so"

// Spinning OpenMP threads cost four times the CPU time and five times the wall time on a shared machine, so they shall
// sleep while they wait. libgomp reads this once, when it is loaded: hence before main, and again before dlopen in case
// somebody cleared the environment in between. A value that the user chose stays.
__attribute__((constructor)) static void wait_passively(void) { setenv("OMP_WAIT_POLICY", "passive", 0); }

static struct {
  const char *(*last_error)(void);
  int (*register_log)(void (*)(const char *));
  int (*set_max_threads)(int);
  int (*dataset_from_matrix)(const void *, int, int32_t, int32_t, int, const char *, const void *, void **);
  int (*dataset_set_field)(void *, const char *, const void *, int, int);
  int (*dataset_free)(void *);
  int (*booster_create)(const void *, const char *, void **);
  int (*booster_free)(void *);
  int (*booster_update)(void *, int *);
  int (*booster_add_validation)(void *, const void *);
  int (*booster_evaluation_count)(void *, int *);
  int (*booster_evaluation)(void *, int, int *, double *);
  int (*booster_save)(void *, int, int, int, int64_t, int64_t *, char *);
  int (*booster_load)(const char *, int *, void **);
  int (*booster_features)(void *, int *);
  int (*booster_classes)(void *, int *);
  int (*booster_importance)(void *, int, int, double *);
  int (*booster_predict)(void *, const void *, int, int32_t, int32_t, int, int, int, int, const char *, int64_t *, double *);
  int (*row_create)(void *, int, int, int, int, int32_t, const char *, void **);
  int (*row_predict)(void *, const void *, int64_t *, double *);
  int (*row_free)(void *);
  int (*network_init)(const char *, int, int, int);
  int (*network_free)(void);
  int (*reference_serialize)(void *, void **, int32_t *);
  int (*bytes_get)(void *, int32_t, uint8_t *);
  int (*bytes_free)(void *);
  int (*dataset_from_reference)(const void *, int32_t, int64_t, int32_t, const char *, void **);
  int (*dataset_push)(void *, const void *, int, int32_t, int32_t, int32_t);
} api;

static pthread_mutex_t guard = PTHREAD_MUTEX_INITIALIZER;
static int loaded = 0;
static void *library = NULL;
static char load_error[2048] = "";
static char library_path[4096] = "";

static void ignore_log(const char *message) { (void)message; }

static int resolve(void *into, const char *name) {
  void *symbol = dlsym(library, name);
  if (!symbol) {
    snprintf(load_error, sizeof load_error, LIBRARY " has no function %s: it is not LightGBM 4", name);
    return -1;
  }
  memcpy(into, &symbol, sizeof symbol);
  return 0;
}

static int resolve_all(void) {
  return resolve(&api.last_error, "LGBM_GetLastError") || resolve(&api.register_log, "LGBM_RegisterLogCallback")
      || resolve(&api.set_max_threads, "LGBM_SetMaxThreads")
         || resolve(&api.dataset_from_matrix, "LGBM_DatasetCreateFromMat")
         || resolve(&api.dataset_set_field, "LGBM_DatasetSetField") || resolve(&api.dataset_free, "LGBM_DatasetFree")
         || resolve(&api.booster_create, "LGBM_BoosterCreate") || resolve(&api.booster_free, "LGBM_BoosterFree")
         || resolve(&api.booster_update, "LGBM_BoosterUpdateOneIter")
         || resolve(&api.booster_importance, "LGBM_BoosterFeatureImportance")
         || resolve(&api.booster_add_validation, "LGBM_BoosterAddValidData")
         || resolve(&api.booster_evaluation_count, "LGBM_BoosterGetEvalCounts")
         || resolve(&api.booster_evaluation, "LGBM_BoosterGetEval")
         || resolve(&api.booster_save, "LGBM_BoosterSaveModelToString")
         || resolve(&api.booster_load, "LGBM_BoosterLoadModelFromString")
         || resolve(&api.booster_features, "LGBM_BoosterGetNumFeature")
         || resolve(&api.booster_classes, "LGBM_BoosterGetNumClasses")
         || resolve(&api.booster_predict, "LGBM_BoosterPredictForMat")
         || resolve(&api.row_create, "LGBM_BoosterPredictForMatSingleRowFastInit")
         || resolve(&api.row_predict, "LGBM_BoosterPredictForMatSingleRowFast")
         || resolve(&api.row_free, "LGBM_FastConfigFree")
         || resolve(&api.network_init, "LGBM_NetworkInit") || resolve(&api.network_free, "LGBM_NetworkFree")
         || resolve(&api.reference_serialize, "LGBM_DatasetSerializeReferenceToBinary")
         || resolve(&api.bytes_get, "LGBM_ByteBufferGetAt") || resolve(&api.bytes_free, "LGBM_ByteBufferFree")
         || resolve(&api.dataset_from_reference, "LGBM_DatasetCreateFromSerializedReference")
         || resolve(&api.dataset_push, "LGBM_DatasetPushRows");
}

static int load_locked(void) {
  char file[4096] = LIBRARY;
  const char *folder = getenv("ASSAY_LIGHTGBM");
  if (folder && *folder) snprintf(file, sizeof file, "%s/" LIBRARY, folder);
  wait_passively();
  library = dlopen(file, RTLD_NOW | RTLD_LOCAL);
  if (!library) {
    const char *reason = dlerror();
    snprintf(load_error, sizeof load_error, "%s", reason ? reason : "the library cannot be opened");
    return -1;
  }
  if (resolve_all()) {
    dlclose(library);
    library = NULL;
    return -1;
  }
  Dl_info info;
  void *address = NULL;
  memcpy(&address, &api.last_error, sizeof address);
  if (dladdr(address, &info) && info.dli_fname) snprintf(library_path, sizeof library_path, "%s", info.dli_fname);
  load_error[0] = 0;
  api.register_log(ignore_log);
  return 0;
}

int clgbm_load(void) {
  pthread_mutex_lock(&guard);
  if (!loaded) loaded = load_locked() == 0;
  int result = loaded ? 0 : -1;
  pthread_mutex_unlock(&guard);
  return result;
}

const char *clgbm_load_error(void) { return load_error; }
const char *clgbm_path(void) { return library_path; }

long clgbm_openmp_settings(char *buffer, size_t capacity) {
  if (capacity == 0 || clgbm_load()) return -1;
  // dlsym on the handle looks through the library's own dependencies, so this is the run-time that LightGBM uses.
  void (*display)(int) = NULL;
  void *symbol = dlsym(library, "omp_display_env");
  if (!symbol) return -1;
  memcpy(&display, &symbol, sizeof symbol);
  FILE *capture = tmpfile();
  if (!capture) return -1;
  pthread_mutex_lock(&guard);
  fflush(stderr);
  int saved = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3);
  int redirected = dup2(fileno(capture), STDERR_FILENO);
  if (redirected >= 0) {
    display(1);
    fflush(stderr);
  }
  if (saved >= 0) {
    dup2(saved, STDERR_FILENO);
    close(saved);
  } else {
    close(STDERR_FILENO);
  }
  pthread_mutex_unlock(&guard);
  rewind(capture);
  size_t length = redirected < 0 ? 0 : fread(buffer, 1, capacity - 1, capture);
  fclose(capture);
  buffer[length] = 0;
  return length ? (long)length : -1;
}

#define NEED(function) \
  if (!api.function) return -1

const char *clgbm_last_error(void) { return api.last_error ? api.last_error() : load_error; }

// The callback is kept by thread in LightGBM, so every thread that trains registers it: nothing may reach the screen.
int clgbm_silence(void) {
  NEED(register_log);
  return api.register_log(ignore_log);
}

int clgbm_set_max_threads(int threads) {
  NEED(set_max_threads);
  return api.set_max_threads(threads);
}

int clgbm_dataset_from_matrix(const void *data, int type, int32_t rows, int32_t columns, int row_major,
                              const char *parameters, clgbm_dataset reference, clgbm_dataset *out) {
  NEED(dataset_from_matrix);
  return api.dataset_from_matrix(data, type, rows, columns, row_major, parameters, reference, out);
}

int clgbm_dataset_set_field(clgbm_dataset dataset, const char *field, const void *data, int count, int type) {
  NEED(dataset_set_field);
  return api.dataset_set_field(dataset, field, data, count, type);
}

int clgbm_dataset_free(clgbm_dataset dataset) {
  NEED(dataset_free);
  return api.dataset_free(dataset);
}

int clgbm_booster_create(clgbm_dataset train, const char *parameters, clgbm_booster *out) {
  NEED(booster_create);
  return api.booster_create(train, parameters, out);
}

int clgbm_booster_free(clgbm_booster booster) {
  NEED(booster_free);
  return api.booster_free(booster);
}

int clgbm_booster_update(clgbm_booster booster, int *finished) {
  NEED(booster_update);
  return api.booster_update(booster, finished);
}

int clgbm_booster_add_validation(clgbm_booster booster, clgbm_dataset validation) {
  NEED(booster_add_validation);
  return api.booster_add_validation(booster, validation);
}

int clgbm_booster_evaluation_count(clgbm_booster booster, int *out) {
  NEED(booster_evaluation_count);
  return api.booster_evaluation_count(booster, out);
}

int clgbm_booster_evaluation(clgbm_booster booster, int data, int *out_length, double *out) {
  NEED(booster_evaluation);
  return api.booster_evaluation(booster, data, out_length, out);
}

int clgbm_booster_save(clgbm_booster booster, int iterations, int64_t capacity, int64_t *out_length, char *out) {
  NEED(booster_save);
  return api.booster_save(booster, 0, iterations, 0, capacity, out_length, out);
}

int clgbm_booster_load(const char *text, int *out_iterations, clgbm_booster *out) {
  NEED(booster_load);
  return api.booster_load(text, out_iterations, out);
}

int clgbm_booster_features(clgbm_booster booster, int *out) {
  NEED(booster_features);
  return api.booster_features(booster, out);
}

int clgbm_booster_classes(clgbm_booster booster, int *out) {
  NEED(booster_classes);
  return api.booster_classes(booster, out);
}

int clgbm_booster_importance(clgbm_booster booster, int iterations, int kind, double *out) {
  NEED(booster_importance);
  return api.booster_importance(booster, iterations, kind, out);
}

int clgbm_booster_predict(clgbm_booster booster, const void *data, int type, int32_t rows, int32_t columns, int row_major,
                          int kind, int first_iteration, int iterations, const char *parameters, int64_t *out_length,
                          double *out) {
  NEED(booster_predict);
  return api.booster_predict(booster, data, type, rows, columns, row_major, kind, first_iteration, iterations, parameters,
                             out_length, out);
}

int clgbm_row_create(clgbm_booster booster, int32_t columns, const char *parameters, clgbm_row *out) {
  NEED(row_create);
  return api.row_create(booster, CLGBM_PREDICT_NORMAL, 0, -1, CLGBM_FLOAT64, columns, parameters, out);
}

int clgbm_row_predict(clgbm_row row, const double *data, int64_t *out_length, double *out) {
  NEED(row_predict);
  return api.row_predict(row, data, out_length, out);
}

int clgbm_row_free(clgbm_row row) {
  NEED(row_free);
  return api.row_free(row);
}

int clgbm_network_init(const char *machines, int port, int minutes, int count) {
  NEED(network_init);
  return api.network_init(machines, port, minutes, count);
}

int clgbm_network_free(void) {
  NEED(network_free);
  return api.network_free();
}

int clgbm_bins_serialize(clgbm_dataset dataset, void **out, int32_t *out_length) {
  NEED(reference_serialize);
  return api.reference_serialize(dataset, out, out_length);
}

int clgbm_bins_copy(void *bins, int32_t length, uint8_t *out) {
  NEED(bytes_get);
  int status = 0;
  for (int32_t index = 0; index < length && !status; index++) status = api.bytes_get(bins, index, out + index);
  return status;
}

int clgbm_bins_free(void *bins) {
  NEED(bytes_free);
  return api.bytes_free(bins);
}

int clgbm_dataset_from_bins(const void *bins, int32_t length, int64_t rows, int32_t classes, const char *parameters,
                            clgbm_dataset *out) {
  NEED(dataset_from_reference);
  return api.dataset_from_reference(bins, length, rows, classes, parameters, out);
}

int clgbm_dataset_push(clgbm_dataset dataset, const double *data, int32_t rows, int32_t columns, int32_t first) {
  NEED(dataset_push);
  return api.dataset_push(dataset, data, CLGBM_FLOAT64, rows, columns, first);
}
