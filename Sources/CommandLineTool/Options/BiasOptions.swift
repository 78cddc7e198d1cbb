import ArgumentParser
import Engine
import Fairness
import Foundation
import Frame
import Learn

/// What a bias report is about and how it judges.
struct BiasOptions: ParsableArguments {
  enum Kind: String, ExpressibleByArgument, CaseIterable { case categorical, continuous }

  enum Missing: String, ExpressibleByArgument, CaseIterable {
    case drop
    case ownValue = "own-value"
    case asLibrary = "as-library"

    var policy: BiasSpec.MissingPolicy {
      switch self {
      case .drop: .drop
      case .ownValue: .ownValue
      case .asLibrary: .asLibrary
      }
    }
  }

  enum Correction: String, ExpressibleByArgument, CaseIterable {
    case none, holm
    case benjaminiHochberg = "benjamini-hochberg"

    var value: BiasSpec.Correction {
      switch self {
      case .none: .none
      case .holm: .holm
      case .benjaminiHochberg: .benjaminiHochberg
      }
    }
  }

  enum Model: String, ExpressibleByArgument, CaseIterable {
    case quick, boosted

    var learner: FoldLearner { self == .quick ? .forest : .boosted }
  }

  @Option(help: ArgumentHelp("The column of outcomes.", valueName: "column"))
  var label: String?

  @Option(
    help: ArgumentHelp(
      "The values of the label that are the good outcome, with commas between; one with a comma in \"double quotes\".",
      valueName: "values"))
  var positive: String?

  @Option(help: ArgumentHelp("Read the label as a number: above this is the good outcome.", valueName: "t"))
  var labelThreshold: Double?

  @Option(
    help: ArgumentHelp(
      "A column whose groups are compared: COLUMN takes each value in turn, COLUMN=V,V these together, 'COLUMN>T,T' the "
        + "numbers above each threshold. Several times for several.", valueName: "facet"))
  var facet: [String] = []

  @Option(
    help: ArgumentHelp(
      "How to read a facet or the label: COLUMN=categorical or COLUMN=continuous.", valueName: "column=kind"))
  var facetKind: [String] = []

  @Option(help: ArgumentHelp("The column of predicted outcomes.", valueName: "column"))
  var predicted: String?

  @Option(
    help: ArgumentHelp("The column of scores; above the threshold is predicted the good outcome.", valueName: "column"))
  var score: String?

  @Option(
    help: ArgumentHelp(
      "Columns with a score for each class, with commas between: the class with the highest is predicted. One column may "
        + "hold lists.", valueName: "columns"))
  var scores: String?

  @Option(
    help: ArgumentHelp(
      "The classes in the order of --scores. Default: what the columns' names end in, such as yes of p_yes.",
      valueName: "values"))
  var scoreLabels: String?

  @Option(help: ArgumentHelp("The threshold of the scores. Default: 0.5.", valueName: "t"))
  var scoreThreshold: Double?

  @Option(
    help: ArgumentHelp(
      "Predict the label from all other columns, each row by a model that has not seen it. quick: a random forest. "
        + "boosted: gradient boosted trees, as many as give the best AUC.", valueName: "model"))
  var model: Model?

  @Option(help: ArgumentHelp("A column that the model must not use.", valueName: "column"))
  var without: [String] = []

  @Option(
    help: ArgumentHelp("Parts of the rows that the model is trained without, each in turn. Default: 5.", valueName: "n")
  )
  var folds: Int?

  @Option(help: ArgumentHelp("The column of strata for CDDL and CDDPL.", valueName: "column"))
  var group: String?

  @Option(
    help: ArgumentHelp(
      "Report on parts of the rows as well: COLUMN=V,V;V or 'COLUMN=[1, 4];(4, 9]', parts with ; between.",
      valueName: "segment"))
  var segment: [String] = []

  @Flag(help: "Report on the groups of every two facets combined as well, the worst gap first.")
  var intersections = false

  @Option(
    help: ArgumentHelp(
      "Report on the groups of these facets combined, with commas between. Several times for several.",
      valueName: "facets"))
  var intersection: [String] = []

  @Option(
    help: ArgumentHelp("A feature of the flip test; default: all columns with no other part.", valueName: "column"))
  var feature: [String] = []

  @Option(help: ArgumentHelp("Only these metrics, with commas between, such as DPL,DI,RD.", valueName: "names"))
  var metrics: String?

  @Option(
    help:
      "Rows that lack a value: drop leaves them out, own-value takes missing for a value, as-library keeps them in group a."
  )
  var missing: Missing?

  @Option(help: "smclarify: compute as the library smclarify 0.5 does, its defects included.")
  var compat: BiasCommand.Compatibility?

  @Option(
    help: ArgumentHelp(
      "What is allowed: DPL=0.1 on both sides of the ideal, or DI=0.8:1.25. Several times for several.",
      valueName: "metric=range"))
  var limit: [String] = []

  @Option(help: "How verdicts allow for many groups: none, holm or benjamini-hochberg. Default: holm.")
  var correction: Correction?

  @Option(help: ArgumentHelp("Of the intervals and verdicts. Default: 0.95.", valueName: "share"))
  var confidence: Double?

  @Option(help: ArgumentHelp("Bootstrap draws for intervals; 0 for none. Default: 1000.", valueName: "n"))
  var draws: Int?

  @Option(help: ArgumentHelp("Seeds draws and models. Default: 42.", valueName: "n"))
  var seed: UInt64?

  @Option(help: ArgumentHelp("Groups of fewer rows are marked. Default: 30.", valueName: "rows"))
  var smallGroup: Int?

  @Option(help: ArgumentHelp("Added to each count in KL and JS. Default: 0.", valueName: "x"))
  var smoothing: Double?

  /// - Throws: `ValidationError` for what contradicts itself.
  func check(hasConfig: Bool) throws {
    if !hasConfig {
      if label == nil { throw ValidationError("name the column of outcomes: --label COLUMN") }
      if facet.isEmpty { throw ValidationError("name a column whose groups are compared: --facet COLUMN") }
      if positive == nil, labelThreshold == nil {
        throw ValidationError("say which outcome is the good one: --positive VALUE, or --label-threshold NUMBER")
      }
    }
    if positive != nil, labelThreshold != nil {
      throw ValidationError("--positive and --label-threshold exclude each other")
    }
    let sources = [predicted != nil, score != nil, scores != nil, model != nil].count { $0 }
    if sources > 1 { throw ValidationError("take one of --predicted, --score, --scores and --model") }
    if scoreLabels != nil, scores == nil { throw ValidationError("--score-labels is for --scores") }
    if scoreThreshold != nil, score == nil, model == nil {
      throw ValidationError("--score-threshold is for --score or --model")
    }
    if model == nil, !without.isEmpty || folds != nil { throw ValidationError("--without and --folds are for --model") }
    if let folds, !(2...50).contains(folds) {
      throw ValidationError("--folds takes a number from 2 to 50, not \(folds)")
    }
    if let confidence, !(confidence > 0 && confidence < 1) {
      throw ValidationError("--confidence takes a number between 0 and 1, not \(confidence)")
    }
    if let draws, !(0...1_000_000).contains(draws) {
      throw ValidationError("--draws takes a number from 0 to 1000000, not \(draws)")
    }
    if let smoothing, !(smoothing >= 0) { throw ValidationError("--smoothing takes a number from 0") }
    _ = try kinds()
    _ = try chosenMetrics()
    _ = try limits()
    for text in segment where !text.contains("=") {
      throw ValidationError("--segment takes COLUMN=VALUES, not \"\(text)\"")
    }
  }

  private func chosenMetrics() throws -> [BiasMetric]? {
    try metrics.map { text in
      try BiasList.items(text).map { word in
        guard let metric = BiasMetric(name: word) else { throw ValidationError(BiasMetric.unknown(word)) }
        return metric
      }
    }
  }

  private func limits() throws -> [BiasMetric: BiasMetric.Limits] {
    var found: [BiasMetric: BiasMetric.Limits] = [:]
    for text in limit {
      do {
        let limit = try BiasList.limit(text)
        found[limit.metric] = limit.limits
      } catch let fault as BiasList.Fault {
        throw ValidationError("--limit: \(fault)")
      }
    }
    return found
  }

  private func kinds() throws -> [String: Kind] {
    var kinds: [String: Kind] = [:]
    for text in facetKind {
      guard let sign = text.lastIndex(of: "="), let kind = Kind(rawValue: String(text[text.index(after: sign)...]))
      else {
        throw ValidationError("--facet-kind takes COLUMN=categorical or COLUMN=continuous, not \"\(text)\"")
      }
      kinds[String(text[..<sign])] = kind
    }
    return kinds
  }

  var madeModel: BiasModel? {
    model.map {
      BiasModel($0.learner, folds: folds ?? 5, seed: seed ?? 42, threshold: scoreThreshold, without: without)
    }
  }

  // MARK: The spec

  /// What the options, and a configuration of Clarify below them, ask for.
  /// - Throws: `UsageError`, or `ClarifyConfigError`.
  func spec(_ schema: Schema, config path: String?, _ headless: Headless) throws -> BiasSpec {
    let config = try path.map { try ClarifyConfig(contentsOf: $0, schema: schema) }
    let names = schema.map(\.name)
    let kinds = try kinds()
    var spec: BiasSpec
    if let config {
      spec = config.spec
      let isSilent = compat != nil || !facetKind.isEmpty || labelThreshold != nil || positive != nil
      if !isSilent { headless.notes.tell(config.notes) }
    } else {
      spec = BiasSpec(label: .init(column: label ?? "", positive: .values([])), facets: [])
    }
    if let label { spec.label.column = label }
    if let positive { spec.label.positive = .values(BiasList.items(positive)) }
    if let labelThreshold { spec.label.positive = .above(labelThreshold) }
    if !facet.isEmpty { spec.facets = try FacetText.facets(facet, names) }
    spec.facets = try spec.facets.map { try read($0, as: kinds[$0.column]) }
    if let kind = kinds[spec.label.column] { spec.label.positive = try read(spec.label.positive, as: kind) }
    if let score {
      spec.prediction = .score(column: score, threshold: scoreThreshold ?? config?.probabilityThreshold ?? 0.5)
    }
    if let predicted { spec.prediction = .label(column: predicted) }
    if let scores {
      spec.prediction = .highest(
        columns: names.contains(scores)
          ? [scores] : BiasList.items(scores).map { $0.trimmingCharacters(in: .whitespaces) },
        labels: scoreLabels.map(BiasList.items) ?? config?.labelHeaders)
    }
    if config?.wantsPredictions == true, spec.prediction == nil, model == nil {
      headless.notes.tell(["Post-training metrics need --predicted, --score, --scores or --model: they are left out."])
    }
    if let group { spec.group = group }
    if !segment.isEmpty { spec.segments = try segment.map { try FacetText.segment($0, names) } }
    if intersections { spec.intersections = BiasStudy.pairs(of: spec.facets) }
    for text in intersection {
      let columns = BiasList.items(text).map { $0.trimmingCharacters(in: .whitespaces) }
      guard columns.count > 1 else {
        throw UsageError("--intersection takes two facets or more with commas between, not \"\(text)\".")
      }
      if !spec.intersections.contains(columns) { spec.intersections.append(columns) }
    }
    if !feature.isEmpty { spec.features = feature }
    if let chosen = try chosenMetrics() { spec.metrics = chosen }
    if let missing { spec.missing = missing.policy }
    if compat != nil {
      spec.mode = .smclarify
      if missing == nil { spec.missing = .asLibrary }
      spec.libraryCategories = kinds.filter { $0.value == .categorical }.map(\.key).sorted()
    }
    return try judged(spec)
  }

  private func judged(_ given: BiasSpec) throws -> BiasSpec {
    var spec = given
    for (metric, limits) in try limits() { spec.limits[metric] = limits }
    if let correction { spec.correction = correction.value }
    if let confidence { spec.confidence = confidence }
    if let draws { spec.draws = draws }
    if let seed { spec.seed = seed }
    if let smallGroup { spec.smallGroup = smallGroup }
    if let smoothing { spec.smoothing = smoothing }
    return spec
  }

  private func read(_ facet: BiasSpec.Facet, as kind: Kind?) throws -> BiasSpec.Facet {
    guard let kind else { return facet }
    var facet = facet
    switch (kind, facet.groups) {
    case (.continuous, .values(let values)):
      facet.groups = .above(try values.map { try number($0, of: facet.column) })
    case (.continuous, .eachValue):
      throw UsageError("--facet \(facet.column): is read as numbers, and needs a threshold: '\(facet.column)>NUMBER'.")
    case (.categorical, .above(let thresholds)): facet.groups = .values(thresholds.map(FacetText.text))
    case (.categorical, _), (.continuous, .above): break
    }
    return facet
  }

  private func read(_ outcome: BiasSpec.Outcome, as kind: Kind) throws -> BiasSpec.Outcome {
    switch (kind, outcome) {
    case (.continuous, .values(let values)):
      guard values.count == 1 else { throw UsageError("A label that is read as numbers has one threshold.") }
      return .above(try number(values[0], of: "the label"))
    case (.categorical, .above(let threshold)): return .values([FacetText.text(threshold)])
    case (.categorical, .values), (.continuous, .above): return outcome
    }
  }

  private func number(_ text: String, of column: String) throws -> Double {
    guard let number = Double(text) else {
      throw UsageError("\(column): is read as numbers, and \"\(text)\" is none.")
    }
    return number
  }
}

/// Facets and segments as they are typed.
enum FacetText {
  static func text(_ number: Double) -> String { Int64(exactly: number).map { String($0) } ?? String(number) }

  /// `COLUMN`, `COLUMN=V,V`, `COLUMN>T,T`; what is the name of a column as it stands is one.
  static func facets(_ texts: [String], _ names: [String]) throws -> [BiasSpec.Facet] {
    try texts.map { text in
      guard !names.contains(text), let sign = split(text, at: ["=", ">"], names) else { return .init(column: text) }
      let column = String(text[..<sign])
      let rest = String(text[text.index(after: sign)...])
      guard !column.isEmpty, !rest.isEmpty else {
        throw UsageError("--facet takes COLUMN, COLUMN=VALUES or 'COLUMN>NUMBER', not \"\(text)\".")
      }
      if text[sign] == "=" { return .init(column: column, groups: .values(BiasList.items(rest))) }
      let thresholds = try BiasList.items(rest).map { item in
        guard let number = Double(item.trimmingCharacters(in: .whitespaces)), number.isFinite else {
          throw UsageError(
            "--facet \(text): \"\(item)\" is no number. Values are named with =, as in \(column)=\(rest).")
        }
        return number
      }
      return .init(column: column, groups: .above(thresholds))
    }
  }

  /// Where the name ends: behind the longest name of a column, else at the first of the signs.
  private static func split(_ text: String, at signs: Set<Character>, _ names: [String]) -> String.Index? {
    let known = names.filter { name in
      text.hasPrefix(name) && text.dropFirst(name.count).first.map { signs.contains($0) } == true
    }
    if let name = known.max(by: { $0.count < $1.count }) { return text.index(text.startIndex, offsetBy: name.count) }
    return text.firstIndex { signs.contains($0) }
  }

  /// `COLUMN=V,V;V`, or intervals: `COLUMN=[1, 4];(4, 9]`.
  static func segment(_ text: String, _ names: [String]) throws -> BiasSpec.Segment {
    guard let sign = split(text, at: ["="], names) else {
      throw UsageError("--segment takes COLUMN=VALUES, not \"\(text)\".")
    }
    return .init(
      column: String(text[..<sign]), lists: BiasList.parts(String(text[text.index(after: sign)...])))
  }
}
