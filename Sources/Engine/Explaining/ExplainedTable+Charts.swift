import Explain
import Numerics
import Plot

extension ExplainedTable {
  /// Features that a picture shows at most.
  private static let shownFeatures = 20

  /// The most important features as bars.
  public var bars: Chart {
    let items = explanation.global.prefix(Self.shownFeatures).map { item in
      ShapBars.Item(feature: item.feature, size: abs(item.value), correlation: correlation(of: item.feature))
    }
    let title: String? =
      switch explanation.aggregate {
      case .meanAbsolute: nil
      case .meanSquare: "Mean SHAP²"
      case .median: "|Median SHAP|"
      }
    return .content(
      ShapBars(
        title: title, items: items, unit: explanation.unit, total: explanation.totalRows,
        sampled: explanation.rows < explanation.totalRows ? explanation.rows : nil))
  }

  /// The most important features with a dot for each row kept; of several outputs the first.
  public var swarm: Chart {
    let features = explanation.global.prefix(Self.shownFeatures).compactMap { item -> ShapSwarm.Feature? in
      guard let index = explanation.features.firstIndex(of: item.feature) else { return nil }
      let ranks = shares(of: index)
      return ShapSwarm.Feature(
        name: item.feature,
        dots: zip(kept, ranks).map { ShapSwarm.Dot(row: $0.row, shap: $0.values[index], rank: $1) })
    }
    return .content(
      ShapSwarm(
        title: explanation.outputs.map { "SHAP values of class \($0[0].name)" }, features: features,
        unit: explanation.unit, total: explanation.totalRows,
        sampled: kept.count < explanation.totalRows ? kept.count : nil))
  }

  /// Pearson's correlation of a feature's values with its SHAP values, over the rows kept.
  private func correlation(of feature: String) -> Double? {
    guard let index = explanation.features.firstIndex(of: feature) else { return nil }
    let pairs = kept.map { ($0.numbers[index], $0.values[index]) }.filter { $0.0.isFinite && $0.1.isFinite }
    guard pairs.count > 2 else { return nil }
    let (x, y) = (Statistics.mean(pairs.map(\.0)), Statistics.mean(pairs.map(\.1)))
    let products = pairs.reduce(into: (xy: 0.0, xx: 0.0, yy: 0.0)) { sums, pair in
      sums.xy += (pair.0 - x) * (pair.1 - y)
      sums.xx += (pair.0 - x) * (pair.0 - x)
      sums.yy += (pair.1 - y) * (pair.1 - y)
    }
    let size = (products.xx * products.yy).squareRoot()
    return size > 0 ? products.xy / size : nil
  }
}
