import ArgumentParser
import Embed
import Engine
import Frame

/// `assay embed search`.
struct EmbedSearchCommand: HeadlessCommand {
  static let configuration = CommandConfiguration(
    commandName: "search",
    abstract: "Find the texts of a column that are nearest in meaning to a text.",
    discussion: """
      assay embed search all-MiniLM-L6-v2 reviews.csv --text body "too small in the shoulders"
      assay embed search vectors.txt reviews.csv --text body "runs large" -k 20 --json

      The vectors of the column are kept in the cache folder, so that the next search needs not make them again. Up to \
      100,000 different texts each is compared: the answer is exact. Beyond, an index is built and kept beside the \
      vectors, and the answer is approximate; --exact compares every text all the same. An encoder splits texts itself; \
      for word vectors they are split as --tokenizer says. Rows without a text, or without a known word, are counted and \
      left out.
      """)

  @Argument(help: "Word vectors, a fastText model, or the folder of an encoder.")
  var model: String

  @OptionGroup var texts: TextOptions

  @Argument(help: "What to look for.")
  var query: String

  @Option(name: [.customShort("k"), .customLong("count")], help: ArgumentHelp("How many.", valueName: "n"))
  var count = 10

  @Option(help: "How texts become words: whitespace, words or lowercase.")
  var tokenizer: WordSplitting?

  @Flag(help: "Compare every text, however many there are.")
  var exact = false

  @Flag(help: "Search by an index, however few texts there are.")
  var approximate = false

  @Flag(help: "Print JSON.")
  var json = false

  func validate() throws {
    if texts.text == nil { throw ValidationError("Missing expected option '--text <column>': the column to search") }
    if count < 1 { throw ValidationError("-k takes a whole number from 1, not \(count)") }
    if exact, approximate { throw ValidationError("--exact and --approximate exclude each other") }
  }

  func run(_ headless: Headless) throws {
    let search = LabSearch(
      model: model, splitting: texts.splitting(tokenizer), rows: NodeRequest(source: texts.source.value),
      column: texts.text ?? "", text: query, count: count,
      method: exact ? .exact : approximate ? .approximate : .automatic)
    let engine = headless.engine(texts.source.resources)
    guard case .lab(.found(let found)) = try engine.run(.lab(.search(search)), context: headless.context) else {
      return
    }
    if json {
      try headless.writeJSON(found)
    } else {
      var table = TextTable([
        TextTable.Column(title: "row", alignment: .right), TextTable.Column(title: "cosine", alignment: .right),
        TextTable.Column(title: texts.text ?? ""),
      ])
      for row in found.rows {
        let line = row.text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        table.add(["\(row.number + 1)", embedFigure(row.similarity), line])
      }
      try headless.console.write(table.lines(width: headless.console.textWidth).lines.joined(separator: "\n") + "\n")
    }
    let without = found.without == 0 ? "" : ", of which \(counted(found.without, "row")) had no text or no known word"
    let kept = found.usedKept ? "; vectors of an earlier search" : ""
    headless.notes.tell(["searched \(counted(found.searched, "row"))\(without); \(found.method)\(kept)"])
    try headless.tellSkipped(texts.source.value, engine)
  }
}
