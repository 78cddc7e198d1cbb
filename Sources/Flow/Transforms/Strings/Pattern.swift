import Frame

/// Regular expressions as RE2 reads them.
enum Pattern {
  /// The pattern that finds `text` itself.
  static func quoted(_ text: String) -> String {
    var pattern = ""
    for scalar in text.unicodeScalars {
      let isWord =
        !scalar.isASCII || ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar)
        || ("0"..."9").contains(scalar)
      if scalar == "\0" {
        pattern += "\\x00"
      } else {
        pattern += (isWord ? "" : "\\") + String(Character(scalar))
      }
    }
    return pattern
  }

  /// A replacement that stands for itself.
  static func quotedReplacement(_ text: String) -> String { text.replacing("\\", with: "\\\\") }

  /// The pattern that a form asks for, as an SQL literal: plain text or an expression, with or without case.
  static func literal(_ text: String, isExpression: Bool, ignoresCase: Bool = false) -> String {
    SQL.text((ignoresCase ? "(?i)" : "") + (isExpression ? "(?:\(text))" : quoted(text)))
  }

  /// What is wrong with an expression, as a sentence; nil where nothing is seen. The database has the last word.
  static func fault(_ text: String, _ label: String) -> String? {
    let letters = Array(text)
    var (depth, place) = (0, 0)
    // Whether something stands before that can be repeated.
    var isRepeatable = false
    func rest(_ count: Int) -> String { String(letters[place..<min(letters.count, place + count)]) }
    while place < letters.count {
      switch letters[place] {
      case "\\":
        guard place + 1 < letters.count else { return "\(label): a \\ at the end: write \\\\ to find one" }
        if ("1"..."9").contains(letters[place + 1]) {
          return "\(label): \(rest(2)) cannot refer back to a group: RE2 has no such thing"
        }
        (place, isRepeatable) = (place + 1, true)
      case "[":
        // A ] at the very start of a class stands for itself.
        place += letters.indices.contains(place + 1) && letters[place + 1] == "^" ? 2 : 1
        if place < letters.count, letters[place] == "]" { place += 1 }
        while place < letters.count, letters[place] != "]" { place += letters[place] == "\\" ? 2 : 1 }
        guard place < letters.count else { return "\(label): a [ is not closed: write \\[ to find one" }
        isRepeatable = true
      case "(":
        if ["(?=", "(?!"].contains(rest(3)) || ["(?<=", "(?<!"].contains(rest(4)) {
          return "\(label): cannot look ahead or behind: RE2 has no such thing; use a group"
        }
        if rest(2) == "(?" { place += 1 }
        (depth, isRepeatable) = (depth + 1, false)
      case ")":
        guard depth > 0 else { return "\(label): a ) closes nothing: write \\) to find one" }
        (depth, isRepeatable) = (depth - 1, true)
      case "*", "+", "?":
        guard isRepeatable else {
          return "\(label): nothing stands before a \(letters[place]) to repeat: write \\\(letters[place]) to find one"
        }
      case "|": isRepeatable = false
      default: isRepeatable = true
      }
      place += 1
    }
    return depth > 0 ? "\(label): a ( is not closed: write \\( to find one" : nil
  }
}
