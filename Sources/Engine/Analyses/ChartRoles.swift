// What each kind of chart makes of columns and options: the one table that the subcommand and the chart builder go by.

import Frame
import Insight
import Plot

extension ChartSpec {
  /// A place for a column in a chart.
  public enum Role: String, Codable, Sendable, CaseIterable {
    case x, y, columns, by, colorBy, facetBy

    /// The option of `assay chart`.
    public var option: String {
      switch self {
      case .x, .columns: "--x"
      case .y: "--y"
      case .by: "--by"
      case .colorBy: "--color-by"
      case .facetBy: "--facet-by"
      }
    }
  }

  /// An option beside the columns.
  public enum Option: String, Codable, Sendable, CaseIterable {
    case aggregate, bins, limit, logX, logY, sample, trend

    /// The option of `assay chart`.
    public var option: String {
      switch self {
      case .aggregate: "--aggregate"
      case .bins: "--bins"
      case .limit: "--top"
      case .logX: "--log-x"
      case .logY: "--log-y"
      case .sample: "--sample"
      case .trend: "--trend"
      }
    }
  }

  /// What a column in a role must hold.
  public enum Fit: String, Codable, Sendable {
    /// Numbers, dates and times: what lies along an axis.
    case ordered
    /// Numbers and truth values, which count as 0 and 1: what can be averaged.
    case measured
    /// Any value that makes groups.
    case grouping

    /// Why a column of such values cannot be used; nil where it can.
    public func refusal(_ kind: ColumnKind) -> String? {
      switch self {
      case .ordered:
        kind.isNumeric || kind.isTemporal ? nil : "numbers, dates or times are needed, not \(kind.noun)"
      case .measured:
        kind.isNumeric || kind == .boolean ? nil : "numbers or truth values are needed, not \(kind.noun)"
      case .grouping: nil
      }
    }
  }

  /// How a kind of chart uses a role.
  public struct RoleUse: Sendable, Equatable {
    public var role: Role
    public var isRequired: Bool
    public var fit: Fit
    /// What the column does in this chart, such as `The values on the horizontal axis`.
    public var summary: String

    init(_ role: Role, _ fit: Fit, _ summary: String, isRequired: Bool = false) {
      (self.role, self.fit, self.summary, self.isRequired) = (role, fit, summary, isRequired)
    }
  }

  /// Bins that can be asked for.
  public static let binRange = 1...1000
  /// Bars that can be asked for.
  public static let limitRange = 1...10_000
  /// Rows that a sample can have.
  public static let sampleRange = 1...1_000_000

  /// The columns in a role.
  public func columns(in role: Role) -> [String] {
    switch role {
    case .x: x.map { [$0] } ?? []
    case .y: y.map { [$0] } ?? []
    case .columns: columns
    case .by: by.map { [$0] } ?? []
    case .colorBy: colorBy.map { [$0] } ?? []
    case .facetBy: facetBy.map { [$0] } ?? []
    }
  }

  /// Whether an option is set.
  public func isSet(_ option: Option) -> Bool {
    switch option {
    case .aggregate: aggregate != nil
    case .bins: bins != nil
    case .limit: limit != nil
    case .logX: hasLogX
    case .logY: hasLogY
    case .sample: sample != nil
    case .trend: trend != nil
    }
  }
}

extension ChartSpec.Kind {
  private static let facet = ChartSpec.RoleUse(.facetBy, .grouping, "One small chart for each of its values")

  /// The roles that the kind has, in the order in which forms show them.
  public var roles: [ChartSpec.RoleUse] {
    switch self {
    case .histogram:
      [
        .init(.x, .ordered, "The values to count in bins", isRequired: true),
        .init(.colorBy, .grouping, "An outline for each of its values"), Self.facet,
      ]
    case .bars:
      [
        .init(.x, .grouping, "A bar for each of its values", isRequired: true),
        .init(.y, .measured, "Its mean, sum or another figure is the length of a bar, not the number of rows"),
        .init(.colorBy, .grouping, "Divides each bar by its values"), Self.facet,
      ]
    case .box, .violin:
      [
        .init(.x, .ordered, "The values whose spread is drawn", isRequired: true),
        .init(.by, .grouping, self == .box ? "A box for each of its values" : "A shape for each of its values"),
        Self.facet,
      ]
    case .scatter:
      [
        .init(.x, .ordered, "The horizontal axis", isRequired: true),
        .init(.y, .ordered, "The vertical axis", isRequired: true),
        .init(.colorBy, .grouping, "Colours the points by its values"), Self.facet,
      ]
    case .line:
      [
        .init(.x, .ordered, "The horizontal axis: a date, a time or a number", isRequired: true),
        .init(.y, .measured, "What is drawn along it, aggregated; the number of rows without it"),
        .init(.colorBy, .grouping, "A line for each of its values"), Self.facet,
      ]
    case .density:
      [
        .init(.x, .ordered, "The horizontal axis", isRequired: true),
        .init(.y, .ordered, "The vertical axis", isRequired: true), Self.facet,
      ]
    case .correlation: [.init(.columns, .measured, "The columns to correlate; all numeric ones without any")]
    }
  }

  /// The options that the kind takes, in the order in which forms show them.
  public var options: [ChartSpec.Option] {
    switch self {
    case .histogram: [.bins, .logX]
    case .bars: [.aggregate, .limit]
    case .box, .violin: [.logX]
    case .scatter: [.trend, .sample, .logX, .logY]
    case .line: [.aggregate, .bins, .logY]
    case .density: [.bins, .logX, .logY]
    case .correlation: []
    }
  }

  public func use(of role: ChartSpec.Role) -> ChartSpec.RoleUse? { roles.first { $0.role == role } }

  /// What the kind calls the columns and options it takes: `--x, --y and --color-by`.
  var takes: String {
    let all = roles.map(\.role.option) + options.map(\.option)
    return all.dropLast().joined(separator: ", ") + (all.count > 1 ? " and " : "") + (all.last ?? "")
  }
}

extension ChartSpec {
  /// What is wrong with the spec over a table of these columns, as one sentence; nil where it can be drawn. Roles and
  /// options that the kind has no use for are not faults: see `surplus`.
  public func fault(schema: Schema) -> String? {
    for use in kind.roles {
      let names = columns(in: use.role).filter { !$0.isEmpty }
      if names.isEmpty, use.isRequired { return "\(EngineError.noColumn(role: use.role.rawValue, chart: kind.title))" }
      for name in names {
        guard let column = schema.column(named: name) else {
          return "\(EngineError.noSuchColumn(name, schema.map(\.name)))"
        }
        if let refusal = use.fit.refusal(column.kind) {
          return "The column \"\(name)\" cannot be \(use.role.rawValue) of a \(kind.title.lowercased()): \(refusal)."
        }
      }
    }
    return optionFault ?? axisFault(schema)
  }

  /// What is wrong with the options by themselves.
  public var optionFault: String? {
    func outside(_ number: Int?, _ range: ClosedRange<Int>, _ option: Option) -> String? {
      guard kind.options.contains(option), let number, !range.contains(number) else { return nil }
      return "\(option.option) takes a number from \(range.lowerBound) to \(range.upperBound), not \(number)."
    }
    if let fault = outside(bins, Self.binRange, .bins) { return fault }
    if let fault = outside(limit, Self.limitRange, .limit) { return fault }
    if let fault = outside(sample, Self.sampleRange, .sample) { return fault }
    if kind.options.contains(.aggregate), let aggregate, aggregate != .count, y == nil {
      return "The \(aggregate.rawValue) needs a column to take it of: name it with \(Role.y.option)."
    }
    return nil
  }

  /// Logarithms need numbers.
  private func axisFault(_ schema: Schema) -> String? {
    for (option, isSet, name) in [(Option.logX, hasLogX, x), (.logY, hasLogY, y)]
    where isSet && kind.options.contains(option) {
      guard let name, let column = schema.column(named: name), column.kind.isTemporal else { continue }
      return "The column \"\(name)\" holds \(column.kind.noun), and a logarithmic axis needs numbers."
    }
    if kind == .correlation, columns.count == 1 { return "A correlation needs two columns at least." }
    return nil
  }

  /// The roles and options that are set though the kind has no use for them, as one sentence; nil without any.
  public var surplus: String? {
    let roles = Role.allCases.filter { !columns(in: $0).isEmpty && kind.use(of: $0) == nil }.map(\.option)
    let options = Option.allCases.filter { isSet($0) && !kind.options.contains($0) }.map(\.option)
    guard let first = (roles + options).first else { return nil }
    return "\(first) is not for a \(kind.title.lowercased()), which takes \(kind.takes)."
  }
}

extension ColumnKind {
  /// Values of the kind, such as `whole numbers`.
  public var noun: String {
    switch self {
    case .integer: "whole numbers"
    case .real: "numbers"
    case .boolean: "truth values"
    case .text: "texts"
    case .date: "dates"
    case .timestamp: "dates with times"
    case .time: "times of day"
    case .other: "nested values"
    }
  }
}
