import Explain
import Foundation
import Numerics
import Plot

extension ExplainedTable {
  /// Rows that pictures of single rows show at most.
  private static let shownRows = 24
  /// Features that pictures of single rows name at most.
  private static let namedFeatures = 10

  /// Whether every row was explained, so that the numbers of rows are those of the table.
  private var isWhole: Bool { explanation.rows == explanation.totalRows }

  /// What a kept row is called.
  public func name(of kept: ExplanationBuilder.Kept) -> String {
    (isWhole ? "row " : "drawn ") + Numbers.grouped(kept.row + 1)
  }

  /// Rows kept, evenly spread by what the first output says of them, from the lowest to the highest.
  private var spread: [ExplanationBuilder.Kept] {
    let sorted = kept.sorted { ($0.predictions[0], $0.row) < ($1.predictions[0], $1.row) }
    guard sorted.count > Self.shownRows else { return sorted }
    let last = Double(sorted.count - 1) / Double(Self.shownRows - 1)
    return (0..<Self.shownRows).map { sorted[Int((Double($0) * last).rounded())] }
  }

  private var ofOutput: String { explanation.outputs.map { ", class \($0[0].name)" } ?? "" }

  private func sampled(_ count: Int) -> Int? { count < explanation.totalRows ? count : nil }

  /// What pushes some rows up and down, by their prediction; of several outputs the first.
  public var forces: Chart {
    let rows = spread
    return .content(
      ShapForce(
        title: "SHAP forces" + ofOutput, rows: rows.map { row($0).force(output: 0, name: name(of: $0), row: $0.row) },
        unit: explanation.unit, isLogOdds: explanation.unit == "log-odds", total: explanation.totalRows,
        sampled: sampled(rows.count)))
  }

  /// The ways of some rows from the base value through the features; of several outputs the first.
  public var decisions: Chart {
    let places = explanation.global.prefix(Self.namedFeatures).compactMap { item in
      explanation.features.firstIndex(of: item.feature)
    }
    let rows = spread
    return .content(
      ShapDecision(
        title: "SHAP decisions" + ofOutput, features: places.map { explanation.features[$0] },
        others: explanation.features.count - places.count,
        rows: rows.map { row($0).path(output: 0, name: name(of: $0), row: $0.row, through: places) },
        unit: explanation.unit, isLogOdds: explanation.unit == "log-odds", total: explanation.totalRows,
        sampled: sampled(rows.count)))
  }

  /// Which pairs of features work together; nil unless asked for.
  public var interactions: Chart? {
    guard let pairs = explanation.interactions, pairs.contains(where: { $0.value > 0 }) else { return nil }
    // The features of the strongest pairs first.
    var names: [String] = []
    for pair in pairs where pair.value > 0 {
      for name in pair.features where !names.contains(name) && names.count < 12 { names.append(name) }
    }
    let values = names.map { row in
      names.map { column -> Double? in
        pairs.first { $0.features == [row, column] || $0.features == [column, row] }?.value
      }
    }
    return .heatmap(
      Heatmap(
        title: "Mean |interaction| of pairs (\(explanation.unit))", rows: names, columns: names, values: values,
        range: 0...max(pairs.map(\.value).max() ?? 1, 1e-12), kind: .counts, total: explanation.totalRows,
        sampled: explanation.rows < explanation.totalRows ? explanation.rows : nil, measure: "mean |interaction|"))
  }

  /// How much the loss rises without each column; nil unless asked for.
  public var shuffled: Chart? {
    guard let items = explanation.importance, !items.isEmpty else { return nil }
    let rows = min(explanation.totalRows, EffectRunner.rows)
    return .content(
      RankedIntervals(
        title: "Shuffled columns: what the loss rises by",
        items: items.prefix(30).map { .init(name: $0.feature, value: $0.value, low: $0.low, high: $0.high) },
        measure: "rise of the mean loss", interval: "95 % interval over shuffles", total: explanation.totalRows,
        sampled: rows < explanation.totalRows ? rows : nil))
  }

  /// What makes the gap between the predictions of two groups; nil unless asked for.
  public var gap: Chart? {
    guard let groups = explanation.groups else { return nil }
    let parts = groups.features.filter { $0.value != 0 }
    let rest = parts.dropFirst(Self.namedFeatures)
    let dppl = groups.dppl.map { ", DPPL \(Numbers.short($0, digits: 3))" } ?? ""
    return .content(
      ShapWaterfall(
        title: "From \(groups.column) = \(groups.value) to everybody else\(dppl)", base: groups.d.prediction,
        items: parts.prefix(Self.namedFeatures).map { .init(feature: $0.feature, shap: $0.value) },
        others: rest.isEmpty ? nil : .init(count: rest.count, shap: rest.reduce(0) { $0 + $1.value }),
        unit: explanation.unit, isLogOdds: explanation.unit == "log-odds", from: "mean of \(groups.value)",
        to: "mean of others"))
  }
}

extension RowExplanation {
  /// A feature and its cell, as charts name it.
  func item(_ feature: Int, output: Int) -> ShapWaterfall.Item {
    let cell = cells.indices.contains(feature) ? cells[feature] : ""
    return ShapWaterfall.Item(
      feature: features[feature], value: cell.isEmpty ? "missing" : cell, shap: outputs[output].values[feature])
  }

  /// The row of a force chart with its largest pushes.
  func force(output: Int, name: String, row: Int? = nil, items most: Int = 12) -> ShapForce.Row {
    let order = order(output: output).filter { outputs[output].values[$0] != 0 }
    let rest = order.dropFirst(most)
    return ShapForce.Row(
      name: name, row: row, base: outputs[output].baseValue,
      items: order.prefix(most).map { item($0, output: output) },
      others: rest.isEmpty
        ? nil : .init(count: rest.count, shap: rest.reduce(0) { $0 + outputs[output].values[$1] }))
  }

  /// The row of a decision chart.
  func path(output: Int, name: String, row: Int? = nil, through places: [Int]) -> ShapDecision.Row {
    let found = outputs[output]
    let known = Set(places)
    let others = found.values.indices.filter { !known.contains($0) }.reduce(0) { $0 + found.values[$1] }
    return ShapDecision.Row(
      name: name, row: row, base: found.baseValue, shap: places.map { found.values[$0] }, others: others,
      cells: places.map { item($0, output: output).value ?? "" })
  }

  /// What pushes the prediction up and down, on one line.
  public func force(output: Int, title: String? = nil) -> Chart {
    .content(
      ShapForce(title: title, rows: [force(output: output, name: "")], unit: unit, isLogOdds: unit == "log-odds"))
  }

  /// The way from the base value through the features, the largest last.
  public func decision(output: Int, title: String? = nil, features most: Int = 12) -> Chart {
    let places = Array(order(output: output).filter { outputs[output].values[$0] != 0 }.prefix(most))
    return .content(
      ShapDecision(
        title: title ?? "SHAP decision",
        features: places.map { "\(features[$0]) = \(item($0, output: output).value ?? "")" },
        others: features.count - places.count,
        rows: [path(output: output, name: "f(x)", through: places)], highlighted: 0, unit: unit,
        isLogOdds: unit == "log-odds"))
  }
}
