// Loads XGBoost on first need and forwards to it. See include/xgboost.h.
#define _GNU_SOURCE
#include "xgboost.h"
#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LIBRARY "libxgboost.so"

// As for LightGBM: spinning OpenMP threads cost four times the CPU time. A value that the user chose stays.
__attribute__((constructor)) static void wait_passively(void) { setenv("OMP_WAIT_POLICY", "passive", 0); }

static struct {
  void (*version)(int *, int *, int *);
  const char *(*last_error)(void);
  int (*register_log)(void (*)(const char *));
  int (*matrix_create)(const float *, uint64_t, uint64_t, float, void **);
  int (*matrix_set_floats)(void *, const char *, const float *, uint64_t);
  int (*matrix_free)(void *);
  int (*booster_create)(void *const *, uint64_t, void **);
  int (*booster_free)(void *);
  int (*booster_set)(void *, const char *, const char *);
  int (*booster_update)(void *, int, void *);
  int (*booster_evaluate)(void *, int, void **, const char **, uint64_t, const char **);
  int (*booster_predict)(void *, void *, const char *, const uint64_t **, uint64_t *, const float **);
  int (*booster_predict_dense)(void *, const char *, const char *, void *, const uint64_t **, uint64_t *, const float **);
  int (*booster_save)(void *, const char *, uint64_t *, const char **);
  int (*booster_slice)(void *, int, int, int, void **);
  int (*booster_load)(void *, const void *, uint64_t);
  int (*booster_features)(void *, uint64_t *);
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
    snprintf(load_error, sizeof load_error, LIBRARY " has no function %s: it is not XGBoost 3", name);
    return -1;
  }
  memcpy(into, &symbol, sizeof symbol);
  return 0;
}

static int resolve_all(void) {
  return resolve(&api.version, "XGBoostVersion") || resolve(&api.last_error, "XGBGetLastError")
         || resolve(&api.register_log, "XGBRegisterLogCallback") || resolve(&api.matrix_create, "XGDMatrixCreateFromMat")
         || resolve(&api.matrix_set_floats, "XGDMatrixSetFloatInfo") || resolve(&api.matrix_free, "XGDMatrixFree")
         || resolve(&api.booster_create, "XGBoosterCreate") || resolve(&api.booster_free, "XGBoosterFree")
         || resolve(&api.booster_set, "XGBoosterSetParam") || resolve(&api.booster_update, "XGBoosterUpdateOneIter")
         || resolve(&api.booster_evaluate, "XGBoosterEvalOneIter")
         || resolve(&api.booster_predict, "XGBoosterPredictFromDMatrix")
         || resolve(&api.booster_predict_dense, "XGBoosterPredictFromDense")
         || resolve(&api.booster_save, "XGBoosterSaveModelToBuffer") || resolve(&api.booster_slice, "XGBoosterSlice")
         || resolve(&api.booster_load, "XGBoosterLoadModelFromBuffer")
         || resolve(&api.booster_features, "XGBoosterGetNumFeature");
}

static int load_locked(void) {
  char file[4096] = LIBRARY;
  const char *folder = getenv("ASSAY_XGBOOST");
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

int cxgb_load(void) {
  pthread_mutex_lock(&guard);
  if (!loaded) loaded = load_locked() == 0;
  int result = loaded ? 0 : -1;
  pthread_mutex_unlock(&guard);
  return result;
}

const char *cxgb_load_error(void) { return load_error; }
const char *cxgb_path(void) { return library_path; }

void cxgb_version(int *major, int *minor, int *patch) {
  *major = *minor = *patch = 0;
  if (api.version) api.version(major, minor, patch);
}

#define NEED(function) \
  if (!api.function) return -1

const char *cxgb_last_error(void) { return api.last_error ? api.last_error() : load_error; }

int cxgb_matrix_create(const float *data, uint64_t rows, uint64_t columns, float missing, cxgb_matrix *out) {
  NEED(matrix_create);
  return api.matrix_create(data, rows, columns, missing, out);
}

int cxgb_matrix_set_floats(cxgb_matrix matrix, const char *field, const float *values, uint64_t count) {
  NEED(matrix_set_floats);
  return api.matrix_set_floats(matrix, field, values, count);
}

int cxgb_matrix_free(cxgb_matrix matrix) {
  NEED(matrix_free);
  return api.matrix_free(matrix);
}

int cxgb_booster_create(const cxgb_matrix *matrices, uint64_t count, cxgb_booster *out) {
  NEED(booster_create);
  return api.booster_create(matrices, count, out);
}

int cxgb_booster_free(cxgb_booster booster) {
  NEED(booster_free);
  return api.booster_free(booster);
}

int cxgb_booster_set(cxgb_booster booster, const char *name, const char *value) {
  NEED(booster_set);
  return api.booster_set(booster, name, value);
}

int cxgb_booster_update(cxgb_booster booster, int iteration, cxgb_matrix train) {
  NEED(booster_update);
  return api.booster_update(booster, iteration, train);
}

int cxgb_booster_evaluate(cxgb_booster booster, int iteration, cxgb_matrix *matrices, const char **names, uint64_t count,
                          const char **out) {
  NEED(booster_evaluate);
  return api.booster_evaluate(booster, iteration, matrices, names, count, out);
}

int cxgb_booster_predict(cxgb_booster booster, cxgb_matrix matrix, const char *config, const uint64_t **out_shape,
                         uint64_t *out_dimensions, const float **out) {
  NEED(booster_predict);
  return api.booster_predict(booster, matrix, config, out_shape, out_dimensions, out);
}

int cxgb_booster_predict_dense(cxgb_booster booster, const char *values, const char *config, const uint64_t **out_shape,
                               uint64_t *out_dimensions, const float **out) {
  NEED(booster_predict_dense);
  return api.booster_predict_dense(booster, values, config, NULL, out_shape, out_dimensions, out);
}

int cxgb_booster_save(cxgb_booster booster, const char *config, uint64_t *out_length, const char **out) {
  NEED(booster_save);
  return api.booster_save(booster, config, out_length, out);
}

int cxgb_booster_slice(cxgb_booster booster, int begin, int end, cxgb_booster *out) {
  NEED(booster_slice);
  return api.booster_slice(booster, begin, end, 1, out);
}

int cxgb_booster_load(cxgb_booster booster, const void *bytes, uint64_t length) {
  NEED(booster_load);
  return api.booster_load(booster, bytes, length);
}

int cxgb_booster_features(cxgb_booster booster, uint64_t *out) {
  NEED(booster_features);
  return api.booster_features(booster, out);
}
