// Rows of a table in another order, and tables one after another.

extension ColumnData {
  fileprivate func selecting(_ rows: [Int]) -> ColumnData {
    switch self {
    case .integers(let values): .integers(rows.map { values[$0] })
    case .reals(let values): .reals(rows.map { values[$0] })
    case .booleans(let values): .booleans(rows.map { values[$0] })
    case .texts(let values): .texts(rows.map { values[$0] })
    case .dates(let values): .dates(rows.map { values[$0] })
    case .timestamps(let values): .timestamps(rows.map { values[$0] })
    case .times(let values): .times(rows.map { values[$0] })
    case .others(let values): .others(rows.map { values[$0] })
    }
  }

  /// Nil where the other holds another type.
  fileprivate func appending(_ other: ColumnData) -> ColumnData? {
    switch (self, other) {
    case (.integers(let values), .integers(let more)): .integers(values + more)
    case (.reals(let values), .reals(let more)): .reals(values + more)
    case (.booleans(let values), .booleans(let more)): .booleans(values + more)
    case (.texts(let values), .texts(let more)): .texts(values + more)
    case (.dates(let values), .dates(let more)): .dates(values + more)
    case (.timestamps(let values), .timestamps(let more)): .timestamps(values + more)
    case (.times(let values), .times(let more)): .times(values + more)
    case (.others(let values), .others(let more)): .others(values + more)
    case (.integers, _), (.reals, _), (.booleans, _), (.texts, _), (.dates, _), (.timestamps, _), (.times, _),
      (.others, _):
      nil
    }
  }
}

extension TypedColumn {
  /// The cells of some rows, in the order of `rows`, which may repeat.
  public func selecting(_ rows: [Int]) -> TypedColumn {
    TypedColumn(column: column, data: data.selecting(rows), valid: valid.map { valid in rows.map { valid[$0] } })
  }

  /// The cells of this column and then those of another; nil where they are of different types.
  public func appending(_ other: TypedColumn) -> TypedColumn? {
    guard let data = data.appending(other.data) else { return nil }
    guard valid != nil || other.valid != nil else { return TypedColumn(column: column, data: data) }
    let all =
      (valid ?? Array(repeating: true, count: count)) + (other.valid ?? Array(repeating: true, count: other.count))
    return TypedColumn(column: column, data: data, valid: all)
  }
}

extension DataTable {
  /// Some rows, in the order of `rows`, which may repeat.
  public func selecting(rows: [Int]) -> DataTable {
    DataTable(columns: columns.map { $0.selecting(rows) }, rowCount: rows.count)
  }

  /// The table without its last columns.
  public func dropping(columns count: Int) -> DataTable {
    count == 0 ? self : DataTable(columns: Array(columns.dropLast(count)), rowCount: rowCount)
  }

  /// The rows of this table and then those of another; nil where columns differ in number or type.
  public func appending(_ other: DataTable) -> DataTable? {
    guard columns.count == other.columns.count else { return nil }
    var joined: [TypedColumn] = []
    for (column, more) in zip(columns, other.columns) {
      guard let column = column.appending(more) else { return nil }
      joined.append(column)
    }
    return DataTable(columns: joined, rowCount: rowCount + other.rowCount)
  }
}
