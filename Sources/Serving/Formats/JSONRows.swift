// Instances of application/json and application/jsonlines: dense, sparse, or by name.
//
//   {"instances": [{"features": [39, "State-gov"]}]}
//   {"instances": [{"data": {"features": {"keys": [0], "shape": [14], "values": [39]}}}]}
//   {"instances": [{"age": 39, "workclass": "State-gov"}]}

import Learn

/// Reads JSON into rows.
struct JSONRows {
  private let bytes: UnsafeBufferPointer<UInt8>
  private let columns: ColumnNames
  private var batch = RowBatch()

  private init(bytes: UnsafeBufferPointer<UInt8>, columns: ColumnNames) {
    (self.bytes, self.columns) = (bytes, columns)
  }

  /// Adds the rows of a body to a batch.
  ///
  /// - Throws: `Refusal`.
  static func read(_ bytes: UnsafeBufferPointer<UInt8>, columns: ColumnNames, into batch: inout RowBatch) throws {
    var rows = JSONRows(bytes: bytes, columns: columns)
    swap(&rows.batch, &batch)
    defer { swap(&rows.batch, &batch) }
    switch try JSONParser.parse(bytes) {
    case .array(let instances): try rows.add(instances)
    case .object(let object):
      if case .array(let instances)? = object["instances"], columns.place(of: "instances") == nil {
        try rows.add(instances)
      } else {
        try rows.add(.object(object), "the instance")
      }
    case .null, .bool, .number, .plain, .text:
      throw Refusal(.badRequest, #"a body is {"instances": […]}, an array of instances, or one instance"#)
    }
  }

  /// An instance a line.
  static func readLines(
    _ bytes: UnsafeBufferPointer<UInt8>, columns: ColumnNames, into batch: inout RowBatch
  ) throws {
    var line = 0
    for range in lines(bytes) {
      line += 1
      let slice = UnsafeBufferPointer(rebasing: bytes[range])
      if slice.allSatisfy({ $0 == 32 || $0 == 13 || $0 == 9 }) { continue }
      var rows = JSONRows(bytes: slice, columns: columns)
      swap(&rows.batch, &batch)
      do {
        try rows.add(JSONParser.parse(slice), "the instance")
      } catch let refusal as Refusal {
        throw Refusal(refusal.status, "line \(line): \(refusal.message)")
      }
      swap(&rows.batch, &batch)
    }
  }

  private static func lines(_ bytes: UnsafeBufferPointer<UInt8>) -> [Range<Int>] {
    var lines: [Range<Int>] = []
    var start = 0
    for index in bytes.indices where bytes[index] == 10 {
      lines.append(start..<index)
      start = index + 1
    }
    if start < bytes.count { lines.append(start..<bytes.count) }
    return lines
  }

  private mutating func add(_ instances: [JSONNode]) throws {
    for (number, instance) in instances.enumerated() { try add(instance, "instance \(number + 1)") }
  }

  private mutating func add(_ instance: JSONNode, _ name: String) throws {
    columns.reader.begin(&batch)
    switch instance {
    case .array(let values): try addDense(values, name)
    case .object(let object):
      // One column may be called "features" or "data", but then others stand beside it.
      if object.count == 1, let content = object["features"] { return try addFeatures(content, name) }
      if object.count == 1, case .object(let data)? = object["data"], let content = data["features"] {
        return try addFeatures(content, name)
      }
      try addNamed(object, name)
    case .null, .bool, .number, .plain, .text:
      throw Refusal(.badRequest, "\(name) is neither an object nor an array of values")
    }
  }

  private mutating func addFeatures(_ content: JSONNode, _ name: String) throws {
    switch content {
    case .array(let values): try addDense(values, name)
    case .object(let object):
      guard case .array(let values)? = object["values"] else {
        throw Refusal(.badRequest, "\(name) has features without values")
      }
      if let keys = object["keys"] {
        try addSparse(keys, object["shape"], values, name)
      } else {
        try addDense(values, name)
      }
    case .null, .bool, .number, .plain, .text: throw Refusal(.badRequest, "\(name) has features that are no array")
    }
  }

  private mutating func addDense(_ values: [JSONNode], _ name: String) throws {
    guard values.count == columns.names.count else {
      throw Refusal(
        .badRequest,
        "\(name) has \(values.count) values instead of \(columns.names.count). An instance gives in this order: "
          + ColumnNames.list(columns.names, limit: 40))
    }
    for (column, value) in values.enumerated() { try read(value, column, name) }
  }

  /// Numbers that are not given are 0; texts and dates are missing.
  private mutating func addSparse(_ keys: JSONNode, _ shape: JSONNode?, _ values: [JSONNode], _ name: String) throws {
    guard case .array(let keys) = keys, keys.count == values.count else {
      throw Refusal(.badRequest, "\(name) has not as many keys as values")
    }
    if case .array(let sides)? = shape {
      guard sides.count == 1, integer(sides[0]) == columns.names.count else {
        throw Refusal(.badRequest, "\(name) has another shape than [\(columns.names.count)]")
      }
    }
    var given: Set<Int> = []
    for (key, value) in zip(keys, values) {
      guard let column = integer(key), columns.names.indices.contains(column), given.insert(column).inserted else {
        throw Refusal(.badRequest, "\(name) has a key that is not in 0 … \(columns.names.count - 1), or comes twice")
      }
      try read(value, column, name)
    }
    for column in columns.names.indices where columns.reader.isNumber(column) && !given.contains(column) {
      try withBytes("0") { try columns.reader.read($0, column: column, into: &batch) }
    }
  }

  private mutating func addNamed(_ object: [String: JSONNode], _ name: String) throws {
    let missing = columns.names.filter { object[$0] == nil }
    guard missing.isEmpty else {
      throw Refusal(
        .badRequest, "\(name) lacks \(ColumnNames.list(missing)); give null where a value is missing")
    }
    for (column, key) in columns.names.enumerated() {
      if let value = object[key] { try read(value, column, name) }
    }
  }

  private func integer(_ node: JSONNode) -> Int? {
    guard case .number(let range) = node else { return nil }
    return Int(String(decoding: bytes[range], as: UTF8.self))
  }

  private mutating func read(_ value: JSONNode, _ column: Int, _ name: String) throws {
    do {
      switch value {
      case .null: return
      case .bool(let isTrue):
        try withBytes(isTrue ? "true" : "false") { try columns.reader.read($0, column: column, into: &batch) }
      case .number(let range), .plain(let range):
        try columns.reader.read(UnsafeBufferPointer(rebasing: bytes[range]), column: column, into: &batch)
      case .text(let text):
        try text.withUnsafeBufferPointer { try columns.reader.read($0, column: column, into: &batch) }
      case .array, .object:
        throw CellError(column: columns.names[column], reason: "an array or object is no value")
      }
    } catch let error as CellError {
      throw Refusal(.badRequest, "\(name), \(error)")
    }
  }

  private func withBytes(_ text: StaticString, _ body: (UnsafeBufferPointer<UInt8>) throws -> Void) rethrows {
    try body(UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
  }
}
