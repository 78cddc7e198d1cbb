import CDuckDB

/// Gathers one column of a result, vector by vector. Only one of its arrays is ever filled.
struct ColumnDecoder {
  let column: Column
  private let type: LogicalType
  private let id: duckdb_type
  private let dictionary: [String]

  private var integers: [Int64] = []
  private var days: [Int32] = []
  private var reals: [Double] = []
  private var booleans: [Bool] = []
  private var texts: [String] = []
  private var valid: [Bool]?
  private var count = 0
  /// True once a whole number did not fit 64 bits: the column goes on in `reals`.
  private var isWide = false

  /// - Parameter column: what the caller shall see; its type may differ from `type` where the query casts it to text.
  init(column: Column, type: LogicalType) {
    self.column = column
    self.type = type
    id = type.id
    dictionary = type.id == DUCKDB_TYPE_ENUM ? type.dictionary : []
  }

  /// Adds the first `rows` cells of `vector`.
  mutating func append(_ vector: duckdb_vector?, rows: Int) {
    guard rows > 0, let vector else { return }
    let mask = duckdb_vector_get_validity(vector)
    appendValidity(mask, rows)
    guard let base = duckdb_vector_get_data(vector) else {
      appendPlaceholders(rows)
      return
    }
    appendCells(UnsafeRawPointer(base), mask, rows)
    count += rows
  }

  /// The column so far; the decoder is empty again afterwards.
  mutating func take() -> TypedColumn {
    defer { self = ColumnDecoder(column: column, type: type) }
    let data: ColumnData
    switch id {
    case DUCKDB_TYPE_BOOLEAN: data = .booleans(booleans)
    case DUCKDB_TYPE_FLOAT, DUCKDB_TYPE_DOUBLE: data = .reals(reals)
    case DUCKDB_TYPE_DECIMAL: data = column.kind == .integer && !isWide ? .integers(integers) : .reals(reals)
    case DUCKDB_TYPE_DATE: data = .dates(days)
    case DUCKDB_TYPE_TIME, DUCKDB_TYPE_TIME_TZ, DUCKDB_TYPE_TIME_NS: data = .times(integers)
    case DUCKDB_TYPE_TIMESTAMP, DUCKDB_TYPE_TIMESTAMP_S, DUCKDB_TYPE_TIMESTAMP_MS, DUCKDB_TYPE_TIMESTAMP_NS,
      DUCKDB_TYPE_TIMESTAMP_TZ:
      data = .timestamps(integers)
    case DUCKDB_TYPE_VARCHAR, DUCKDB_TYPE_ENUM: data = column.kind == .text ? .texts(texts) : .others(texts)
    case _ where column.kind == .integer: data = isWide ? .reals(reals) : .integers(integers)
    default: data = .others(texts)
    }
    return TypedColumn(column: column, data: data, valid: valid)
  }

  private mutating func appendValidity(_ mask: UnsafeMutablePointer<UInt64>?, _ rows: Int) {
    guard let mask else {
      valid?.append(contentsOf: repeatElement(true, count: rows))
      return
    }
    if valid == nil {
      let isComplete = (0..<rows).allSatisfy { Self.isValid(mask, $0) }
      if isComplete { return }
      valid = Array(repeating: true, count: count)
    }
    valid?.append(contentsOf: (0..<rows).lazy.map { Self.isValid(mask, $0) })
  }

  private static func isValid(_ mask: UnsafeMutablePointer<UInt64>?, _ row: Int) -> Bool {
    guard let mask else { return true }
    return mask[row >> 6] >> UInt64(row & 63) & 1 == 1
  }

  private mutating func appendPlaceholders(_ rows: Int) {
    valid = Array(repeating: false, count: count + rows)
    texts.append(contentsOf: repeatElement("", count: rows))
    count += rows
  }

  private mutating func appendCells(_ base: UnsafeRawPointer, _ mask: UnsafeMutablePointer<UInt64>?, _ rows: Int) {
    switch id {
    case DUCKDB_TYPE_BOOLEAN: booleans.append(contentsOf: cells(base, rows, UInt8.self).lazy.map { $0 != 0 })
    case DUCKDB_TYPE_TINYINT: integers.append(contentsOf: cells(base, rows, Int8.self).lazy.map(Int64.init))
    case DUCKDB_TYPE_SMALLINT: integers.append(contentsOf: cells(base, rows, Int16.self).lazy.map(Int64.init))
    case DUCKDB_TYPE_INTEGER: integers.append(contentsOf: cells(base, rows, Int32.self).lazy.map(Int64.init))
    case DUCKDB_TYPE_UTINYINT: integers.append(contentsOf: cells(base, rows, UInt8.self).lazy.map(Int64.init))
    case DUCKDB_TYPE_USMALLINT: integers.append(contentsOf: cells(base, rows, UInt16.self).lazy.map(Int64.init))
    case DUCKDB_TYPE_UINTEGER: integers.append(contentsOf: cells(base, rows, UInt32.self).lazy.map(Int64.init))
    case DUCKDB_TYPE_BIGINT, DUCKDB_TYPE_TIMESTAMP, DUCKDB_TYPE_TIMESTAMP_TZ, DUCKDB_TYPE_TIME:
      integers.append(contentsOf: cells(base, rows, Int64.self))
    case DUCKDB_TYPE_UBIGINT:
      appendWide(cells(base, rows, UInt64.self), mask, whole: { Int64(exactly: $0) }, real: { Double($0) })
    case DUCKDB_TYPE_HUGEINT:
      appendWide(cells(base, rows, duckdb_hugeint.self), mask, whole: Self.whole, real: duckdb_hugeint_to_double)
    case DUCKDB_TYPE_UHUGEINT:
      appendWide(
        cells(base, rows, duckdb_uhugeint.self), mask, whole: { $0.upper == 0 ? Int64(exactly: $0.lower) : nil },
        real: duckdb_uhugeint_to_double)
    case DUCKDB_TYPE_FLOAT: reals.append(contentsOf: cells(base, rows, Float.self).lazy.map(Self.double))
    case DUCKDB_TYPE_DOUBLE: reals.append(contentsOf: cells(base, rows, Double.self))
    case DUCKDB_TYPE_DECIMAL: appendDecimals(base, mask, rows)
    case DUCKDB_TYPE_DATE: days.append(contentsOf: cells(base, rows, Int32.self))
    case DUCKDB_TYPE_TIME_TZ:
      // 40 bits of microseconds above 24 bits of offset.
      integers.append(contentsOf: cells(base, rows, UInt64.self).lazy.map { Int64($0 >> 24) })
    case DUCKDB_TYPE_TIME_NS: integers.append(contentsOf: cells(base, rows, Int64.self).lazy.map { $0 / 1000 })
    case DUCKDB_TYPE_TIMESTAMP_S:
      appendInstants(cells(base, rows, Int64.self)) { $0.multipliedReportingOverflow(by: 1_000_000) }
    case DUCKDB_TYPE_TIMESTAMP_MS:
      appendInstants(cells(base, rows, Int64.self)) { $0.multipliedReportingOverflow(by: 1000) }
    case DUCKDB_TYPE_TIMESTAMP_NS:
      appendInstants(cells(base, rows, Int64.self)) { ($0 >= 0 ? $0 / 1000 : -((999 - $0) / 1000), false) }
    case DUCKDB_TYPE_VARCHAR: appendStrings(base, mask, rows)
    case DUCKDB_TYPE_ENUM: appendEnumeration(base, mask, rows)
    case DUCKDB_TYPE_UUID: appendTexts(cells(base, rows, duckdb_hugeint.self), mask, OtherText.uuid)
    case DUCKDB_TYPE_INTERVAL: appendTexts(cells(base, rows, duckdb_interval.self), mask, OtherText.interval)
    case DUCKDB_TYPE_BLOB: appendBlobs(base, mask, rows)
    default: texts.append(contentsOf: repeatElement("", count: rows))
    }
  }

  private func cells<Cell>(_ base: UnsafeRawPointer, _ rows: Int, _ type: Cell.Type) -> UnsafeBufferPointer<Cell> {
    UnsafeBufferPointer(start: base.assumingMemoryBound(to: Cell.self), count: rows)
  }

  /// Keeps the short decimal form: the float 0.1 becomes 0.1, not 0.10000000149.
  private static func double(_ value: Float) -> Double {
    let exact = Double(value)
    guard value.isFinite, exact != exact.rounded() || exact.magnitude >= 0x1p23 else { return exact }
    if exact.magnitude < 0x1p23, exact.magnitude >= 1e-3 {
      // The fewest decimals that mean this float are its shortest form here; a whole number by a power of ten is rounded once.
      for unit in Self.units {
        let decimal = (exact * unit).rounded(.toNearestOrEven) / unit
        if Float(decimal) == value { return decimal }
      }
    }
    return Double("\(value)") ?? exact
  }

  private static let units = [10, 100, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8]

  private static func whole(_ value: duckdb_hugeint) -> Int64? {
    let low = Int64(bitPattern: value.lower)
    return value.upper == (low < 0 ? -1 : 0) ? low : nil
  }

  private mutating func appendWide<Cell>(
    _ cells: UnsafeBufferPointer<Cell>, _ mask: UnsafeMutablePointer<UInt64>?, whole: (Cell) -> Int64?,
    real: (Cell) -> Double
  ) {
    for (row, cell) in cells.enumerated() {
      let isValid = Self.isValid(mask, row)
      if !isWide {
        if let number = isValid ? whole(cell) : 0 {
          integers.append(number)
          continue
        }
        isWide = true
        reals = integers.map(Double.init)
      }
      reals.append(isValid ? real(cell) : 0)
    }
  }

  private mutating func appendDecimals(_ base: UnsafeRawPointer, _ mask: UnsafeMutablePointer<UInt64>?, _ rows: Int) {
    var unit = 1.0
    for _ in 0..<duckdb_decimal_scale(type.pointer) { unit *= 10 }
    let isWhole = column.kind == .integer
    switch duckdb_decimal_internal_type(type.pointer) {
    case DUCKDB_TYPE_SMALLINT: appendScaled(cells(base, rows, Int16.self), unit, isWhole)
    case DUCKDB_TYPE_INTEGER: appendScaled(cells(base, rows, Int32.self), unit, isWhole)
    case DUCKDB_TYPE_BIGINT: appendScaled(cells(base, rows, Int64.self), unit, isWhole)
    default:
      let wide = cells(base, rows, duckdb_hugeint.self)
      if isWhole {
        appendWide(wide, mask, whole: Self.whole, real: duckdb_hugeint_to_double)
      } else {
        reals.append(contentsOf: wide.lazy.map { duckdb_hugeint_to_double($0) / unit })
      }
    }
  }

  private mutating func appendScaled<Cell: BinaryInteger>(
    _ cells: UnsafeBufferPointer<Cell>, _ unit: Double, _ isWhole: Bool
  ) {
    if isWhole {
      integers.append(contentsOf: cells.lazy.map { Int64($0) })
    } else {
      reals.append(contentsOf: cells.lazy.map { Double($0) / unit })
    }
  }

  /// Instants in another unit; what cannot be said in microseconds becomes an infinite timestamp.
  private mutating func appendInstants(
    _ cells: UnsafeBufferPointer<Int64>, _ convert: (Int64) -> (partialValue: Int64, overflow: Bool)
  ) {
    for cell in cells {
      if cell == .max || cell == -.max || cell == .min {
        integers.append(cell == .min ? 0 : cell)
        continue
      }
      let (micros, overflow) = convert(cell)
      integers.append(overflow ? (cell < 0 ? -.max : .max) : micros)
    }
  }

  private mutating func appendStrings(_ base: UnsafeRawPointer, _ mask: UnsafeMutablePointer<UInt64>?, _ rows: Int) {
    let strings = base.assumingMemoryBound(to: duckdb_string_t.self)
    for row in 0..<rows {
      texts.append(Self.isValid(mask, row) ? String(decoding: Self.bytes(strings + row), as: UTF8.self) : "")
    }
  }

  private static func bytes(_ string: UnsafePointer<duckdb_string_t>) -> UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(start: assay_string_bytes(string), count: Int(assay_string_length(string)))
  }

  private mutating func appendBlobs(_ base: UnsafeRawPointer, _ mask: UnsafeMutablePointer<UInt64>?, _ rows: Int) {
    let strings = base.assumingMemoryBound(to: duckdb_string_t.self)
    for row in 0..<rows { texts.append(Self.isValid(mask, row) ? OtherText.blob(Self.bytes(strings + row)) : "") }
  }

  private mutating func appendEnumeration(_ base: UnsafeRawPointer, _ mask: UnsafeMutablePointer<UInt64>?, _ rows: Int)
  {
    let dictionary = dictionary
    func name(_ index: Int) -> String { dictionary.indices.contains(index) ? dictionary[index] : "" }
    switch duckdb_enum_internal_type(type.pointer) {
    case DUCKDB_TYPE_UTINYINT: appendTexts(cells(base, rows, UInt8.self), mask) { name(Int($0)) }
    case DUCKDB_TYPE_USMALLINT: appendTexts(cells(base, rows, UInt16.self), mask) { name(Int($0)) }
    default: appendTexts(cells(base, rows, UInt32.self), mask) { name(Int($0)) }
    }
  }

  private mutating func appendTexts<Cell>(
    _ cells: UnsafeBufferPointer<Cell>, _ mask: UnsafeMutablePointer<UInt64>?, _ text: (Cell) -> String
  ) {
    for (row, cell) in cells.enumerated() { texts.append(Self.isValid(mask, row) ? text(cell) : "") }
  }
}
