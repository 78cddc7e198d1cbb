// What a step has learnt, as a person reads it.

import Foundation
import Frame

/// The rows that a step has learnt from, and when.
public struct Fitting: Codable, Hashable, Sendable {
  public var rows: Int
  public var at: Date

  public init(rows: Int, at: Date) { (self.rows, self.at) = (rows, at) }
}

/// What a step has learnt from the rows that reached it: tables of categories, means, edges and the like.
public struct FittedState: Sendable, Equatable {
  /// One table.
  public struct Section: Sendable, Equatable {
    /// What it is about, such as a column; empty where there is only one table.
    public var title: String
    public var headings: [String]
    public var rows: [[Parameter]]

    public init(_ title: String, _ headings: [String], _ rows: [[Parameter]]) {
      (self.title, self.headings, self.rows) = (title, headings, rows)
    }

    /// Names and values.
    init(_ values: [(String, Parameter)]) {
      self.init("", ["what", "value"], values.map { [.text($0.0), $0.1] })
    }
  }

  public var step: StepID
  public var title: String
  public var summary: String
  /// Nil where the flow does not say: it was fitted by an older version, or by another program.
  public var fitting: Fitting?
  public var sections: [Section]

  /// Nil for a step that has learnt nothing.
  public init?(_ step: Step) {
    self.step = step.id
    title = step.title
    summary = step.operation.summary
    fitting = step.fitting
    switch step.operation {
    case .impute(let rules):
      guard let fitted = step.fitted else { return nil }
      let rows = rules.map { rule -> [Parameter] in
        if case .constant(let value) = rule.strategy { return [.text(rule.column), "constant", Self.parameter(value)] }
        let value = fitted[rule.column].map(Self.parameter) ?? .missing
        return [.text(rule.column), .text(rule.strategy.name), value]
      }
      sections = [Section("", ["column", "filled with", "value"], rows)]
    case .transform(let spec):
      guard let learned = step.learned, let transform = spec.transform else { return nil }
      sections = transform.sections(spec.completed.parameters, learned: learned).filter { !$0.rows.isEmpty }
    case .source, .cast, .filter, .select, .drop, .rename, .derive, .sort, .sample: return nil
    }
  }

  private static func parameter(_ value: Value) -> Parameter {
    switch value {
    case .null: .missing
    case .bool(let flag): .flag(flag)
    default: value.number.map(Parameter.number) ?? value.text.map(Parameter.text) ?? .missing
    }
  }

  /// Whatever was learnt, by name.
  static func plain(_ learned: Parameters) -> [(String, Parameter)] {
    learned.values.sorted { $0.key < $1.key }.map { ($0.key, .text(text($0.value))) }
  }

  /// A value in a table: whole numbers in groups of three digits, others with six digits that count.
  public static func text(_ value: Parameter) -> String {
    switch value {
    case .text(let text): return text
    case .flag(let flag): return flag ? "true" : "false"
    case .missing: return "–"
    case .list(let items): return items.map(text).joined(separator: ", ")
    case .record(let fields):
      return fields.sorted { $0.key < $1.key }.map { "\($0.key) \(text($0.value))" }.joined(separator: ", ")
    case .number(let number):
      guard let whole = Int64(exactly: number), number.magnitude < 1e15 else {
        return number.isFinite ? String(format: "%.6g", number) : "\(number)"
      }
      let digits = String(whole.magnitude)
      var grouped = ""
      for (place, digit) in digits.enumerated() {
        if place > 0, (digits.count - place).isMultiple(of: 3) { grouped.append(",") }
        grouped.append(digit)
      }
      return (whole < 0 ? "-" : "") + grouped
    }
  }
}

extension Parameters {
  /// The entries that were learnt for each column, in the order in which the step lists the columns.
  func byColumn(_ parameters: Parameters) -> [(column: String, value: Parameter)] {
    let order = parameters.texts("columns").map { $0.lowercased() }
    func place(_ name: String) -> Int { order.firstIndex(of: name.lowercased()) ?? order.count }
    return values.sorted { (place($0.key), $0.key) < (place($1.key), $1.key) }.map { ($0.key, $0.value) }
  }
}
