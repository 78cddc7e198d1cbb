import Embed
import Flow
import Foundation
import Frame
import Jobs

/// Trains word vectors and classifiers on texts, and asks things of them.
struct EmbedRunner {
  let nodes: NodeStore
  let threads: Int?
  let context: any JobContext

  var threadCount: Int { threads ?? ProcessInfo.processInfo.activeProcessorCount }

  func run(_ spec: EmbedSpec) throws -> JobOutput {
    switch spec {
    case .train(let training):
      return try nodes.texts.training(training.folder) { .embedded(.trained(try train(training, $0))) }
    case .neighbors(let path, let words, let count):
      let lookup = try lookup(path)
      return .embedded(.neighbors(try words.map { try lookup.neighbors(of: $0, count: count) }))
    case .analogy(let path, let words, let count):
      let lookup = try lookup(path)
      guard words.count == 3 else {
        throw EmbedError.option(
          name: "analogy", value: words.joined(separator: " "), allowed: "three words, such as man king woman")
      }
      let numbers = try words.map { try lookup.number($0) }
      let found = lookup.words.analogy(numbers[0], numbers[1], numbers[2], count: count)
      return .embedded(.neighbors([WordNeighbors(word: words.joined(separator: " "), neighbors: found)]))
    case .similarity(let path, let first, let second):
      let encoder = try nodes.texts.encoder(path)
      let vectors = try encoder.vectors(of: [first, second], threads: threadCount, context: context)
      for (text, vector) in zip([first, second], vectors) where vector.allSatisfy({ $0 == 0 }) {
        throw EmbedError.unknownWord(text, nearest: nil)
      }
      return .embedded(.similarity(cosine(vectors[0], vectors[1])))
    case .evaluate(let path, let similarity, let analogies, let limit):
      return .embedded(.evaluation(try evaluate(path, similarity, analogies, limit)))
    case .classify(let classification): return try classify(classification)
    case .encode(let encoding): return try encode(encoding)
    case .fits(let path, let words):
      guard words.count > 2 else {
        throw EmbedError.option(
          name: "words", value: words.joined(separator: " "), allowed: "three or more, of which one may be odd")
      }
      return .embedded(.fits(try lookup(path).fits(words)))
    case .association(let path, let sets, let seed):
      return .embedded(.association(try read(path).associations(of: sets, seed: seed, context: context)))
    case .map(let mapping): return .embedded(.map(try map(mapping)))
    case .score(let scoring): return try score(scoring)
    case .complete(let model, let text, let options):
      try options.check()
      return .embedded(.completion(try languageModel(model).complete(text, options: options, context: context)))
    }
  }

  // MARK: Training

  private func corpus(_ input: TextInput, _ training: EmbedTraining) throws -> Corpus {
    let corpus = try Corpus()
    switch input {
    case .lines(let path): try corpus.read(path, splitting: training.splitting, context: context)
    case .column(_, let text, _):
      corpus.source = "The column \"\(text)\""
      let prefix = training.options.labelPrefix
      try texts(input) { text, label in
        guard let text else { return }
        try corpus.add(line: text, splitting: training.splitting, labels: label.map { [prefix + $0] } ?? [])
      }
    }
    return corpus
  }

  private func train(_ training: EmbedTraining, _ pause: TrainingPause) throws -> EmbedReport {
    let begun = DispatchTime.now().uptimeNanoseconds
    var options = training.options
    try options.check()
    let pairs = try training.similarity.map { try SimilarityPairs(contentsOf: $0) }
    context.report(nil, "reading words")
    let reader = EmbedRunner(
      nodes: nodes, threads: threads, context: Announcing(context: context, pause: pause))
    let corpus = try reader.corpus(training.input, training)
    let words = corpus.wordCount
    do {
      try FileManager.default.createDirectory(atPath: training.folder, withIntermediateDirectories: true)
    } catch {
      throw EmbedError.unwritable(path: training.folder, reason: "the folder cannot be made")
    }
    func path(_ name: String) -> String { training.folder + "/" + name }
    let announcing = Announcing(context: context, pause: pause)
    var report: EmbedReport
    if options.mode == .supervised {
      let validation = try training.validation.map { try reader.corpus($0, training) }
      let (trained, trials) = try classifier(corpus, validation, training, announcing)
      options = trained.options
      try trained.writeFastText(to: path("model.bin"))
      report = EmbedReport(
        options: options, vocabulary: trained.wordCount, words: words, labels: trained.labels,
        examples: trained.examples, epochs: trained.epochs, similarity: [], validationAccuracy: trained.validation,
        stoppedEarly: trained.stoppedEarly, wasCancelled: trained.wasCancelled, seconds: 0, files: [path("model.bin")],
        trials: trials)
    } else {
      if options.mode == .glove { options.samplingThreshold = 0 }
      var scores: [[SimilarityScore]] = []
      let trained = try trainVectors(corpus, options: options, memory: nodes.memoryLimit, context: announcing) {
        words, vectors, _ in
        guard !pairs.isEmpty else { return true }
        let vectors = try WordVectors(words: words, matrix: vectors)
        scores.append(pairs.map { vectors.evaluate($0) })
        context.emit(JobOutput.embeddingScores(scores[scores.count - 1]))
        return true
      }
      if !pairs.isEmpty, !trained.wasCancelled {
        let vectors = try WordVectors(words: trained.vocabulary.words, matrix: trained.vectors)
        scores.append(pairs.map { vectors.evaluate($0) })
        context.emit(JobOutput.embeddingScores(scores[scores.count - 1]))
      }
      var files = [path("vectors.txt")]
      try VectorFile.writeText(trained.vocabulary.words, trained.vectors, to: files[0])
      if trained.hasFastTextForm {
        files.append(path("vectors.bin"))
        try trained.writeFastText(to: path("vectors.bin"))
      }
      if training.writesBinary {
        files.append(path("vectors.word2vec.bin"))
        try VectorFile.writeBinary(trained.vocabulary.words, trained.vectors, to: path("vectors.word2vec.bin"))
      }
      report = EmbedReport(
        options: options, vocabulary: trained.vocabulary.count, words: words, labels: nil, examples: nil,
        epochs: trained.epochs, similarity: scores, validationAccuracy: [], stoppedEarly: false,
        wasCancelled: trained.wasCancelled, seconds: 0, files: files)
    }
    report.files.append(path("eval.json"))
    report.seconds = Double(DispatchTime.now().uptimeNanoseconds - begun) / 1e9
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    do {
      try encoder.encode(report).write(to: URL(fileURLWithPath: path("eval.json")), options: .atomic)
    } catch {
      throw EmbedError.unwritable(path: path("eval.json"), reason: "\(error.localizedDescription)")
    }
    if report.wasCancelled {
      context.emit(
        JobOutput.notes(["The training was stopped; \(training.folder) holds what it had learnt by then."]))
      throw JobCancelled()
    }
    return report
  }

  /// A classifier with the options that are given, or with the best that the time found.
  private func classifier(
    _ corpus: Corpus, _ validation: Corpus?, _ training: EmbedTraining, _ context: any JobContext
  ) throws -> (TrainedClassifier, [TuningTrial]?) {
    guard let seconds = training.tuningSeconds else {
      return (
        try trainClassifier(corpus, validation: validation, options: training.options, context: context), nil
      )
    }
    guard let validation else {
      throw EmbedError.option(name: "autotune", value: "without validation texts", allowed: "texts to judge by")
    }
    var count = 0
    return try tuneClassifier(
      corpus, validation: validation, options: training.options, seconds: seconds, context: context
    ) { trial in
      count += 1
      if trial.isBest { context.emit(JobOutput.notes(["trial \(count), \(trial.text)"])) }
    }
  }

  // MARK: Words

  func read(_ path: String) throws -> WordVectors {
    context.report(nil, "reading vectors")
    return try nodes.texts.words(path)
  }

  func lookup(_ path: String) throws -> WordLookup {
    context.report(nil, "reading vectors")
    return try WordLookup(path, nodes.texts)
  }

  private func evaluate(
    _ path: String, _ similarity: [String], _ analogies: [String], _ limit: Int?
  ) throws -> EmbedEvaluation {
    let pairs = try similarity.map { try SimilarityPairs(contentsOf: $0) }
    let questions = try analogies.map { try AnalogyQuestions(contentsOf: $0) }
    let vectors = try read(path)
    context.report(nil, "evaluating")
    return EmbedEvaluation(
      similarity: pairs.map { vectors.evaluate($0) },
      analogies: try questions.map { try vectors.evaluate($0, limit: limit, check: context.checkCancelled) })
  }

  // MARK: Texts

  /// Hands over each text, nil where it is missing, with its label.
  func texts(_ input: TextInput, _ body: (String?, String?) throws -> Void) throws {
    switch input {
    case .lines(let path):
      let quiet = context
      try readLines(path, check: quiet.checkCancelled) { try body($0, nil) }
    case .column(let request, let text, let label):
      try nodes.reading(request, context) { relation in
        let names = [text] + (label.map { [$0] } ?? [])
        for name in names where relation.schema.column(named: name) == nil {
          throw EngineError.noSuchColumn(name, relation.schema.map(\.name))
        }
        let columns = names.map { "CAST(\(SQL.identifier($0)) AS VARCHAR)" }.enumerated()
          .map { "\($0.element) AS c\($0.offset)" }
        let sql = "SELECT \(columns.joined(separator: ", ")) FROM \(SQL.subquery(relation.sql))"
        try nodes.database.stream(sql, context: context) { chunk in
          for row in 0..<chunk.rowCount {
            let label = names.count > 1 ? chunk.columns[1].text(row) : nil
            if names.count > 1, label == nil { continue }
            try body(chunk.columns[0].text(row), label)
          }
        }
      }
    }
  }

  private func classify(_ classification: EmbedClassification) throws -> JobOutput {
    context.report(nil, "reading the model")
    let model = try FastTextModel(contentsOf: classification.model)
    let count = min(classification.count, max(model.labels.count, 1))
    guard model.isClassifier else {
      throw EmbedError.notThisModel(path: model.path, what: "it has word vectors and no labels; give a classifier")
    }
    var labels = [[String]](repeating: [], count: count)
    var scores = [[Double]](repeating: [], count: count)
    var valid = [[Bool]](repeating: [], count: count)
    context.report(nil, "classifying")
    try texts(classification.input) { text, _ in
      let found =
        try text.map {
          try model.predict(
            splitText($0, classification.splitting), count: count, threshold: classification.threshold)
        } ?? []
      for place in 0..<count {
        valid[place].append(place < found.count)
        labels[place].append(place < found.count ? found[place].label : "")
        scores[place].append(place < found.count ? found[place].probability : 0)
      }
    }
    var columns: [TypedColumn] = []
    for place in 0..<count {
      let ending = count > 1 ? "_\(place + 1)" : ""
      let valid = valid[place].contains(false) ? valid[place] : nil
      columns.append(
        TypedColumn(column: Column(name: "label" + ending, type: "VARCHAR"), data: .texts(labels[place]), valid: valid))
      columns.append(
        TypedColumn(
          column: Column(name: "probability" + ending, type: "DOUBLE"), data: .reals(scores[place]), valid: valid))
    }
    let table = DataTable(columns: columns, rowCount: labels.first?.count ?? 0)
    return try finished(table, classification.path, classification.format, beside: nil)
  }

  private func encode(_ encoding: EmbedEncoding) throws -> JobOutput {
    context.report(nil, "reading the model")
    let encoder = try nodes.texts.encoder(encoding.model)
    var columns = [[Double]](repeating: [], count: encoder.dimensions)
    var valid: [Bool] = []
    var batch: [String] = []
    func encodeBatch() throws {
      let vectors = try encoder.vectors(of: batch, threads: threadCount, context: context)
      for vector in vectors {
        for column in columns.indices { columns[column].append(Double(vector[column])) }
      }
      context.report(nil, "encoded \(valid.count.grouped) texts")
      batch.removeAll()
    }
    try texts(encoding.input) { text, _ in
      valid.append(text != nil)
      batch.append(encoder.splitsTexts ? text ?? "" : splitText(text ?? "", encoding.splitting))
      if batch.count == 2048 { try encodeBatch() }
    }
    try encodeBatch()
    let hasMissing = valid.contains(false)
    let table = DataTable(
      columns: columns.enumerated().map { number, values in
        TypedColumn(
          column: Column(name: "v_\(number + 1)", type: "DOUBLE"), data: .reals(values), valid: hasMissing ? valid : nil
        )
      }, rowCount: valid.count)
    if encoding.keepsColumns, case .column(let request, _, _) = encoding.input {
      return try nodes.reading(request, context) { relation in
        try finished(table, encoding.path, encoding.format, beside: relation.sql)
      }
    }
    return try finished(table, encoding.path, encoding.format, beside: nil)
  }

  func finished(
    _ table: DataTable, _ path: String?, _ format: SourceFormat?, beside sql: String?
  ) throws -> JobOutput {
    guard let path else { return .table(table) }
    let runner = ModelRunner(nodes: nodes, threads: threads, context: context)
    return .written(path: path, rows: try runner.write(table, to: path, format: format, beside: sql))
  }

  /// Tells of a training in the words of the engine, and lets it wait while it is paused.
  private struct Announcing: JobContext {
    let context: any JobContext
    let pause: TrainingPause
    private let begun = DispatchTime.now().uptimeNanoseconds
    private let waitedBefore: Double

    init(context: any JobContext, pause: TrainingPause) {
      (self.context, self.pause, waitedBefore) = (context, pause, pause.seconds)
    }

    func checkCancelled() throws { try pause.wait(context.checkCancelled) }
    func report(_ fraction: Double?, _ note: String) { context.report(fraction, note) }
    func emit(_ partial: any Sendable) {
      if var progress = partial as? TrainingProgress {
        // Time that was waited is none that was worked.
        let seconds = Double(DispatchTime.now().uptimeNanoseconds - begun) / 1e9
        let waited = pause.seconds - waitedBefore
        if waited > 0, waited < seconds { progress.wordsPerSecond *= seconds / (seconds - waited) }
        context.emit(JobOutput.embedding(progress))
      } else {
        context.emit(partial)
      }
    }
    func onCancel(_ action: @escaping @Sendable () -> Void) { context.onCancel(action) }
  }
}
