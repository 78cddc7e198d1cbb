// hnswlib behind a C interface. Its points are the numbers of rows: so the graph takes 150 bytes a row, whatever the
// dimensions, and the rows are read where they are mapped.
#include "hnsw.h"

#include <cstdio>
#include <cstring>
#include <exception>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <string>

#include "product.h"

// Distances are our own; without this the header defines functions for processors that every program would see.
#define NO_MANUAL_VECTORIZATION
#include <hnswlib/hnswlib.h>

namespace {

constexpr uint32_t of_query = 0xFFFFFFFF;

/// Passes for a point whose vector is no row.
struct Query {
  uint32_t number;
  const float *vector;
};

struct Rows {
  assay_hnsw_rows rows;
  assay_product product;
};

float distance(const void *left, const void *right, const void *parameter) {
  const Rows *rows = static_cast<const Rows *>(parameter);
  uint32_t a, b;
  std::memcpy(&a, left, sizeof a);
  std::memcpy(&b, right, sizeof b);
  const size_t width = static_cast<size_t>(rows->rows.width);
  const float *x = a == of_query ? static_cast<const Query *>(left)->vector : rows->rows.rows + a * width;
  return 1 - rows->product(x, rows->rows.rows + b * width, width);
}

class NumberSpace : public hnswlib::SpaceInterface<float> {
 public:
  explicit NumberSpace(assay_hnsw_rows rows) : rows_{rows, assay_best_product()} {}
  size_t get_data_size() override { return sizeof(uint32_t); }
  hnswlib::DISTFUNC<float> get_dist_func() override { return distance; }
  void *get_dist_func_param() override { return &rows_; }

 private:
  Rows rows_;
};

using Graph = hnswlib::HierarchicalNSW<float>;

/// The beginning of a file. All numbers are little endian.
struct Header {
  char magic[8];
  uint64_t stamp;
  uint64_t count;
  uint32_t dimensions, width;
  uint32_t links, construction;
  int32_t level;
  uint32_t entry;
  uint64_t element_size;
};

constexpr char magic[8] = {'A', 'S', 'S', 'A', 'Y', 'H', '0', '1'};

/// Sums what is written or read (FNV-1a over words of eight bytes, then over the rest).
class Sum {
 public:
  void add(const void *bytes, size_t size) {
    const char *from = static_cast<const char *>(bytes);
    for (; size >= 8; from += 8, size -= 8) {
      uint64_t word;
      std::memcpy(&word, from, 8);
      mix(word);
    }
    for (; size > 0; from++, size--) mix(static_cast<unsigned char>(*from));
  }
  uint64_t value = 0xCBF29CE484222325;

 private:
  void mix(uint64_t word) {
    value = (value ^ word) * 0x00000100000001B3;
    value ^= value >> 29;
  }
};

struct CloseFile {
  void operator()(FILE *file) const { std::fclose(file); }
};
using File = std::unique_ptr<FILE, CloseFile>;

class Writer {
 public:
  explicit Writer(FILE *file) : file_(file) {}
  void write(const void *bytes, size_t size) {
    sum.add(bytes, size);
    if (size > 0 && std::fwrite(bytes, 1, size, file_) != size) throw std::runtime_error(std::strerror(errno));
  }
  Sum sum;

 private:
  FILE *file_;
};

class Reader {
 public:
  explicit Reader(FILE *file) : file_(file) {}
  void read(void *bytes, size_t size) {
    if (size > 0 && std::fread(bytes, 1, size, file_) != size) throw std::runtime_error("the file ends too early");
    sum.add(bytes, size);
  }
  Sum sum;

 private:
  FILE *file_;
};

void tell(char *error, const char *what) {
  if (error) std::snprintf(error, ASSAY_HNSW_ERROR, "%s", what);
}

/// Runs `body`; an exception becomes a text, and the result `otherwise`.
template <typename Result, typename Body>
Result guarded(char *error, Result otherwise, Body body) noexcept {
  if (error) error[0] = 0;
  try {
    return body();
  } catch (const std::bad_alloc &) {
    tell(error, "there is not enough memory");
  } catch (const std::exception &caught) {
    tell(error, caught.what());
  } catch (...) {
    tell(error, "an unknown error");
  }
  return otherwise;
}

void check(bool holds, const char *what) {
  if (!holds) throw std::runtime_error(what);
}

void check(const assay_hnsw_rows &rows) {
  check(rows.count >= 0 && rows.count < of_query, "there are too many rows");
  check(rows.dimensions > 0 && rows.width >= rows.dimensions && rows.width % 16 == 0, "the width is wrong");
  check(rows.rows || rows.count == 0, "there are no rows");
}

}  // namespace

struct assay_hnsw {
  assay_hnsw(assay_hnsw_rows rows, int links, int construction)
      : rows(rows), space(rows), graph(&space, std::max<size_t>(1, rows.count), links, construction) {
    // So that an index whose building failed can be taken apart.
    std::memset(graph.linkLists_, 0, sizeof(void *) * graph.max_elements_);
  }
  assay_hnsw_rows rows;
  NumberSpace space;
  Graph graph;
  std::mutex searching;
};

namespace {

/// Whether a list of neighbours names rows that there are, and not too many.
bool is_sound(const char *list, size_t most, size_t count) {
  uint16_t size;
  std::memcpy(&size, list, sizeof size);
  if (size > most) return false;
  for (size_t place = 0; place < size; place++) {
    uint32_t number;
    std::memcpy(&number, list + 4 + 4 * place, sizeof number);
    if (number >= count) return false;
  }
  return true;
}

/// Reads the levels above the lowest one. All is checked before it is followed: a damaged file must not lead astray.
void read_levels(Graph &graph, Reader &reader, const Header &header) {
  const size_t count = header.count, size = graph.size_links_per_element_;
  for (size_t row = 0; row < count; row++) {
    uint32_t levels;
    reader.read(&levels, sizeof levels);
    check(levels <= static_cast<uint32_t>(header.level), "a level is wrong");
    if (levels == 0) continue;
    graph.linkLists_[row] = static_cast<char *>(std::malloc(size * levels + 1));
    if (!graph.linkLists_[row]) throw std::bad_alloc();
    graph.element_levels_[row] = static_cast<int>(levels);
    reader.read(graph.linkLists_[row], size * levels);
  }
  check(graph.element_levels_[header.entry] == header.level, "the entry is wrong");
  for (size_t row = 0; row < count; row++) {
    const char *element = graph.data_level0_memory_ + row * graph.size_data_per_element_;
    check(is_sound(element, graph.maxM0_, count), "a list of neighbours is wrong");
    uint32_t number;
    std::memcpy(&number, element + graph.offsetData_, sizeof number);
    check(number < count && graph.getExternalLabel(static_cast<hnswlib::tableint>(row)) == number, "a row is wrong");
    for (int level = 1; level <= graph.element_levels_[row]; level++) {
      const char *list = graph.linkLists_[row] + (level - 1) * size;
      check(is_sound(list, graph.maxM_, count), "a list of neighbours is wrong");
      uint16_t neighbors;
      std::memcpy(&neighbors, list, sizeof neighbors);
      for (int place = 0; place < neighbors; place++) {
        std::memcpy(&number, list + 4 + 4 * place, sizeof number);
        check(graph.element_levels_[number] >= level, "a neighbour is not on its level");
      }
    }
  }
}

}  // namespace

assay_hnsw *assay_hnsw_create(assay_hnsw_rows rows, int links, int construction, char *error) {
  return guarded<assay_hnsw *>(error, nullptr, [&] {
    check(rows);
    check(links >= 2 && links <= 256 && construction > 0, "links or candidates are out of range");
    return new assay_hnsw(rows, links, construction);
  });
}

int assay_hnsw_add(assay_hnsw *index, int64_t first, int64_t end, char *error) {
  return guarded(error, -1, [&] {
    check(first >= 0 && first <= end && end <= index->rows.count, "there are no such rows");
    for (int64_t row = first; row < end; row++) {
      const uint32_t number = static_cast<uint32_t>(row);
      index->graph.addPoint(&number, static_cast<hnswlib::labeltype>(row));
    }
    return 0;
  });
}

int64_t assay_hnsw_count(const assay_hnsw *index) { return static_cast<int64_t>(index->graph.cur_element_count); }

int64_t assay_hnsw_search(
    assay_hnsw *index, const float *vector, int dimensions, int64_t k, int candidates, int64_t *numbers, float *products,
    char *error) {
  return guarded<int64_t>(error, -1, [&]() -> int64_t {
    if (dimensions != index->rows.dimensions) {
      throw std::runtime_error(
          "the vector has " + std::to_string(dimensions) + " numbers, the rows have "
          + std::to_string(index->rows.dimensions));
    }
    check(k >= 0 && candidates > 0, "the number of rows is wrong");
    if (k == 0 || index->graph.cur_element_count == 0) return 0;
    std::unique_ptr<float, void (*)(void *)> padded(
        static_cast<float *>(std::aligned_alloc(64, sizeof(float) * index->rows.width)), std::free);
    if (!padded) throw std::bad_alloc();
    std::memset(padded.get(), 0, sizeof(float) * index->rows.width);
    std::memcpy(padded.get(), vector, sizeof(float) * dimensions);
    const Query query{of_query, padded.get()};
    std::lock_guard<std::mutex> lock(index->searching);
    index->graph.setEf(static_cast<size_t>(candidates));
    auto found = index->graph.searchKnn(&query, static_cast<size_t>(k));
    const int64_t count = static_cast<int64_t>(found.size());
    for (int64_t place = count - 1; place >= 0; place--) {
      numbers[place] = static_cast<int64_t>(found.top().second);
      products[place] = 1 - found.top().first;
      found.pop();
    }
    return count;
  });
}

int assay_hnsw_save(const assay_hnsw *index, const char *path, uint64_t stamp, char *error) {
  return guarded(error, -1, [&] {
    const Graph &graph = index->graph;
    const size_t count = graph.cur_element_count;
    check(count == static_cast<size_t>(index->rows.count), "rows are missing");
    File file(std::fopen(path, "wbx"));
    check(file != nullptr, std::strerror(errno));
    Writer writer(file.get());
    Header header{};
    std::memcpy(header.magic, magic, sizeof magic);
    header.stamp = stamp;
    header.count = count;
    header.dimensions = static_cast<uint32_t>(index->rows.dimensions);
    header.width = static_cast<uint32_t>(index->rows.width);
    header.links = static_cast<uint32_t>(graph.M_);
    header.construction = static_cast<uint32_t>(graph.ef_construction_);
    header.level = graph.maxlevel_;
    header.entry = static_cast<uint32_t>(graph.enterpoint_node_);
    header.element_size = graph.size_data_per_element_;
    writer.write(&header, sizeof header);
    // In parts, so that each is summed while it is at hand.
    const size_t part = 1024;
    for (size_t row = 0; row < count; row += part) {
      writer.write(
          graph.data_level0_memory_ + row * graph.size_data_per_element_,
          std::min(part, count - row) * graph.size_data_per_element_);
    }
    for (size_t row = 0; row < count; row++) {
      const uint32_t levels = static_cast<uint32_t>(graph.element_levels_[row]);
      writer.write(&levels, sizeof levels);
      if (levels > 0) writer.write(graph.linkLists_[row], graph.size_links_per_element_ * levels);
    }
    const uint64_t sum = writer.sum.value;
    writer.write(&sum, sizeof sum);
    check(std::fflush(file.get()) == 0, std::strerror(errno));
    check(std::fclose(file.release()) == 0, std::strerror(errno));
    return 0;
  });
}

assay_hnsw *assay_hnsw_load(const char *path, assay_hnsw_rows rows, uint64_t stamp, char *error) {
  return guarded<assay_hnsw *>(error, nullptr, [&] {
    check(rows);
    File file(std::fopen(path, "rb"));
    check(file != nullptr, std::strerror(errno));
    Reader reader(file.get());
    Header header;
    reader.read(&header, sizeof header);
    check(std::memcmp(header.magic, magic, sizeof magic) == 0, "the file is no index");
    check(header.stamp == stamp && header.count == static_cast<uint64_t>(rows.count), "the index is of other rows");
    check(header.dimensions == static_cast<uint32_t>(rows.dimensions), "the index has other dimensions");
    check(header.width == static_cast<uint32_t>(rows.width), "the index has another width");
    check(header.links >= 2 && header.links <= 256 && header.construction > 0, "the index has no such links");
    check(header.construction < 1u << 20 && header.level < 64, "the index has no such levels");
    check(header.count == 0 || (header.level >= 0 && header.entry < header.count), "the index has no such entry");
    auto index = std::make_unique<assay_hnsw>(
        rows, static_cast<int>(header.links), static_cast<int>(header.construction));
    Graph &graph = index->graph;
    check(header.element_size == graph.size_data_per_element_, "the index is of another library");
    const size_t count = header.count, part = 1024;
    for (size_t row = 0; row < count; row += part) {
      reader.read(
          graph.data_level0_memory_ + row * graph.size_data_per_element_,
          std::min(part, count - row) * graph.size_data_per_element_);
    }
    // From here on the destructor goes over the levels.
    graph.cur_element_count = count;
    if (count > 0) read_levels(graph, reader, header);
    graph.maxlevel_ = count > 0 ? header.level : -1;
    graph.enterpoint_node_ = header.entry;
    const uint64_t sum = reader.sum.value;
    uint64_t written;
    reader.read(&written, sizeof written);
    check(sum == written, "the sum is wrong");
    check(std::fgetc(file.get()) == EOF, "the file is too long");
    return index.release();
  });
}

void assay_hnsw_free(assay_hnsw *index) { delete index; }
