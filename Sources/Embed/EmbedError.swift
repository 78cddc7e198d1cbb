// What can be wrong with a corpus, a model file or an option.

/// Why something cannot be trained or read, and what to do about it.
public enum EmbedError: Error, Equatable, Sendable, CustomStringConvertible {
  case notFound(path: String)
  case unreadable(path: String, reason: String)
  case unwritable(path: String, reason: String)
  /// The file is cut off or contradicts itself; where, and what was expected.
  case broken(path: String, place: String, reason: String)
  /// A file of a kind that cannot be read, and what can.
  case unsupported(path: String, what: String, advice: String)
  /// An option with a value that it cannot have.
  case option(name: String, value: String, allowed: String)
  /// A corpus without two words that are frequent enough: words read, different ones, the least count, and where the
  /// text is from.
  case noWords(read: Int, different: Int, minCount: Int, source: String? = nil)
  /// Examples of a classifier without a label.
  case noLabels(prefix: String, source: String? = nil)
  /// A word without a vector; one that is close, where there is one.
  case unknownWord(String, nearest: String?)
  /// Something was asked of a model that cannot do it.
  case notThisModel(path: String, what: String)
  /// A pair file without a line that can be read.
  case noPairs(path: String, wanted: String)

  public var description: String {
    switch self {
    case .notFound(let path): "\(path): there is no such file. Check the path."
    case .unreadable(let path, let reason): "\(path): cannot be read (\(reason))."
    case .unwritable(let path, let reason): "\(path): cannot be written (\(reason))."
    case .broken(let path, let place, let reason):
      "\(path), \(place): \(reason). The file is damaged or was cut off."
    case .unsupported(let path, let what, let advice): "\(path): \(what). \(advice)"
    case .option(let name, let value, let allowed): "\(name) \(value): it takes \(allowed)."
    case .noWords(let read, let different, let minCount, let source):
      read == 0
        ? (source.map { "\($0): there are no words in it." } ?? "The text has no words.") + " Give a text with words."
        : (source.map { "\($0): of " } ?? "Of ")
          + "\(read) words (\(different) different) fewer than two occur \(minCount) times or more. "
          + "Lower min_count, or give more text."
    case .noLabels(let prefix, let source):
      (source.map { "\($0): no" } ?? "No")
        + " line has a label and a word. A label is a word that begins with \(prefix), such as \(prefix)good."
    case .unknownWord(let word, let nearest):
      "The word \"\(word)\" has no vector." + (nearest.map { " Did you mean \"\($0)\"?" } ?? "")
    case .notThisModel(let path, let what): "\(path): \(what)."
    case .noPairs(let path, let wanted): "\(path): no line holds \(wanted)."
    }
  }
}
