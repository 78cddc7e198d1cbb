import ArgumentParser
import Embed
import Engine
import Frame
import Plot

extension EmbedMapping.Method: ExpressibleByArgument {}

/// `assay embed odd`.
struct EmbedOddCommand: HeadlessCommand {
  static let configuration = CommandConfiguration(
    commandName: "odd",
    abstract: "Find the word of a group that does not belong.",
    discussion: """
      assay embed odd vectors.txt ship boat whale potato

      Told for each word: the mean cosine with the others, the odd one first.
      """)

  @Argument(help: "Word vectors: word2vec (text or binary), GloVe, fastText (.vec or .bin).")
  var vectors: String

  @Argument(help: "Three words or more.")
  var words: [String]

  @Flag(help: "Print JSON.")
  var json = false

  @OptionGroup var resources: ResourceOptions

  func validate() throws {
    if words.count < 3 { throw ValidationError("give three words or more, of which one may be odd") }
  }

  func run(_ headless: Headless) throws {
    let spec = EmbedSpec.fits(vectors: vectors, words: words)
    let result = try headless.engine(resources).run(.embed(spec), context: headless.context)
    guard case .embedded(.fits(let found)) = result else { return }
    if json { return try headless.writeJSON(found) }
    var table = TextTable([
      TextTable.Column(title: "word"), TextTable.Column(title: "fits the others", alignment: .right),
    ])
    for fit in found { table.add([fit.word, embedFigure(fit.similarity)]) }
    try headless.console.write(table.lines(width: headless.console.textWidth).lines.joined(separator: "\n") + "\n")
  }
}

/// `assay embed weat`.
struct EmbedWEATCommand: HeadlessCommand {
  static let configuration = CommandConfiguration(
    commandName: "weat",
    abstract:
      "Test whether two sets of words lean to different attributes: bias that vectors took over from their text.",
    discussion: """
      assay embed weat vectors.txt --first engineer,captain,doctor --second nurse,maid,teacher \\
        --attributes he,man,his --opposites she,woman,her

      The effect size is the difference of the sets' mean leanings, in standard deviations: above 0 the first set leans \
      to the attributes. The p-value is the share of divisions of the words into two equal sets that differ at least as \
      much (one-sided); the interval holds 95 % of the effects of words drawn again.
      """)

  @Argument(help: "Word vectors: word2vec (text or binary), GloVe, fastText (.vec or .bin).")
  var vectors: String

  @Option(help: ArgumentHelp("The first set of words, with commas between.", valueName: "words"))
  var first: String

  @Option(help: ArgumentHelp("The second set.", valueName: "words"))
  var second: String

  @Option(help: ArgumentHelp("Words of what the first set may lean to.", valueName: "words"))
  var attributes: String

  @Option(help: ArgumentHelp("Words of the opposite.", valueName: "words"))
  var opposites: String

  @Option(help: ArgumentHelp("Seeds what is drawn.", valueName: "n"))
  var seed: UInt64 = 0

  @Flag(help: "Print JSON.")
  var json = false

  @OptionGroup var resources: ResourceOptions

  private func list(_ text: String) -> [String] {
    text.split { $0 == "," || $0.isWhitespace }.map(String.init)
  }

  func run(_ headless: Headless) throws {
    let sets = AssociationSets(
      first: list(first), second: list(second), attributes: list(attributes), opposites: list(opposites))
    let spec = EmbedSpec.association(vectors: vectors, sets: sets, seed: seed)
    let result = try headless.engine(resources).run(.embed(spec), context: headless.context)
    guard case .embedded(.association(let found)) = result else { return }
    if json { return try headless.writeJSON(found) }
    let interval = found.interval.map { " (95 %: \(embedFigure($0[0])) to \(embedFigure($0[1])))" } ?? ""
    let how = found.isExact ? "all \(found.divisions) divisions" : "\(found.divisions) divisions drawn at random"
    var lines = [
      "effect size \(embedFigure(found.effectSize))\(interval)",
      "p \(found.pValue < 0.001 ? "below 0.001" : embedFigure(found.pValue)), of \(how)",
    ]
    if !found.missing.isEmpty { lines.append("left out: \(found.missing.joined(separator: ", "))") }
    var table = TextTable([
      TextTable.Column(title: "word"), TextTable.Column(title: "set"),
      TextTable.Column(title: "leaning", alignment: .right),
    ])
    for leaning in found.leanings.sorted(by: { $0.value > $1.value }) {
      table.add([leaning.word, leaning.isFirst ? "first" : "second", embedFigure(leaning.value)])
    }
    lines += table.lines(width: headless.console.textWidth).lines
    try headless.console.write(lines.joined(separator: "\n") + "\n")
  }
}

/// `assay embed map`.
struct EmbedMapCommand: HeadlessCommand {
  static let configuration = CommandConfiguration(
    commandName: "map",
    abstract: "Lay words out on a plane.",
    discussion: """
      assay embed map vectors.txt
      assay embed map vectors.txt --method tsne -n 2000 --format csv > places.csv
      assay embed map vectors.txt --highlight whale --highlight ship --height 40

      pca shows the two directions in which vectors vary most. tsne keeps neighbours together; how far groups lie apart \
      means little there.
      """)

  @Argument(help: "Word vectors: word2vec (text or binary), GloVe, fastText (.vec or .bin).")
  var vectors: String

  @Option(help: "pca or tsne.")
  var method: EmbedMapping.Method = .pca

  @Option(name: [.customShort("n"), .long], help: ArgumentHelp("The first words, the most frequent.", valueName: "n"))
  var words = 500

  @Option(help: ArgumentHelp("About how many neighbours a word has, of tsne.", valueName: "n"))
  var perplexity = 30.0

  @Option(help: ArgumentHelp("Rounds of moving the words, of tsne.", valueName: "n"))
  var rounds = 1000

  @Option(help: ArgumentHelp("Seeds the start, of tsne.", valueName: "n"))
  var seed: UInt64 = 0

  @Option(help: ArgumentHelp("Point this word out; may be given again.", valueName: "word"))
  var highlight: [String] = []

  @Option(help: "Print places instead of a chart: csv, json or table.")
  var format: RowFormat?

  @Flag(help: "The same as --format json.")
  var json = false

  @OptionGroup var drawing: DrawingOptions
  @OptionGroup var resources: ResourceOptions

  private var options: NeighborMapOptions {
    NeighborMapOptions(perplexity: perplexity, rounds: rounds, seed: seed)
  }

  func validate() throws {
    if !(1...20_000).contains(words) { throw ValidationError("-n takes a whole number from 1 to 20000, not \(words)") }
    if format == .parquet || format == .xlsx { throw ValidationError("--format takes csv, json or table here") }
    do { try options.check() } catch { throw ValidationError("\(error)") }
  }

  func run(_ headless: Headless) throws {
    let mapping = EmbedMapping(
      vectors: vectors, words: words, method: method, options: options, highlighted: highlight)
    let result = try headless.engine(resources).run(.embed(.map(mapping)), context: headless.context)
    guard case .embedded(.map(let found)) = result else { return }
    guard let format = json ? .json : format else {
      return try headless.console.write(drawing.draw(.content(found), headless.console))
    }
    let table = DataTable(
      columns: [
        TypedColumn(column: Column(name: "word", type: "VARCHAR"), data: .texts(found.points.map(\.label)), valid: nil),
        TypedColumn(column: Column(name: "x", type: "DOUBLE"), data: .reals(found.points.map(\.x)), valid: nil),
        TypedColumn(column: Column(name: "y", type: "DOUBLE"), data: .reals(found.points.map(\.y)), valid: nil),
      ], rowCount: found.points.count)
    var writer = format.writer(headless.console)
    try writer.begin(table.schema)
    try writer.append(table)
    try writer.end()
  }
}
