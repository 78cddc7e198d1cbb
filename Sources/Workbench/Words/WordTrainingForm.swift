import Embed
import Engine
import Flow
import Foundation
import Frame
import Widgets

/// The fields of a training of word vectors, and the training that they describe. Names, defaults and ranges are those of
/// BlazingText; GloVe's are its authors'.
struct WordTrainingForm: Sendable {
  var columns: Schema
  var current: String?
  /// The step whose rows are read; nil where there is none.
  var node: StepID?
  /// The other steps, to hold out texts from.
  var steps: [StepChoice]
  var folder: String

  private static let lines = "lines"
  private static let column = "column"

  // MARK: Options

  private typealias Whole = (
    name: String, path: WritableKeyPath<TrainingOptions, Int> & Sendable, range: ClosedRange<Int>,
    modes: Set<EmbedMode>,
    help: String
  )
  private typealias Real = (
    name: String, path: WritableKeyPath<TrainingOptions, Double> & Sendable, range: ClosedRange<Double>,
    modes: Set<EmbedMode>, help: String
  )

  private static let all = Set(EmbedMode.allCases)
  private static let windows: Set<EmbedMode> = [.skipgram, .cbow, .batchSkipgram, .fasttext]

  private static let first: [Whole] = [
    ("vector_dim", \.vectorDim, 1...4096, all, "Numbers in a vector; 32 to 300 are usual."),
    ("epochs", \.epochs, 1...10_000, all, "Passes over the text; 5 to 15 are usual."),
    ("min_count", \.minCount, 0...1_000_000, all, "Words that occur less often have no vector."),
    (
      "window_size", \.windowSize, 1...100, windows.union([.glove]),
      "Words to each side that count as near; 1 to 10 are usual, 15 of glove."
    ),
    ("word_ngrams", \.wordNgrams, 1...10, [.supervised], "The longest run of words that counts as a feature."),
  ]

  private static let more: [Whole] = [
    ("negative_samples", \.negativeSamples, 1...100, windows, "Words drawn against each right one; 5 to 25 are usual."),
    ("batch_size", \.batchSize, 1...200, [.batchSkipgram], "Inputs that share their negatives; 8 to 32 are usual."),
    ("min_char", \.minChar, 1...32, [.fasttext, .skipgram, .cbow], "The shortest character n-gram."),
    ("max_char", \.maxChar, 1...32, [.fasttext, .skipgram, .cbow], "The longest character n-gram."),
    (
      "buckets", \.buckets, 1...1_000_000_000, [.fasttext, .skipgram, .cbow, .supervised],
      "Places that n-grams are hashed to; each needs a vector in memory and in the file."
    ),
    ("threads", \.threads, 1...1024, all, "One gives the same vectors each time; several do not."),
  ]

  private static let rates: [Real] = [
    ("learning_rate", \.learningRate, 0.000_001...100, all, "The rate at the start; it falls to 0."),
    (
      "sampling_threshold", \.samplingThreshold, 0...1, windows,
      "Words more frequent than this share are thinned out; 0 keeps all."
    ),
    ("x_max", \.xMax, 0.001...1e9, [.glove], "Co-occurrences from this count on weigh the same."),
  ]

  private static func title(_ mode: EmbedMode) -> String {
    switch mode {
    case .skipgram: "skipgram: a word predicts those around it"
    case .cbow: "cbow: those around predict the word"
    case .batchSkipgram: "batch_skipgram: skipgram, negatives shared"
    case .fasttext: "fasttext: skipgram with parts of words"
    case .glove: "glove: from counts of co-occurrence"
    case .supervised: "supervised: a classifier of texts"
    }
  }

  func mode(_ form: FormState) -> EmbedMode { EmbedMode(rawValue: form.text("mode")) ?? .batchSkipgram }

  private func defaults(_ form: FormState) -> TrainingOptions {
    var options = TrainingOptions(mode: mode(form))
    // The places that the original reserves take 800 MB.
    options.buckets = min(options.buckets, 200_000)
    return options
  }

  private var texts: Schema { columns.filter { $0.kind == .text } }

  private var hasColumn: Bool { node != nil && !texts.isEmpty }

  private func readsColumn(_ form: FormState) -> Bool {
    form["source"] == nil ? hasColumn : form.text("source") == Self.column
  }

  // MARK: Fields

  func fields(_ form: FormState, place: String) -> [FormField] {
    let mode = mode(form)
    let options = defaults(form)
    var fields: [FormField] = [
      .choice(
        "mode", "mode", EmbedMode.allCases.map { FormOption($0.rawValue, Self.title($0)) },
        selected: EmbedMode.batchSkipgram.rawValue,
        help: "How vectors are learnt. fasttext has vectors for words that it has never met, batch_skipgram is the "
          + "quickest."),
      .radio(
        "source", "Text from",
        [
          FormOption(Self.column, "a column", reason: hasColumn ? nil : "the table has no column of text"),
          FormOption(Self.lines, "a file"),
        ], selected: hasColumn ? Self.column : Self.lines,
        help: "A column of texts of the selected step, or a file with one text a line: plain, gzip or xz."),
    ]
    if readsColumn(form) {
      let start = texts.first { $0.name == current } ?? texts.first
      fields.append(
        .choice(
          "text", "Column", ColumnChoices.options(columns) { $0.kind == .text ? nil : "not text" },
          selected: start?.name ?? "", help: "The texts."))
      if mode == .supervised {
        fields.append(
          .choice(
            "label", "Labels", ColumnChoices.optional(columns, none: "(choose)"), selected: "",
            help: "The column that the classifier learns to tell from the text."))
      }
    } else {
      fields.append(
        .text(
          "file", "File", "", placeholder: "texts.txt",
          help: "One text a line" + (mode == .supervised ? ", with labels such as __label__good among its words." : ".")
        )
      )
    }
    fields.append(
      .radio(
        "words", "Words", WordSplitting.allCases.reversed().map { FormOption($0.rawValue) },
        selected: (readsColumn(form) ? WordSplitting.lowercase : .whitespace).rawValue,
        help: "lowercase: letters and digits in small letters. words: the same as written. whitespace: what stands "
          + "between blanks, for text that is split already."))
    fields += numbers(Self.first, mode, options) + reals(Self.rates.prefix(1), mode, options)
    if mode == .supervised { fields += classifier(form) }
    if mode == .skipgram || mode == .cbow {
      fields.append(
        .check("subwords", "subwords", "vectors of parts of words too", help: "Words are the mean of their n-grams."))
    }
    if mode != .supervised {
      fields.append(
        .text(
          "similarity", "Judge by", "", placeholder: "optional: a file of word pairs",
          help: "Lines of two words and how alike people find them, such as WordSim-353: the vectors are judged after "
            + "each epoch."))
    }
    fields.append(
      .check("advanced", "Advanced", "samples, n-grams, threads, seed", help: "Options that rarely need a change."))
    if form.isOn("advanced") {
      fields += reals(Self.rates.dropFirst(), mode, options) + numbers(Self.more, mode, options)
      fields.append(
        .number("seed", "seed", "0", in: 0...9e15, isInteger: true, help: "One thread and one seed: the same vectors."))
    }
    return fields + [
      .text(
        "folder", "Model in", folder,
        help: "The folder that gets vectors.txt, vectors.bin or model.bin, and eval.json with how it went."),
      .note("On", place, id: "place"),
      .buttons([FormOption("run", "Train"), FormOption("cancel", "Back")]),
    ]
  }

  private func numbers(_ all: [Whole], _ mode: EmbedMode, _ options: TrainingOptions) -> [FormField] {
    all.filter { $0.modes.contains(mode) }.map { one in
      let range = Double(one.range.lowerBound)...Double(one.range.upperBound)
      return .number(
        Self.id(one.name, mode), one.name, String(options[keyPath: one.path]), in: range, isInteger: true,
        help: one.help)
    }
  }

  private func reals(_ all: some Collection<Real>, _ mode: EmbedMode, _ options: TrainingOptions) -> [FormField] {
    all.filter { $0.modes.contains(mode) }.map { one in
      .number(
        Self.id(one.name, mode), one.name, Self.written(options[keyPath: one.path]), in: one.range, help: one.help)
    }
  }

  private static func written(_ number: Double) -> String {
    number == number.rounded() ? String(Int(number)) : String(number)
  }

  /// Each mode has defaults of its own, and so fields of its own.
  private static func id(_ name: String, _ mode: EmbedMode) -> String { "\(name):\(mode.rawValue)" }

  private func classifier(_ form: FormState) -> [FormField] {
    var fields: [FormField] = [
      .radio(
        "loss", "loss", ClassifierLoss.allCases.map { FormOption($0.rawValue) }, selected: "softmax",
        help: "softmax: one label of all. hs: a tree, for many labels. ns: some drawn labels. ova: each by itself.")
    ]
    if readsColumn(form) {
      fields.append(
        .choice(
          "held", "Held out", [FormOption("", "none")] + steps.map { FormOption($0.id.rawValue, $0.title) },
          selected: "", help: "Another step with the same columns, such as a part of a split: judged after each epoch.")
      )
    } else {
      fields.append(
        .text(
          "heldFile", "Held out", "", placeholder: "optional: a file", help: "Labelled lines, judged after each epoch.")
      )
    }
    fields.append(
      .check(
        "early", "early_stopping", "ends when the held-out texts get no better",
        help: "After min_epochs, ends once patience epochs brought no better score."))
    if form.isOn("early") {
      let options = TrainingOptions(mode: .supervised)
      fields += [
        .number(
          "patience", "patience", String(options.patience), in: 1...10_000, isInteger: true,
          help: "Epochs without a better score."),
        .number(
          "min_epochs", "min_epochs", String(options.minEpochs), in: 1...10_000, isInteger: true,
          help: "Epochs that are trained in any case."),
      ]
    }
    return fields
  }

  // MARK: What they say

  /// What keeps the training from being run, with its field.
  func fault(_ form: FormState, _ state: WorkbenchState) -> (field: String, reason: String)? {
    if let field = form.fields.first(where: { $0.error != nil }) { return (field.id, field.error ?? "") }
    let mode = mode(form)
    if readsColumn(form) {
      if form.text("text").isEmpty { return ("text", "choose the column of texts") }
      if mode == .supervised, form.text("label").isEmpty { return ("label", "choose the column of labels") }
      if mode == .supervised, form.text("label") == form.text("text") {
        return ("label", "the texts are no labels of themselves")
      }
    } else if let reason = missing("file", form, state) {
      return ("file", reason)
    }
    for field in ["similarity", "heldFile"] where !form.text(field).trimmingBlanks.isEmpty {
      if let reason = missing(field, form, state) { return (field, reason) }
    }
    if form.isOn("early"), form.text("held").isEmpty, form.text("heldFile").trimmingBlanks.isEmpty {
      return ("early", "it needs texts that are held out")
    }
    if form.text("folder").trimmingBlanks.isEmpty { return ("folder", "a folder for the model") }
    let folder = path("folder", form, state)
    if state.words[folder]?.isActive == true { return ("folder", "a training writes that folder now") }
    do {
      try training(form, state).options.check()
    } catch EmbedError.option(let name, let value, let allowed) {
      let field = Self.id(name, mode)
      return (form[field] == nil ? "mode" : field, "\(name) \(value): it takes \(allowed)")
    } catch {
      return ("mode", "\(error)")
    }
    return nil
  }

  private func missing(_ field: String, _ form: FormState, _ state: WorkbenchState) -> String? {
    if form.text(field).trimmingBlanks.isEmpty { return "name a file" }
    return state.fileExists(path(field, form, state)) ? nil : "there is no such file"
  }

  private func path(_ field: String, _ form: FormState, _ state: WorkbenchState) -> String {
    FilePaths.absolute(expanded(form.text(field).trimmingBlanks), in: state.workingFolder)
  }

  func training(_ form: FormState, _ state: WorkbenchState) -> EmbedTraining {
    let mode = mode(form)
    var options = defaults(form)
    for one in Self.first + Self.more where one.modes.contains(mode) {
      if let value = form.integer(Self.id(one.name, mode)) { options[keyPath: one.path] = value }
    }
    for one in Self.rates where one.modes.contains(mode) {
      if let value = form.number(Self.id(one.name, mode)) { options[keyPath: one.path] = value }
    }
    options.subwords = mode == .fasttext || ((mode == .skipgram || mode == .cbow) && form.isOn("subwords"))
    options.loss = ClassifierLoss(rawValue: form.text("loss")) ?? .softmax
    options.earlyStopping = mode == .supervised && form.isOn("early")
    options.patience = form.integer("patience") ?? options.patience
    options.minEpochs = form.integer("min_epochs") ?? options.minEpochs
    options.seed = form.integer("seed").map { UInt64(max(0, $0)) } ?? 0
    var input = TextInput.lines(path("file", form, state))
    var validation: TextInput?
    if readsColumn(form), let node {
      let label = mode == .supervised ? form.text("label") : nil
      func column(_ step: StepID) -> TextInput {
        .column(NodeRequest(graph: state.flow.graph, node: step), text: form.text("text"), label: label)
      }
      input = column(node)
      if mode == .supervised, !form.text("held").isEmpty { validation = column(StepID(form.text("held"))) }
    } else if mode == .supervised, !form.text("heldFile").trimmingBlanks.isEmpty {
      validation = .lines(path("heldFile", form, state))
    }
    let pairs =
      mode == .supervised || form.text("similarity").trimmingBlanks.isEmpty ? [] : [path("similarity", form, state)]
    return EmbedTraining(
      input: input, validation: validation, options: options,
      splitting: WordSplitting(rawValue: form.text("words")) ?? .whitespace, similarity: pairs,
      folder: path("folder", form, state))
  }
}
