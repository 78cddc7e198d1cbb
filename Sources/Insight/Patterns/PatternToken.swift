// A part of a textual pattern, and how texts come apart into such parts.

/// A run of characters of one sort, or characters that stand for themselves.
public struct PatternToken: Codable, Sendable, Equatable, Hashable {
  public enum Sort: String, Codable, Sendable, CaseIterable {
    /// Letters and digits, both.
    case alnum
    /// Whatever there is.
    case any
    case digits, lower
    /// Letters of either case, or of none.
    case mixed
    /// A capital letter and small ones after it.
    case name
    case upper, whitespace
    /// Characters as they stand.
    case literal
  }

  public var sort: Sort
  /// Characters, the fewest and the most; any number where `longest` is nil.
  public var shortest: Int
  public var longest: Int?
  /// The characters of a literal.
  public var text: String

  init(_ sort: Sort, _ length: Int, text: String = "") {
    (self.sort, shortest, longest, self.text) = (sort, length, length, text)
  }

  /// `{digits:4-7}`, `{alnum:5}`, `{lower:4+}`; braces of a literal are doubled.
  public var description: String {
    if sort == .literal { return text.replacing("{", with: "{{").replacing("}", with: "}}") }
    let end = longest.map { $0 == shortest ? "" : "-\($0)" } ?? "+"
    return "{\(sort.rawValue):\(shortest)\(end)}"
  }

  /// A regular expression as DuckDB reads it (RE2).
  var expression: String {
    func repeated(_ item: String, less: Int = 0) -> String {
      let low = shortest - less
      guard let longest else { return "\(item){\(low),}" }
      return longest == shortest ? "\(item){\(low)}" : "\(item){\(low),\(longest - less)}"
    }
    switch sort {
    case .literal: return Self.escaped(text)
    case .any: return repeated("(?s:.)")
    case .digits: return repeated(#"\p{Nd}"#)
    case .lower: return repeated(#"\p{Ll}"#)
    case .upper: return repeated(#"\p{Lu}"#)
    case .name: return #"\p{Lu}"# + repeated(#"\p{Ll}"#, less: 1)
    case .mixed: return repeated(#"\p{L}"#)
    case .alnum: return repeated(#"[\p{L}\p{Nd}]"#)
    case .whitespace: return repeated(#"[\t\n\v\f\r\x{85}\p{Z}]"#)
    }
  }

  private static func escaped(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      if #"\.+*?()|[]{}^$"#.unicodeScalars.contains(scalar) { result += "\\" }
      result.unicodeScalars.append(scalar)
    }
    return result
  }

  /// Tokens whose expression RE2 can hold: it writes a repeated character out as often as it may occur, and a letter of any
  /// script takes hundreds of instructions. The longest tokens lose their bound first.
  static func bounded(_ tokens: [PatternToken]) -> [PatternToken] {
    var tokens = tokens
    func size(_ index: Int) -> Int {
      tokens[index].sort == .literal ? 0 : tokens[index].longest ?? tokens[index].shortest
    }
    while tokens.indices.reduce(0, { $0 + size($1) }) > 80 {
      let closed = tokens.indices.filter { tokens[$0].sort != .literal && tokens[$0].longest != nil }
      guard let index = closed.max(by: { size($0) < size($1) }) else { return tokens }
      tokens[index].longest = nil
      tokens[index].shortest = min(tokens[index].shortest, 4)
    }
    return tokens
  }

  // MARK: - Taking texts apart

  private enum CharacterSort: UInt8 { case digit, lower, upper, letter, blank, other }

  private static func sort(_ scalar: Unicode.Scalar) -> CharacterSort {
    switch scalar.value {
    case 0x30...0x39: return .digit
    case 0x61...0x7A: return .lower
    case 0x41...0x5A: return .upper
    case 0x09...0x0D, 0x20, 0x85: return .blank
    case 0..<0x80: return .other
    default: break
    }
    switch scalar.properties.generalCategory {
    case .decimalNumber: return .digit
    case .lowercaseLetter: return .lower
    case .uppercaseLetter: return .upper
    case .titlecaseLetter, .modifierLetter, .otherLetter: return .letter
    case .spaceSeparator, .lineSeparator, .paragraphSeparator: return .blank
    default: return .other
    }
  }

  static func sortBit(_ scalar: Unicode.Scalar) -> UInt8 { 1 << sort(scalar).rawValue }

  /// The characters that a run of a sort is made of, as bits; none of a literal. A name's are those of its parts.
  static func sortBits(_ sort: Sort) -> UInt8 {
    func bits(_ sorts: CharacterSort...) -> UInt8 { sorts.reduce(0) { $0 | 1 << $1.rawValue } }
    return switch sort {
    case .alnum: bits(.digit, .lower, .upper, .letter)
    case .any: .max
    case .digits: bits(.digit)
    case .lower: bits(.lower)
    case .mixed: bits(.lower, .upper, .letter)
    case .name: bits(.lower, .upper)
    case .upper: bits(.upper)
    case .whitespace: bits(.blank)
    case .literal: 0
    }
  }

  /// The runs of a text.
  /// - Returns: nil of a text with more than `most` runs.
  static func tokens(of text: String, most: Int) -> [PatternToken]? {
    var tokens: [PatternToken] = []
    /// Letters and digits of the run: how many of each sort.
    var (digits, lowers, uppers, letters, isName) = (0, 0, 0, 0, false)
    func closeRun() {
      let length = digits + lowers + uppers + letters
      guard length > 0 else { return }
      let sort: Sort
      if digits == length {
        sort = .digits
      } else if digits > 0 {
        sort = .alnum
      } else if lowers == length {
        sort = .lower
      } else if uppers == length {
        sort = .upper
      } else {
        sort = isName && uppers == 1 && letters == 0 ? .name : .mixed
      }
      tokens.append(PatternToken(sort, length))
      (digits, lowers, uppers, letters, isName) = (0, 0, 0, 0, false)
    }
    for scalar in text.unicodeScalars {
      switch sort(scalar) {
      case .digit: digits += 1
      case .lower: lowers += 1
      case .upper:
        isName = digits + lowers + uppers + letters == 0
        uppers += 1
      case .letter: letters += 1
      case .blank:
        closeRun()
        if let last = tokens.last, last.sort == .whitespace {
          tokens[tokens.count - 1] = PatternToken(.whitespace, last.shortest + 1)
        } else {
          tokens.append(PatternToken(.whitespace, 1))
        }
      case .other:
        closeRun()
        if let last = tokens.last, last.sort == .literal {
          tokens[tokens.count - 1] = PatternToken(
            .literal, last.shortest + 1, text: last.text + String(Character(scalar)))
        } else {
          tokens.append(PatternToken(.literal, 1, text: String(Character(scalar))))
        }
      }
      if tokens.count > most { return nil }
    }
    closeRun()
    return tokens.count > most ? nil : tokens
  }

  /// The sort at a level of detail: 0 as it is, 1 letters of any case alike, 2 letters and digits alike.
  func sort(at level: Int) -> Sort {
    switch sort {
    case .lower, .upper, .name, .mixed: level == 0 ? sort : level == 1 ? .mixed : .alnum
    case .digits, .alnum: level < 2 ? sort : .alnum
    case .whitespace, .literal, .any: sort
    }
  }
}
