import Fairness
import Flow
import Frame

/// Which rows a count of a bias report counts.
public struct BiasRows: Sendable, Equatable {
  public enum Group: String, Sendable, CaseIterable { case d, a }

  public var group: Group?
  /// Nil for any label, and for any prediction.
  public var isPositive: Bool?
  public var isPredictedPositive: Bool?

  public init(_ group: Group?, isPositive: Bool? = nil, isPredictedPositive: Bool? = nil) {
    (self.group, self.isPositive, self.isPredictedPositive) = (group, isPositive, isPredictedPositive)
  }

  /// The rows as a condition of the language of expressions; nil where the report took them by rules that it cannot say.
  public func filter(_ spec: BiasSpec, _ pair: FacetReport, among pairs: [FacetReport], schema: Schema) -> RowFilter? {
    guard spec.mode == .correct else { return nil }
    let words = BiasConditions(schema: schema, missing: spec.missing)
    var conditions: [String] = []
    if spec.missing != .asLibrary {
      var columns = [spec.label.column] + [spec.prediction?.column].compactMap(\.self)
      if spec.missing == .drop {
        columns += spec.facets.map(\.column) + [spec.group].compactMap(\.self) + spec.segments.map(\.column)
      }
      var seen: Set<String> = []
      conditions += columns.filter { seen.insert($0).inserted }.map(words.isPresent)
    }
    if let group {
      guard let condition = words.isInD(spec, pair, among: pairs) else { return nil }
      conditions.append(group == .d ? condition : "not coalesce(\(condition), false)")
    }
    if let isPositive {
      let condition = words.isPositive(spec.label.column, spec.label.positive)
      conditions.append(isPositive ? condition : "not coalesce(\(condition), false)")
    }
    if let isPredictedPositive {
      let condition: String
      switch spec.prediction {
      case .label(let column)?: condition = words.isPositive(column, spec.label.positive)
      case .score(let column, let threshold)?: condition = words.isPositive(column, .above(threshold))
      case nil: return nil
      }
      conditions.append(isPredictedPositive ? condition : "not coalesce(\(condition), false)")
    }
    return .expression(conditions.map { "(\($0))" }.joined(separator: " and "))
  }
}

/// The rules of a spec in the language of expressions.
private struct BiasConditions {
  let schema: Schema
  let missing: BiasSpec.MissingPolicy

  private func kind(_ column: String) -> ColumnKind { schema.column(named: column)?.kind ?? .text }

  func isPresent(_ column: String) -> String {
    let name = ExpressionText.name(column)
    return kind(column) == .real ? "\(name) is not null and text(\(name)) != 'nan'" : "\(name) is not null"
  }

  func isPositive(_ column: String, _ outcome: BiasSpec.Outcome) -> String {
    switch outcome {
    case .values(let values): isOne(of: values, column)
    case .above(let threshold): isAbove(threshold, column)
    }
  }

  private func isAbove(_ threshold: Double, _ column: String) -> String {
    let name = ExpressionText.name(column)
    return (kind(column).isNumeric ? name : "float(\(name))") + " > \(threshold)"
      + (kind(column) == .real ? " and text(\(name)) != 'nan'" : "")
  }

  private func isOne(of values: [String], _ column: String) -> String {
    let name = ExpressionText.name(column)
    switch kind(column) {
    case .integer, .real:
      let numbers = values.compactMap(Double.init).filter(\.isFinite)
      return numbers.isEmpty ? "false" : "\(name) in (\(numbers.map { "\($0)" }.joined(separator: ", ")))"
    case .boolean:
      let words = values.map { ["1": "true", "0": "false"][$0] ?? $0.lowercased() }
      return "text(\(name)) in (\(words.map(ExpressionText.text).joined(separator: ", ")))"
    default: return "text(\(name)) in (\(values.map(ExpressionText.text).joined(separator: ", ")))"
    }
  }

  /// Group d of a pair, which names its columns and values.
  func isInD(_ spec: BiasSpec, _ pair: FacetReport, among pairs: [FacetReport]) -> String? {
    if let facet = spec.facets.first(where: { $0.column == pair.facet }) {
      return isInD(facet, pair.value, place: pairs.filter { $0.facet == pair.facet }.firstIndex(of: pair))
    }
    // Several facets at once.
    let columns = pair.facet.components(" × ")
    let values = pair.value.components(" × ")
    guard columns.count == values.count, columns.count > 1 else { return nil }
    var parts: [String] = []
    for (column, value) in zip(columns, values) {
      guard let facet = spec.facets.first(where: { $0.column == column }),
        let part = isInD(facet, value, place: nil)
      else { return nil }
      parts.append("(\(part))")
    }
    return parts.joined(separator: " and ")
  }

  private func isInD(_ facet: BiasSpec.Facet, _ value: String, place: Int?) -> String? {
    switch facet.groups {
    case .eachValue:
      if missing == .ownValue, value == "(missing)" { return "not (\(isPresent(facet.column)))" }
      return isOne(of: [value], facet.column)
    case .values(let values):
      if value == values.joined(separator: ",") { return isOne(of: values, facet.column) }
      return values.contains(value) ? isOne(of: [value], facet.column) : nil
    case .above(let given):
      // Groups stand in the order of the thresholds, whatever order they were given in.
      let thresholds = Set(given.filter { !$0.isNaN }).sorted()
      // Of combined groups, only those above can be said by one threshold.
      if place == nil, !value.hasPrefix("> ") { return nil }
      let threshold = place.flatMap { thresholds.indices.contains($0) ? thresholds[$0] : nil }
      guard let threshold = threshold ?? (thresholds.count == 1 ? thresholds.first : nil) else { return nil }
      return isAbove(threshold, facet.column)
    }
  }
}

extension String {
  fileprivate func components(_ separator: String) -> [String] { split(separator: separator).map(String.init) }
}
