import Flow
import Foundation
import Frame
import Jobs
import Learn

/// Computes the step that adds predictions, with the models of `Learn`.
struct ModelScorer: RowScorer {
  /// Rows that models learn from at most; more are sampled.
  static let mostTrainingRows = 250_000
  /// Rows that are predicted at once.
  static let batch = 50_000

  let threads: Int?
  /// What makes vectors of texts.
  var texts = TextModels()

  func score(_ call: TransformCall, _ reader: FitReader, into table: String) throws {
    let (database, context) = (reader.database, reader.context)
    let rows = table + "_rows"
    let reading = PartContext(of: context, 0...0.1)
    try database.execute(
      "CREATE OR REPLACE TABLE \(SQL.identifier(rows)) AS SELECT * FROM \(call.table)", context: reading,
      note: "reading rows")
    defer { try? database.execute("DROP TABLE IF EXISTS \(SQL.identifier(rows))") }
    let outputs = try Score.outputs(call)
    let options = options(call, outputs)
    let total =
      try database.query("SELECT count(*) FROM \(SQL.identifier(rows))").value(0, 0).number.map { Int($0) } ?? 0
    let sample = try sample(rows, of: total, options, database, reading)
    let models = try FoldModels(
      sample.table, rows: sample.numbers, options: options, context: PartContext(of: context, 0.1...0.8))
    let file = FileManager.default.temporaryDirectory.appendingPathComponent("assay-scores-\(UUID().uuidString).csv")
    defer { try? FileManager.default.removeItem(at: file) }
    let positives = try models.classes.flatMap { classes in
      try self.positives(call.parameters.texts("positive"), classes) { call.invalid($0) }
    }
    let predicting = PartContext(of: context, 0.8...0.97)
    try predict(
      classes: models.classes, positives, rows, total, to: file, database, predicting,
      by: { try models.predict($0, rows: $1, context: predicting) })
    try join(models.classes, rows, outputs, file, into: table, database, context)
  }

  func predict(_ call: TransformCall, _ reader: FitReader, into table: String) throws {
    let (database, context) = (reader.database, reader.context)
    context.report(0, "reading the model")
    let bundle = try ModelBundle(folder: call.parameters.text("model") ?? "")
    let outputs = Predict.outputs(call)
    let classes = bundle.manifest.problem.isClassification ? bundle.manifest.classes : nil
    guard (classes != nil) == (outputs.count == 2) else {
      throw call.invalid(
        "the model predicts \(classes == nil ? "numbers: choose regression" : "classes: choose classification")")
    }
    let positive = call.parameters.text("positive").flatMap { $0.isEmpty ? nil : $0 }
    if let positive, classes?.contains(positive) == false {
      throw call.invalid(
        "the model knows no class \"\(positive)\": there are "
          + (classes ?? []).prefix(12).map { "\"\($0)\"" }.joined(separator: ", "))
    }
    let rows = table + "_rows"
    try database.execute(
      "CREATE OR REPLACE TABLE \(SQL.identifier(rows)) AS SELECT * FROM \(call.table)",
      context: PartContext(of: context, 0...0.1), note: "reading rows")
    defer { try? database.execute("DROP TABLE IF EXISTS \(SQL.identifier(rows))") }
    let file = FileManager.default.temporaryDirectory.appendingPathComponent("assay-scores-\(UUID().uuidString).csv")
    defer { try? FileManager.default.removeItem(at: file) }
    try predict(bundle, positive, rows, to: file, database, PartContext(of: context, 0.1...0.97))
    try join(classes, rows, outputs, file, into: table, database, context)
  }

  /// Writes each row's number, class and score, or number and prediction.
  private func predict(
    _ bundle: ModelBundle, _ positive: String?, _ rows: String, to file: URL, _ database: Database,
    _ context: any JobContext
  ) throws {
    try Data().write(to: file)
    let handle = try FileHandle(forWritingTo: file)
    defer { try? handle.close() }
    let count = try database.query("SELECT count(*) FROM \(SQL.identifier(rows))").value(0, 0).number ?? 0
    let codes = Dictionary(
      bundle.manifest.classes.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
    let workers = threads ?? ProcessInfo.processInfo.activeProcessorCount
    for start in stride(from: 0, to: Int(count), by: Self.batch) {
      context.report(Double(start) / count, "predicting")
      let read = try database.query(
        "SELECT *, rowid FROM \(SQL.identifier(rows)) WHERE rowid BETWEEN \(start) AND \(start + Self.batch - 1) "
          + "ORDER BY rowid")
      let (table, numbers) = try numbered(read)
      let found = try bundle.predictions(table, withProbabilities: true, threads: workers, context: context)
      var text = ""
      for (row, number) in numbers.enumerated() {
        guard !codes.isEmpty else {
          text += "\(number),\(found.value(row, 0).number ?? .nan)\n"
          continue
        }
        let chosen = found.text(row, 0).flatMap { codes[$0] } ?? 0
        let score = found.value(row, 1 + (positive.flatMap { codes[$0] } ?? chosen)).number ?? .nan
        text += "\(number),\(chosen),\(score)\n"
      }
      try handle.write(contentsOf: Data(text.utf8))
    }
  }

  private func options(_ call: TransformCall, _ outputs: [Column]) -> FoldOptions {
    let given = call.parameters
    let target = (try? call.column(parameter: "target").name) ?? ""
    return FoldOptions(
      target: target, isRegression: outputs.count == 1,
      learner: given.text("model").flatMap(FoldLearner.init) ?? .forest, folds: given.integer("folds") ?? 5,
      seed: UInt64(max(0, given.integer("seed") ?? 42)),
      without: Set((try? call.columns(parameter: "without").map(\.name)) ?? []), threads: threads)
  }

  /// Rows to learn from, with their numbers.
  func sample(
    _ rows: String, of total: Int, _ options: FoldOptions, _ database: Database, _ context: any JobContext
  ) throws -> (table: DataTable, numbers: [Int]) {
    var sql = "SELECT *, rowid FROM \(SQL.identifier(rows))"
    if total > Self.mostTrainingRows {
      sql += " WHERE hash(rowid, \(options.seed)::UBIGINT) % \(total) < \(Self.mostTrainingRows)"
    }
    return try numbered(try database.query(sql + " ORDER BY rowid", context: context, note: "reading rows"))
  }

  private func numbered(_ table: DataTable) throws -> (table: DataTable, numbers: [Int]) {
    var numbers: [Int] = []
    if case .integers(let ids)? = table.columns.last?.data { numbers = ids.map { Int($0) } }
    return (DataTable(columns: Array(table.columns.dropLast()), rowCount: table.rowCount), numbers)
  }

  /// Which classes the score is the probability of; nil for that of the predicted class.
  func positives(
    _ wanted: [String], _ classes: [String], fault: (_ reason: String) -> any Error
  ) throws -> [Int]? {
    // Of two the second is the rarer.
    guard !wanted.isEmpty else { return classes.count == 2 ? [1] : nil }
    let found = classes.indices.filter { place in
      wanted.contains { $0 == classes[place] || (Double($0) != nil && Double($0) == Double(classes[place])) }
    }
    guard !found.isEmpty else {
      throw fault(
        "no row is \(wanted.map { "\"\($0)\"" }.joined(separator: " or ")): the values are "
          + classes.prefix(12).map { "\"\($0)\"" }.joined(separator: ", "))
    }
    return found
  }

  /// Writes each row's number, class and score, or number and prediction.
  /// - Parameters:
  ///   - classes: nil for a label of numbers.
  ///   - keeps: which rows are written, by their numbers.
  ///   - model: predicts rows with these numbers: `[rows × classes]`, or `[rows]` numbers.
  func predict(
    classes names: [String]?, _ positives: [Int]?, _ rows: String, _ total: Int, to file: URL, _ database: Database,
    _ context: any JobContext, keeps: (_ row: Int) -> Bool = { _ in true },
    by model: (_ table: DataTable, _ rows: [Int]) throws -> [Double]
  ) throws {
    try Data().write(to: file)
    let handle = try FileHandle(forWritingTo: file)
    defer { try? handle.close() }
    for start in stride(from: 0, to: total, by: Self.batch) {
      let end = min(start + Self.batch, total)
      context.report(Double(start) / Double(total), "predicting")
      let read = try database.query(
        "SELECT *, rowid FROM \(SQL.identifier(rows)) WHERE rowid BETWEEN \(start) AND \(end - 1) ORDER BY rowid")
      let (table, numbers) = try numbered(read)
      let values = try model(table, numbers)
      var text = ""
      guard let classes = names?.count else {
        for (row, number) in numbers.enumerated() where keeps(number) { text += "\(number),\(values[row])\n" }
        try handle.write(contentsOf: Data(text.utf8))
        continue
      }
      for (row, number) in numbers.enumerated() where keeps(number) {
        let shares = values[row * classes..<(row + 1) * classes]
        let most = (shares.indices.max { shares[$0] < shares[$1] } ?? row * classes) - row * classes
        let score = positives.map { $0.reduce(0) { $0 + shares[row * classes + $1] } } ?? shares.max() ?? 0
        text += "\(number),\(most),\(score)\n"
      }
      try handle.write(contentsOf: Data(text.utf8))
    }
  }

  /// - Parameter classes: nil for a label of numbers.
  func join(
    _ classes: [String]?, _ rows: String, _ outputs: [Column], _ file: URL, into table: String, _ database: Database,
    _ context: any JobContext
  ) throws {
    let names = outputs.map { SQL.identifier($0.name) }
    var columns = "s.score AS \(names[0])"
    var shape = "{'number': 'BIGINT', 'score': 'DOUBLE'}"
    if let classes {
      let list = classes.map(SQL.text).joined(separator: ", ")
      columns = "CAST(([\(list)])[s.class + 1] AS \(outputs[0].type)) AS \(names[0]), s.score AS \(names[1])"
      shape = "{'number': 'BIGINT', 'class': 'BIGINT', 'score': 'DOUBLE'}"
    }
    try database.execute(
      """
      CREATE OR REPLACE TABLE \(SQL.identifier(table)) AS SELECT r.*, \(columns) FROM \(SQL.identifier(rows)) r
      JOIN read_csv(\(SQL.text(file.path)), header = false, columns = \(shape)) s ON r.rowid = s.number ORDER BY r.rowid
      """, context: context, note: "adding predictions")
  }
}
