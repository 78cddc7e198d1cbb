// The part of DuckDB 1.5's C interface that Frame calls, declared by hand: the wheel brings the library without a header.
// Names, values and layouts follow https://duckdb.org/docs/stable/clients/c/api; FrameTests check the values at run time.
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "arrow.h"

typedef uint64_t idx_t;

typedef enum duckdb_type {
  DUCKDB_TYPE_INVALID = 0,
  DUCKDB_TYPE_BOOLEAN = 1,
  DUCKDB_TYPE_TINYINT = 2,
  DUCKDB_TYPE_SMALLINT = 3,
  DUCKDB_TYPE_INTEGER = 4,
  DUCKDB_TYPE_BIGINT = 5,
  DUCKDB_TYPE_UTINYINT = 6,
  DUCKDB_TYPE_USMALLINT = 7,
  DUCKDB_TYPE_UINTEGER = 8,
  DUCKDB_TYPE_UBIGINT = 9,
  DUCKDB_TYPE_FLOAT = 10,
  DUCKDB_TYPE_DOUBLE = 11,
  DUCKDB_TYPE_TIMESTAMP = 12,
  DUCKDB_TYPE_DATE = 13,
  DUCKDB_TYPE_TIME = 14,
  DUCKDB_TYPE_INTERVAL = 15,
  DUCKDB_TYPE_HUGEINT = 16,
  DUCKDB_TYPE_VARCHAR = 17,
  DUCKDB_TYPE_BLOB = 18,
  DUCKDB_TYPE_DECIMAL = 19,
  DUCKDB_TYPE_TIMESTAMP_S = 20,
  DUCKDB_TYPE_TIMESTAMP_MS = 21,
  DUCKDB_TYPE_TIMESTAMP_NS = 22,
  DUCKDB_TYPE_ENUM = 23,
  DUCKDB_TYPE_LIST = 24,
  DUCKDB_TYPE_STRUCT = 25,
  DUCKDB_TYPE_MAP = 26,
  DUCKDB_TYPE_UUID = 27,
  DUCKDB_TYPE_UNION = 28,
  DUCKDB_TYPE_BIT = 29,
  DUCKDB_TYPE_TIME_TZ = 30,
  DUCKDB_TYPE_TIMESTAMP_TZ = 31,
  DUCKDB_TYPE_UHUGEINT = 32,
  DUCKDB_TYPE_ARRAY = 33,
  DUCKDB_TYPE_ANY = 34,
  DUCKDB_TYPE_BIGNUM = 35,
  DUCKDB_TYPE_SQLNULL = 36,
  DUCKDB_TYPE_STRING_LITERAL = 37,
  DUCKDB_TYPE_INTEGER_LITERAL = 38,
  DUCKDB_TYPE_TIME_NS = 39,
} duckdb_type;

typedef enum duckdb_state { DuckDBSuccess = 0, DuckDBError = 1 } duckdb_state;

typedef enum duckdb_pending_state {
  DUCKDB_PENDING_RESULT_READY = 0,
  DUCKDB_PENDING_RESULT_NOT_READY = 1,
  DUCKDB_PENDING_ERROR = 2,
  DUCKDB_PENDING_NO_TASKS_AVAILABLE = 3,
} duckdb_pending_state;

typedef enum duckdb_error_type {
  DUCKDB_ERROR_INVALID = 0,
  DUCKDB_ERROR_CONVERSION = 2,
  DUCKDB_ERROR_IO = 28,
  DUCKDB_ERROR_INTERRUPT = 29,
  DUCKDB_ERROR_OUT_OF_MEMORY = 33,
} duckdb_error_type;

typedef enum duckdb_statement_type {
  DUCKDB_STATEMENT_TYPE_INVALID = 0,
  DUCKDB_STATEMENT_TYPE_SELECT = 1,
} duckdb_statement_type;

typedef struct {
  uint64_t lower;
  int64_t upper;
} duckdb_hugeint;

typedef struct {
  uint64_t lower;
  uint64_t upper;
} duckdb_uhugeint;

typedef struct {
  int32_t months;
  int32_t days;
  int64_t micros;
} duckdb_interval;

typedef struct {
  double percentage;
  uint64_t rows_processed;
  uint64_t total_rows_to_process;
} duckdb_query_progress_type;

/// A string in a vector: up to 12 bytes inline, longer ones behind a pointer.
typedef struct {
  union {
    struct {
      uint32_t length;
      char prefix[4];
      char *ptr;
    } pointer;
    struct {
      uint32_t length;
      char inlined[12];
    } inlined;
  } value;
} duckdb_string_t;

typedef struct {
  void *deprecated_data;
  bool *deprecated_nullmask;
  duckdb_type deprecated_type;
  char *deprecated_name;
  void *internal_data;
} duckdb_column;

typedef struct {
  idx_t deprecated_column_count;
  idx_t deprecated_row_count;
  idx_t deprecated_rows_changed;
  duckdb_column *deprecated_columns;
  char *deprecated_error_message;
  void *internal_data;
} duckdb_result;

typedef struct _duckdb_database *duckdb_database;
typedef struct _duckdb_connection *duckdb_connection;
typedef struct _duckdb_config *duckdb_config;
typedef struct _duckdb_prepared_statement *duckdb_prepared_statement;
typedef struct _duckdb_extracted_statements *duckdb_extracted_statements;
typedef struct _duckdb_pending_result *duckdb_pending_result;
typedef struct _duckdb_data_chunk *duckdb_data_chunk;
typedef struct _duckdb_vector *duckdb_vector;
typedef struct _duckdb_logical_type *duckdb_logical_type;
typedef struct _duckdb_scalar_function *duckdb_scalar_function;
typedef struct _duckdb_function_info *duckdb_function_info;

typedef void (*duckdb_scalar_function_t)(
    duckdb_function_info info, duckdb_data_chunk input, duckdb_vector output);

// Library and memory
const char *duckdb_library_version(void);
void duckdb_free(void *pointer);

// Database and connections
duckdb_state duckdb_create_config(duckdb_config *out_config);
duckdb_state duckdb_set_config(duckdb_config config, const char *name, const char *option);
void duckdb_destroy_config(duckdb_config *config);
duckdb_state duckdb_open_ext(
    const char *path, duckdb_database *out_database, duckdb_config config, char **out_error);
void duckdb_close(duckdb_database *database);
duckdb_state duckdb_connect(duckdb_database database, duckdb_connection *out_connection);
void duckdb_disconnect(duckdb_connection *connection);
void duckdb_interrupt(duckdb_connection connection);
duckdb_query_progress_type duckdb_query_progress(duckdb_connection connection);

// Statements
idx_t duckdb_extract_statements(
    duckdb_connection connection, const char *query, duckdb_extracted_statements *out_extracted);
duckdb_state duckdb_prepare_extracted_statement(
    duckdb_connection connection, duckdb_extracted_statements extracted, idx_t index,
    duckdb_prepared_statement *out_statement);
const char *duckdb_extract_statements_error(duckdb_extracted_statements extracted);
void duckdb_destroy_extracted(duckdb_extracted_statements *extracted);
const char *duckdb_prepare_error(duckdb_prepared_statement statement);
void duckdb_destroy_prepare(duckdb_prepared_statement *statement);
duckdb_statement_type duckdb_prepared_statement_type(duckdb_prepared_statement statement);
idx_t duckdb_prepared_statement_column_count(duckdb_prepared_statement statement);
/// The name has to be given to `duckdb_free`.
const char *duckdb_prepared_statement_column_name(duckdb_prepared_statement statement, idx_t column);
duckdb_logical_type duckdb_prepared_statement_column_logical_type(duckdb_prepared_statement statement, idx_t column);

// Execution in small tasks, so that the caller can look up between them
duckdb_state duckdb_pending_prepared(duckdb_prepared_statement statement, duckdb_pending_result *out_pending);
duckdb_state duckdb_pending_prepared_streaming(
    duckdb_prepared_statement statement, duckdb_pending_result *out_pending);
duckdb_pending_state duckdb_pending_execute_task(duckdb_pending_result pending);
bool duckdb_pending_execution_is_finished(duckdb_pending_state state);
const char *duckdb_pending_error(duckdb_pending_result pending);
duckdb_state duckdb_execute_pending(duckdb_pending_result pending, duckdb_result *out_result);
void duckdb_destroy_pending(duckdb_pending_result *pending);

// Results
void duckdb_destroy_result(duckdb_result *result);
const char *duckdb_result_error(duckdb_result *result);
duckdb_error_type duckdb_result_error_type(duckdb_result *result);
idx_t duckdb_column_count(duckdb_result *result);
const char *duckdb_column_name(duckdb_result *result, idx_t column);
duckdb_logical_type duckdb_column_logical_type(duckdb_result *result, idx_t column);
duckdb_data_chunk duckdb_fetch_chunk(duckdb_result result);

// Chunks and vectors
idx_t duckdb_data_chunk_get_size(duckdb_data_chunk chunk);
duckdb_vector duckdb_data_chunk_get_vector(duckdb_data_chunk chunk, idx_t column);
duckdb_data_chunk duckdb_create_data_chunk(duckdb_logical_type *types, idx_t columns);
void duckdb_data_chunk_reset(duckdb_data_chunk chunk);
void duckdb_data_chunk_set_size(duckdb_data_chunk chunk, idx_t size);
idx_t duckdb_vector_size(void);
void duckdb_destroy_data_chunk(duckdb_data_chunk *chunk);
void *duckdb_vector_get_data(duckdb_vector vector);
/// One bit a row, 1 for a value; NULL where every row has one.
uint64_t *duckdb_vector_get_validity(duckdb_vector vector);
void duckdb_vector_ensure_validity_writable(duckdb_vector vector);
/// Does not look whether the bytes are UTF-8.
void duckdb_unsafe_vector_assign_string_element_len(
    duckdb_vector vector, idx_t index, const char *bytes, idx_t length);
double duckdb_hugeint_to_double(duckdb_hugeint value);
double duckdb_uhugeint_to_double(duckdb_uhugeint value);

// Functions of SQL
duckdb_scalar_function duckdb_create_scalar_function(void);
void duckdb_destroy_scalar_function(duckdb_scalar_function *function);
void duckdb_scalar_function_set_name(duckdb_scalar_function function, const char *name);
void duckdb_scalar_function_add_parameter(duckdb_scalar_function function, duckdb_logical_type type);
void duckdb_scalar_function_set_return_type(duckdb_scalar_function function, duckdb_logical_type type);
void duckdb_scalar_function_set_function(duckdb_scalar_function function, duckdb_scalar_function_t body);
/// The function is called for missing arguments too.
void duckdb_scalar_function_set_special_handling(duckdb_scalar_function function);
void duckdb_scalar_function_set_error(duckdb_function_info info, const char *error);
duckdb_state duckdb_register_scalar_function(duckdb_connection connection, duckdb_scalar_function function);

// Types
duckdb_logical_type duckdb_create_logical_type(duckdb_type type);
void duckdb_destroy_logical_type(duckdb_logical_type *type);
duckdb_type duckdb_get_type_id(duckdb_logical_type type);
/// The alias has to be given to `duckdb_free`.
char *duckdb_logical_type_get_alias(duckdb_logical_type type);
uint8_t duckdb_decimal_width(duckdb_logical_type type);
uint8_t duckdb_decimal_scale(duckdb_logical_type type);
duckdb_type duckdb_decimal_internal_type(duckdb_logical_type type);
duckdb_type duckdb_enum_internal_type(duckdb_logical_type type);
uint32_t duckdb_enum_dictionary_size(duckdb_logical_type type);
/// The value has to be given to `duckdb_free`.
char *duckdb_enum_dictionary_value(duckdb_logical_type type, idx_t index);
duckdb_logical_type duckdb_list_type_child_type(duckdb_logical_type type);
duckdb_logical_type duckdb_array_type_child_type(duckdb_logical_type type);
idx_t duckdb_array_type_array_size(duckdb_logical_type type);
duckdb_logical_type duckdb_map_type_key_type(duckdb_logical_type type);
duckdb_logical_type duckdb_map_type_value_type(duckdb_logical_type type);
idx_t duckdb_struct_type_child_count(duckdb_logical_type type);
/// The name has to be given to `duckdb_free`.
char *duckdb_struct_type_child_name(duckdb_logical_type type, idx_t index);
duckdb_logical_type duckdb_struct_type_child_type(duckdb_logical_type type, idx_t index);

// Length and bytes of a string in a vector, inline because they run once for every cell.
static inline uint32_t assay_string_length(const duckdb_string_t *string) { return string->value.inlined.length; }
static inline const char *assay_string_bytes(const duckdb_string_t *string) {
  return string->value.inlined.length <= 12 ? string->value.inlined.inlined : string->value.pointer.ptr;
}

/// A file that lives in memory and has no name: its descriptor, or -1 where the system has no such files.
int assay_memory_file(const char *name);

/// Writes the path of the library that DuckDB was loaded from; 0 where the loader does not know it.
int assay_library_file(char *path, int capacity);

/// Finds what may end a field without quotes: bit i of word k of `ends` stands for byte 64k + i, and is set where that is
/// the delimiter, a line feed or a carriage return. `ends` holds `count` words, `bytes` 64 times as many bytes.
void assay_ends_of_fields(const void *bytes, uint64_t count, uint8_t delimiter, uint64_t *ends);

/// Makes the functions of natural.c known to every connection of the database: `natural_key`, a text whose bytes sort in
/// natural order, and `natural_place`, its beginning and a row in one number.
bool assay_add_functions(duckdb_connection connection);

typedef struct _duckdb_appender *duckdb_appender;
duckdb_state duckdb_appender_create(
    duckdb_connection connection, const char *schema, const char *table, duckdb_appender *appender);
const char *duckdb_appender_error(duckdb_appender appender);
duckdb_state duckdb_append_data_chunk(duckdb_appender appender, duckdb_data_chunk chunk);
duckdb_state duckdb_appender_close(duckdb_appender appender);
duckdb_state duckdb_appender_destroy(duckdb_appender *appender);

/// Makes a view of a stream's rows, which can be read once. The stream has to outlive the view.
duckdb_state duckdb_arrow_scan(duckdb_connection connection, const char *name, struct ArrowArrayStream *stream);
