// Counts of the kinds of characters in a text. A character is a Unicode scalar here; a word is a run of scalars that are
// not white space.

/// Counts of the kinds of characters in one text.
struct CharacterCounts {
  private(set) var words = 0
  private(set) var characters = 0
  private(set) var capitals = 0
  private(set) var lowers = 0
  private(set) var digits = 0
  /// Neither letter nor digit nor white space.
  private(set) var specials = 0

  init(_ text: String) {
    var inWord = false
    for scalar in text.unicodeScalars {
      characters += 1
      let isSpace = count(scalar)
      if !isSpace, !inWord { words += 1 }
      inWord = !isSpace
    }
  }

  /// The figure, ratios as a share of the characters (0 for an empty text).
  func figure(_ statistic: TextStatistic) -> Double {
    switch statistic {
    case .wordCount: Double(words)
    case .charCount: Double(characters)
    case .capitalRatio: ratio(capitals)
    case .lowerRatio: ratio(lowers)
    case .digitRatio: ratio(digits)
    case .specialRatio: ratio(specials)
    }
  }

  private func ratio(_ count: Int) -> Double { characters == 0 ? 0 : Double(count) / Double(characters) }

  /// Counts a scalar; true for white space.
  private mutating func count(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x61...0x7A: lowers += 1
    case 0x41...0x5A: capitals += 1
    case 0x30...0x39: digits += 1
    case 0x20, 0x09...0x0D: return true
    case 0..<0x80: specials += 1
    default: return countBeyondASCII(scalar.properties)
    }
    return false
  }

  private mutating func countBeyondASCII(_ properties: Unicode.Scalar.Properties) -> Bool {
    if properties.isWhitespace { return true }
    if properties.isUppercase {
      capitals += 1
    } else if properties.isLowercase {
      lowers += 1
    } else if properties.numericType != nil {
      digits += 1
    } else if !properties.isAlphabetic {
      specials += 1
    }
    return false
  }
}
