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

  /// The rows as a condition of the language of expressions; nil where it cannot say how the report took them.
  /// - Parameters:
  ///   - asked: the spec of the report, with the columns of predictions that were made for it.
  ///   - part: of the report's segments the one that the pair belongs to.
  public func filter(
    _ asked: BiasSpec, of report: BiasReport, _ pair: FacetReport, part: Int? = nil, schema: Schema
  ) -> RowFilter? {
    let spec = report.resolved(asked, schema)
    let words = BiasConditions(schema: schema, missing: spec.missing)
    var conditions: [String] = []
    if spec.missing != .asLibrary {
      var columns = [spec.label.column] + (spec.prediction?.columns ?? [])
      if spec.missing == .drop { columns += spec.facets.map(\.column) + [spec.group].compactMap(\.self) }
      var seen: Set<String> = []
      conditions += columns.filter { seen.insert($0).inserted }.map(words.isPresent)
    }
    if let part {
      guard let condition = words.isIn(part, of: spec.segments) else { return nil }
      conditions.append(condition)
    }
    if let group {
      // What smclarify calls `nan` is nobody.
      let condition = pair.counts.d.rows == 0 ? "false" : words.isInD(spec, pair)
      guard let condition else { return nil }
      conditions.append(group == .d ? condition : BiasConditions.not(condition))
    }
    if let isPositive {
      let condition = words.isPositive(spec.label.column, spec.label.positive)
      conditions.append(isPositive ? condition : BiasConditions.not(condition))
    }
    if let isPredictedPositive {
      guard let condition = words.isPredicted(spec) else { return nil }
      conditions.append(isPredictedPositive ? condition : BiasConditions.not(condition))
    }
    return .expression(conditions.isEmpty ? "true" : conditions.map { "(\($0))" }.joined(separator: " and "))
  }
}

/// The rules of a spec in the language of expressions.
private struct BiasConditions {
  let schema: Schema
  let missing: BiasSpec.MissingPolicy

  private func kind(_ column: String) -> ColumnKind { schema.column(named: column)?.kind ?? .text }

  static func not(_ condition: String) -> String { "not coalesce(\(condition), false)" }

  func isPresent(_ column: String) -> String {
    let name = ExpressionText.name(column)
    return kind(column) == .real ? "\(name) is not null and text(\(name)) != 'nan'" : "\(name) is not null"
  }

  // MARK: Labels and predictions

  func isPositive(_ column: String, _ outcome: BiasSpec.Outcome) -> String {
    switch outcome {
    case .values(let values): isOne(of: values, column)
    case .above(let threshold): compares(column, ">", threshold)
    }
  }

  func isPredicted(_ spec: BiasSpec) -> String? {
    switch spec.prediction {
    case .label(let column)?: isPositive(column, spec.label.positive)
    case .score(let column, let threshold)?: compares(column, ">", threshold)
    case .highest(let columns, let labels)?: hasHighest(columns, labels, spec)
    case nil: nil
    }
  }

  /// Whether a positive class has the highest score, the first of equal ones.
  private func hasHighest(_ columns: [String], _ labels: [String]?, _ spec: BiasSpec) -> String? {
    // Lists are beyond the language.
    guard let labels, columns.count > 1, labels.count == columns.count else { return nil }
    let names = columns.map(ExpressionText.name)
    let wins = columns.indices.filter { place in
      switch spec.label.positive {
      case .values(let values):
        return values.contains { value in
          let label = labels[place]
          if kind(spec.label.column) == .boolean { return WrittenValue.flag(value) == WrittenValue.flag(label) }
          return value == label || WrittenValue.number(value).map { $0 == WrittenValue.number(label) } ?? false
        }
      case .above(let threshold): return WrittenValue.number(labels[place]).map { $0 > threshold } ?? false
      }
    }.map { place in
      columns.indices.filter { $0 != place }
        .map { "\(names[place]) \($0 < place ? ">" : ">=") \(names[$0])" }.joined(separator: " and ")
    }
    return wins.isEmpty ? "false" : wins.map { "(\($0))" }.joined(separator: " or ")
  }

  private func compares(_ column: String, _ sign: String, _ number: Double) -> String {
    let name = ExpressionText.name(column)
    return (kind(column).isNumeric ? name : "float(\(name))") + " \(sign) \(number)"
      + (kind(column) == .real ? " and text(\(name)) != 'nan'" : "")
  }

  private func isOne(of values: [String], _ column: String) -> String {
    let name = ExpressionText.name(column)
    func list(_ items: [String]) -> String { items.joined(separator: ", ") }
    switch kind(column) {
    case .integer, .real:
      let numbers = values.compactMap { value in
        Int64(value).map { "\($0)" } ?? WrittenValue.number(value).flatMap { $0.isFinite ? "\($0)" : nil }
      }
      return numbers.isEmpty ? "false" : "\(name) in (\(list(numbers)))"
    case .boolean:
      let flags = values.compactMap(WrittenValue.flag).map { $0 ? "true" : "false" }
      return flags.isEmpty ? "false" : "text(\(name)) in (\(list(flags.map(ExpressionText.text))))"
    default: return "text(\(name)) in (\(list(values.map(ExpressionText.text))))"
    }
  }

  // MARK: Groups

  /// Group d of a pair, which names its columns and values.
  func isInD(_ spec: BiasSpec, _ pair: FacetReport) -> String? {
    for facet in spec.facets where facet.column == pair.facet {
      if let condition = condition(facet, pair.groupD) { return condition }
    }
    // Several facets at once; files of before have no parts of their own.
    let names = pair.parts ?? pair.groupD.components(" and ")
    guard names.count > 1 else { return nil }
    // Facets are combined in the order of the spec, of several with one column the first.
    var seen: Set<String> = []
    let single = spec.facets.filter { seen.insert($0.column).inserted }
    let sets = (spec.intersections + BiasStudy.pairs(of: spec.facets)).map { set in
      single.filter { set.contains($0.column) }
    }
    let facets = sets.first { $0.map(\.column).joined(separator: " × ") == pair.facet }
    guard let facets, facets.count == names.count else { return nil }
    var parts: [String] = []
    for (facet, name) in zip(facets, names) {
      guard let condition = condition(facet, name) else { return nil }
      parts.append(missing == .ownValue ? "(\(condition))" : "(\(condition)) and \(isPresent(facet.column))")
    }
    return parts.joined(separator: " and ")
  }

  private func condition(_ facet: BiasSpec.Facet, _ name: String) -> String? {
    guard let column = schema.column(named: facet.column) else { return nil }
    switch facet.part(named: name, column) {
    case .missing?: return missing == .ownValue ? Self.not(isPresent(facet.column)) : nil
    case .values(let values, let isOne)?:
      let condition = self.isOne(of: values, facet.column)
      return isOne ? condition : Self.not(condition)
    case .numbers(let low, let high)?:
      var parts = [low.map { compares(facet.column, ">", $0) }].compactMap(\.self)
      if let high { parts.append(compares(facet.column, "<=", high)) }
      return parts.joined(separator: " and ")
    case nil: return nil
    }
  }

  // MARK: Segments

  /// Segments in turn, each with its lists and all other rows; the first list that a row is in has it.
  func isIn(_ part: Int, of segments: [BiasSpec.Segment]) -> String? {
    var place = part
    for segment in segments {
      guard place > segment.lists.count else {
        let lists = segment.lists.map { list($0, segment.column) }
        let earlier = lists.prefix(place).map { Self.not("(\($0))") }
        return (earlier + lists.dropFirst(place).prefix(1).map { "(\($0))" }).joined(separator: " and ")
      }
      place -= segment.lists.count + 1
    }
    return nil
  }

  private func list(_ texts: [String], _ column: String) -> String {
    guard kind(column).isNumeric, texts.contains(where: { $0.contains(",") }) else { return isOne(of: texts, column) }
    return texts.map { text in
      guard let bounds = BiasList.interval(text) else { return "false" }
      return "(\(compares(column, bounds.isLowIn ? ">=" : ">", bounds.low)) and "
        + "\(compares(column, bounds.isHighIn ? "<=" : "<", bounds.high)))"
    }.joined(separator: " or ")
  }
}

extension String {
  fileprivate func components(_ separator: String) -> [String] { split(separator: separator).map(String.init) }
}
