import Fairness
import Flow
import Learn

/// Which analysis of Data Wrangler is which of assay: one line for each that both have. All others are kept as they are.
enum DataWranglerAnalyses {
  struct Counterpart: Sendable {
    /// The operator without area and version; the first is written.
    let kinds: [String]
    let read: @Sendable (Parameters) -> AnalysisSpec?
    /// The parameters there; nil where the analysis is another one.
    let write: @Sendable (AnalysisSpec) -> Parameters?
  }

  static let all: [Counterpart] = [
    Counterpart(kinds: ["histogram"]) { given in
      given.text("x_axis").map { x in
        .chart(ChartSpec(.histogram, x: x, colorBy: given.text("color_by"), facetBy: given.text("facet_by")))
      }
    } write: { spec in
      guard case .chart(let chart) = spec, chart.kind == .histogram, let x = chart.x else { return nil }
      return roles(["x_axis": x, "color_by": chart.colorBy, "facet_by": chart.facetBy])
    },
    Counterpart(kinds: ["scatter_plot", "scatter"]) { given in
      guard let x = given.text("x_axis"), let y = given.text("y_axis") else { return nil }
      return .chart(
        ChartSpec(.scatter, x: x, y: y, colorBy: given.text("color_by"), facetBy: given.text("facet_by")))
    } write: { spec in
      guard case .chart(let chart) = spec, chart.kind == .scatter, let x = chart.x, let y = chart.y else { return nil }
      return roles(["x_axis": x, "y_axis": y, "color_by": chart.colorBy, "facet_by": chart.facetBy])
    },
    Counterpart(kinds: ["describe"]) { _ in
      .summary
    } write: { spec in
      spec == .summary ? [:] : nil
    },
    Counterpart(kinds: ["quick_model"]) { given in
      given.text("label").map { .quickModel(QuickModelOptions(target: $0)) }
    } write: { spec in
      guard case .quickModel(let options) = spec else { return nil }
      return ["label": .text(options.target)]
    },
    Counterpart(kinds: ["target_leakage"]) { given in
      given.text("target").map { .insight(InsightSpec(.leakage, target: $0, method: problem(given))) }
    } write: { spec in
      guard case .insight(let insight) = spec, insight.kind == .leakage, let target = insight.target else { return nil }
      return ["target": .text(target), "problem_type": .text(insight.method ?? "classification")]
    },
    Counterpart(kinds: ["feature_correlation"]) { given in
      .insight(InsightSpec(.associations, method: given.text("correlation_type") == "non-linear" ? "non-linear" : nil))
    } write: { spec in
      guard case .insight(let insight) = spec, insight.kind == .associations else { return nil }
      return ["correlation_type": .text(insight.method ?? "linear")]
    },
    Counterpart(kinds: ["multicolinearity"]) { given in
      let lasso = Parameters(given["lasso_parameters"]?.record ?? [:])
      guard given.text("analysis")?.hasPrefix("Lasso") == true else { return .insight(InsightSpec(.collinearity)) }
      return lasso.text("label").map { .insight(InsightSpec(.lasso, target: $0, method: problem(lasso))) }
    } write: { spec in
      guard case .insight(let insight) = spec else { return nil }
      if insight.kind == .collinearity { return ["analysis": "Variance inflation factors"] }
      guard insight.kind == .lasso, let target = insight.target else { return nil }
      let lasso: Parameter = [
        "label": .text(target), "l1": 1, "problem_type": .text((insight.method ?? "classification").capitalized),
      ]
      return ["analysis": "Lasso feature selection", "lasso_parameters": lasso]
    },
    Counterpart(kinds: ["data_insights_report"]) { given in
      let options = Parameters(given["insights_report_parameters"]?.record ?? [:])
      let target = options.text("target_column") ?? given.text("target_column")
      return .insight(InsightSpec(.quality, target: target, method: problem(options)))
    } write: { spec in
      guard case .insight(let insight) = spec, insight.kind == .quality else { return nil }
      var options: [String: Parameter] = [:]
      if let target = insight.target { options["target_column"] = .text(target) }
      if let method = insight.method { options["problem_type"] = .text(method.capitalized) }
      return ["insights_report_parameters": .record(options)]
    },
    Counterpart(kinds: ["bias_report", "bias"]) { given in
      biasStudy(given).map { .bias($0) }
    } write: { spec in
      guard case .bias(let study) = spec, study.kind == .report else { return nil }
      return biasParameters(study.spec)
    },
  ]

  /// The form of a bias report: a label and a facet, each with values or a threshold, and the metrics. How a file names
  /// them is not documented, so that several spellings are read.
  private static func biasStudy(_ given: Parameters) -> BiasStudy? {
    let options = Parameters(given["bias_report_parameters"]?.record ?? given.values)
    func first(_ names: String...) -> String? { names.lazy.compactMap { options.texts($0).first }.first }
    func values(_ names: String...) -> [String] {
      for name in names {
        let list = options[name]?.list ?? options[name].map { [$0] } ?? []
        let texts = list.compactMap { item in
          item.text ?? item.number.map { number in Int64(exactly: number).map { String($0) } ?? String(number) }
        }
        if !texts.isEmpty { return texts }
      }
      return []
    }
    guard let label = first("label", "label_column", "target_column"), let facet = first("facet", "facet_column") else {
      return nil
    }
    let isLabelNumber = first("label_type", "label_value_type") == "threshold" || options["label_threshold"] != nil
    let isFacetNumber = first("facet_type", "facet_value_type") == "threshold" || options["facet_threshold"] != nil
    let positive = values("label_threshold", "label_value_or_threshold", "label_values_or_threshold", "label_value")
    let chosen = values("facet_threshold", "facet_value_or_threshold", "facet_values_or_threshold", "facet_value")
    guard let one = positive.first else { return nil }
    let outcome: BiasSpec.Outcome =
      isLabelNumber ? Double(one).map { .above($0) } ?? .values(positive) : .values(positive)
    let numbers = chosen.compactMap { Double($0) }
    let groups: BiasSpec.Groups =
      chosen.isEmpty ? .eachValue : isFacetNumber && !numbers.isEmpty ? .above(numbers) : .values(chosen)
    var spec = BiasSpec(label: .init(column: label, positive: outcome), facets: [.init(column: facet, groups: groups)])
    let metrics = values("metrics", "methods").compactMap { BiasMetric(name: $0) }
    if !metrics.isEmpty { spec.metrics = metrics }
    return BiasStudy(.report, spec)
  }

  /// One facet is written: Data Wrangler has a report for each.
  private static func biasParameters(_ spec: BiasSpec) -> Parameters? {
    guard let facet = spec.facets.first, spec.facets.count == 1 else { return nil }
    var options: Parameters = ["label": .text(spec.label.column), "facet": .text(facet.column)]
    switch spec.label.positive {
    case .values(let values):
      options["label_type"] = "value"
      options["label_value_or_threshold"] = .list(values.map { .text($0) })
    case .above(let threshold):
      options["label_type"] = "threshold"
      options["label_value_or_threshold"] = .list([.number(threshold)])
    }
    switch facet.groups {
    case .eachValue: break
    case .values(let values):
      options["facet_type"] = "value"
      options["facet_value_or_threshold"] = .list(values.map { .text($0) })
    case .above(let thresholds):
      options["facet_type"] = "threshold"
      options["facet_value_or_threshold"] = .list(thresholds.map { .number($0) })
    }
    let metrics = (spec.metrics ?? BiasMetric.preTraining).filter { $0.stage == .preTraining }
    options["metrics"] = .list(metrics.map { .text($0.name) })
    return options
  }

  private static func problem(_ given: Parameters) -> String? {
    given.text("problem_type").map { $0.lowercased() }.flatMap {
      ["classification", "regression"].contains($0) ? $0 : nil
    }
  }

  private static func roles(_ roles: [String: String?]) -> Parameters {
    Parameters(roles.compactMapValues { $0.map(Parameter.text) })
  }

  static func spec(of attachment: DataWranglerAttachment) -> AnalysisSpec? {
    all.first { $0.kinds.contains(attachment.kind) }?.read(attachment.parameters)
  }

  static func attachment(of analysis: Analysis) -> DataWranglerAttachment? {
    for counterpart in all {
      guard var parameters = counterpart.write(analysis.spec), let kind = counterpart.kinds.first else { continue }
      parameters["name"] = .text(analysis.name)
      return DataWranglerAttachment(
        step: analysis.node, operatorID: "sagemaker.visualizations.\(kind)_0.1", parameters: parameters)
    }
    return nil
  }
}
