import Foundation
import Frame
import Jobs
import Numerics
import Synchronization
import Testing

@testable import Learn

/// A row at a time says what many rows at once say.
@Suite struct RowPredictorTests {
  /// Every kind of column, each with missing cells.
  static func table(_ problem: Problem, rows: Int = 130, seed: UInt64 = 3) -> (DataTable, Labels) {
    var random = RandomSource(seed: seed)
    var (x, flag, color, day, moment, note): ([Double?], [Bool?], [String?], [Int32], [Int64], [String?]) =
      ([], [], [], [], [], [])
    var signal: [Double] = []
    for _ in 0..<rows {
      let (a, level) = (random.nextNormal() * 100, random.nextIndex(below: 4))
      let word = ["good", "bad", "fair", "poor"][random.nextIndex(below: 4)]
      x.append(random.nextUnit() < 0.1 ? nil : a)
      flag.append(random.nextUnit() < 0.1 ? nil : random.nextUnit() < 0.5)
      color.append(random.nextUnit() < 0.1 ? nil : ["red", "green, dark", "blue \"sky\"", "été"][level])
      day.append(Int32(18_000 + random.nextIndex(below: 900)))
      moment.append(1_600_000_000_000_000 + Int64(random.nextIndex(below: 90_000_000)) * 1_000_003)
      note.append(
        random.nextUnit() < 0.1
          ? nil : "A \(word) thing number \(random.nextIndex(below: 500)), seen \(["once", "twice"][level & 1]) today")
      signal.append(a / 100 + (level == 1 ? 1 : 0) + (word == "good" ? 1 : 0) + 0.2 * random.nextNormal())
    }
    let labels: Labels =
      switch problem {
      case .binary: .classes(signal.map { $0 > 0.5 ? 1 : 0 }, count: 2)
      case .multiclass: .classes(signal.map { $0 > 1 ? 2 : $0 > 0 ? 1 : 0 }, count: 3)
      case .regression: .numbers(signal.map { $0 * 1e4 + 5e5 })
      }
    var columns = [
      column("x", x), column("flag", flag), column("color", color), dates("day", day), timestamps("moment", moment),
    ]
    if problem == .binary { columns.append(column("note", note)) }
    return (DataTable(columns: columns), labels)
  }

  /// A bundle in which every learner has a share.
  private func bundle(_ problem: Problem, in folder: String) throws -> (ModelBundle, DataTable) {
    let (table, given) = Self.table(problem)
    let rows = Array(0..<table.rowCount)
    let schema = try FeatureSchema.fit(table, rows: rows, target: "none", context: SilentContext())
    #expect(Set(schema.columns.map(\.kind)).count == (problem == .binary ? 4 : 3))
    let prepared = try PreparedTable(table, schema: schema, context: SilentContext())
    let scale = LabelScale(given, takesLog: false)
    let labels = scale.scaled(given)
    let specs =
      (ModelContractTests.all + [CandidateSpec(.linear(LinearSettings()), Recipe(categories: .target, isScaled: true))])
      .filter { spec in
        if case .bayes = spec.learner { problem.isClassification } else { true }
      }
    let run = try RunFolder(folder)
    var members: [BundleMember] = []
    var fitted: [Recipe: (FittedRecipe, EncodedFeatures)] = [:]
    for (number, spec) in specs.enumerated() {
      let (recipe, features) =
        try fitted[spec.recipe]
        ?? FittedRecipe.fit(
          spec.recipe, prepared, rows: rows, labels: labels, seed: 1, context: SilentContext())
      fitted[spec.recipe] = (recipe, features)
      let task = TrainingTask(
        features: features, labels: labels, validation: features, validationLabels: labels,
        objective: Objective.all(for: problem)[0], seed: 1, deadline: .none)
      let model = try spec.learner.learner.fit(task, context: SilentContext())
      let draft = try run.draft(number)
      let recipeFile = try draft.write(JSONEncoder().encode(recipe), to: "fold-0/recipe.json")
      let files = try model.files().map { try draft.write($0.value, to: "fold-0/" + $0.key) }
      try FileManager.default.moveItem(atPath: draft.folder, toPath: "\(folder)/\(draft.root)")
      let fold = BundleFold(recipe: recipeFile, files: files, label: scale)
      members.append(
        BundleMember(
          candidate: number, name: spec.name, spec: spec, weight: 1 / Double(specs.count), folds: [fold]))
    }
    let classes =
      switch problem {
      case .binary: ["no", "yes"]
      case .multiclass: ["low", "middle", "high"]
      case .regression: [String]()
      }
    try run.write(
      BundleManifest(
        version: 1, problem: problem, target: "none", classes: classes, metric: Objective.all(for: problem)[0],
        score: 0,
        temperature: problem == .regression ? 1 : 1.3, threshold: 0.4, schema: schema, members: members))
    return (try ModelBundle(folder: folder), table)
  }

  /// The rows as a request spells them.
  private func batch(_ table: DataTable, _ reader: RowReader) throws -> RowBatch {
    var batch = RowBatch()
    for row in 0..<table.rowCount {
      reader.begin(&batch)
      for (column, name) in reader.names.enumerated() {
        guard let text = table[name]?.text(row) else { continue }
        try Array(text.utf8).withUnsafeBufferPointer { try reader.read($0, column: column, into: &batch) }
      }
    }
    return batch
  }

  @Test(arguments: Problem.allCases) func oneRowAtATimeSaysWhatATableSaysToTheLastBit(_ problem: Problem) throws {
    let folder = try TemporaryFolder()
    defer { folder.remove() }
    let (bundle, table) = try bundle(problem, in: folder.path("model"))
    let expected = try bundle.predict(table)
    let reader = RowReader(bundle.manifest.schema)
    let batch = try batch(table, reader)
    let scorer = try RowPredictor(bundle, reader: reader)
    let outputs = max(bundle.manifest.classes.count, 1)
    for row in 0..<table.rowCount {
      let answer = try scorer.score(batch, row: row)
      #expect(answer.values == Array(expected[row * outputs..<(row + 1) * outputs]), "row \(row)")
    }
    let labels = try bundle.predictions(table, withProbabilities: false).columns[0]
    guard problem.isClassification else { return }
    for row in 0..<table.rowCount {
      let label = try #require(try scorer.score(batch, row: row).label)
      #expect(bundle.manifest.classes[label] == labels.text(row))
    }
  }

  @Test func threadsThatAskAtOnceGetWhatOneThreadGets() throws {
    let folder = try TemporaryFolder()
    defer { folder.remove() }
    let (bundle, table) = try bundle(.binary, in: folder.path("model"))
    let expected = try bundle.predict(table)
    let reader = RowReader(bundle.manifest.schema)
    let batch = try batch(table, reader)
    let wrong = Mutex(0)
    try inParallel(8, threads: 8) { number in
      let scorer = try RowPredictor(bundle, reader: reader)
      for turn in 0..<100 {
        let row = (turn * 7 + number * 31) % table.rowCount
        let values = try scorer.score(batch, row: row).values
        if values != [expected[row * 2], expected[row * 2 + 1]] { wrong.withLock { $0 += 1 } }
      }
    }
    #expect(wrong.withLock { $0 } == 0)
  }

  @Test func cellsThatCannotBeReadAreNamed() throws {
    let (table, _) = Self.table(.binary)
    let schema = try FeatureSchema.fit(table, rows: Array(0..<130), target: "none", context: SilentContext())
    let reader = RowReader(schema)
    func reason(_ text: String, _ column: String) throws -> String? {
      var batch = RowBatch()
      reader.begin(&batch)
      let place = try #require(reader.names.firstIndex(of: column))
      do {
        try Array(text.utf8).withUnsafeBufferPointer { try reader.read($0, column: place, into: &batch) }
        return nil
      } catch let error as CellError {
        return error.description
      }
    }
    #expect(try reason("abc", "x") == #"column "x": "abc" is no number; leave the cell empty where it is missing"#)
    #expect(try reason("0x10", "x")?.contains("is no number") == true)
    #expect(try reason("soon", "day")?.contains("is no date or time") == true)
    for number in [" 12 ", "-1.5e3", "+7", "nan", "inf", "1234567890123456789", "TRUE", "."] where number != "." {
      #expect(try reason(number, "x") == nil, "\(number)")
    }
    #expect(try reason(".", "x") != nil)
    for moment in ["2026-11-22", "2026-11-22T18:30:00", "2026-11-22 18:30:00.25", "2026-11-22 18:30:00+02", "18:30:00"]
    {
      #expect(try reason(moment, "moment") == nil, "\(moment)")
    }
  }

  @Test func numbersAreReadAsSwiftReadsThem() throws {
    var random = RandomSource(seed: 8)
    for _ in 0..<5_000 {
      let digits = 1 + random.nextIndex(below: 18)
      var text = random.nextUnit() < 0.3 ? "-" : ""
      for place in 0..<digits {
        if place > 0, !text.contains("."), random.nextUnit() < 0.2 { text += "." }
        text += String(random.nextIndex(below: 10))
      }
      if random.nextUnit() < 0.2 { text += "e\(random.nextIndex(below: 40) - 20)" }
      let found = Array(text.utf8).withUnsafeBufferPointer { NumberReading.number($0) }
      #expect(found == Double(text), "\(text)")
    }
  }
}
