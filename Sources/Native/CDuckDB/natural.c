// natural_key(text): a text that sorts, byte by byte, as people file `text`, so that file2 stands before file10.
//
// A run of digits becomes the number of its digits without leading zeros and then those digits: more digits, larger
// number. The count is a digit too ('0' to '8', or '9' and the count in bytes below 128), so that numbers keep their
// place among letters. Where zeros were left out the text itself follows: no two texts have the same key.
//
// natural_head(text): the first 16 bytes of the key as a number, which orders as they do and much quicker.
#include <stdlib.h>
#include <string.h>

#include "duckdb.h"

static bool is_digit(char c) { return c >= '0' && c <= '9'; }

static char *put_count(char *out, size_t digits) {
  if (digits < 9) {
    *out++ = (char)('0' + digits);
    return out;
  }
  *out++ = '9';
  if (digits < 127) {
    *out++ = (char)digits;
    return out;
  }
  *out++ = 127;
  for (int shift = 28; shift >= 0; shift -= 7) *out++ = (char)(digits >> shift & 127);
  return out;
}

// Writes the key to `out`, which has room for three bytes for each of `text` and one more, and returns its length.
static size_t write_key(const char *text, size_t length, char *out) {
  char *start = out;
  bool has_zeros = false;
  for (size_t i = 0; i < length;) {
    if (!is_digit(text[i])) {
      *out++ = text[i++];
      continue;
    }
    size_t first = i;
    while (i < length && text[i] == '0') i++;
    size_t digits = i;
    while (i < length && is_digit(text[i])) i++;
    // A lone zero is a number without digits.
    has_zeros = has_zeros || digits > first + (digits == i ? 1 : 0);
    out = put_count(out, i - digits);
    memcpy(out, text + digits, i - digits);
    out += i - digits;
  }
  if (has_zeros) {
    *out++ = 1;
    memcpy(out, text, length);
    out += length;
  }
  return (size_t)(out - start);
}

// Calls `take` with the key of every text of a chunk, and marks the rows of missing ones.
static void each_key(
    duckdb_function_info info, duckdb_data_chunk chunk, duckdb_vector output,
    void (*take)(duckdb_vector output, idx_t row, const char *key, size_t length)) {
  duckdb_vector input = duckdb_data_chunk_get_vector(chunk, 0);
  idx_t rows = duckdb_data_chunk_get_size(chunk);
  const duckdb_string_t *texts = duckdb_vector_get_data(input);
  const uint64_t *valid = duckdb_vector_get_validity(input);
  uint64_t *missing = NULL;
  char small[512];
  char *room = small;
  size_t size = sizeof small;
  for (idx_t row = 0; row < rows; row++) {
    if (valid != NULL && (valid[row >> 6] >> (row & 63) & 1) == 0) {
      if (missing == NULL) {
        duckdb_vector_ensure_validity_writable(output);
        missing = duckdb_vector_get_validity(output);
      }
      missing[row >> 6] &= ~((uint64_t)1 << (row & 63));
      continue;
    }
    size_t length = assay_string_length(&texts[row]);
    size_t needed = 3 * length + 1;
    if (needed > size) {
      char *more = malloc(needed);
      if (more == NULL) {
        duckdb_scalar_function_set_error(info, "no memory for the key of a long text");
        break;
      }
      if (room != small) free(room);
      room = more;
      size = needed;
    }
    take(output, row, room, write_key(assay_string_bytes(&texts[row]), length, room));
  }
  if (room != small) free(room);
}

// The key is UTF-8 where the text is: there is nothing to check.
static void natural_key(duckdb_function_info info, duckdb_data_chunk chunk, duckdb_vector output) {
  each_key(info, chunk, output, duckdb_unsafe_vector_assign_string_element_len);
}

static void take_head(duckdb_vector output, idx_t row, const char *key, size_t length) {
  uint8_t head[16] = {0};
  memcpy(head, key, length < sizeof head ? length : sizeof head);
  duckdb_uhugeint number = {0, 0};
  for (int i = 0; i < 8; i++) {
    number.upper = number.upper << 8 | head[i];
    number.lower = number.lower << 8 | head[8 + i];
  }
  ((duckdb_uhugeint *)duckdb_vector_get_data(output))[row] = number;
}

static void natural_head(duckdb_function_info info, duckdb_data_chunk chunk, duckdb_vector output) {
  each_key(info, chunk, output, take_head);
}

static bool add(duckdb_connection connection, const char *name, duckdb_type result, duckdb_scalar_function_t body) {
  duckdb_scalar_function function = duckdb_create_scalar_function();
  duckdb_logical_type text = duckdb_create_logical_type(DUCKDB_TYPE_VARCHAR);
  duckdb_logical_type type = duckdb_create_logical_type(result);
  duckdb_scalar_function_set_name(function, name);
  duckdb_scalar_function_add_parameter(function, text);
  duckdb_scalar_function_set_return_type(function, type);
  duckdb_scalar_function_set_function(function, body);
  bool is_added = duckdb_register_scalar_function(connection, function) == DuckDBSuccess;
  duckdb_destroy_logical_type(&text);
  duckdb_destroy_logical_type(&type);
  duckdb_destroy_scalar_function(&function);
  return is_added;
}

bool assay_add_functions(duckdb_connection connection) {
  return add(connection, "natural_key", DUCKDB_TYPE_VARCHAR, natural_key)
      && add(connection, "natural_head", DUCKDB_TYPE_UHUGEINT, natural_head);
}
