// A fault in an expression, with the place where it stands.

/// What is wrong with an expression, and where.
public struct ExpressionError: Error, Equatable, Hashable, Sendable {
  /// The expression as it was written.
  public let text: String
  /// Where the fault starts, counted in characters from 0; equal to the length of `text` where the end came too early.
  public let offset: Int
  /// How many characters are at fault, at least 1.
  public let length: Int
  /// What is wrong, such as `no column "agee"`.
  public let message: String
  /// What could have stood there; empty where that says nothing.
  public let expected: [String]
  /// The column or function that was probably meant.
  public let suggestion: String?

  public init(
    text: String, offset: Int, length: Int = 1, message: String, expected: [String] = [], suggestion: String? = nil
  ) {
    self.text = text
    self.offset = offset
    self.length = max(1, length)
    self.message = message
    self.expected = expected
    self.suggestion = suggestion
  }

  /// A line that points at the fault when set below the expression in a fixed-width font.
  public var pointer: String { String(repeating: " ", count: offset) + String(repeating: "^", count: length) }
}

extension ExpressionError: CustomStringConvertible {
  /// One sentence: what, what was expected or meant, and at which character (counted from 1).
  public var description: String {
    var sentence = message
    if !expected.isEmpty { sentence += "; expected \(expected.joined(separator: " or "))" }
    if let suggestion { sentence += " – did you mean \(suggestion)?" }
    return sentence + " (at character \(offset + 1))"
  }
}
