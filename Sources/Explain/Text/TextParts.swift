// A text cut into the parts whose effect is asked for.

/// How large the parts of a text are.
public enum TextGranularity: String, Codable, Sendable, CaseIterable {
  /// Words, and marks between them; where a script has no spaces, characters.
  case token
  /// Up to the end of a sentence or of a line.
  case sentence
  /// Lines.
  case paragraph
}

/// The parts of a text, and what stands between them: together they are the text again.
public struct TextParts: Sendable, Equatable {
  /// A piece of the text, and the space before it.
  public struct Part: Sendable, Equatable {
    public var before, text: String
    /// Where it begins, in Unicode scalars.
    public var start: Int
  }

  public private(set) var parts: [Part] = []
  /// The space after the last part.
  public private(set) var after = ""

  /// - Parameter text: any text; of spaces alone it has no parts.
  public init(_ text: String, by granularity: TextGranularity) {
    let characters = Array(text)
    var starts = [0]
    for character in characters { starts.append(starts[starts.count - 1] + character.unicodeScalars.count) }
    var spaceStart = 0
    var at = 0
    while at < characters.count {
      if characters[at].isWhitespace {
        at += 1
        continue
      }
      let end = Self.end(of: granularity, from: at, in: characters)
      parts.append(
        Part(
          before: String(characters[spaceStart..<at]), text: String(characters[at..<end]), start: starts[at]))
      (at, spaceStart) = (end, end)
    }
    after = String(characters[spaceStart...])
  }

  /// The same text in at most so many parts: where there are more, neighbours are one.
  public func joined(most: Int) -> TextParts {
    guard parts.count > most, most > 0 else { return self }
    let each = (parts.count + most - 1) / most
    var result = self
    result.parts = stride(from: 0, to: parts.count, by: each).map { start in
      var whole = parts[start]
      for part in parts[start + 1..<min(parts.count, start + each)] { whole.text += part.before + part.text }
      return whole
    }
    return result
  }

  /// Where the part ends that begins with a character that is no space: never there itself.
  private static func end(of granularity: TextGranularity, from start: Int, in characters: [Character]) -> Int {
    switch granularity {
    case .token: return tokenEnd(from: start, in: characters)
    case .paragraph: return trimmed(characters[start...].firstIndex(where: \.isNewline) ?? characters.count, characters)
    case .sentence:
      var at = start
      while at < characters.count, !characters[at].isNewline {
        let isStop = ".!?…".contains(characters[at])
        let isWideStop = "。！？｡".contains(characters[at])
        at += 1
        guard isStop || isWideStop else { continue }
        // Further marks, and quotes and brackets that close, belong to the sentence that they end.
        while at < characters.count, ".!?…。！？｡\"'”’»)]}」』".contains(characters[at]) { at += 1 }
        if isWideStop || at == characters.count || characters[at].isWhitespace { return at }
      }
      return trimmed(at, characters)
    }
  }

  /// Without spaces at its end.
  private static func trimmed(_ end: Int, _ characters: [Character]) -> Int {
    var end = end
    while end > 0, characters[end - 1].isWhitespace { end -= 1 }
    return end
  }

  private static func tokenEnd(from start: Int, in characters: [Character]) -> Int {
    guard isWord(characters[start]), !isAlone(characters[start]) else { return start + 1 }
    var at = start + 1
    while at < characters.count {
      let character = characters[at]
      let isInner = "'’-_.,@".contains(character)
      if isWord(character), !isAlone(character) {
        at += 1
      } else if isInner, at + 1 < characters.count, isWord(characters[at + 1]), !isAlone(characters[at + 1]),
        !".,".contains(character) || (characters[at - 1].isNumber && characters[at + 1].isNumber)
      {
        // don't, e-mail, 3.14, a@b: marks between letters or digits part nothing.
        at += 2
      } else {
        break
      }
    }
    return at
  }

  private static func isWord(_ character: Character) -> Bool { character.isLetter || character.isNumber }

  /// Ideographs and kana: scripts that put no spaces between words.
  private static func isAlone(_ character: Character) -> Bool {
    guard let scalar = character.unicodeScalars.first else { return false }
    switch scalar.value {
    case 0x3040...0x30FF, 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xF900...0xFAFF, 0x20000...0x323AF, 0x0E00...0x0EFF:
      return true
    default: return false
    }
  }

  /// The text with some parts only; the others are replaced, or left out with the space before them where the
  /// replacement is empty.
  /// - Parameter isPresent: by part.
  public func text(_ isPresent: (Int) -> Bool, replacement: String) -> String {
    var text = ""
    for (number, part) in parts.enumerated() {
      if isPresent(number) {
        // What follows parts that were left out begins the text without a space.
        if !(text.isEmpty && number > 0) { text += part.before }
        text += part.text
      } else if !replacement.isEmpty {
        text += part.before + replacement
      }
    }
    return text + after
  }
}
