extension AnalysisSpec {
  /// The columns of which an analysis needs to know no more than how often each combination of values occurs, so that a
  /// cluster can count them; nil where it looks at single rows, at their order, or at all columns.
  var countedColumns: [String]? {
    switch self {
    case .bias(let study):
      let kinds: Set<BiasStudy.Kind> = [.report, .intersections, .simpson]
      return kinds.contains(study.kind) && study.model == nil && study.spec.features == nil ? study.reads : nil
    case .chart(let chart):
      let kinds: Set<ChartSpec.Kind> = [.histogram, .bars, .box, .density, .correlation]
      return kinds.contains(chart.kind) && chart.sideBySide == nil && !chart.reads.isEmpty ? chart.reads : nil
    case .insight(let insight):
      return insight.kind == .associations && !insight.columns.isEmpty ? insight.columns : nil
    case .summary, .quickModel, .explanation, .automl: return nil
    }
  }

  /// True where an analysis takes rows that stand for several.
  var weighsRows: Bool { if case .bias = self { true } else { false } }
}
