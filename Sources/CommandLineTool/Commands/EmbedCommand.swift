import ArgumentParser
import Embed
import Engine
import Foundation
import Frame

extension EmbedMode: ExpressibleByArgument {}
extension ClassifierLoss: ExpressibleByArgument {}
extension WordSplitting: ExpressibleByArgument {}

/// `assay embed`.
struct EmbedCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "embed", abstract: "Train word vectors and text classifiers, and ask things of them.",
    subcommands: [
      EmbedTrainCommand.self, EmbedNeighborsCommand.self, EmbedAnalogyCommand.self, EmbedSimilarityCommand.self,
      EmbedOddCommand.self, EmbedEvaluateCommand.self, EmbedWEATCommand.self, EmbedMapCommand.self,
      EmbedClassifyCommand.self, EmbedEncodeCommand.self, EmbedSearchCommand.self, EmbedScoreCommand.self,
      EmbedCompleteCommand.self, EmbedConvertCommand.self,
    ])
}

/// Texts: a file of lines, or a column of a table.
struct TextOptions: ParsableArguments {
  @OptionGroup var source: SourceOptions

  @Option(
    help: ArgumentHelp("The column of texts. Without it SOURCE is a text, one sentence a line.", valueName: "column"))
  var text: String?

  func validate() throws {
    if text == nil, !source.also.isEmpty {
      throw ValidationError(
        "--also reads tables below each other, and needs --text COLUMN; without it SOURCE is one text")
    }
  }

  /// - Parameter label: the column of labels, where there is one.
  func input(label: String? = nil) -> TextInput {
    text.map { .column(NodeRequest(source: source.value), text: $0, label: label) } ?? .lines(source.source)
  }

  /// Texts of a table are split into words, a text of lines is split already.
  func splitting(_ given: WordSplitting?) -> WordSplitting { given ?? (text == nil ? .whitespace : .lowercase) }
}

/// `assay embed neighbors`.
struct EmbedNeighborsCommand: HeadlessCommand {
  static let configuration = CommandConfiguration(
    commandName: "neighbors",
    abstract: "List the words whose vectors are nearest to a word's.",
    discussion: """
      assay embed neighbors vectors.txt whale ship
      assay embed neighbors vectors.bin whalish -k 5 --json     (n-grams give words a vector that were never met)
      assay embed neighbors before.txt whale --beside after.txt (each model has a column)
      """)

  @Argument(help: "Word vectors: word2vec (text or binary), GloVe, fastText (.vec or .bin).")
  var vectors: String

  @Argument(help: "The words.")
  var words: [String]

  @Option(help: ArgumentHelp("Another model to ask the same; may be given again.", valueName: "vectors"))
  var beside: [String] = []

  @Option(name: [.customShort("k"), .customLong("count")], help: ArgumentHelp("How many.", valueName: "n"))
  var count = 10

  @Flag(help: "Print JSON.")
  var json = false

  @OptionGroup var resources: ResourceOptions

  func validate() throws {
    if count < 1 { throw ValidationError("-k takes a whole number from 1, not \(count)") }
  }

  func run(_ headless: Headless) throws {
    guard !beside.isEmpty else {
      let spec = EmbedSpec.neighbors(vectors: vectors, words: words, count: count)
      return try headless.tellNeighbors(spec, resources, json: json)
    }
    let engine = headless.engine(resources)
    var all: [ModelNeighbors] = []
    for model in [vectors] + beside {
      let spec = EmbedSpec.neighbors(vectors: model, words: words, count: count)
      guard case .embedded(.neighbors(let found)) = try engine.run(.embed(spec), context: headless.context) else {
        return
      }
      all.append(ModelNeighbors(model: model, words: found))
    }
    if json { return try headless.writeJSON(all) }
    for place in words.indices {
      if place > 0 { try headless.console.write("\n") }
      try headless.console.write(table(all, word: place, headless.console.textWidth))
    }
  }

  /// What one model says.
  private struct ModelNeighbors: Encodable {
    let model: String
    let words: [WordNeighbors]
  }

  /// The neighbours of one word, a pair of columns for each model.
  private func table(_ all: [ModelNeighbors], word: Int, _ width: Int?) -> String {
    var table = TextTable(
      all.flatMap { model in
        [
          TextTable.Column(title: "\(model.words[word].word) in \(model.model)"),
          TextTable.Column(title: "cosine", alignment: .right),
        ]
      })
    let neighbors = all.map { $0.words[word].neighbors }
    for row in 0..<(neighbors.map(\.count).max() ?? 0) {
      table.add(
        neighbors.flatMap { $0.count > row ? [$0[row].word, embedFigure($0[row].similarity)] : ["", ""] })
    }
    return table.lines(width: width).lines.joined(separator: "\n") + "\n"
  }
}

/// `assay embed analogy`.
struct EmbedAnalogyCommand: HeadlessCommand {
  static let configuration = CommandConfiguration(
    commandName: "analogy",
    abstract: "Find what is to C as B is to A.",
    discussion: """
      assay embed analogy vectors.txt man king woman

      The answer is the word nearest to B - A + C, each of length 1, the three themselves left out.
      """)

  @Argument(help: "Word vectors: word2vec (text or binary), GloVe, fastText (.vec or .bin).")
  var vectors: String

  @Argument(help: "A, as in man.")
  var first: String

  @Argument(help: "B, as in king.")
  var second: String

  @Argument(help: "C, as in woman.")
  var third: String

  @Option(name: [.customShort("k"), .customLong("count")], help: ArgumentHelp("How many.", valueName: "n"))
  var count = 10

  @Flag(help: "Print JSON.")
  var json = false

  @OptionGroup var resources: ResourceOptions

  func validate() throws {
    if count < 1 { throw ValidationError("-k takes a whole number from 1, not \(count)") }
  }

  func run(_ headless: Headless) throws {
    let spec = EmbedSpec.analogy(vectors: vectors, words: [first, second, third], count: count)
    try headless.tellNeighbors(spec, resources, json: json)
  }
}

extension Headless {
  fileprivate func tellNeighbors(_ spec: EmbedSpec, _ resources: ResourceOptions, json: Bool) throws {
    let result = try engine(resources).run(.embed(spec), context: context)
    guard case .embedded(.neighbors(let found)) = result else { return }
    if json { return try writeJSON(found) }
    for (number, entry) in found.enumerated() {
      var table = TextTable([TextTable.Column(title: entry.word), TextTable.Column(title: "cosine", alignment: .right)])
      for neighbor in entry.neighbors { table.add([neighbor.word, embedFigure(neighbor.similarity)]) }
      if number > 0 { try console.write("\n") }
      try console.write(table.lines(width: console.textWidth).lines.joined(separator: "\n") + "\n")
    }
  }
}

/// Three decimals.
func embedFigure(_ value: Double) -> String { String(format: "%.3f", value) }

/// `assay embed similarity`.
struct EmbedSimilarityCommand: HeadlessCommand {
  static let configuration = CommandConfiguration(
    commandName: "similarity",
    abstract: "Tell how alike two words or two texts are: the cosine of their vectors.",
    discussion: """
      assay embed similarity vectors.txt whale ship
      assay embed similarity vectors.bin "a white whale" "the old ship"
      """)

  @Argument(help: "Word vectors, a fastText model, or the folder of an encoder.")
  var model: String

  @Argument(help: "A word or a text.")
  var first: String

  @Argument(help: "Another.")
  var second: String

  @Flag(help: "Print JSON.")
  var json = false

  @OptionGroup var resources: ResourceOptions

  private struct Answer: Encodable { let similarity: Double }

  func run(_ headless: Headless) throws {
    let spec = EmbedSpec.similarity(vectors: model, first: first, second: second)
    let result = try headless.engine(resources).run(.embed(spec), context: headless.context)
    guard case .embedded(.similarity(let cosine)) = result else { return }
    if json { return try headless.writeJSON(Answer(similarity: cosine)) }
    try headless.console.write(embedFigure(cosine) + "\n")
  }
}

/// `assay embed evaluate`.
struct EmbedEvaluateCommand: HeadlessCommand {
  static let configuration = CommandConfiguration(
    commandName: "evaluate",
    abstract: "Compare vectors with what people say of words.",
    discussion: """
      assay embed evaluate vectors.txt --similarity wordsim353.tsv
      assay embed evaluate vectors.txt --analogies questions-words.txt --limit 30000 --json

      A file of pairs holds two words and a score a line; the rank correlation of scores and cosines is told, over the \
      pairs of which both words have a vector. A file of analogies holds four words a line, in sections that a line \
      with a colon begins.
      """)

  @Argument(help: "Word vectors: word2vec (text or binary), GloVe, fastText (.vec or .bin).")
  var vectors: String

  @Option(help: ArgumentHelp("Pairs of words with scores; may be given again.", valueName: "file"))
  var similarity: [String] = []

  @Option(help: ArgumentHelp("Questions of four words; may be given again.", valueName: "file"))
  var analogies: [String] = []

  @Option(help: ArgumentHelp("Answers are looked for among the first of the words.", valueName: "n"))
  var limit: Int?

  @Flag(help: "Print JSON.")
  var json = false

  @OptionGroup var resources: ResourceOptions

  func validate() throws {
    if similarity.isEmpty, analogies.isEmpty {
      throw ValidationError("name what to compare with: --similarity FILE or --analogies FILE")
    }
    if let limit, limit < 1 { throw ValidationError("--limit takes a whole number from 1, not \(limit)") }
  }

  func run(_ headless: Headless) throws {
    let spec = EmbedSpec.evaluate(vectors: vectors, similarity: similarity, analogies: analogies, limit: limit)
    let result = try headless.engine(resources).run(.embed(spec), context: headless.context)
    guard case .embedded(.evaluation(let found)) = result else { return }
    if json { return try headless.writeJSON(found) }
    for score in found.similarity {
      let rank = score.spearman.map(embedFigure) ?? "none"
      try headless.console.write("\(score.file): Spearman \(rank) over \(score.found) of \(score.pairs) pairs\n")
    }
    for score in found.analogies {
      var table = TextTable([
        TextTable.Column(title: score.file), TextTable.Column(title: "correct", alignment: .right),
        TextTable.Column(title: "of", alignment: .right), TextTable.Column(title: "accuracy", alignment: .right),
      ])
      for section in score.sections + [score.total] {
        table.add([
          section.name, "\(section.correct)", "\(section.found)", section.accuracy.map(embedFigure) ?? "",
        ])
      }
      try headless.console.write(table.lines(width: headless.console.textWidth).lines.joined(separator: "\n") + "\n")
    }
  }
}
