// BERT's way from text to numbers: basic splitting, then the longest pieces (Devlin et al. 2019; Wu et al. 2016).

import Foundation

/// A WordPiece tokenizer, from `tokenizer.json` or `vocab.txt`.
struct WordPiece: Sendable {
  private let pieces: [String: Int32]
  private let lowercases: Bool
  private let stripsAccents: Bool
  private let spacesChinese: Bool
  private let cleans: Bool
  private let prefix: String
  private let longestWord: Int
  /// Characters of the longest piece.
  private let longestPiece: Int
  /// Pieces that stand for themselves in a text, such as [MASK]: what they are made of, and their numbers.
  private let marks: [(scalars: [Unicode.Scalar], number: Int32)]
  let unknown: Int32
  let first: Int32
  let last: Int32

  /// - Parameters:
  ///   - folder: of the model.
  ///   - hasEnds: true where a text stands between marks of its beginning and its end, which the vocabulary then must have.
  init(folder: String, hasEnds: Bool = true) throws {
    let path = folder + "/tokenizer.json"
    var pieces: [String: Int32] = [:]
    var (lowercases, stripsAccents, spacesChinese, cleans) = (true, nil as Bool?, true, true)
    var (prefix, longestWord, unknownText) = ("##", 100, "[UNK]")
    var place = path
    var marks = ["[UNK]", "[CLS]", "[SEP]", "[PAD]", "[MASK]"]
    if let file = try JSONFile.optional(path) {
      let model = file["model"]
      guard model["type"].text ?? "WordPiece" == "WordPiece", let vocabulary = model["vocab"].object else {
        throw EmbedError.unsupported(
          path: path, what: "Its tokenizer is of the kind \(model["type"].text ?? "unknown")",
          advice: "Models with WordPiece or with byte-level BPE can be read.")
      }
      for (text, number) in vocabulary { pieces[text] = Int32(truncating: number as? NSNumber ?? 0) }
      try Self.check(file)
      marks = (file["added_tokens"].value as? [[String: Any]] ?? []).compactMap { $0["content"] as? String }
      prefix = model["continuing_subword_prefix"].text ?? prefix
      longestWord = model["max_input_chars_per_word"].int ?? longestWord
      unknownText = model["unk_token"].text ?? unknownText
      let parts = file["normalizer"]["normalizers"].value as? [[String: Any]]
      let normalizer =
        parts.map { JSONFile(path: path, value: $0.first { $0["type"] as? String == "BertNormalizer" }) }
        ?? file["normalizer"]
      lowercases = normalizer["lowercase"].bool ?? lowercases
      stripsAccents = normalizer["strip_accents"].bool
      spacesChinese = normalizer["handle_chinese_chars"].bool ?? spacesChinese
      cleans = normalizer["clean_text"].bool ?? cleans
    } else {
      place = folder + "/vocab.txt"
      guard let data = FileManager.default.contents(atPath: place) else { throw EmbedError.notFound(path: place) }
      var lines = String(decoding: data, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
      if lines.last == "" { lines.removeLast() }
      for (number, line) in lines.enumerated() {
        pieces[line.hasSuffix("\r") ? String(line.dropLast()) : String(line)] = Int32(number)
      }
      let settings = try JSONFile.optional(folder + "/tokenizer_config.json")
      lowercases = settings?["do_lower_case"].bool ?? lowercases
      stripsAccents = settings?["strip_accents"].bool
      spacesChinese = settings?["tokenize_chinese_chars"].bool ?? spacesChinese
    }
    func special(_ text: String) throws -> Int32 {
      guard let number = pieces[text] else {
        throw EmbedError.broken(path: place, place: text, reason: "the vocabulary lacks this piece")
      }
      return number
    }
    unknown = try special(unknownText)
    first = hasEnds ? try special("[CLS]") : -1
    last = hasEnds ? try special("[SEP]") : -1
    longestPiece = pieces.keys.map(\.unicodeScalars.count).max() ?? 0
    let known = pieces
    self.marks = marks.compactMap { text in
      text.isEmpty ? nil : known[text].map { (Array(text.unicodeScalars), $0) }
    }
    (self.pieces, self.prefix, self.longestWord) = (pieces, prefix, longestWord)
    (self.lowercases, self.stripsAccents) = (lowercases, stripsAccents ?? lowercases)
    (self.spacesChinese, self.cleans) = (spacesChinese, cleans)
  }

  /// Refuses what would be split otherwise than it is here.
  private static func check(_ file: JSONFile) throws {
    let steps = [file["normalizer"].value] + (file["normalizer"]["normalizers"].value as? [[String: Any]] ?? [])
    for case let step as [String: Any] in steps {
      let kind = step["type"] as? String ?? "unknown"
      guard ["BertNormalizer", "Sequence"].contains(kind) else {
        throw EmbedError.unsupported(
          path: file.path, what: "Its texts are prepared by \(kind)", advice: "BERT's own way can be read.")
      }
    }
    guard ["BertPreTokenizer", nil].contains(file["pre_tokenizer"]["type"].text) else {
      throw EmbedError.unsupported(
        path: file.path, what: "Its texts are split by \(file["pre_tokenizer"]["type"].text ?? "unknown")",
        advice: "BERT's own way can be read.")
    }
  }

  var size: Int { Int(pieces.values.max() ?? 0) + 1 }

  /// Numbers of the pieces of a text between the marks of its beginning and its end, at most `limit` in all.
  func encode(_ text: String, limit: Int) -> [Int32] {
    var numbers = [first] + pieces(of: text, limit: limit)
    if numbers.count >= limit { numbers.removeLast(numbers.count - limit + 1) }
    numbers.append(last)
    return numbers
  }

  /// Numbers of the pieces of a text; not many more than `limit`.
  func pieces(of text: String, limit: Int = .max) -> [Int32] {
    var numbers: [Int32] = []
    for part in splitAtMarks(Array(text.unicodeScalars), marks) {
      switch part {
      case .mark(let number): numbers.append(number)
      case .text(let scalars):
        for word in words(scalars) {
          append(word, to: &numbers)
          if numbers.count >= limit { return numbers }
        }
      }
    }
    return numbers
  }

  private func append(_ word: [Unicode.Scalar], to numbers: inout [Int32]) {
    guard word.count <= longestWord else {
      numbers.append(unknown)
      return
    }
    let start = numbers.count
    var begin = 0
    while begin < word.count {
      var end = min(word.count, begin + longestPiece)
      var found: Int32?
      while end > begin {
        var text = begin > 0 ? prefix : ""
        text.unicodeScalars.append(contentsOf: word[begin..<end])
        found = pieces[text]
        if found != nil { break }
        end -= 1
      }
      guard let found else {
        numbers.removeLast(numbers.count - start)
        numbers.append(unknown)
        return
      }
      numbers.append(found)
      begin = end
    }
  }

  /// White space and punctuation apart, in lower case and without accents where the model wants that.
  private func words(_ text: ArraySlice<Unicode.Scalar>) -> [[Unicode.Scalar]] {
    var words: [[Unicode.Scalar]] = []
    var word: [Unicode.Scalar] = []
    func end() {
      if !word.isEmpty { words.append(word) }
      word.removeAll(keepingCapacity: true)
    }
    for scalar in normalized(text) {
      if Self.isSpace(scalar) {
        end()
      } else if Self.isPunctuation(scalar) {
        end()
        words.append([scalar])
      } else {
        word.append(scalar)
      }
    }
    end()
    return words
  }

  private func normalized(_ text: ArraySlice<Unicode.Scalar>) -> [Unicode.Scalar] {
    var scalars: [Unicode.Scalar] = []
    scalars.reserveCapacity(text.count)
    var isPlain = true
    for scalar in text {
      if scalar.value < 128 {
        if cleans, scalar.value == 0 || (scalar.value < 32 && !Self.isSpace(scalar)) || scalar.value == 127 { continue }
        scalars.append(
          lowercases && scalar.value >= 65 && scalar.value <= 90 ? Unicode.Scalar(UInt8(scalar.value + 32)) : scalar)
        continue
      }
      isPlain = false
      if cleans, scalar.value == 0xFFFD || Self.isControl(scalar) { continue }
      if spacesChinese, Self.isChinese(scalar) {
        scalars += [" ", scalar, " "]
      } else if cleans, Self.isSpace(scalar) {
        scalars.append(" ")
      } else {
        scalars.append(scalar)
      }
    }
    if isPlain { return scalars }
    if stripsAccents {
      let text = String(String.UnicodeScalarView(scalars)).decomposedStringWithCanonicalMapping
      scalars = text.unicodeScalars.filter { Self.category($0) != .nonspacingMark }
    }
    if lowercases { scalars = scalars.flatMap { Array($0.properties.lowercaseMapping.unicodeScalars) } }
    return scalars
  }

  private static func isSpace(_ scalar: Unicode.Scalar) -> Bool {
    scalar == " " || scalar == "\t" || scalar == "\n" || scalar == "\r"
      || (scalar.value >= 128 && scalar.properties.isWhitespace)
  }

  /// As the reference has it, whose tables are those of Unicode 8; nil for what came later.
  private static func category(_ scalar: Unicode.Scalar) -> Unicode.GeneralCategory? {
    let properties = scalar.properties
    guard let age = properties.age, (age.major, age.minor) <= (8, 0) else { return nil }
    return properties.generalCategory
  }

  private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
    switch category(scalar) {
    case .control, .format, .privateUse: true
    default: false
    }
  }

  private static func isPunctuation(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 33...47, 58...64, 91...96, 123...126: return true
    case 0..<128: return false
    default: break
    }
    switch category(scalar) {
    case .connectorPunctuation, .dashPunctuation, .openPunctuation, .closePunctuation, .initialPunctuation,
      .finalPunctuation, .otherPunctuation:
      return true
    default: return false
    }
  }

  /// The blocks that the reference names, with its beginning of the fifth extension.
  private static func isChinese(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x4E00...0x9FFF, 0x3400...0x4DBF, 0x20000...0x2A6DF, 0x2A700...0x2B73F, 0x2B740...0x2B81F,
      0x2B920...0x2CEAF, 0xF900...0xFAFF, 0x2F800...0x2FA1F:
      true
    default: false
    }
  }
}
