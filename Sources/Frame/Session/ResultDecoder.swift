import CDuckDB

/// Turns the chunks of a result into tables.
struct ResultDecoder {
  let types: [LogicalType]
  private var decoders: [ColumnDecoder]
  private(set) var rowCount = 0

  init(columns: Schema, types: [LogicalType]) {
    self.types = types
    decoders = zip(columns, types).map { ColumnDecoder(column: $0, type: $1) }
  }

  /// Adds the rows of a chunk.
  mutating func append(_ chunk: duckdb_data_chunk) {
    let rows = Int(duckdb_data_chunk_get_size(chunk))
    for index in decoders.indices {
      decoders[index].append(duckdb_data_chunk_get_vector(chunk, idx_t(index)), rows: rows)
    }
    rowCount += rows
  }

  /// What has been added since the last call.
  mutating func take() -> DataTable {
    defer { rowCount = 0 }
    return DataTable(columns: decoders.indices.map { decoders[$0].take() }, rowCount: rowCount)
  }
}
