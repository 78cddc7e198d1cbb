import ArgumentParser
import Embed
import Engine
import Frame

/// `assay embed classify`.
struct EmbedClassifyCommand: HeadlessCommand {
  static let configuration = CommandConfiguration(
    commandName: "classify",
    abstract: "Label texts with a trained classifier, ours or fastText's.",
    discussion: """
      assay embed classify model.bin new.txt -k 2
      assay embed classify model.bin reviews.csv --text body -o labels.csv

      A classifier knows words as its training split them: give texts in the same form, or name --tokenizer.
      """)

  @Argument(help: "The model: a .bin or .ftz that assay or fastText wrote.")
  var model: String

  @OptionGroup var texts: TextOptions

  @Option(name: [.customShort("k"), .customLong("count")], help: ArgumentHelp("Labels for each text.", valueName: "n"))
  var count = 1

  @Option(help: ArgumentHelp("Leave out labels that are less likely.", valueName: "p"))
  var threshold = 0.0

  @Option(help: "How texts become words: whitespace, words or lowercase.")
  var tokenizer: WordSplitting?

  @OptionGroup var output: RowOutputOptions

  @Flag(help: "The same as --format json.")
  var json = false

  func validate() throws {
    if count < 1 { throw ValidationError("-k takes a whole number from 1, not \(count)") }
  }

  func run(_ headless: Headless) throws {
    let target = try output.target(headless.console, isJSON: json)
    var (path, format): (String?, SourceFormat?) = (nil, nil)
    if case .file(let name, let kind) = target { (path, format) = (name, kind) }
    let spec = EmbedSpec.classify(
      EmbedClassification(
        model: model, input: texts.input(), splitting: texts.splitting(tokenizer), count: count, threshold: threshold,
        path: path, format: format))
    try headless.tellRows(spec, texts, target)
  }
}

/// `assay embed encode`.
struct EmbedEncodeCommand: HeadlessCommand {
  static let configuration = CommandConfiguration(
    commandName: "encode",
    abstract: "Make a vector of each text.",
    discussion: """
      assay embed encode vectors.bin reviews.csv --text body -o vectors.parquet
      assay embed encode vectors.txt lines.txt -o vectors.csv
      assay embed encode vectors.bin reviews.csv --text body --keep-columns -o with-vectors.parquet

      assay embed encode all-MiniLM-L6-v2 reviews.csv --text body -o vectors.parquet

      An encoder is a folder with config.json, tokenizer.json or vocab.txt, and model.safetensors: a BERT, what \
      sentence-transformers saved, a GPT-2, or a table of model2vec; or an ELMo with options.json and \
      model.safetensors or its original weights in HDF5. It splits texts itself. With word vectors a text's vector is the mean of its words' vectors of length 1; of a classifier the mean of its features. A text in \
      which no word is known has zeros, a missing text has none.
      """)

  @Argument(help: "Word vectors, a fastText model, or the folder of an encoder.")
  var model: String

  @OptionGroup var texts: TextOptions

  @Option(help: "How texts become words: whitespace, words or lowercase.")
  var tokenizer: WordSplitting?

  @Flag(help: "The columns of the source, too; needs --text and -o.")
  var keepColumns = false

  @OptionGroup var output: RowOutputOptions

  @Flag(help: "The same as --format json.")
  var json = false

  func validate() throws {
    if keepColumns, texts.text == nil || output.output == nil {
      throw ValidationError("--keep-columns needs --text COLUMN and -o FILE")
    }
  }

  func run(_ headless: Headless) throws {
    let target = try output.target(headless.console, isJSON: json)
    var encoding = EmbedEncoding(
      model: model, input: texts.input(), splitting: texts.splitting(tokenizer), keepsColumns: keepColumns)
    if case .file(let name, let kind) = target { (encoding.path, encoding.format) = (name, kind) }
    try headless.tellRows(.encode(encoding), texts, target)
  }
}

extension Headless {
  func tellRows(_ spec: EmbedSpec, _ texts: TextOptions, _ target: RowOutputOptions.Target) throws {
    let engine = engine(texts.source.resources)
    let result = try engine.run(.embed(spec), context: context)
    switch (result, target) {
    case (.written(let path, let rows, _), _): console.tell("wrote \(counted(rows, "row")) to \(path)")
    case (.table(let table), .stream(let format)):
      var writer = format.writer(console)
      try writer.begin(table.schema)
      try writer.append(table)
      try writer.end()
    default: break
    }
    if texts.text != nil { try tellSkipped(texts.source.value, engine) }
  }
}
