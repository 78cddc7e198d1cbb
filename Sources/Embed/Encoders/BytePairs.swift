// GPT-2's way from text to numbers: bytes as characters, joined by rank (Sennrich et al. 2016; Radford et al. 2019).

import Foundation

/// A byte-level BPE tokenizer, from `vocab.json` and `merges.txt`, or from `tokenizer.json`.
struct BytePairs: Sendable {
  private struct Pair: Hashable {
    let left: String
    let right: String
  }

  private let pieces: [String: Int32]
  private let ranks: [Pair: Int]
  private let texts: [Int32: String]
  /// Pieces that stand for themselves in a text.
  private let marks: [(scalars: [Unicode.Scalar], number: Int32)]

  /// The mark that ends a text, where the vocabulary has it.
  var end: Int32? { pieces["<|endoftext|>"] }

  /// - Parameter folder: of the model.
  init(folder: String) throws {
    var pieces: [String: Int32] = [:]
    var ranks: [Pair: Int] = [:]
    var marks = ["<|endoftext|>"]
    func add(_ left: Substring, _ right: Substring) {
      ranks[Pair(left: String(left), right: String(right))] = ranks.count
    }
    if FileManager.default.fileExists(atPath: folder + "/vocab.json") {
      for (text, number) in try JSONFile(folder + "/vocab.json").object ?? [:] {
        pieces[text] = (number as? NSNumber)?.int32Value
      }
      for line in try textLines(of: folder + "/merges.txt") where !line.hasPrefix("#version") {
        let parts = line.split(separator: " ")
        if parts.count == 2 { add(parts[0], parts[1]) }
      }
    } else {
      let file = try JSONFile(folder + "/tokenizer.json")
      let model = file["model"]
      guard model["type"].text ?? "BPE" == "BPE", let vocabulary = model["vocab"].object,
        let merges = model["merges"].value as? [Any]
      else {
        throw EmbedError.unsupported(
          path: file.path, what: "Its tokenizer is of the kind \(model["type"].text ?? "unknown")",
          advice: "GPT-2 has byte-level BPE.")
      }
      for (text, number) in vocabulary { pieces[text] = (number as? NSNumber)?.int32Value }
      for token in file["added_tokens"].value as? [[String: Any]] ?? [] {
        guard let text = token["content"] as? String, !text.isEmpty else { continue }
        pieces[text] = (token["id"] as? NSNumber)?.int32Value ?? pieces[text]
        if text != marks[0] { marks.append(text) }
      }
      for merge in merges {
        if let text = merge as? String {
          let parts = text.split(separator: " ")
          if parts.count == 2 { add(parts[0], parts[1]) }
        } else if let parts = merge as? [String], parts.count == 2 {
          add(parts[0][...], parts[1][...])
        }
      }
    }
    (self.pieces, self.ranks) = (pieces, ranks)
    self.marks = marks.compactMap { text in pieces[text].map { (Array(text.unicodeScalars), $0) } }
    texts = Dictionary(pieces.map { ($0.value, $0.key) }, uniquingKeysWith: { first, _ in first })
    guard Self.characters.allSatisfy({ pieces[$0] != nil }) else {
      throw EmbedError.broken(
        path: folder, place: "its vocabulary", reason: "a piece for each of 256 bytes was expected")
    }
  }

  var size: Int { Int(pieces.values.max() ?? 0) + 1 }

  /// For each byte the character that stands for it: itself where it can be seen, else one from 256 on.
  private static let characters: [String] = {
    var next: UInt32 = 256
    return (0..<256 as Range<UInt32>).map { byte in
      let isSeen = (33...126).contains(byte) || (161...172).contains(byte) || (174...255).contains(byte)
      defer { if !isSeen { next += 1 } }
      return Unicode.Scalar(isSeen ? byte : next).map { String($0) } ?? ""
    }
  }()

  private static let bytes: [Character: UInt8] = Dictionary(
    uniqueKeysWithValues: characters.enumerated().compactMap { number, text in
      text.first.map { ($0, UInt8(number)) }
    })

  /// Numbers of the pieces of a text.
  func encode(_ text: String) -> [Int32] {
    splitAtMarks(Array(text.unicodeScalars), marks).flatMap { part -> [Int32] in
      switch part {
      case .mark(let number): [number]
      case .text(let scalars): pieces(of: scalars)
      }
    }
  }

  private func pieces(of text: ArraySlice<Unicode.Scalar>) -> [Int32] {
    Self.words(Array(text)).flatMap { word -> [Int32] in
      var parts = word.utf8.map { Self.characters[Int($0)] }
      while parts.count > 1 {
        var best: (rank: Int, pair: Pair)?
        for index in 1..<parts.count {
          let pair = Pair(left: parts[index - 1], right: parts[index])
          if let rank = ranks[pair], rank < best?.rank ?? .max { best = (rank, pair) }
        }
        guard let best else { break }
        var joined: [String] = []
        var index = 0
        while index < parts.count {
          if index + 1 < parts.count, parts[index] == best.pair.left, parts[index + 1] == best.pair.right {
            joined.append(best.pair.left + best.pair.right)
            index += 2
          } else {
            joined.append(parts[index])
            index += 1
          }
        }
        parts = joined
      }
      return parts.compactMap { pieces[$0] }
    }
  }

  /// The text of pieces; bytes that are no text become replacement characters.
  func decode(_ numbers: [Int32]) -> String {
    let bytes = numbers.flatMap { number in (texts[number] ?? "").compactMap { Self.bytes[$0] } }
    return String(decoding: bytes, as: UTF8.self)
  }

  private enum Kind { case space, letter, digit, other }

  private static func kind(_ scalar: Unicode.Scalar) -> Kind {
    if scalar.properties.isWhitespace { return .space }
    switch scalar.properties.generalCategory {
    case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter: return .letter
    case .decimalNumber, .letterNumber, .otherNumber: return .digit
    default: return .other
    }
  }

  /// Contractions; runs of letters, digits or others, with a space before; and white space, of which the last goes to
  /// what follows.
  static func words(_ text: String) -> [String] { words(Array(text.unicodeScalars)) }

  private static func words(_ scalars: [Unicode.Scalar]) -> [String] {
    var words: [String] = []
    var at = 0
    func take(_ end: Int) {
      words.append(String(String.UnicodeScalarView(scalars[at..<end])))
      at = end
    }
    while at < scalars.count {
      if scalars[at] == "'" {
        let endings = ["s", "t", "re", "ve", "m", "ll", "d"]
        let ending = endings.first { ending in
          scalars[(at + 1)...].prefix(ending.unicodeScalars.count).elementsEqual(ending.unicodeScalars)
        }
        if let ending {
          take(at + 1 + ending.unicodeScalars.count)
          continue
        }
      }
      var first = at
      if scalars[at] == " ", at + 1 < scalars.count, kind(scalars[at + 1]) != .space { first = at + 1 }
      let wanted = kind(scalars[first])
      var end = first
      while end < scalars.count, kind(scalars[end]) == wanted { end += 1 }
      if wanted == .space, end < scalars.count, end - at > 1 { end -= 1 }
      take(end)
    }
    return words
  }
}
