/// Checks that a text is one statement that reads only, so that it can stand in parentheses within another.
enum SelectStatement {
  private static let readers = ["SELECT", "WITH", "FROM", "VALUES", "PIVOT", "UNPIVOT"]

  /// Why it is not; nil where it is.
  static func fault(_ text: String) -> String? {
    var scanner = Scanner(text)
    if let fault = scanner.scan() { return fault }
    let word = scanner.firstWord.uppercased()
    if word.isEmpty { return "write a SELECT, such as SELECT * FROM data" }
    return readers.contains(word)
      ? nil : "the query must be one SELECT; \(word) is not allowed here, for a step changes nothing but its own rows"
  }

  /// Without the semicolons and blanks at its end. A semicolon before a comment is the caller's fault.
  static func trimmed(_ text: String) -> String {
    var scanner = Scanner(text)
    _ = scanner.scan()
    guard let end = scanner.semicolon else { return text }
    return String(String.UnicodeScalarView(Array(text.unicodeScalars)[..<end]))
  }

  /// Goes over a text outside of literals, quoted names and comments.
  private struct Scanner {
    let text: [Unicode.Scalar]
    var position = 0
    var depth = 0
    var firstWord = ""
    /// Where the statement ends, if it says so.
    var semicolon: Int?

    init(_ text: String) { self.text = Array(text.unicodeScalars) }

    private func at(_ offset: Int) -> Unicode.Scalar? {
      text.indices.contains(position + offset) ? text[position + offset] : nil
    }

    mutating func scan() -> String? {
      while let scalar = at(0) {
        switch scalar {
        case "'":
          guard skipQuoted("'", escapes: isEscaped) else { return "a text in quotes ' is not closed" }
        case "\"": guard skipQuoted("\"", escapes: false) else { return "a name in quotes \" is not closed" }
        case "$": guard skipDollars() else { return "a text in $$ is not closed" }
        case "-" where at(1) == "-":
          while let next = at(0), next != "\n", next != "\r" { position += 1 }
          continue
        case "/" where at(1) == "*":
          guard skipComment() else { return "a comment /* is not closed" }
          continue
        case "(", "[", "{":
          depth += 1
          position += 1
        case ")", "]", "}":
          depth -= 1
          if depth < 0 { return "there is a \(scalar) too many" }
          position += 1
        case ";":
          if depth > 0 { return "a ; stands within parentheses" }
          if semicolon == nil { semicolon = position }
          position += 1
          continue
        case "\0": return "the query holds a NUL character"
        default:
          if !scalar.properties.isWhitespace { take(scalar) }
          position += 1
          if scalar.properties.isWhitespace { continue }
        }
        if semicolon != nil { return "the query must be one statement: nothing may follow the ;" }
      }
      return depth == 0 ? nil : "a ( is not closed"
    }

    /// Whether the quote here opens an E'…', in which a backslash takes the next character along; date'…' does not.
    private var isEscaped: Bool {
      guard position > 0, ["e", "E"].contains(text[position - 1]) else { return false }
      guard position > 1 else { return true }
      let before = text[position - 2]
      return !Self.isLetter(before) && before.properties.numericType == nil && before != "$" && before != "\""
    }

    /// Gathers the first word.
    private mutating func take(_ scalar: Unicode.Scalar) {
      let isStart = firstWord.isEmpty || position > 0 && Self.isLetter(text[position - 1]) && isFirst
      if Self.isLetter(scalar), isStart { firstWord.unicodeScalars.append(scalar) } else { isFirst = false }
    }

    private var isFirst = true

    private static func isLetter(_ scalar: Unicode.Scalar) -> Bool { scalar.properties.isAlphabetic || scalar == "_" }

    private mutating func skipQuoted(_ quote: Unicode.Scalar, escapes: Bool) -> Bool {
      position += 1
      while let scalar = at(0) {
        if escapes, scalar == "\\" {
          position += 2
        } else if scalar == quote {
          if at(1) == quote {
            position += 2
          } else {
            position += 1
            return true
          }
        } else {
          position += 1
        }
      }
      return false
    }

    /// `$$…$$` and `$tag$…$tag$`; a lone `$1` is no text.
    private mutating func skipDollars() -> Bool {
      var end = position + 1
      while end < text.count,
        Self.isLetter(text[end]) || (end > position + 1 && text[end].properties.numericType != nil)
      {
        end += 1
      }
      guard end < text.count, text[end] == "$" else {
        position += 1
        return true
      }
      let tag = Array(text[position...end])
      var start = end + 1
      while start + tag.count <= text.count {
        if Array(text[start..<start + tag.count]) == tag {
          position = start + tag.count
          return true
        }
        start += 1
      }
      return false
    }

    /// DuckDB's comments nest.
    private mutating func skipComment() -> Bool {
      var open = 0
      while at(0) != nil {
        if at(0) == "/", at(1) == "*" {
          open += 1
          position += 2
        } else if at(0) == "*", at(1) == "/" {
          open -= 1
          position += 2
          if open == 0 { return true }
        } else {
          position += 1
        }
      }
      return false
    }
  }
}
