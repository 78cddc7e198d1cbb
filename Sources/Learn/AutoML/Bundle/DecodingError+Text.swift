// What is wrong with a file of JSON, in words that say where.

extension DecodingError {
  /// `"members", 2, "weight" is missing`: after the name of the file it makes a sentence.
  var shortText: String {
    switch self {
    case .keyNotFound(let key, let context): Self.place(context.codingPath + [key]) + "is missing"
    case .typeMismatch(let type, let context): Self.place(context.codingPath) + "is not \(Self.name(type))"
    case .valueNotFound(let type, let context):
      Self.place(context.codingPath) + "is empty instead of \(Self.name(type))"
    case .dataCorrupted(let context):
      context.codingPath.isEmpty
        ? "it is no whole JSON: cut short, or overwritten" : Self.place(context.codingPath) + "means nothing"
    @unknown default: "it means nothing"
    }
  }

  private static func place(_ path: [any CodingKey]) -> String {
    guard !path.isEmpty else { return "the whole " }
    let parts = path.map { key in key.intValue.map { "\($0 + 1)" } ?? quoted(key.stringValue) }
    return parts.joined(separator: ", ") + " "
  }

  private static func name(_ type: Any.Type) -> String {
    switch type {
    case is String.Type: "a text"
    case is Bool.Type: "true or false"
    case is any BinaryInteger.Type: "a whole number"
    case is any BinaryFloatingPoint.Type: "a number"
    case is any Sequence.Type where "\(type)".hasPrefix("Array"): "a list"
    default: "a list or an object, as it should be"
    }
  }
}
