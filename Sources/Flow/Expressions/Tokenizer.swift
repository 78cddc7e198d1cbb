// Cuts an expression into words. Positions are counted in characters, so that the screen can point at them.

/// A half-open range of characters of an expression.
struct TextRange: Equatable, Sendable {
  var lower: Int
  var upper: Int

  func union(_ other: TextRange) -> TextRange {
    TextRange(lower: min(lower, other.lower), upper: max(upper, other.upper))
  }
}

struct Token: Equatable {
  enum Kind: Equatable {
    /// A bare word: a keyword, a function or a column.
    case word(String)
    /// `"name"`: a column, or a text where no column has that name.
    case quoted(String)
    /// `[name]`: always a column.
    case bracketed(String)
    case text(String)
    case integer(Int64)
    case real(Double)
    case symbol(String)
    case end
  }

  var kind: Kind
  var range: TextRange
}

/// Reads tokens from left to right.
struct Tokenizer {
  private let text: String
  private let characters: [Character]
  private var position = 0

  init(_ text: String) {
    self.text = text
    characters = Array(text)
  }

  private static let symbols = [
    "==", "!=", "<>", "<=", ">=", "&&", "||", "!~", "//", "**", "=", "<", ">", "+", "-", "*", "/", "%", "^", "(", ")",
    ",", "~", "&", "|", "!",
  ].map(Array.init)

  /// All tokens, `.end` last.
  static func tokens(of text: String) throws -> [Token] {
    var tokenizer = Tokenizer(text)
    var tokens: [Token] = []
    repeat { tokens.append(try tokenizer.next()) } while tokens.last?.kind != .end
    return tokens
  }

  private mutating func next() throws -> Token {
    while position < characters.count, characters[position].isWhitespace { position += 1 }
    let start = position
    guard start < characters.count else { return token(.end, from: start) }
    let first = characters[start]
    if let kind = try quoted(first) { return token(kind, from: start) }
    if isDigit(first) || (first == "." && isDigit(peek(1))) { return try number() }
    if first.isLetter || first == "_" { return word() }
    for symbol in Self.symbols where characters[start...].starts(with: symbol) {
      position += symbol.count
      return token(.symbol(String(symbol)), from: start)
    }
    throw fault(start, 1, "\"\(first)\" means nothing here")
  }

  /// A text or name in quotes, where one starts here.
  private mutating func quoted(_ first: Character) throws -> Token.Kind? {
    switch first {
    case "'": .text(try quotedText(closing: "'", what: "text"))
    case "\"": .quoted(try quotedText(closing: "\"", what: "name"))
    case "[": .bracketed(try quotedText(closing: "]", what: "column name"))
    default: nil
    }
  }

  private func token(_ kind: Token.Kind, from start: Int) -> Token {
    Token(kind: kind, range: TextRange(lower: start, upper: position))
  }

  private func peek(_ distance: Int) -> Character? {
    position + distance < characters.count ? characters[position + distance] : nil
  }

  private func isDigit(_ character: Character?) -> Bool {
    guard let character else { return false }
    return character.isASCII && character.isNumber
  }

  /// Reads to the closing mark; a doubled mark stands for itself.
  private mutating func quotedText(closing mark: Character, what: String) throws -> String {
    let start = position
    position += 1
    var content = ""
    while position < characters.count {
      let character = characters[position]
      position += 1
      if character != mark {
        content.append(character)
      } else if position < characters.count, characters[position] == mark {
        content.append(mark)
        position += 1
      } else {
        return content
      }
    }
    throw fault(start, characters.count - start, "the \(what) has no end", expected: ["a closing \(mark)"])
  }

  private mutating func word() -> Token {
    let start = position
    while let character = peek(0) {
      let continues = character.isLetter || character.isNumber || character == "_"
      let joins = character == "." && (peek(1).map { $0.isLetter || $0 == "_" } ?? false)
      guard continues || joins else { break }
      position += 1
    }
    return token(.word(String(characters[start..<position])), from: start)
  }

  private mutating func number() throws -> Token {
    let start = position
    while isDigit(peek(0)) { position += 1 }
    var isReal = false
    if peek(0) == "." {
      isReal = true
      position += 1
      while isDigit(peek(0)) { position += 1 }
    }
    if let mark = peek(0), mark == "e" || mark == "E" {
      let sign = peek(1) == "+" || peek(1) == "-" ? 1 : 0
      if isDigit(peek(1 + sign)) {
        isReal = true
        position += 1 + sign
        while isDigit(peek(0)) { position += 1 }
      }
    }
    if let next = peek(0), next.isLetter || next == "_" {
      throw fault(start, position + 1 - start, "a number cannot be followed by \"\(next)\"")
    }
    let digits = String(characters[start..<position])
    if !isReal, let integer = Int64(digits) { return token(.integer(integer), from: start) }
    guard let real = Double(digits.hasSuffix(".") ? digits + "0" : digits), real.isFinite else {
      throw fault(start, position - start, "the number \(digits) is out of range")
    }
    return token(.real(real), from: start)
  }

  private func fault(_ offset: Int, _ length: Int, _ message: String, expected: [String] = []) -> ExpressionError {
    ExpressionError(text: text, offset: offset, length: length, message: message, expected: expected)
  }
}
