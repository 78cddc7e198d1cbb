import Engine
import Frame
import Widgets

/// The fields of the chart builder, and the chart that they describe: made from the table of roles and options.
struct ChartForm: Sendable {
  /// Columns of the rows; nil while they are not known.
  var schema: Schema?
  /// The column under the table's cursor when the dialog opened.
  var current: String?

  private var columns: Schema { schema ?? [] }

  // MARK: Fields

  /// - Parameters:
  ///   - name: what was chosen to call it; empty for the name that follows from the chart.
  ///   - place: which rows it counts.
  func fields(_ spec: ChartSpec, name: String, place: String, buttons: [FormOption]) -> [FormField] {
    var fields = [kindField(spec)]
    for use in spec.kind.roles {
      fields.append(field(of: use, spec))
      if use.role == .y, spec.kind.options.contains(.aggregate) { fields.append(aggregate(spec)) }
    }
    for option in spec.kind.options { if let field = field(of: option, spec) { fields.append(field) } }
    fields.append(
      .text(
        "name", "Name", name, placeholder: spec.defaultName,
        help: "What the flow calls the analysis. Left empty, it is named after what it shows."))
    return fields + [.note("On", place, id: "place"), .buttons(buttons)]
  }

  private func kindField(_ spec: ChartSpec) -> FormField {
    let kinds = ChartSpec.Kind.allCases.map { kind in
      FormOption(kind.rawValue, kind.title, reason: schema.flatMap { $0.isEmpty ? nil : kind.refusal($0) })
    }
    return .choice(
      "kind", "Chart", kinds, selected: spec.kind.rawValue,
      help: "\(spec.kind.title): \(spec.kind.summary). Another kind keeps the columns that fit it.")
  }

  /// What the kind calls a role.
  static func label(of role: ChartSpec.Role, in kind: ChartSpec.Kind) -> String {
    switch role {
    case .x: kind == .scatter || kind == .density || kind == .line ? "Across" : "Column"
    case .y: kind == .scatter || kind == .density ? "Up" : "Measure"
    case .columns: "Columns"
    case .by: "Groups"
    case .colorBy: "Colour by"
    case .facetBy: "Facet by"
    }
  }

  /// The columns for a role, with the reason of those that do not fit; where it can be empty, that comes first.
  static func options(for use: ChartSpec.RoleUse, _ schema: Schema) -> [FormOption] {
    let fitting = ColumnChoices.options(schema) { use.fit.refusal($0.kind) }
    guard !use.isRequired else { return fitting }
    return [FormOption("", use.role == .y ? "the number of rows" : "none")] + fitting
  }

  private func field(of use: ChartSpec.RoleUse, _ spec: ChartSpec) -> FormField {
    let (id, label) = (use.role.rawValue, Self.label(of: use.role, in: spec.kind))
    if use.role == .columns {
      let all = columns.filter { use.fit.refusal($0.kind) == nil }
      let chosen = spec.columns.isEmpty ? all.filter(\.kind.isNumeric).map(\.name) : spec.columns
      return .picker(
        id, label, all.map { FormOption($0.name) }, chosen: Set(chosen), rows: 8,
        help: "The columns to compare with each other. What cannot be correlated is not listed.")
    }
    let chosen = spec.columns(in: use.role).first ?? (use.isRequired ? nil : "")
    let empty = use.isRequired ? "" : " It can be left empty."
    return .choice(
      id, label, Self.options(for: use, columns), selected: chosen, help: "\(use.summary).\(empty)")
  }

  private func aggregate(_ spec: ChartSpec) -> FormField {
    let reason = spec.y == nil ? "choose a measure first" : nil
    let options = ChartSpec.Aggregate.allCases.map { aggregate in
      FormOption(aggregate.rawValue, aggregate.title, reason: aggregate == .count ? nil : reason)
    }
    return .choice(
      "aggregate", "Aggregate", options, selected: (spec.aggregate ?? (spec.y == nil ? .count : .mean)).rawValue,
      help: "What becomes of the rows at one place: their number, or a figure of the measure.")
  }

  private func field(of option: ChartSpec.Option, _ spec: ChartSpec) -> FormField? {
    switch option {
    case .aggregate: return nil
    case .bins:
      return .text(
        "bins", "Bins", spec.bins.map(String.init) ?? "", placeholder: "automatic",
        help:
          "The number of bins, each way where there are two. Left empty, the spread of the values decides. The keys b "
          + "and B change it in the chart.")
    case .limit:
      return .text(
        "limit", "Bars", spec.limit.map(String.init) ?? "", placeholder: String(ChartSpec.defaultLimit),
        help: "How many of the most frequent values get a bar of their own. The rest is summed up as others.")
    case .sample:
      return .text(
        "sample", "Sample", spec.sample.map(String.init) ?? "", placeholder: "automatic",
        help: "Points at most. Of more rows that many are drawn at random with a fixed seed, and the title says so.")
    case .trend:
      return .choice(
        "trend", "Trend",
        [FormOption("", "none"), FormOption("linear", "straight line"), FormOption("loess", "curve (loess)")],
        selected: spec.trend?.rawValue ?? "",
        help: "A line through the points by least squares, or a curve that follows them from place to place.")
    case .logX: return logarithms(spec)
    case .logY: return spec.kind.options.contains(.logX) ? nil : logarithms(spec)
    }
  }

  private func logarithms(_ spec: ChartSpec) -> FormField {
    let axes: [(ChartSpec.Option, String, Bool)] = [(.logX, "x", spec.hasLogX), (.logY, "y", spec.hasLogY)]
    let taken = axes.filter { spec.kind.options.contains($0.0) }
    return .checks(
      "log", "Log axis",
      taken.map { option, label, _ in FormOption(label, reason: spec.refusal(ofLog: option, columns)) },
      chosen: Set(taken.filter(\.2).map(\.1)),
      help: "Equal steps for equal ratios: 1, 10, 100. Values that are not above zero are left out and counted.")
  }

  // MARK: The chart

  /// The chart that the fields describe; numbers that cannot be read are left out.
  func spec(_ form: FormState) -> ChartSpec {
    var spec = ChartSpec(ChartSpec.Kind(rawValue: form.text("kind")) ?? .histogram)
    for use in spec.kind.roles {
      if use.role == .columns {
        let chosen = form.chosen("columns")
        let numeric = columns.filter(\.kind.isNumeric).map(\.name)
        spec.columns = chosen == numeric ? [] : chosen
      } else {
        let name = form.text(use.role.rawValue)
        spec.set(name.isEmpty ? [] : [name], in: use.role)
      }
    }
    for option in spec.kind.options {
      switch option {
      case .aggregate: spec.aggregate = spec.y == nil ? nil : ChartSpec.Aggregate(rawValue: form.text("aggregate"))
      case .bins: spec.bins = Self.number(form, "bins")
      case .limit: spec.limit = Self.number(form, "limit") ?? ChartSpec.defaultLimit
      case .sample: spec.sample = Self.number(form, "sample")
      case .trend: spec.trend = ChartSpec.Trend(rawValue: form.text("trend"))
      case .logX: spec.hasLogX = form.chosen("log").contains("x")
      case .logY: spec.hasLogY = form.chosen("log").contains("y")
      }
    }
    return spec
  }

  private static func number(_ form: FormState, _ id: String) -> Int? { Int(form.text(id).trimmingBlanks) }

  // MARK: Faults

  /// What keeps the chart from being drawn, with its field; nil where nothing does.
  func fault(_ spec: ChartSpec, _ form: FormState) -> (field: String, reason: String)? {
    guard let schema else { return nil }
    if let refusal = spec.kind.refusal(schema) { return ("kind", "\(spec.kind.phrase) \(refusal)") }
    for use in spec.kind.roles {
      let label = Self.label(of: use.role, in: spec.kind).lowercased()
      let names = spec.columns(in: use.role)
      if names.isEmpty, use.isRequired {
        return (use.role.rawValue, label == "column" ? "choose a column" : "choose the column \(label)")
      }
      for name in names {
        guard let column = schema.column(named: name) else {
          return (use.role.rawValue, "there is no column \(name) any more: choose another")
        }
        if let refusal = use.fit.refusal(column.kind) { return (use.role.rawValue, "\(name): \(refusal)") }
      }
    }
    if spec.kind == .correlation, form.chosen("columns").count < 2 { return ("columns", "choose at least two columns") }
    if spec.kind == .scatter || spec.kind == .density, spec.x == spec.y {
      return ("y", "choose another column than the one across")
    }
    for (option, id, range, otherwise) in Self.numbers where spec.kind.options.contains(option) {
      let text = form.text(id).trimmingBlanks
      if text.isEmpty { continue }
      guard let number = Int(text), range.contains(number) else {
        let bounds = "\(range.lowerBound) to \(Number.grouped(range.upperBound))"
        return (id, "a whole number from \(bounds), or nothing for \(otherwise)")
      }
    }
    if spec.hasLogX, let reason = spec.refusal(ofLog: .logX, schema) { return ("log", reason) }
    if spec.hasLogY, let reason = spec.refusal(ofLog: .logY, schema) { return ("log", reason) }
    return nil
  }

  private static let numbers: [(ChartSpec.Option, String, ClosedRange<Int>, String)] = [
    (.bins, "bins", ChartSpec.binRange, "automatic"),
    (.limit, "limit", ChartSpec.limitRange, String(ChartSpec.defaultLimit)),
    (.sample, "sample", ChartSpec.sampleRange, "automatic"),
  ]
}

extension ChartSpec.Aggregate {
  /// As a list shows it.
  var title: String {
    switch self {
    case .count: "number of rows"
    case .sum: "sum"
    case .mean: "mean"
    case .median: "median"
    case .min: "minimum"
    case .max: "maximum"
    }
  }
}
