import Explain
import Numerics
import Plot

extension ExplainedTable {
  /// Values of a text that get a box of their own.
  private static let mostGroups = 20

  /// What a feature does at each of its values; nil where it is not known. Of several outputs the first.
  ///
  /// Numbers are a cloud coloured by the feature that it works together with most, anything else a box for each value.
  public func dependence(of name: String) -> Chart? {
    guard let index = explanation.features.firstIndex(of: name) else { return nil }
    let values = kept.map { $0.values[index] }
    let numbers = kept.map { $0.numbers[index] }
    let output = "SHAP of \(name)" + (explanation.outputs.map { ", class \($0[0].name)" } ?? "")
    let sampled = kept.count < explanation.totalRows ? kept.count : nil
    guard numbers.contains(where: \.isFinite) else { return boxes(index, values, sampled) }
    let partner = partner(of: index)
    let ranks = partner.map { other in shares(of: other) } ?? Array(repeating: nil, count: kept.count)
    var points: [Dependence.Point] = []
    for at in kept.indices where numbers[at].isFinite {
      points.append(.init(x: numbers[at], y: values[at], rank: ranks[at]))
    }
    return .content(
      Dependence(
        title: output, feature: name, output: "SHAP (\(explanation.unit))",
        interaction: partner.map { explanation.features[$0] }, points: points, curve: Self.means(points),
        missing: kept.count - points.count, total: explanation.totalRows, sampled: sampled))
  }

  private func boxes(_ index: Int, _ values: [Double], _ sampled: Int?) -> Chart? {
    var groups: [String: [Double]] = [:]
    for (row, value) in zip(kept, values) where row.cells.indices.contains(index) {
      groups[row.cells[index], default: []].append(value)
    }
    guard !groups.isEmpty else { return nil }
    let sorted = groups.sorted { ($1.value.count, $0.key) < ($0.value.count, $1.key) }
    let boxes = sorted.prefix(Self.mostGroups).map { text, values in
      BoxPlot.Group(label: text.isEmpty ? nil : text, values)
    }
    return .content(
      BoxPlot(
        column: "SHAP (\(explanation.unit))", by: explanation.features[index], groups: boxes,
        otherGroups: sorted.count - boxes.count,
        missing: 0, total: explanation.totalRows, sampled: sampled))
  }

  /// Means of the points along x, in up to 12 parts of equally many.
  private static func means(_ points: [Dependence.Point]) -> [Dependence.Point] {
    let sorted = points.sorted { $0.x < $1.x }
    let parts = min(12, Set(sorted.map(\.x)).count)
    guard parts > 1, sorted.count >= 2 * parts else { return [] }
    return (0..<parts).map { part in
      let some = sorted[part * sorted.count / parts..<(part + 1) * sorted.count / parts]
      return Dependence.Point(
        x: Statistics.mean(some.map(\.x)), y: Statistics.mean(some.map(\.y)))
    }
  }

  /// The share of the other values that are smaller, equal ones sharing their places; nil where a value is missing.
  func shares(of feature: Int) -> [Double?] {
    let numbers = kept.map { $0.numbers[feature] }
    let known = numbers.indices.filter { numbers[$0].isFinite }
    let ranks = Statistics.ranks(known.map { numbers[$0] })
    var result = [Double?](repeating: nil, count: numbers.count)
    for (row, rank) in zip(known, ranks) { result[row] = known.count > 1 ? (rank - 1) / Double(known.count - 1) : 0.5 }
    return result
  }

  /// The feature whose values go along most with what a feature's own value leaves open about its effect: within parts of
  /// equal values, the correlation of the other's rank with the effect, summed by rows.
  func partner(of feature: Int) -> Int? {
    let order = kept.indices.filter { kept[$0].numbers[feature].isFinite }.sorted {
      kept[$0].numbers[feature] < kept[$1].numbers[feature]
    }
    guard order.count >= 20 else { return nil }
    let parts = min(10, order.count / 10)
    var best: (feature: Int, strength: Double)?
    for other in explanation.features.indices where other != feature {
      let ranks = shares(of: other)
      var strength = 0.0
      for part in 0..<parts {
        let some = order[part * order.count / parts..<(part + 1) * order.count / parts].filter { ranks[$0] != nil }
        guard some.count > 2 else { continue }
        let r = Statistics.correlation(some.map { ranks[$0] ?? 0 }, some.map { kept[$0].values[feature] })
        if r.isFinite { strength += abs(r) * Double(some.count) }
      }
      if strength > 0, strength > best?.strength ?? 0 { best = (other, strength) }
    }
    return best?.feature
  }

  /// Mean SHAP values of rows by prediction, from the lowest to the highest, in up to 24 parts of equally many rows.
  public var heatmap: Chart {
    let order = kept.indices.sorted { kept[$0].predictions[0] < kept[$1].predictions[0] }
    let parts = min(24, order.count)
    let groups = (0..<parts).map { part in order[part * order.count / parts..<(part + 1) * order.count / parts] }
    let features = explanation.global.prefix(12).compactMap { explanation.features.firstIndex(of: $0.feature) }
    let values = features.map { feature in
      groups.map { rows -> Double? in Statistics.mean(rows.map { kept[$0].values[feature] }) }
    }
    let most = values.flatMap(\.self).compactMap { $0.map(abs) }.max() ?? 0
    return .heatmap(
      Heatmap(
        title: "SHAP by prediction (\(explanation.unit)), low to high",
        rows: features.map { explanation.features[$0] },
        columns: groups.map { rows in
          Numbers.short(Statistics.mean(rows.map { kept[$0].predictions[0] }), digits: 2)
        }, values: values, range: -max(most, 1e-12)...max(most, 1e-12), total: explanation.totalRows,
        sampled: kept.count < explanation.totalRows ? kept.count : nil, measure: "mean SHAP",
        columnMeasure: "of rows with f(x) near"))
  }
}
