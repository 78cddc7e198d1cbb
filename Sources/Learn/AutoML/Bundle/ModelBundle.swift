// A model read from its folder: every file is checked against the manifest before anything is made of it.

import Foundation
import Frame
import Jobs
import Numerics
import Synchronization

/// A trained ensemble, ready to predict.
public struct ModelBundle: Sendable {
  /// What one fold of a candidate learnt.
  struct Expert: Sendable {
    let candidate: Int
    /// Of the ensemble; 0 for a candidate that others only see.
    let weight: Double
    /// Of the candidate: one over its folds.
    let share: Double
    let recipe: FittedRecipe
    let model: any TrainedModel
    let label: LabelScale
  }

  public let manifest: BundleManifest
  /// Those of level 1 before those of level 2, which see what they say.
  let experts: [Expert]
  /// What makes vectors of texts, where a candidate asks for them.
  let encoder: OpenEncoder?

  /// Reads a bundle, on the calling thread alone: LightGBM and XGBoost each bring an OpenMP run-time, and reading models of
  /// both at once from threads that end soon has been seen to crash.
  ///
  /// The folder of a candidate of a run, `RUN/candidates/0007`, is a model of its own too.
  ///
  /// - Throws: `BundleError`, `LearnError`.
  public init(folder: String) throws { try self.init(folder: folder, opened: nil) }

  /// - Parameter opened: an encoder that is open already; it is used where it is the one that the model refers to.
  init(folder: String, opened: OpenEncoder?) throws {
    let found = try BundleManifest.candidate(folder) ?? (try Self.manifest(folder), folder)
    let manifest = found.manifest
    self.manifest = manifest
    let root = URL(fileURLWithPath: found.root).resolvingSymlinksInPath().path
    let outputs = manifest.problem.isClassification ? manifest.classes.count : 1
    let members = manifest.everyMember
    experts = try (members.filter { $0.spec.level == 1 } + members.filter { $0.spec.level > 1 }).flatMap { member in
      try member.folds.map { try Self.expert(member, $0, manifest.schema, outputs: outputs, root) }
    }
    encoder = try Self.encoder(manifest, root: found.root, opened)
  }

  /// The encoder that candidates ask for; nil where none does.
  private static func encoder(
    _ manifest: BundleManifest, root: String, _ opened: OpenEncoder?
  ) throws -> OpenEncoder? {
    guard manifest.asksEncoder, let wanted = manifest.schema.encoder else { return nil }
    if let opened, opened.reference == wanted { return opened }
    return try OpenEncoder(wanted, bundle: root)
  }

  private static func expert(
    _ member: BundleMember, _ fold: BundleFold, _ schema: FeatureSchema, outputs: Int, _ root: String
  ) throws -> Expert {
    let recipe: FittedRecipe
    do {
      recipe = try JSONDecoder().decode(FittedRecipe.self, from: Self.read(fold.recipe, root))
    } catch let error as DecodingError {
      throw BundleError.damaged(file: fold.recipe.path, reason: "cannot be read (\(error.shortText))")
    }
    guard recipe.matches(schema) else {
      throw BundleError.damaged(file: fold.recipe.path, reason: "does not fit the columns of the manifest")
    }
    guard recipe.stack?.matches(member.spec.base, outputs: outputs) ?? member.spec.base.isEmpty else {
      throw BundleError.damaged(file: fold.recipe.path, reason: "does not fit the candidates that it is to see")
    }
    var files: [String: Data] = [:]
    for file in fold.files { files[(file.path as NSString).lastPathComponent] = try Self.read(file, root) }
    return Expert(
      candidate: member.candidate, weight: member.weight / Double(member.folds.count),
      share: 1 / Double(member.folds.count), recipe: recipe,
      model: try member.spec.learner.load(files, width: recipe.width, outputs: outputs), label: fold.label)
  }

  fileprivate static func manifest(_ folder: String) throws -> BundleManifest {
    let file = folder + "/manifest.json"
    guard let data = FileManager.default.contents(atPath: file) else { throw BundleError.notABundle(folder: folder) }
    struct Version: Decodable { let version: Int }
    guard let version = try? JSONDecoder().decode(Version.self, from: data).version else {
      throw BundleError.damaged(file: file, reason: "is no manifest, or a part of one: it does not say its version")
    }
    guard version <= BundleManifest.formatVersion else {
      throw BundleError.version(folder: folder, found: version, known: BundleManifest.formatVersion)
    }
    let manifest: BundleManifest
    do {
      manifest = try JSONDecoder().decode(BundleManifest.self, from: data)
    } catch let error as DecodingError {
      throw BundleError.damaged(file: file, reason: "cannot be read (\(error.shortText))")
    }
    let weights = manifest.members.map(\.weight)
    let classesFit =
      switch manifest.problem {
      case .regression: manifest.classes.isEmpty
      case .binary: manifest.classes.count == 2
      case .multiclass: manifest.classes.count > 2
      }
    guard !weights.isEmpty, weights.allSatisfy({ $0 > 0 }), abs(weights.reduce(0, +) - 1) < 1e-6, classesFit,
      manifest.temperature > 0, manifest.everyMember.allSatisfy({ !$0.folds.isEmpty })
    else { throw BundleError.damaged(file: file, reason: "contradicts itself") }
    guard isLayered(manifest) else {
      throw BundleError.damaged(file: file, reason: "has a candidate that sees others which are not there")
    }
    return manifest
  }

  /// True where each candidate is there once, and sees candidates of level 1 alone.
  private static func isLayered(_ manifest: BundleManifest) -> Bool {
    let all = manifest.everyMember
    let first = Set(all.filter { $0.spec.level == 1 }.map(\.candidate))
    let areUsed = (manifest.base ?? []).allSatisfy { $0.spec.level == 1 && $0.weight == 0 }
    return Set(all.map(\.candidate)).count == all.count && areUsed
      && all.allSatisfy { $0.spec.base.allSatisfy(first.contains) }
  }

  /// The bytes of a file that is what the manifest says, and lies below the folder.
  private static func read(_ file: BundleFile, _ root: String) throws -> Data {
    let parts = file.path.split(separator: "/", omittingEmptySubsequences: false)
    guard !parts.isEmpty, parts.allSatisfy({ !$0.isEmpty && $0 != "." && $0 != ".." && !$0.contains("\0") }) else {
      throw BundleError.damaged(file: file.path, reason: "is no path below the folder")
    }
    let url = URL(fileURLWithPath: root + "/" + file.path)
    guard url.resolvingSymlinksInPath().path.hasPrefix(root + "/") else {
      throw BundleError.damaged(file: file.path, reason: "leads out of the folder")
    }
    guard let data = FileManager.default.contents(atPath: url.path) else {
      throw BundleError.damaged(file: file.path, reason: "is missing")
    }
    guard data.count == file.bytes else {
      throw BundleError.damaged(file: file.path, reason: "has \(data.count) bytes instead of \(file.bytes)")
    }
    guard digest(data) == file.sha256 else {
      throw BundleError.damaged(file: file.path, reason: "has another digest than the manifest says")
    }
    return data
  }

  // MARK: Predicting

  /// Numbers, or probabilities of the classes `[rows × classes]`, row after row.
  ///
  /// - Throws: `BundleError.missingColumns`, `JobCancelled`.
  public func predict(
    _ table: DataTable, threads: Int = 1, context: any JobContext = SilentContext()
  ) throws -> [Double] {
    let names = Set(table.schema.map(\.name))
    let missing = manifest.schema.columns.map(\.name).filter { !names.contains($0) }
    guard missing.isEmpty else { throw BundleError.missingColumns(missing) }
    let prepared = try PreparedTable(
      table, schema: manifest.schema, encoder: encoder, threads: threads, context: context)
    let outputs = manifest.problem.isClassification ? manifest.classes.count : 1
    let all = Array(0..<table.rowCount)
    let first = experts.prefix { $0.recipe.stack == nil }.count
    var answers = try ask(0..<first, prepared, all, stack: [:], threads: threads, context)
    if first < experts.count {
      let said = stacked(Array(answers), rows: all.count, outputs: outputs)
      answers += try ask(first..<experts.count, prepared, all, stack: said, threads: threads, context)
    }
    // Added up in the order of the experts, whichever thread was first.
    var result = [Double](repeating: 0, count: table.rowCount * outputs)
    for (expert, values) in zip(experts, answers) {
      for index in result.indices { result[index] += expert.weight * values[index] }
    }
    return GreedyEnsemble.tempered(result, manifest.temperature, classes: outputs)
  }

  /// What some experts say, each `[rows × outputs]`.
  private func ask(
    _ range: Range<Int>, _ prepared: PreparedTable, _ rows: [Int], stack: [Int: StackFeatures], threads: Int,
    _ context: any JobContext
  ) throws -> [[Double]] {
    let answers = Mutex([[Double]](repeating: [], count: range.count))
    let experts = experts
    try inParallel(range.count, threads: threads) { place in
      try context.checkCancelled()
      let expert = experts[range.lowerBound + place]
      var features = expert.recipe.transform(prepared, rows: rows)
      if let fitted = expert.recipe.stack {
        let seen = fitted.base.flatMap { stack[$0]?.values ?? [] }
        features = features.adding(zip(seen, fitted.encodings).flatMap { $1.encode($0, rows) }.flatMap { $0 })
      }
      let values = try expert.model.predict(features)
      answers.withLock { $0[place] = expert.label.unscaled(values) }
    }
    return answers.withLock { $0 }
  }

  /// What each candidate of level 1 says that others see, as features.
  private func stacked(_ answers: [[Double]], rows: Int, outputs: Int) -> [Int: StackFeatures] {
    let wanted = Set(manifest.members.flatMap(\.spec.base))
    var sums: [Int: [Double]] = [:]
    for (expert, values) in zip(experts, answers) where wanted.contains(expert.candidate) {
      var sum = sums[expert.candidate] ?? [Double](repeating: 0, count: rows * outputs)
      for index in sum.indices { sum[index] += expert.share * values[index] }
      sums[expert.candidate] = sum
    }
    return Dictionary(
      uniqueKeysWithValues: sums.map { ($0, StackFeatures(base: [$0], answers: [$1], outputs: outputs)) })
  }

  /// The figures of predictions of a table that has the label; rows without one are left out.
  ///
  /// - Throws: `LearnError.targetNotFound`, `LearnError.targetMissingEverywhere`.
  func judge(_ table: DataTable, threads: Int, context: any JobContext) throws -> (figures: [String: Double], rows: Int)
  {
    let (rows, labels) = try knownLabels(
      of: table, target: manifest.target, isRegression: manifest.problem == .regression, classes: manifest.classes)
    let predictions = try predict(table, threads: threads, context: context)
    let outputs = labels.outputs
    let shown =
      rows.count == table.rowCount
      ? predictions : rows.flatMap { predictions[$0 * outputs..<($0 + 1) * outputs] }
    return (Objective.figures(manifest.problem, labels, shown, threshold: manifest.threshold), rows.count)
  }

  /// The predictions as columns: `prediction`, and for classes with `withProbabilities` one for each, `probability_NAME`.
  public func predictions(
    _ table: DataTable, withProbabilities: Bool, threads: Int = 1, context: any JobContext = SilentContext()
  ) throws -> DataTable {
    let values = try predict(table, threads: threads, context: context)
    let classes = manifest.classes
    guard manifest.problem.isClassification else {
      return DataTable(
        columns: [TypedColumn(column: Column(name: "prediction", type: "DOUBLE"), data: .reals(values))],
        rowCount: table.rowCount)
    }
    let chosen = decisions(values, classes: classes.count, threshold: manifest.threshold).map { classes[$0] }
    var columns = [TypedColumn(column: Column(name: "prediction", type: "VARCHAR"), data: .texts(chosen))]
    if withProbabilities {
      for (position, name) in classes.enumerated() {
        let shares = stride(from: position, to: values.count, by: classes.count).map { values[$0] }
        columns.append(
          TypedColumn(column: Column(name: "probability_\(name)", type: "DOUBLE"), data: .reals(shares)))
      }
    }
    return DataTable(columns: columns, rowCount: table.rowCount)
  }
}

extension BundleManifest {
  /// What a folder says of its model; no other file is read.
  ///
  /// - Throws: `BundleError`.
  public init(folder: String) throws { self = try ModelBundle.manifest(folder) }
}
