import ArgumentParser
import Engine
import Fairness
import Foundation

/// When `assay bias` exits with 3: `DPL>0.1`, `|RD|>=0.05`, `outside`, `alert`, `violation`.
struct FailRule {
  enum Sign: String, CaseIterable {
    // The longer first, for one begins with the other.
    case least = ">="
    case most = "<="
    case above = ">"
    case below = "<"

    func holds(_ value: Double, _ bound: Double) -> Bool {
      switch self {
      case .least: value >= bound
      case .most: value <= bound
      case .above: value > bound
      case .below: value < bound
      }
    }
  }

  enum Test {
    case metric(BiasMetric, isAbsolute: Bool, Sign, Double)
    case outside, alert, violation
  }

  /// As it was given.
  let text: String
  let test: Test

  /// - Throws: `BiasList.Fault` that says what is no rule, and what to write.
  init(_ argument: String) throws {
    text = argument
    switch argument.lowercased().trimmingCharacters(in: .whitespaces) {
    case "outside": test = .outside
    case "alert": test = .alert
    case "violation": test = .violation
    default:
      guard let (sign, range) = Self.sign(in: argument) else {
        throw BiasList.Fault("\"\(argument)\" is no rule: write 'DPL>0.1', '|RD|>=0.05', outside, alert or violation")
      }
      guard let bound = Double(argument[range.upperBound...].trimmed), !bound.isNaN else {
        throw BiasList.Fault(
          "\"\(argument[range.upperBound...].trimmed)\" is no number: write 'DPL>0.1' or '|RD|>=0.05'")
      }
      var name = argument[..<range.lowerBound].trimmed
      let isAbsolute = name.hasPrefix("|") && name.hasSuffix("|") && name.count > 2
      if isAbsolute { name = String(name.dropFirst().dropLast()).trimmed }
      guard let metric = BiasMetric(name: name) else { throw BiasList.Fault(BiasMetric.unknown(name)) }
      test = .metric(metric, isAbsolute: isAbsolute, sign, bound)
    }
  }

  private static func sign(in text: String) -> (Sign, Range<String.Index>)? {
    for sign in Sign.allCases {
      if let range = text.range(of: sign.rawValue) { return (sign, range) }
    }
    return nil
  }

  /// Why the rule says nothing of what is asked for; nil where it does.
  func fault(isDrift: Bool, isReport: Bool) -> String? {
    switch test {
    case .alert, .violation: isDrift ? nil : "--fail-on \(text) is for --drift"
    case .outside: isReport && !isDrift ? nil : "--fail-on outside is for reports"
    case .metric: isReport ? nil : "--fail-on is for reports and drift"
    }
  }

  /// - Throws: `CheckFinding` where one of the rules holds.
  static func check(_ rules: [FailRule], _ found: BiasResult, _ notes: Notes) throws {
    var findings: [String] = []
    for rule in rules { findings += rule.findings(found, notes) }
    guard let first = findings.first else { return }
    throw CheckFinding(findings.count == 1 ? first : "\(first) (and \(findings.count - 1) more)")
  }

  private func findings(_ found: BiasResult, _ notes: Notes) -> [String] {
    switch found {
    case .report(let report), .intersections(let report):
      let parts = report.segments.flatMap { part in part.facets.map { ("\(part.column) \(part.name), ", $0) } }
      let all = (report.facets + report.intersections).map { ("", $0) } + parts
      return all.flatMap { place, facet in
        facet.metrics.compactMap { value in
          finding(value.metric, value.value, value.error, value.verdict, place + facet.groupD, notes)
        }
      }
    case .drift(let result):
      return result.drift.entries.compactMap { entry in
        let group = "\(entry.facet) = \(entry.value)"
        switch test {
        case .alert where entry.range == .alert, .violation where entry.distance == .violation:
          return sentence(entry.metric, entry.current, group, text)
        case .metric: return finding(entry.metric, entry.current, entry.error, .none, group, notes)
        case .alert, .violation, .outside: return nil
        }
      }
    case .simpson, .thresholds, .mending: return []
    }
  }

  private func finding(
    _ metric: BiasMetric, _ value: Double?, _ error: String?, _ verdict: MetricValue.Verdict, _ group: String,
    _ notes: Notes
  ) -> String? {
    switch test {
    case .outside: return verdict == .outside ? sentence(metric, value, group, "outside its limits") : nil
    case .alert, .violation: return nil
    case .metric(let wanted, let isAbsolute, let sign, let bound):
      guard wanted == metric else { return nil }
      guard let value else {
        notes.tell([
          "\(metric.name) of \(group) cannot be computed (\(error ?? "no value")): --fail-on \(text) passes it over."
        ])
        return nil
      }
      return sign.holds(isAbsolute ? abs(value) : value, bound) ? sentence(metric, value, group, text) : nil
    }
  }

  private func sentence(_ metric: BiasMetric, _ value: Double?, _ group: String, _ rule: String) -> String {
    "\(metric.name) of \(group) is \(BiasText.number(value)): \(rule)."
  }
}

extension StringProtocol {
  fileprivate var trimmed: String { trimmingCharacters(in: .whitespaces) }
}
