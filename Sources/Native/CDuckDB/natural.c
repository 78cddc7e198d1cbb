// natural_key(text): a text that sorts, byte by byte, as people file `text`, so that file2 stands before file10.
//
// A run of digits becomes the number of its digits without leading zeros and then those digits: more digits, larger
// number. The count is a digit too ('0' to '8', or '9' and the count in bytes below 128), so that numbers keep their
// place among letters. Where zeros were left out the text itself follows: no two texts have the same key.
//
// natural_place(text, row, descending): a number that orders as the first 12 bytes of the key do and then as `row`, which
// are its last 32 bits; missing texts last. Numbers that bring their row along are sorted much quicker than texts.
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

// Room for the key of one text, kept from row to row.
struct room {
  char *bytes;
  size_t size;
  char small[512];
};

// The key of a text; NULL where there is no memory for it.
static const char *key_of(const duckdb_string_t *text, struct room *room, size_t *length) {
  size_t bytes = assay_string_length(text);
  size_t needed = 3 * bytes + 1;
  if (needed > room->size) {
    char *more = malloc(needed);
    if (more == NULL) return NULL;
    if (room->bytes != room->small) free(room->bytes);
    room->bytes = more;
    room->size = needed;
  }
  *length = write_key(assay_string_bytes(text), bytes, room->bytes);
  return room->bytes;
}

static void begin(struct room *room) {
  room->bytes = room->small;
  room->size = sizeof room->small;
}

static void end(struct room *room) {
  if (room->bytes != room->small) free(room->bytes);
}

static bool is_valid(const uint64_t *valid, idx_t row) { return valid == NULL || (valid[row >> 6] >> (row & 63) & 1); }

static void natural_key(duckdb_function_info info, duckdb_data_chunk chunk, duckdb_vector output) {
  duckdb_vector input = duckdb_data_chunk_get_vector(chunk, 0);
  idx_t rows = duckdb_data_chunk_get_size(chunk);
  const duckdb_string_t *texts = duckdb_vector_get_data(input);
  const uint64_t *valid = duckdb_vector_get_validity(input);
  uint64_t *missing = NULL;
  struct room room;
  begin(&room);
  for (idx_t row = 0; row < rows; row++) {
    if (!is_valid(valid, row)) {
      if (missing == NULL) {
        duckdb_vector_ensure_validity_writable(output);
        missing = duckdb_vector_get_validity(output);
      }
      missing[row >> 6] &= ~((uint64_t)1 << (row & 63));
      continue;
    }
    size_t length = 0;
    const char *key = key_of(&texts[row], &room, &length);
    if (key == NULL) {
      duckdb_scalar_function_set_error(info, "no memory for the key of a long text");
      break;
    }
    // The key is UTF-8 where the text is: there is nothing to check.
    duckdb_unsafe_vector_assign_string_element_len(output, row, key, length);
  }
  end(&room);
}

static void natural_place(duckdb_function_info info, duckdb_data_chunk chunk, duckdb_vector output) {
  enum { head_length = 12 };
  duckdb_vector inputs[3];
  for (idx_t i = 0; i < 3; i++) inputs[i] = duckdb_data_chunk_get_vector(chunk, i);
  idx_t rows = duckdb_data_chunk_get_size(chunk);
  const duckdb_string_t *texts = duckdb_vector_get_data(inputs[0]);
  const uint64_t *valid = duckdb_vector_get_validity(inputs[0]);
  const int64_t *numbers = duckdb_vector_get_data(inputs[1]);
  const bool *descending = duckdb_vector_get_data(inputs[2]);
  duckdb_uhugeint *places = duckdb_vector_get_data(output);
  struct room room;
  begin(&room);
  for (idx_t row = 0; row < rows; row++) {
    uint8_t head[16];
    memset(head, 0xFF, sizeof head);
    if (is_valid(valid, row)) {
      size_t length = 0;
      const char *key = key_of(&texts[row], &room, &length);
      if (key == NULL) {
        duckdb_scalar_function_set_error(info, "no memory for the key of a long text");
        break;
      }
      memset(head, 0, head_length);
      memcpy(head, key, length < head_length ? length : head_length);
      // No byte of UTF-8 is above 0xF4: what is missing stays last in both directions.
      head[0]++;
      for (int i = 0; i < head_length && descending[row]; i++) head[i] = (uint8_t)~head[i];
    }
    duckdb_uhugeint place = {0, 0};
    for (int i = 0; i < 8; i++) {
      place.upper = place.upper << 8 | head[i];
      place.lower = place.lower << 8 | head[8 + i];
    }
    place.lower = (place.lower & ~(uint64_t)0xFFFFFFFF) | (uint32_t)numbers[row];
    places[row] = place;
  }
  end(&room);
}

static bool add(
    duckdb_connection connection, const char *name, int parameters, duckdb_type result, duckdb_scalar_function_t body) {
  const duckdb_type types[] = {DUCKDB_TYPE_VARCHAR, DUCKDB_TYPE_BIGINT, DUCKDB_TYPE_BOOLEAN};
  duckdb_scalar_function function = duckdb_create_scalar_function();
  duckdb_scalar_function_set_name(function, name);
  for (int i = 0; i < parameters; i++) {
    duckdb_logical_type type = duckdb_create_logical_type(types[i]);
    duckdb_scalar_function_add_parameter(function, type);
    duckdb_destroy_logical_type(&type);
  }
  duckdb_logical_type type = duckdb_create_logical_type(result);
  duckdb_scalar_function_set_return_type(function, type);
  duckdb_destroy_logical_type(&type);
  duckdb_scalar_function_set_special_handling(function);
  duckdb_scalar_function_set_function(function, body);
  bool is_added = duckdb_register_scalar_function(connection, function) == DuckDBSuccess;
  duckdb_destroy_scalar_function(&function);
  return is_added;
}

bool assay_add_functions(duckdb_connection connection) {
  return add(connection, "natural_key", 1, DUCKDB_TYPE_VARCHAR, natural_key)
      && add(connection, "natural_place", 3, DUCKDB_TYPE_UHUGEINT, natural_place);
}
