// The SQL that steps make, taken apart: what Frame's quoting and the transforms write, not all that DuckDB reads.

/// A piece of SQL: a token, or what stands between two brackets.
indirect enum SQLPiece: Hashable {
  /// A keyword, a function, or a name without quotes.
  case word(String)
  /// A quoted name, without its quotes.
  case name(String)
  /// A text literal, without its quotes.
  case text(String)
  case number(String)
  case sign(String)
  case group([SQLPiece])
  case list([SQLPiece])

  /// A keyword in capitals; nil for anything else.
  var keyword: String? { if case .word(let word) = self { word.uppercased() } else { nil } }

  func isWord(_ word: String) -> Bool { keyword == word }
}

/// Why a piece of SQL cannot be said elsewhere, as a clause.
public struct Untranslatable: Error, CustomStringConvertible {
  public let description: String
  init(_ description: String) { self.description = description }
}

/// Takes SQL apart.
struct SQLPieces {
  private let characters: [Character]
  private var at = 0
  private static let pairs: Set = ["::", "<=", ">=", "<>", "!=", "||", "//", "->", "==", "**"]

  static func of(_ sql: String) throws -> [SQLPiece] {
    var reader = SQLPieces(sql)
    let pieces = try reader.pieces(until: nil)
    return pieces
  }

  private init(_ sql: String) { characters = Array(sql) }

  private mutating func pieces(until end: Character?) throws -> [SQLPiece] {
    var found: [SQLPiece] = []
    while at < characters.count {
      let character = characters[at]
      if character == end {
        at += 1
        return found
      }
      if skipComment() { continue }
      switch character {
      case "'": found.append(.text(try quoted("'")))
      case "\"": found.append(.name(try quoted("\"")))
      case "(":
        at += 1
        found.append(.group(try pieces(until: ")")))
      case "[":
        at += 1
        found.append(.list(try pieces(until: "]")))
      case ")", "]", "{", "}", "$", "?", "@": throw Untranslatable("there is no \(character) there")
      case _ where character.isWhitespace: at += 1
      case _ where character.isNumber: found.append(.number(number()))
      case _ where character.isLetter || character == "_": found.append(.word(word()))
      default: found.append(.sign(sign()))
      }
    }
    if end != nil { throw Untranslatable("a bracket is not closed") }
    return found
  }

  /// True after a comment: `-- …` up to the end of the line, or between `/*` and `*/`, which may hold others.
  private mutating func skipComment() -> Bool {
    func stands(_ mark: String) -> Bool {
      at + 1 < characters.count && characters[at] == mark.first && characters[at + 1] == mark.last
    }
    if stands("--") {
      while at < characters.count, !characters[at].isNewline { at += 1 }
      return true
    }
    guard stands("/*") else { return false }
    var depth = 0
    repeat {
      if stands("/*") {
        depth += 1
        at += 2
      } else if stands("*/") {
        depth -= 1
        at += 2
      } else {
        at += 1
      }
    } while depth > 0 && at < characters.count
    return true
  }

  private mutating func quoted(_ quote: Character) throws -> String {
    var text = ""
    at += 1
    while at < characters.count {
      if characters[at] == quote {
        at += 1
        guard at < characters.count, characters[at] == quote else { return text }
      }
      text.append(characters[at])
      at += 1
    }
    throw Untranslatable("a quote is not closed")
  }

  private mutating func word() -> String {
    let start = at
    while at < characters.count, characters[at].isLetter || characters[at].isNumber || characters[at] == "_" { at += 1 }
    return String(characters[start..<at])
  }

  private mutating func number() -> String {
    let start = at
    while at < characters.count {
      let character = characters[at]
      let isExponentSign = (character == "+" || character == "-") && "eE".contains(characters[at - 1])
      guard character.isNumber || character == "." || "eE".contains(character) || isExponentSign else { break }
      at += 1
    }
    return String(characters[start..<at])
  }

  private mutating func sign() -> String {
    if at + 1 < characters.count {
      let pair = String(characters[at...at + 1])
      if Self.pairs.contains(pair) {
        at += 2
        return pair
      }
    }
    at += 1
    return String(characters[at - 1])
  }
}

extension Array where Element == SQLPiece {
  /// The parts between commas; none of an empty list.
  var parts: [[SQLPiece]] {
    isEmpty ? [] : split(separator: .sign(","), omittingEmptySubsequences: false).map(Array.init)
  }

  /// Where a keyword stands that is within no bracket.
  func place(of word: String, from start: Int = 0) -> Int? {
    indices.first { $0 >= start && self[$0].isWord(word) }
  }
}
