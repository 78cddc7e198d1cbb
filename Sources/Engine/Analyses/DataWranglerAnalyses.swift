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
  ]

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
