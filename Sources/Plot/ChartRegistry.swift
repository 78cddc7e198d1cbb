// Every kind of chart that draws itself from a file of its own. One line a kind, in the order of the menus.

/// The kinds of `Chart.content`.
public enum ChartRegistry {
  public static let kinds: [any ChartContent.Type] = distributions + models

  // Of tables.
  private static let distributions: [any ChartContent.Type] = [
    BoxPlot.self, ViolinPlot.self, LineChart.self, DensityHeatmap.self, GroupedBars.self, GroupedHistogram.self,
    Facets.self, ChartGrid.self,
  ]

  // Of models.
  private static let models: [any ChartContent.Type] = [
    OperatingCurves.self, ConfusionMatrix.self, Calibration.self, LearningCurve.self, ShapBars.self, ShapSwarm.self,
    ShapWaterfall.self, ShapForce.self, ShapDecision.self, Dependence.self, EmbeddingMap.self, BiasPanel.self,
    BiasGrid.self, ThresholdTrade.self, Leaderboard.self, RankedIntervals.self, ShapText.self,
  ]

  /// The kind with a name; nil for the five that `Chart` has cases for, and for what there is not.
  public static func kind(_ name: String) -> (any ChartContent.Type)? { kinds.first { $0.kind == name } }
}
