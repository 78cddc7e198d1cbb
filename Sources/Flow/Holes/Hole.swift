// Where `{{name}}` stands in a text, and how a value gets there without becoming more than a value.

/// A place for a parameter.
struct Hole: Equatable {
  let name: String
  /// In characters, with the braces.
  let range: Range<Int>

  static func isName(_ text: some StringProtocol) -> Bool {
    guard let first = text.first, first.isLetter || first == "_" else { return false }
    return text.allSatisfy { $0.isLetter || $0.isNumber || $0 == "_" }
  }

  /// The holes of a text, from left to right. Braces around anything but a name are no hole.
  static func all(in text: String) -> [Hole] {
    guard text.contains("{{") else { return [] }
    let characters = Array(text)
    var holes: [Hole] = []
    var start = 0
    while start + 4 < characters.count {
      guard let hole = at(start, in: characters) else {
        start += 1
        continue
      }
      holes.append(hole)
      start = hole.range.upperBound
    }
    return holes
  }

  /// The hole that begins at a character.
  static func at(_ start: Int, in characters: [Character]) -> Hole? {
    guard start + 4 < characters.count, characters[start] == "{", characters[start + 1] == "{" else { return nil }
    var end = start + 2
    while end < characters.count, characters[end] != "}", characters[end] != "{" { end += 1 }
    guard end + 1 < characters.count, characters[end] == "}", characters[end + 1] == "}" else { return nil }
    let name = String(characters[(start + 2)..<end]).trimmed
    return isName(name) ? Hole(name: name, range: start..<(end + 2)) : nil
  }

  /// The name of the hole that is all of a text, such as ` {{n}} `.
  static func whole(_ text: String) -> String? {
    let characters = Array(text.trimmed)
    guard let hole = at(0, in: characters), hole.range.count == characters.count else { return nil }
    return hole.name
  }
}

/// Puts the values of parameters where their holes are.
struct HoleFilling {
  let parameters: [String: FlowParameter]

  /// The parameter, which has a value.
  /// - Throws: `FlowError.noValue`.
  func value(_ name: String) throws -> FlowParameter {
    if let parameter = parameters[name], parameter.value != nil { return parameter }
    let near = parameters[name] == nil ? Nearest.name(to: name, among: parameters.keys.sorted()) : nil
    throw FlowError.noValue(name, nearest: near)
  }

  /// A path or a text: the value as it is spelled.
  func text(_ text: String) throws -> String {
    var filled = ""
    var position = 0
    let characters = Array(text)
    for hole in Hole.all(in: text) {
      filled += String(characters[position..<hole.range.lowerBound]) + (try value(hole.name).value ?? "")
      position = hole.range.upperBound
    }
    return filled + String(characters[position...])
  }

  /// An expression: a literal of the parameter's kind; within quotes a part of the quoted text.
  func expression(_ text: String) throws -> String {
    try scan(text, quotes: ["'": "'", "\"": "\"", "[": "]"]) { $0.expression }
  }

  /// SQL: a literal of the parameter's kind; within quotes a part of the quoted text; in a comment nothing.
  func sql(_ text: String) throws -> String {
    try scan(text, quotes: ["'": "'", "\"": "\""], isSQL: true) { $0.sql }
  }

  private func scan(
    _ text: String, quotes: [Character: Character], isSQL: Bool = false, literal: (FlowParameter) -> String
  ) throws -> String {
    guard text.contains("{{") else { return text }
    let characters = Array(text)
    var filled = ""
    var position = 0
    /// What ends the quoted text or the comment here.
    var closing: Character?
    var isEscaped = false
    var comment: Comment?
    func next(_ offset: Int = 1) -> Character? {
      characters.indices.contains(position + offset) ? characters[position + offset] : nil
    }
    while position < characters.count {
      let character = characters[position]
      if let hole = Hole.at(position, in: characters) {
        if comment != nil {
          filled += hole.name
        } else if let closing {
          var part = try value(hole.name).value ?? ""
          if isEscaped { part = part.doubling("\\") }
          if isSQL, let sign = closing.unicodeScalars.first {
            filled += part.doubling(sign)
          } else {
            // Expressions are read by characters.
            filled += part.replacing(String(closing), with: "\(closing)\(closing)")
          }
        } else {
          let value = literal(try value(hole.name))
          let after = characters.indices.contains(hole.range.upperBound) ? characters[hole.range.upperBound] : " "
          // A value never grows together with a word beside it.
          filled += (Self.isWord(filled.last) ? " " : "") + value + (Self.isWord(after) ? " " : "")
        }
        position = hole.range.upperBound
        continue
      }
      if let open = comment {
        if open == .line, character.isNewline { comment = nil }
        if case .block(let depth) = open {
          if character == "*", next() == "/" {
            comment = depth == 1 ? nil : .block(depth - 1)
            filled.append(character)
            position += 1
          } else if character == "/", next() == "*" {
            comment = .block(depth + 1)
            filled.append(character)
            position += 1
          }
        }
      } else if let mark = closing {
        if isEscaped, character == "\\", next() != nil {
          filled.append(character)
          position += 1
        } else if character == mark {
          // A doubled mark ends the text and begins it again at once.
          closing = nil
          isEscaped = false
          if next() == mark {
            filled.append(character)
            position += 1
            closing = mark
          }
        }
      } else if let mark = quotes[character] {
        isEscaped = isSQL && character == "'" && Self.isEscape(filled)
        closing = mark
      } else if isSQL {
        if character == "-", next() == "-" { comment = .line }
        if character == "/", next() == "*" {
          comment = .block(1)
          filled.append(character)
          position += 1
        }
        if character == "$", let end = dollars(from: position, characters) {
          if let hole = Hole.all(in: String(characters[position..<end])).first {
            throw FlowError.parameter(hole.name, "cannot stand in a text in $$: write the text in '…'")
          }
          filled += String(characters[position..<end])
          position = end
          continue
        }
      }
      filled.append(characters[position])
      position += 1
    }
    return filled
  }

  private enum Comment: Equatable { case line, block(Int) }

  private static func isWord(_ character: Character?) -> Bool {
    character.map { $0.isLetter || $0.isNumber || $0 == "_" || $0 == "." || $0 == "$" } ?? false
  }

  /// Whether a quote after this text opens an E'…'.
  private static func isEscape(_ before: String) -> Bool {
    guard let last = before.last, last == "e" || last == "E" else { return false }
    return !isWord(before.dropLast().last)
  }

  /// The end of a `$tag$…$tag$` that begins here.
  private func dollars(from start: Int, _ characters: [Character]) -> Int? {
    guard let mark = characters[(start + 1)...].firstIndex(of: "$"),
      characters[(start + 1)..<mark].allSatisfy({ $0.isLetter || $0.isNumber || $0 == "_" })
    else { return nil }
    let tag = Array(characters[start...mark])
    var end = mark + 1
    while end + tag.count <= characters.count {
      if Array(characters[end..<end + tag.count]) == tag { return end + tag.count }
      end += 1
    }
    return nil
  }
}
