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

  /// The body of an answer.
  func body(_ answers: [RowAnswer], fields: [AnswerField], format: BodyFormat) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(answers.count * 24 * fields.count + 32)
    switch format {
    case .csv:
      for answer in answers {
        for (position, field) in fields.enumerated() {
          if position > 0 { bytes.append(UInt8(ascii: ",")) }
          appendCSV(answer, field, to: &bytes)
        }
        bytes.append(10)
      }
    case .json:
      bytes += Array(#"{"predictions":["#.utf8)
      for (position, answer) in answers.enumerated() {
        if position > 0 { bytes.append(UInt8(ascii: ",")) }
        appendJSON(answer, fields, to: &bytes)
      }
      bytes += Array("]}\n".utf8)
    case .jsonLines:
      for answer in answers {
        appendJSON(answer, fields, to: &bytes)
        bytes.append(10)
      }
    }
    return bytes
  }

  private func appendCSV(_ answer: RowAnswer, _ field: AnswerField, to bytes: inout [UInt8]) {
    switch field {
    case .predictedLabel:
      if let label = answer.label { bytes += csvLabels[label] } else { bytes += Array("\(answer.values[0])".utf8) }
    case .probability: bytes += Array("\(answer.values[answer.label ?? 0])".utf8)
    case .probabilities:
      bytes.append(UInt8(ascii: "\""))
      appendList(answer.values, to: &bytes)
      bytes.append(UInt8(ascii: "\""))
    case .labels: bytes += csvClasses
    }
  }

  private func appendJSON(_ answer: RowAnswer, _ fields: [AnswerField], to bytes: inout [UInt8]) {
    bytes.append(UInt8(ascii: "{"))
    for (position, field) in fields.enumerated() {
      if position > 0 { bytes.append(UInt8(ascii: ",")) }
      bytes += Array("\"\(field.rawValue)\":".utf8)
      switch field {
      case .predictedLabel:
        if let label = answer.label { bytes += jsonLabels[label] } else { append(answer.values[0], to: &bytes) }
      case .probability: append(answer.values[answer.label ?? 0], to: &bytes)
      case .probabilities: appendList(answer.values, to: &bytes)
      case .labels: bytes += jsonClasses
      }
    }
    bytes.append(UInt8(ascii: "}"))
  }

  private func appendList(_ values: [Double], to bytes: inout [UInt8]) {
    bytes.append(UInt8(ascii: "["))
    for (position, value) in values.enumerated() {
      if position > 0 { bytes += [UInt8(ascii: ","), 32] }
      append(value, to: &bytes)
    }
    bytes.append(UInt8(ascii: "]"))
  }

  /// A number that reads back as the same one; JSON has none for what is not finite.
  private func append(_ value: Double, to bytes: inout [UInt8]) {
    bytes += value.isFinite ? Array("\(value)".utf8) : Array("null".utf8)
  }

  // MARK: Texts

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
