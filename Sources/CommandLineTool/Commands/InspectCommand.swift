import ArgumentParser
import Engine
import Insight
import Plot

/// `assay inspect`.
struct InspectCommand: HeadlessCommand {
  static let configuration = CommandConfiguration(
    commandName: "inspect",
    abstract: "One column in depth: quantiles, shape, frequent values, and what it says about a target.",
    discussion: """
      AUC is the chance that a positive row has a higher value than a negative one. Information value and mutual \
      information (nats, corrected for few rows) are computed on groups; the last line says which.
      """)

  @OptionGroup var source: SourceOptions

  @Argument(help: "The column.")
  var column: String

  @Option(help: ArgumentHelp("The column that it is measured against.", valueName: "column"))
  var target: String?

  @Flag(help: "Print JSON.")
  var json = false

  func run(_ headless: Headless) throws {
    let engine = headless.engine(source.resources)
    let output = try engine.run(
      .inspect(NodeRequest(source: source.value), column: column, target: target), context: headless.context)
    guard case .inspection(let found) = output else { return }
    try headless.tellSkipped(source.value, engine)
    if json { return try headless.writeJSON(found) }
    try headless.console.write(inspectionLines(found).joined(separator: "\n") + "\n")
  }
}

/// An inspection as lines of a name and a value.
func inspectionLines(_ found: ColumnInspection) -> [String] {
  var pairs: [(String, String)] = [
    ("column", oneLine(found.name)), ("kind", "\(found.kind.rawValue) (\(found.type))"), ("rows", grouped(found.rows)),
    ("missing", "\(grouped(found.missing)) (\(Numbers.percent(Double(found.missing), of: Double(found.rows))))"),
    ("distinct", (found.isEstimated ? "≈" : "") + grouped(found.distinct)),
  ]
  if let numbers = found.numbers {
    let text = AxisText(numbers.scale)
    let isNumber = numbers.scale == .number || numbers.scale == .integer
    func shown(_ value: Double) -> String { isNumber ? short(value) : text.text(value) }
    pairs += [("min", shown(numbers.min))]
    for (key, value) in ColumnInspection.probabilities {
      guard let quantile = numbers.quantiles[key] else { continue }
      pairs.append(
        (key == "0.5" ? "median" : "p\(Int((value * 100).rounded()))", (found.isEstimated ? "≈" : "") + shown(quantile))
      )
    }
    pairs += [("max", shown(numbers.max)), ("mean", shown(numbers.mean))]
    let unit = isNumber ? "" : " s"
    if let sd = numbers.sd { pairs.append(("sd", short(sd) + unit)) }
    if let skew = numbers.skew { pairs.append(("skew", short(skew))) }
    if let kurtosis = numbers.kurtosis { pairs.append(("kurtosis", short(kurtosis))) }
    pairs += [
      ("zeros", grouped(numbers.zeros)), ("negative", grouped(numbers.negatives)),
      ("outliers (IQR)", grouped(numbers.outliers)), ("NaN", grouped(numbers.notANumber)),
      ("infinite", grouped(numbers.infinite)),
    ]
  }
  if let texts = found.texts {
    pairs += [
      ("length", "\(grouped(texts.shortest)) to \(grouped(texts.longest)), mean \(short(texts.meanLength))"),
      ("blank", grouped(texts.blank)),
    ]
  }
  for (index, item) in found.top.enumerated() {
    let share = Numbers.percent(Double(item.count), of: Double(found.rows))
    pairs.append((index == 0 ? "top values" : "", "\(oneLine(item.value))  \(grouped(item.count)) \(share)"))
  }
  if let fault = found.associationFault { pairs.append(("target", fault)) }
  if let association = found.association {
    pairs.append(("target", association.target + (association.positive.map { ", positive \($0)" } ?? "")))
    if let auc = association.auc { pairs.append(("AUC", short(auc))) }
    if let r = association.correlation { pairs.append(("r", short(r))) }
    pairs.append(
      (
        "MI",
        "\(short(association.mutualInformation)) nats, \(Numbers.percent(association.explained, of: 1)) of the target"
      ))
    if let value = association.informationValue { pairs.append(("IV", short(value))) }
    pairs.append(("groups", association.grouping))
  }
  pairs.append(("flags", found.flags.isEmpty ? "none" : found.flags.map(\.title).joined(separator: ", ")))
  let width = pairs.map(\.0.count).max() ?? 0
  return pairs.map { $0.0 + String(repeating: " ", count: width - $0.0.count) + "  " + $0.1 }
}
