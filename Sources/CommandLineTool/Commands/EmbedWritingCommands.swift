import ArgumentParser
import Embed
import Engine
import Frame

/// `assay embed score`.
struct EmbedScoreCommand: HeadlessCommand {
  static let configuration = CommandConfiguration(
    commandName: "score",
    abstract: "Tell how likely a language model finds each text.",
    discussion: """
      assay embed score gpt2 reviews.csv --text body -o scores.csv
      assay embed score gpt2 lines.txt

      For each text: its pieces, the natural logarithm of its probability, and its perplexity, which is of how many \
      equally likely pieces the model in effect chose. A text longer than the model's context is taken in windows that \
      overlap by half. A missing text has no score.
      """)

  @Argument(help: "The folder of a GPT-2: config.json, tokenizer.json or vocab.json and merges.txt, model.safetensors.")
  var model: String

  @OptionGroup var texts: TextOptions

  @OptionGroup var output: RowOutputOptions

  @Flag(help: "The same as --format json.")
  var json = false

  func run(_ headless: Headless) throws {
    let target = try output.target(headless.console, isJSON: json)
    var scoring = EmbedScoring(model: model, input: texts.input())
    if case .file(let name, let kind) = target { (scoring.path, scoring.format) = (name, kind) }
    try headless.tellRows(.score(scoring), texts, target)
  }
}

/// `assay embed complete`.
struct EmbedCompleteCommand: HeadlessCommand {
  static let configuration = CommandConfiguration(
    commandName: "complete",
    abstract: "Let a language model go on with a text.",
    discussion: """
      assay embed complete gpt2 "The whale rose"
      assay embed complete gpt2 "The whale rose" --temperature 0.8 --top-k 40 --seed 7 -n 100

      Without --temperature each piece is the most likely one; the same seed gives the same text.
      """)

  @Argument(help: "The folder of a GPT-2: config.json, tokenizer.json or vocab.json and merges.txt, model.safetensors.")
  var model: String

  @Argument(help: "The text to go on from.")
  var text: String

  @Option(name: [.customShort("n"), .long], help: ArgumentHelp("Pieces at most.", valueName: "n"))
  var count = 40

  @Option(help: ArgumentHelp("0 takes the most likely piece; higher is more surprising.", valueName: "t"))
  var temperature = 0.0

  @Option(name: .customLong("top-k"), help: ArgumentHelp("Draw from the n most likely pieces.", valueName: "n"))
  var top: Int?

  @Option(help: ArgumentHelp("Seeds what is drawn.", valueName: "n"))
  var seed: UInt64 = 0

  @Flag(help: "Print JSON.")
  var json = false

  @OptionGroup var resources: ResourceOptions

  private var options: CompletionOptions {
    CompletionOptions(count: count, temperature: temperature, top: top, seed: seed)
  }

  func validate() throws {
    do { try options.check() } catch { throw ValidationError("\(error)") }
    if top != nil, temperature == 0 { throw ValidationError("--top-k needs --temperature above 0") }
  }

  func run(_ headless: Headless) throws {
    let spec = EmbedSpec.complete(model: model, text: text, options: options)
    let result = try headless.engine(resources).run(.embed(spec), context: headless.context)
    guard case .embedded(.completion(let found)) = result else { return }
    if json { return try headless.writeJSON(found) }
    try headless.console.write(found.prompt + found.text + "\n")
    if found.ending == .room { headless.console.tell("the model has no room for more") }
  }
}

/// `assay embed convert`.
struct EmbedConvertCommand: HeadlessCommand {
  static let configuration = CommandConfiguration(
    commandName: "convert",
    abstract: "Save the original weights of an ELMo as safetensors.",
    discussion: """
      assay embed convert elmo                  (elmo/options.json and elmo/*.hdf5 become elmo/model.safetensors)
      assay embed convert elmo -o elsewhere

      Weights in HDF5 are read wherever an encoder is asked for, as long as libhdf5 is installed (libhdf5-103-1 of \
      Debian 12). Converted they need no library, and open sooner. Nothing is replaced.
      """)

  @Argument(help: "The folder with options.json and the weights in HDF5.")
  var folder: String

  @Option(
    name: .shortAndLong, help: ArgumentHelp("Another folder to write to; it gets the options too.", valueName: "folder")
  )
  var output: String?

  @Flag(help: "Print JSON.")
  var json = false

  private struct Result: Encodable {
    var path: String
    var numbers: Int
  }

  func run(_ headless: Headless) throws {
    let made = try ELMoEncoder.convert(folder: folder, to: output)
    if json { return try headless.writeJSON(Result(path: made.path, numbers: made.numbers)) }
    headless.console.tell("wrote \(counted(made.numbers, "number")) to \(made.path)")
  }
}
