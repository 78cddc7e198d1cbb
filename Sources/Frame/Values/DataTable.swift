/// The cells of one column, all of one type. Missing cells hold a placeholder (0, false or empty text).
public enum ColumnData: Sendable, Equatable {
  case integers([Int64])
  case reals([Double])
  case booleans([Bool])
  case texts([String])
  /// Days since 1970-01-01.
  case dates([Int32])
  /// Microseconds since 1970-01-01 00:00:00.
  case timestamps([Int64])
  /// Microseconds since midnight.
  case times([Int64])
  /// Values without a type of their own, as DuckDB writes them.
  case others([String])

  public var count: Int {
    switch self {
    case .integers(let values), .timestamps(let values), .times(let values): values.count
    case .reals(let values): values.count
    case .booleans(let values): values.count
    case .texts(let values), .others(let values): values.count
    case .dates(let values): values.count
    }
  }
}

/// A column with its cells.
public struct TypedColumn: Sendable, Equatable {
  public var column: Column
  public var data: ColumnData
  /// [rows], false where the cell is missing; nil where none is.
  public var valid: [Bool]?

  public init(column: Column, data: ColumnData, valid: [Bool]? = nil) {
    self.column = column
    self.data = data
    self.valid = valid
  }

  public var count: Int { data.count }

  /// True where the cell has a value.
  public func isValid(_ row: Int) -> Bool { valid?[row] ?? true }

  /// How many cells are missing.
  public var missingCount: Int { valid?.lazy.filter { !$0 }.count ?? 0 }

  /// The cell, `.null` where it is missing.
  public func value(_ row: Int) -> Value {
    guard isValid(row) else { return .null }
    return switch data {
    case .integers(let values): .integer(values[row])
    case .reals(let values): .real(values[row])
    case .booleans(let values): .bool(values[row])
    case .texts(let values): .text(values[row])
    case .dates(let values): .date(values[row])
    case .timestamps(let values): .timestamp(values[row])
    case .times(let values): .time(values[row])
    case .others(let values): .other(values[row])
    }
  }

  /// The cell as text, nil where it is missing. A timestamp with a time zone shows its UTC offset.
  public func text(_ row: Int) -> String? {
    guard let text = value(row).text else { return nil }
    return column.type == "TIMESTAMP WITH TIME ZONE" ? text + "+00" : text
  }

  /// The column as numbers, NaN where a cell is missing; nil unless it holds integers, reals or booleans.
  public var numbers: [Double]? {
    let values: [Double]
    switch data {
    case .integers(let integers): values = integers.map(Double.init)
    case .reals(let reals): values = reals
    case .booleans(let booleans): values = booleans.map { $0 ? 1 : 0 }
    case .texts, .dates, .timestamps, .times, .others: return nil
    }
    guard let valid else { return values }
    return zip(values, valid).map { $1 ? $0 : .nan }
  }
}

/// A table in memory, by columns. Not a place for whole files: see `Database.stream`.
public struct DataTable: Sendable, Equatable {
  public var columns: [TypedColumn]
  public let rowCount: Int

  /// - Precondition: every column has `rowCount` cells.
  public init(columns: [TypedColumn], rowCount: Int? = nil) {
    self.columns = columns
    self.rowCount = rowCount ?? columns.first?.count ?? 0
    precondition(columns.allSatisfy { $0.count == self.rowCount }, "columns of different lengths")
  }

  public var schema: Schema { columns.map(\.column) }

  public var isEmpty: Bool { rowCount == 0 }

  /// The first column with this exact name.
  public subscript(name: String) -> TypedColumn? { columns.first { $0.column.name == name } }

  public func value(_ row: Int, _ column: Int) -> Value { columns[column].value(row) }

  /// The cell as text, nil where it is missing.
  public func text(_ row: Int, _ column: Int) -> String? { columns[column].text(row) }
}
