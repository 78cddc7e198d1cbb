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
    return ExplainedTable(
      explanation: explanation, kept: (0..<Self.savedRows).map { kept[Int(Double($0) * step)] }, time: time)
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
    blocks += (found.notes ?? []).map { .sentence($0) }
    if !found.isAccurate {
      blocks.append(.sentence("! Sums miss predictions by more than rounding: the values do not explain this model."))
    }
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
    if let pairs = found.interactions, pairs.contains(where: { $0.value > 0 }) {
      blocks.append(.heading("Pairs that work together"))
      blocks.append(
        .table(
          headings: ["feature", "and", "mean |interaction|"],
          rows: pairs.filter { $0.value > 0 }.prefix(20).map { $0.features + [Numbers.short($0.value)] }))
    }
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

extension Explanation {
  /// Local accuracy: whether base value and values of every row add up to its prediction, but for rounding.
  public var isAccurate: Bool {
    let sizes = global.reduce(abs(baseValue)) { sum, item in
      sum + (aggregate == .meanSquare ? item.value.squareRoot() : abs(item.value))
    }
    return additivityError.isFinite && additivityError <= 1e-3 * max(1e-2, sizes)
  }

  /// How the values were found, in so few words that they stand beside every picture: the method, rows explained, where
  /// hidden features take their values from, and by how much sums of a row miss its prediction at worst.
  /// - Parameter isShort: for narrow panes.
  public func provenance(isShort: Bool = false) -> String {
    let count =
      rows < totalRows
      ? "\(Numbers.grouped(rows)) of \(Numbers.grouped(totalRows)) rows"
      : Numbers.grouped(rows) + (rows == 1 ? " row" : " rows")
    let error = Numbers.short(RowExplanation.told(additivityError), digits: 2)
    let sums = (isAccurate ? "sums miss f(x) by at most " : "! sums miss f(x) by up to ") + error
    let short = (isAccurate ? "misses " : "! misses ") + error
    let background = backgroundRows.map { "background \(Numbers.grouped($0))" }
    if isShort {
      return [method, count, background.map { $0.replacing("background", with: "bg") }, short].compactMap { $0 }.joined(
        separator: ", ")
    }
    return [method, count, background ?? "no background", sums].joined(separator: ", ")
  }
}
