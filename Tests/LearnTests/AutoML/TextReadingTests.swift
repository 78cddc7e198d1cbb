import Foundation
import Frame
import Jobs
import Numerics
import Testing

@testable import Learn

/// How candidates read free text.
@Suite struct TextReadingTests {
  private static let topics = [
    ["goal", "match", "team", "coach", "league", "striker"], ["bread", "butter", "oven", "dough", "flour", "crust"],
  ]

  /// Sentences of two topics, in turns, each with words that both share.
  private func texts(_ rows: Int, seed: UInt64 = 3) -> [String?] {
    var random = RandomSource(seed: seed)
    return (0..<rows).map { row in
      (0..<12).map { place in
        place % 3 == 2
          ? ["the", "and", "with"][random.nextIndex(below: 3)] : Self.topics[row % 2][random.nextIndex(below: 6)]
      }.joined(separator: " ") + " row \(row)"
    }
  }

  private func table(_ rows: Int, seed: UInt64 = 3) -> DataTable {
    DataTable(columns: [
      column("review", texts(rows, seed: seed)), column("kind", (0..<rows).map { $0 % 2 == 0 ? "sport" : "baking" }),
    ])
  }

  private func prepared(_ table: DataTable, _ encoder: OpenEncoder? = nil) throws -> (PreparedTable, FeatureSchema) {
    var schema = try FeatureSchema.fit(
      table, rows: Array(0..<table.rowCount), target: "kind", context: SilentContext())
    schema.encoder = encoder?.reference
    return (try PreparedTable(table, schema: schema, encoder: encoder, context: SilentContext()), schema)
  }

  private func fit(_ recipe: Recipe, _ prepared: PreparedTable, rows: [Int]) throws -> FittedRecipe {
    try FittedRecipe.fit(
      recipe, prepared, rows: rows, labels: .classes(rows.map { $0 % 2 }, count: 2), seed: 1, context: SilentContext()
    ).fitted
  }

  /// How well the best of the numbers tells the two topics apart, on rows that were not learnt from.
  private func area(_ fitted: FittedRecipe, _ prepared: PreparedTable, _ rows: Range<Int>) -> Double {
    let unseen = fitted.transform(prepared, rows: Array(rows))
    let areas = (0..<unseen.matrix.features).compactMap { feature in
      ClassificationMetrics.areaUnderROC(
        isPositive: rows.map { $0 % 2 == 1 }, scores: Array(unseen.matrix.column(feature)))
    }
    return areas.map { max($0, 1 - $0) }.max() ?? 0
  }

  /// Word vectors in which each topic has a direction.
  private func vectorFile(_ folder: TemporaryFolder) throws -> String {
    var random = RandomSource(seed: 8)
    let lines = Self.topics.enumerated().flatMap { topic, words in
      words.map { word in
        let numbers = (0..<4).map { ($0 == topic ? 1 : 0) + 0.05 * random.nextNormal() }
        return ([word] + numbers.map { String($0) }).joined(separator: " ")
      }
    }
    let file = folder.path("words.txt")
    try (["\(lines.count) 4"] + lines).joined(separator: "\n").appending("\n")
      .write(toFile: file, atomically: true, encoding: .utf8)
    return file
  }

  @Test func meansOfOwnWordVectorsTellTopicsApart() throws {
    let (prepared, schema) = try prepared(table(160))
    let fitted = try fit(Recipe.scaled.reading(.vectors), prepared, rows: Array(0..<120))
    #expect(area(fitted, prepared, 120..<160) > 0.99)
    #expect(fitted.matches(schema))
    let read = try JSONDecoder().decode(FittedRecipe.self, from: JSONEncoder().encode(fitted))
    #expect(read == fitted)
    #expect(
      read.transform(prepared, rows: [130]).matrix.values == fitted.transform(prepared, rows: [130]).matrix.values)
  }

  @Test func wordVectorsLearnFromTheRowsOfTheirFoldAlone() throws {
    let here = texts(160)
    let elsewhere = here.enumerated().map { $0 < 120 ? $1 : "quite other words that nobody else says \($0)" }
    let fitted = try [here, elsewhere].map { texts in
      let (prepared, _) = try prepared(
        DataTable(columns: [column("review", texts), column("kind", (0..<160).map { $0 % 2 })]))
      return try fit(Recipe.scaled.reading(.vectors), prepared, rows: Array(0..<120))
    }
    guard case .words(_, let left) = fitted[0].columns[0], case .words(_, let right) = fitted[1].columns[0] else {
      Issue.record("no word vectors")
      return
    }
    #expect(left == right)
    #expect(left.words.contains("goal") && !right.words.contains("nobody"))
  }

  @Test func textsWithoutAWordThatOccursTwiceGiveNoNumbers() throws {
    let texts = (0..<60).map {
      "only\($0) once\($0 * 7) words\($0 * 13) here\($0) and nothing\($0) more\($0)" as String?
    }
    let (prepared, schema) = try prepared(
      DataTable(columns: [column("review", texts.map { $0?.replacingOccurrences(of: " and ", with: " ") })]))
    let fitted = try fit(Recipe.scaled.reading(.vectors), prepared, rows: Array(0..<40))
    #expect(fitted.matches(schema))
    let values = fitted.transform(prepared, rows: [50]).matrix.values
    #expect(values.allSatisfy { $0.isFinite })
  }

  @Test func vectorsOfAnEncoderAreTurnedByTheRowsLearntFromAlone() throws {
    let folder = try TemporaryFolder()
    defer { folder.remove() }
    let encoder = try OpenEncoder(try vectorFile(folder))
    let (prepared, schema) = try prepared(table(160), encoder)
    for recipe in [Recipe.scaled, .codes] {
      let fitted = try fit(recipe.reading(.encoder), prepared, rows: Array(0..<120))
      #expect(area(fitted, prepared, 120..<160) > 0.99)
      #expect(fitted.matches(schema))
      guard case .encoded(_, let directions) = fitted.columns[0] else {
        Issue.record("no encoder's vectors")
        return
      }
      #expect(directions.fits(dimensions: 4) && !directions.fits(dimensions: 5))
    }
  }

  @Test func recipesOfTermsAreWrittenAsTheyAlwaysWere() throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    let text = String(decoding: try encoder.encode(Recipe.codes), as: UTF8.self)
    #expect(text == #"{"categories":"codes","isScaled":false}"#)
    #expect(try JSONDecoder().decode(Recipe.self, from: Data(text.utf8)) == .codes)
    let other = Recipe.scaled.reading(.vectors)
    #expect(try JSONDecoder().decode(Recipe.self, from: encoder.encode(other)) == other)
  }

  // MARK: Runs

  private func options(_ texts: TextTreatment?, encoder: String? = nil) -> AutoMLOptions {
    var options = AutoMLOptions(
      target: "kind", timeLimit: 300, metric: .auc, preset: .quick, seed: 1, threads: 2, candidateLimit: 3)
    (options.texts, options.encoder) = (texts, encoder)
    return options
  }

  @Test func aPlanReadsTextsInEveryWayThatThereIs() throws {
    let folder = try TemporaryFolder()
    defer { folder.remove() }
    func ways(_ options: AutoMLOptions) throws -> Set<TextTreatment> {
      Set(try autoMLPlan(table(120), options: options).candidates.map(\.spec.recipe.texts))
    }
    #expect(try ways(options(nil)) == [.terms, .vectors])
    #expect(try ways(options(nil, encoder: try vectorFile(folder))) == [.terms, .vectors, .encoder])
    #expect(try ways(options(.vectors)) == [.vectors])
    #expect(throws: LearnError.self) { try ways(options(.encoder)) }
    let plain = try autoMLPlan(loans(rows: 200), options: AutoMLOptions(target: "approved"))
    #expect(Set(plain.candidates.map(\.spec.recipe.texts)) == [.terms])
  }

  @Test func aModelWithItsOwnWordVectorsSaysTheSameOneRowAtATime() throws {
    let folder = try TemporaryFolder()
    defer { folder.remove() }
    _ = try autoML(table(120), options: options(.vectors), folder: folder.path("model"))
    let bundle = try ModelBundle(folder: folder.path("model"))
    #expect(bundle.manifest.version == 3 && bundle.encoder == nil)
    try compare(bundle, tolerance: 0)
  }

  /// Rows that were not seen, as a table and one at a time.
  private func compare(_ bundle: ModelBundle, tolerance: Double) throws {
    let unseen = table(40, seed: 17)
    let expected = try bundle.predict(unseen)
    let right = (0..<40).count {
      ((expected[$0 * 2 + 1] > 0.5) ? "sport" : "baking") == ($0 % 2 == 0 ? "sport" : "baking")
    }
    #expect(right > 36)
    let reader = RowReader(bundle.manifest.schema)
    let scorer = try RowPredictor(bundle, reader: reader)
    var batch = RowBatch()
    for row in 0..<40 {
      reader.begin(&batch)
      try Array((unseen.columns[0].text(row) ?? "").utf8).withUnsafeBufferPointer {
        try reader.read($0, column: 0, into: &batch)
      }
    }
    for row in 0..<40 {
      let values = try scorer.score(batch, row: row).values
      #expect(zip(values, expected[row * 2..<row * 2 + 2]).allSatisfy { abs($0 - $1) <= tolerance }, "row \(row)")
    }
  }

  @Test func aModelFindsItsEncoderByPathAndDigest() throws {
    let folder = try TemporaryFolder()
    defer { folder.remove() }
    let (file, model) = (try vectorFile(folder), folder.path("model"))
    let report = try autoML(
      table(120), test: table(40, seed: 17), options: options(.encoder, encoder: file), folder: model)
    #expect(try #require(report.test?.metrics["auc"]) > 0.95)
    try compare(try ModelBundle(folder: model), tolerance: 1e-6)
    // Its trees by themselves read texts with the encoder too.
    let trees = try #require(try BundleTrees(ModelBundle(folder: model + "/candidates/0001")))
    let unseen = try trees.rows(of: table(40, seed: 17))
    let right = (0..<40).count { row in
      let margin = zip(trees.parts, unseen).reduce(0.0) { $0 + $1.0.model.margins($1.1.row(row))[0] }
      return (margin > 0) == (row % 2 == 0)
    }
    #expect(right > 36)

    let files = FileManager.default
    let whole = try Data(contentsOf: URL(fileURLWithPath: file))
    try files.removeItem(atPath: file)
    #expect(throws: BundleError.encoder(bundle: model, path: file, reason: "is not there")) {
      _ = try ModelBundle(folder: model)
    }
    try Data(whole.dropLast(9)).write(to: URL(fileURLWithPath: file))
    #expect(throws: BundleError.encoder(bundle: model, path: file, reason: "is another one than it was trained with")) {
      _ = try ModelBundle(folder: model)
    }
    // A copy in the model's folder goes where the model goes.
    try whole.write(to: URL(fileURLWithPath: model + "/encoder"))
    try compare(try ModelBundle(folder: model), tolerance: 1e-6)
  }

  @Test func anEncoderWithoutTextsIsLeftAloneAndSaidSo() throws {
    let folder = try TemporaryFolder()
    defer { folder.remove() }
    var options = AutoMLOptions(
      target: "approved", timeLimit: 300, preset: .quick, seed: 1, threads: 2, candidateLimit: 1)
    options.encoder = try vectorFile(folder)
    let report = try autoML(loans(rows: 200), options: options, folder: folder.path("model"))
    #expect(report.notes.contains { $0.contains("encoder") })
    #expect(try ModelBundle(folder: folder.path("model")).manifest.schema.encoder == nil)
  }
}
