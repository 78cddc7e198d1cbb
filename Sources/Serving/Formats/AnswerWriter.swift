// Answers as bytes: one line a row in text/csv and application/jsonlines, one object in application/json.

import Learn

/// Writes what a model says of rows.
struct AnswerWriter: Sendable {
  private let classes: [String]
  /// The classes as they stand in each format, made once.
  private let csvLabels: [[UInt8]]
  private let jsonLabels: [[UInt8]]
  private let csvClasses: [UInt8]
  private let jsonClasses: [UInt8]

  init(classes: [String]) {
    self.classes = classes
    csvLabels = classes.map { name in
      var bytes: [UInt8] = []
      Self.append(csv: name, to: &bytes)
      return bytes
    }
    jsonLabels = classes.map { name in
      var bytes: [UInt8] = []
      Self.append(json: name, to: &bytes)
      return bytes
    }
    jsonClasses = [UInt8(ascii: "[")] + jsonLabels.joined(separator: [UInt8(ascii: ","), 32]) + [UInt8(ascii: "]")]
    var quoted: [UInt8] = []
    Self.append(csv: String(decoding: jsonClasses, as: UTF8.self), to: &quoted, always: true)
    csvClasses = quoted
  }

  /// What stands before the first row.
  func begin(_ format: BodyFormat, to bytes: inout [UInt8]) {
    if format == .json { Self.append(#"{"predictions":["#, to: &bytes) }
  }

  /// One row: the values that the model gave, and the place of the class that it chose.
  func append(
    _ values: UnsafeBufferPointer<Double>, _ label: Int?, isFirst: Bool, fields: [AnswerField], format: BodyFormat,
    to bytes: inout [UInt8]
  ) {
    switch format {
    case .csv:
      for (position, field) in fields.enumerated() {
        if position > 0 { bytes.append(UInt8(ascii: ",")) }
        appendCSV(values, label, field, to: &bytes)
      }
      bytes.append(10)
    case .json:
      if !isFirst { bytes.append(UInt8(ascii: ",")) }
      appendJSON(values, label, fields, to: &bytes)
    case .jsonLines:
      appendJSON(values, label, fields, to: &bytes)
      bytes.append(10)
    }
  }

  /// What stands behind the last row.
  func end(_ format: BodyFormat, to bytes: inout [UInt8]) {
    if format == .json { Self.append("]}\n", to: &bytes) }
  }

  private func appendCSV(
    _ values: UnsafeBufferPointer<Double>, _ label: Int?, _ field: AnswerField, to bytes: inout [UInt8]
  ) {
    switch field {
    case .predictedLabel:
      if let label { bytes += csvLabels[label] } else { Self.append(values[0], to: &bytes) }
    case .probability: Self.append(values[label ?? 0], to: &bytes)
    case .probabilities:
      bytes.append(UInt8(ascii: "\""))
      appendList(values, to: &bytes)
      bytes.append(UInt8(ascii: "\""))
    case .labels: bytes += csvClasses
    }
  }

  private func appendJSON(
    _ values: UnsafeBufferPointer<Double>, _ label: Int?, _ fields: [AnswerField], to bytes: inout [UInt8]
  ) {
    bytes.append(UInt8(ascii: "{"))
    for (position, field) in fields.enumerated() {
      if position > 0 { bytes.append(UInt8(ascii: ",")) }
      bytes.append(UInt8(ascii: "\""))
      bytes += field.rawValue.utf8
      Self.append("\":", to: &bytes)
      switch field {
      case .predictedLabel:
        if let label { bytes += jsonLabels[label] } else { append(json: values[0], to: &bytes) }
      case .probability: append(json: values[label ?? 0], to: &bytes)
      case .probabilities: appendList(values, to: &bytes)
      case .labels: bytes += jsonClasses
      }
    }
    bytes.append(UInt8(ascii: "}"))
  }

  private func appendList(_ values: UnsafeBufferPointer<Double>, to bytes: inout [UInt8]) {
    bytes.append(UInt8(ascii: "["))
    for (position, value) in values.enumerated() {
      if position > 0 { Self.append(", ", to: &bytes) }
      append(json: value, to: &bytes)
    }
    bytes.append(UInt8(ascii: "]"))
  }

  /// A number that reads back as the same one; JSON has none for what is not finite.
  private func append(json value: Double, to bytes: inout [UInt8]) {
    if value.isFinite { Self.append(value, to: &bytes) } else { Self.append("null", to: &bytes) }
  }

  private static func append(_ value: Double, to bytes: inout [UInt8]) { bytes += "\(value)".utf8 }

  // MARK: Texts

  static func append(_ text: StaticString, to bytes: inout [UInt8]) {
    bytes += UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount)
  }

  static func append(json text: String, to bytes: inout [UInt8]) {
    bytes.append(UInt8(ascii: "\""))
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"): bytes += [UInt8(ascii: "\\"), byte]
      case 10: bytes += Array("\\n".utf8)
      case ..<32:
        let digits = String(byte, radix: 16)
        bytes += Array(("\\u" + String(repeating: "0", count: 4 - digits.count) + digits).utf8)
      default: bytes.append(byte)
      }
    }
    bytes.append(UInt8(ascii: "\""))
  }

  static func append(csv text: String, to bytes: inout [UInt8], always: Bool = false) {
    let needsQuotes = always || text.utf8.contains { [UInt8(ascii: ","), UInt8(ascii: "\""), 10, 13].contains($0) }
    guard needsQuotes else {
      bytes += Array(text.utf8)
      return
    }
    bytes.append(UInt8(ascii: "\""))
    for byte in text.utf8 {
      if byte == UInt8(ascii: "\"") { bytes.append(byte) }
      bytes.append(byte)
    }
    bytes.append(UInt8(ascii: "\""))
  }
}
