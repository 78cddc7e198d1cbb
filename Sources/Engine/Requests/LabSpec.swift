import Embed
import Flow
import Plot

/// What is asked in the word lab: of models of words and texts, and of trainings under way.
public enum LabSpec: Codable, Sendable, Equatable {
  /// The models in some folders: trained ones, encoders, and files of vectors.
  case models(folders: [String])
  /// A line of the lab, as `LabQuestion` reads it.
  case ask(model: String, line: String, count: Int)
  /// The most frequent words on a plane.
  case map(model: String, words: Int, method: EmbedMapping.Method = .pca)
  /// The texts of a column that are nearest to a text.
  case search(LabSearch)
  /// Lets a training wait, or go on.
  case pause(folder: String, isPaused: Bool)

  var title: String {
    switch self {
    case .models: "look for models"
    case .ask(let model, let line, _): "\(line) in \(model)"
    case .map(let model, _, _): "map of \(model)"
    case .search(let search): "search \(search.column) for \(search.text)"
    case .pause: "pause a training"
    }
  }

  func filled() throws -> LabSpec {
    guard case .search(var search) = self else { return self }
    search.rows = try search.rows.filled()
    return .search(search)
  }
}

/// A search by meaning.
public struct LabSearch: Codable, Sendable, Equatable {
  /// How the texts are gone through.
  public enum Method: String, Codable, Sendable, CaseIterable {
    /// Every text up to `exactTexts` of them, by an index beyond.
    case automatic
    case exact, approximate
  }

  /// Different texts of a column up to which each is compared, unless the search says otherwise.
  public static let exactTexts = 100_000

  public var model: String
  /// How texts are split for word vectors; an encoder splits them itself.
  public var splitting: WordSplitting
  public var rows: NodeRequest
  public var column: String
  public var text: String
  public var count: Int
  public var method: Method

  public init(
    model: String, splitting: WordSplitting = .words, rows: NodeRequest, column: String, text: String,
    count: Int = 100, method: Method = .automatic
  ) {
    (self.model, self.splitting, self.rows, self.column) = (model, splitting, rows, column)
    (self.text, self.count, self.method) = (text, count, method)
  }
}

public enum LabAnswer: Codable, Sendable, Equatable {
  case models([TextModelInfo])
  case words(LabWords)
  case map(LabMap)
  case found(LabFinds)
  case paused(Bool)
}

/// A model as a list shows it.
public struct TextModelInfo: Codable, Sendable, Equatable {
  public enum Kind: String, Codable, Sendable {
    case vectors, classifier, encoder
  }

  public var path: String
  public var kind: Kind
  /// In a few words, such as `skipgram, 100 numbers, 12,345 words`.
  public var facts: String
}

/// Words with a figure each, in answer to a line.
public struct LabWords: Codable, Sendable, Equatable {
  public struct Row: Codable, Sendable, Equatable {
    public var word: String
    public var similarity: Double?
    /// Set apart: the odd one out.
    public var isMarked = false
  }

  /// What the figures are: `nearest to red`.
  public var title: String
  public var rows: [Row]
  /// What a person should know about the answer.
  public var note: String?
  /// The character n-grams of a single word, each with the length of its vector, where the model has them.
  public var trace: [Row]
}

/// Words on a plane, in the order of the model: mostly by frequency.
public struct LabMap: Codable, Sendable, Equatable {
  public var map: EmbeddingMap
  /// All words of the model.
  public var total: Int
}

/// Texts that a search has found, the nearest first.
public struct LabFinds: Codable, Sendable, Equatable {
  public struct Row: Codable, Sendable, Equatable {
    /// From 0, in the order of the rows that were searched.
    public var number: Int
    public var similarity: Double
    public var text: String
  }

  public var rows: [Row]
  /// Rows that were searched, and those of them without a text or without a known word.
  public var searched: Int
  public var without: Int
  /// `exact` where every text was compared, or how else the rows were found: `approximate: HNSW, 200 candidates`.
  public var method: String
  /// Candidates that an index went through, which may miss a row; nil where every text was compared.
  public var candidates: Int?
  /// The vectors of the texts were there from an earlier search.
  public var usedKept: Bool

  init(rows: [Row], searched: Int, without: Int, candidates: Int? = nil, usedKept: Bool = false) {
    (self.rows, self.searched, self.without) = (rows, searched, without)
    (self.candidates, self.usedKept) = (candidates, usedKept)
    method = candidates.map { "approximate: HNSW, \($0) candidates" } ?? "exact"
  }
}

/// A line of the lab: `red` asks for neighbours, `king - man + woman` for what the sum is near to, `a, b, c` for the odd
/// one out, `a | b` for how alike two texts are, `a, b; c, d; e, f; g, h` for whether the first two sets of words lean to the
/// third and the fourth.
public enum LabQuestion: Equatable, Sendable {
  case nearest(String)
  /// Words to add and to take away.
  case sum([String], [String])
  case odd([String])
  case alike(String, String)
  case leaning(AssociationSets)

  /// Nil for a blank line.
  public init?(_ line: String) {
    func trimmed(_ text: some StringProtocol) -> String {
      text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }
    let text = trimmed(line.replacing("−", with: "-"))
    guard !text.isEmpty else { return nil }
    let sets = text.split(separator: ";").map { $0.split { $0 == "," || $0 == " " }.map(String.init) }
    if sets.count == 4, !sets.contains(where: \.isEmpty) {
      self = .leaning(
        AssociationSets(first: sets[0], second: sets[1], attributes: sets[2], opposites: sets[3]))
      return
    }
    let sides = text.split(separator: "|", maxSplits: 1, omittingEmptySubsequences: false).map(trimmed)
    if sides.count == 2 {
      self = sides[1].isEmpty ? .nearest(sides[0]) : .alike(sides[0], sides[1])
      return
    }
    let items = text.split(separator: ",").map(trimmed).filter { !$0.isEmpty }
    if items.count > 2 {
      self = .odd(items)
      return
    }
    var (plus, minus, sign) = ([String](), [String](), "+")
    for token in text.split(separator: " ").map(String.init) {
      if token == "+" || token == "-" {
        sign = token
      } else if sign == "+" {
        plus.append(token)
      } else {
        minus.append(token)
      }
    }
    let isSum = text.contains(" + ") || text.contains(" - ")
    self = isSum && !plus.isEmpty ? .sum(plus, minus) : .nearest(text)
  }
}
