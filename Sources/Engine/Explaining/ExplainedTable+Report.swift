import Explain
import Insight
import Numerics
import Plot

extension ExplainedTable: AnalysisReport, WrittenReport {
  /// Rows that an analysis keeps for pictures.
  static let savedRows = 250

  /// With fewer rows for pictures, evenly spread: what a flow keeps.
  var thinned: ExplainedTable {
    guard kept.count > Self.savedRows else { return self }
    let step = Double(kept.count) / Double(Self.savedRows)
    return ExplainedTable(explanation: explanation, kept: (0..<Self.savedRows).map { kept[Int(Double($0) * step)] })
  }

  public var blocks: [AnalysisBlock] {
    let found = explanation
    let total = Numbers.grouped(found.totalRows) + (found.totalRows == 1 ? " row" : " rows")
    let rows = found.rows < found.totalRows ? "\(Numbers.grouped(found.rows)) of \(total)" : total
    let background = found.backgroundRows.map { ", background of \($0)" } ?? ""
    var blocks: [AnalysisBlock] = [
      .sentence("\(found.model): \(rows), method \(found.method)\(background)."),
      .sentence(
        "Base value \(Numbers.short(found.baseValue)) (\(found.unit)). Base value and SHAP values of a row miss the "
          + "prediction by at most \(Numbers.short(RowExplanation.told(found.additivityError)))."),
    ]
    let name =
      switch found.aggregate {
      case .meanAbsolute: "mean |SHAP|"
      case .meanSquare: "mean SHAP²"
      case .median: "median SHAP"
      }
    let hasErrors = found.global.contains { $0.standardError != nil }
    blocks.append(
      .table(
        headings: ["feature", name] + (hasErrors ? ["± a row"] : []),
        rows: found.global.prefix(60).map { item in
          [item.feature, Numbers.short(item.value)]
            + (hasErrors ? [item.standardError.map { Numbers.short($0) } ?? ""] : [])
        }))
    if let outputs = found.outputs {
      blocks.append(.heading("Classes"))
      blocks.append(
        .table(
          headings: ["class", "base value", "most important"],
          rows: outputs.map { output in
            let names = output.global.prefix(3).filter { $0.value != 0 }.map(\.feature)
            return [output.name, Numbers.short(output.baseValue), names.joined(separator: ", ")]
          }))
    }
    if let groups = found.groups { blocks += groups.blocks(unit: found.unit) }
    if let importance = found.importance {
      blocks.append(.heading("Shuffled columns"))
      blocks.append(.sentence("How much the mean loss rises, with 95 % intervals over the shuffles."))
      blocks.append(
        .table(
          headings: ["feature", "rise", "low", "high"],
          rows: importance.prefix(60).map { item in
            [item.feature] + [item.value, item.low, item.high].map { Numbers.short($0) }
          }))
    }
    return blocks
  }

  /// Bars, a dot for each row, a heatmap, and what the most important features do at each of their values.
  public var charts: [(title: String, chart: Chart)] {
    var charts = [("SHAP bars", bars), ("SHAP beeswarm", swarm), ("SHAP heatmap", heatmap)]
    for item in explanation.global.prefix(Self.dependences) where item.value != 0 {
      guard let chart = dependence(of: item.feature) else { continue }
      charts.append(("Dependence: \(item.feature)", chart))
    }
    for effect in explanation.effects ?? [] {
      if let chart = effect.chart(unit: explanation.unit) { charts.append(("PDP: \(effect.feature)", chart)) }
      if effect.numbers != nil, let chart = effect.chart(unit: explanation.unit, isCentered: true) {
        charts.append(("Centred ICE: \(effect.feature)", chart))
      }
      if let chart = effect.accumulatedChart(unit: explanation.unit) {
        charts.append(("ALE: \(effect.feature)", chart))
      }
    }
    return charts
  }

  /// Features whose dependence is drawn.
  static let dependences = 12
}

extension GroupDifference {
  /// Which features make the gap.
  func blocks(unit: String) -> [AnalysisBlock] {
    func text(_ group: Group) -> String {
      let share = group.positives.map { ", \(Numbers.percent($0, of: 1)) predicted positive" } ?? ""
      return "\(Numbers.grouped(group.rows)) rows, mean prediction \(Numbers.short(group.prediction))\(share)"
    }
    var sentence = "d: \(text(d)). a, everybody else: \(text(a))."
    if let dppl { sentence += " DPPL \(Numbers.short(dppl))." }
    return [
      .heading("\(column) = \(value) against everybody else"), .sentence(sentence),
      .sentence(
        "What each feature adds to the gap of mean predictions, \(Numbers.short(difference)) (\(unit)); above 0 it favours a."
      ),
      .table(
        headings: ["feature", "adds"], rows: features.prefix(20).map { [$0.feature, Numbers.short($0.value)] }),
    ]
  }
}
