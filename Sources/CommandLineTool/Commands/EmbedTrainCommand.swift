import ArgumentParser
import Embed
import Engine
import Foundation
import Frame

/// `assay embed train`.
struct EmbedTrainCommand: HeadlessCommand {
  static let configuration = CommandConfiguration(
    commandName: "train",
    abstract: "Train word vectors or a text classifier.",
    discussion: """
      assay embed train novels.txt.xz --mode batch_skipgram -o novels
      assay embed train novels.txt --mode fasttext --similarity wordsim353.tsv -o novels
      assay embed train reviews.csv --text body --mode skipgram --min-count 2 -o reviews
      assay embed train labelled.txt --mode supervised --validation held-out.txt --early-stopping -o classifier
      assay embed train labelled.txt --mode supervised --validation held-out.txt --autotune 300 -o classifier
      assay embed train reviews.csv --text body --label stars --mode supervised -o classifier

      The folder gets vectors.txt (word2vec's text), vectors.bin (fastText's, of the modes that it has), or model.bin \
      (a classifier that fastText reads), and eval.json with how the training went. Names, defaults and ranges of the \
      options are those of BlazingText; fastText's short names work too. One thread gives the same vectors each time; \
      several do not. Interrupted, it writes what it has learnt by then. Pairs of words that glove counts beyond --memory \
      go to a nameless file in the temporary folder.
      """)

  @OptionGroup var texts: TextOptions

  @Option(help: "skipgram, cbow, batch_skipgram, fasttext, glove or supervised.")
  var mode: EmbedMode

  @Option(name: .shortAndLong, help: ArgumentHelp("The folder for what is made.", valueName: "folder"))
  var output: String

  @Option(help: ArgumentHelp("The column of labels, of supervised with --text.", valueName: "column"))
  var label: String?

  @Option(help: "How texts become words: whitespace, words or lowercase. Default: whitespace; lowercase with --text.")
  var tokenizer: WordSplitting?

  @Option(
    name: [.long, .customLong("vector_dim"), .customLong("dim")],
    help: ArgumentHelp("Numbers in a vector.", valueName: "n"))
  var vectorDim: Int?

  @Option(
    name: [.long, .customLong("window_size"), .customLong("ws")],
    help: ArgumentHelp("Words to each side that count as near.", valueName: "n"))
  var windowSize: Int?

  @Option(name: [.long, .customLong("epoch")], help: ArgumentHelp("Passes over the text.", valueName: "n"))
  var epochs: Int?

  @Option(
    name: [.long, .customLong("learning_rate"), .customLong("lr")],
    help: ArgumentHelp("The rate at the start; it falls to 0.", valueName: "rate"))
  var learningRate: Double?

  @Option(
    name: [.long, .customLong("negative_samples"), .customLong("neg")],
    help: ArgumentHelp("Words drawn against each right one.", valueName: "n"))
  var negativeSamples: Int?

  @Option(
    name: [.long, .customLong("sampling_threshold"), .customShort("t")],
    help: ArgumentHelp("Words more frequent than this share are thinned out.", valueName: "share"))
  var samplingThreshold: Double?

  @Option(
    name: [.long, .customLong("min_count"), .customLong("minCount")],
    help: ArgumentHelp("Words that occur less often have no vector.", valueName: "n"))
  var minCount: Int?

  @Option(
    name: [.long, .customLong("batch_size")],
    help: ArgumentHelp("Inputs that share negatives, of batch_skipgram.", valueName: "n"))
  var batchSize: Int?

  @Flag(help: "Character n-grams, of skipgram, cbow and supervised.")
  var subwords = false

  @Option(
    name: [.long, .customLong("min_char"), .customLong("minn")],
    help: ArgumentHelp("The shortest character n-gram.", valueName: "n"))
  var minChar: Int?

  @Option(
    name: [.long, .customLong("max_char"), .customLong("maxn")],
    help: ArgumentHelp("The longest character n-gram.", valueName: "n"))
  var maxChar: Int?

  @Option(name: [.long, .customLong("bucket")], help: ArgumentHelp("Places for n-grams.", valueName: "n"))
  var buckets: Int?

  @Option(
    name: [.long, .customLong("word_ngrams"), .customLong("wordNgrams")],
    help: ArgumentHelp("The longest run of words that counts, of supervised.", valueName: "n"))
  var wordNgrams: Int?

  @Option(help: "The loss of supervised: softmax, hs, ns or ova.")
  var loss: ClassifierLoss?

  @Option(help: ArgumentHelp("What labels begin with.", valueName: "text"))
  var labelPrefix: String?

  @Option(help: ArgumentHelp("Labelled texts that a classifier is judged on after each epoch.", valueName: "file"))
  var validation: String?

  @Flag(
    name: [.long, .customLong("early_stopping")],
    help: "Stop when the validation's accuracy no longer rises.")
  var earlyStopping = false

  @Option(
    help: ArgumentHelp(
      "Look this long for the hyper-parameters of a classifier that label the validation texts best, from the given ones on.",
      valueName: "seconds"))
  var autotune: Double?

  @Option(help: ArgumentHelp("Epochs without a rise before an early stop.", valueName: "n"))
  var patience: Int?

  @Option(name: [.long, .customLong("min_epochs")], help: ArgumentHelp("Epochs before an early stop.", valueName: "n"))
  var minEpochs: Int?

  @Option(
    name: [.long, .customLong("x_max")],
    help: ArgumentHelp("Co-occurrences from this count on weigh the same, of glove.", valueName: "n"))
  var xMax: Double?

  @Option(
    help: ArgumentHelp(
      "Pairs of words with scores, to judge by after each epoch; may be given again.", valueName: "file"))
  var similarity: [String] = []

  @Flag(help: "Write word2vec's binary format too: vectors.word2vec.bin.")
  var binary = false

  @Option(help: ArgumentHelp("Seeds everything that is drawn.", valueName: "n"))
  var seed: UInt64 = 0

  @Flag(help: "Print JSON.")
  var json = false

  private func options(threads: Int) -> TrainingOptions {
    var options = TrainingOptions(mode: mode)
    options.vectorDim = vectorDim ?? options.vectorDim
    options.windowSize = windowSize ?? options.windowSize
    options.epochs = epochs ?? options.epochs
    options.learningRate = learningRate ?? options.learningRate
    options.negativeSamples = negativeSamples ?? options.negativeSamples
    options.samplingThreshold = samplingThreshold ?? options.samplingThreshold
    options.minCount = minCount ?? options.minCount
    options.batchSize = batchSize ?? options.batchSize
    options.subwords = options.subwords || subwords
    options.minChar = minChar ?? options.minChar
    options.maxChar = maxChar ?? options.maxChar
    options.buckets = buckets ?? options.buckets
    options.wordNgrams = wordNgrams ?? options.wordNgrams
    options.loss = loss ?? options.loss
    options.labelPrefix = labelPrefix ?? options.labelPrefix
    options.earlyStopping = earlyStopping
    options.patience = patience ?? options.patience
    options.minEpochs = minEpochs ?? options.minEpochs
    options.xMax = xMax ?? options.xMax
    options.threads = threads
    options.seed = seed
    return options
  }

  func validate() throws {
    if label != nil, texts.text == nil || mode != .supervised {
      throw ValidationError("--label COLUMN belongs to --mode supervised with --text COLUMN")
    }
    if mode == .supervised, texts.text != nil, label == nil {
      throw ValidationError("--mode supervised with --text COLUMN needs --label COLUMN")
    }
    if validation != nil, mode != .supervised { throw ValidationError("--validation belongs to --mode supervised") }
    if let autotune {
      if mode != .supervised || validation == nil {
        throw ValidationError("--autotune belongs to --mode supervised with --validation FILE")
      }
      if earlyStopping { throw ValidationError("--autotune and --early-stopping exclude one another") }
      if !(autotune >= 1) { throw ValidationError("--autotune takes 1 second or more") }
    }
    if earlyStopping, validation == nil { throw ValidationError("--early-stopping needs --validation FILE") }
    if mode == .supervised, !similarity.isEmpty {
      throw ValidationError("--similarity is for word vectors, not for --mode supervised")
    }
    do { try options(threads: 1).check() } catch { throw ValidationError("\(error)") }
  }

  func run(_ headless: Headless) throws {
    let engine = headless.engine(texts.source.resources)
    let threads = texts.source.resources.threads ?? headless.console.settings.threads
    var judged: TextInput?
    if let validation {
      var other = texts
      (other.source.source, other.source.also) = (validation, [])
      judged = other.input(label: label)
    }
    let training = EmbedTraining(
      input: texts.input(label: label), validation: judged,
      options: options(threads: threads ?? ProcessInfo.processInfo.activeProcessorCount),
      splitting: texts.splitting(tokenizer), similarity: similarity, folder: output, writesBinary: binary,
      tuningSeconds: autotune)
    let result = try engine.run(.embed(.train(training)), context: headless.context)
    guard case .embedded(.trained(let report)) = result else { return }
    if json { return try headless.writeJSON(report) }
    try headless.console.write(embedLines(report).joined(separator: "\n") + "\n")
  }
}

/// What a training made, for a person.
func embedLines(_ report: EmbedReport) -> [String] {
  var lines: [String] = []
  if let labels = report.labels {
    lines.append(
      "\(counted(report.examples ?? 0, "text")), \(counted(labels.count, "label")), "
        + "\(counted(report.vocabulary, "word")) known, \(counted(report.epochs.count, "epoch"))")
  } else {
    lines.append(
      "\(counted(report.vocabulary, "word")) with \(report.options.vectorDim) numbers each, from "
        + "\(counted(report.words, "word")) of text, \(counted(report.epochs.count, "epoch"))")
  }
  if let last = report.epochs.last?.loss { lines.append("loss \(embedFigure(last))") }
  if let best = report.validationAccuracy.max() {
    lines.append(
      "validation accuracy \(embedFigure(report.validationAccuracy.last ?? best)), best \(embedFigure(best))"
        + (report.stoppedEarly ? "; stopped early" : ""))
  }
  if let trials = report.trials, let best = trials.last(where: \.isBest) {
    lines.append("best of \(counted(trials.count, "trial")): \(best.text)")
  }
  for score in report.similarity.last ?? [] {
    lines.append(
      "\(score.file): Spearman \(score.spearman.map(embedFigure) ?? "none") over \(score.found) of \(score.pairs) pairs"
    )
  }
  if report.options.threads > 1 {
    lines.append("\(report.options.threads) threads: another run gives slightly other numbers; --threads 1 does not")
  }
  lines.append("wrote \(report.files.joined(separator: ", "))")
  return lines
}
