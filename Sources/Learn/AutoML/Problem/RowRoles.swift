// Columns that say something about rows rather than about what is predicted: how much a row counts, which rows belong together,
// and what came first.

import Frame
import Numerics

/// What the weight, group and time columns say about the rows that have a label.
struct RowRoles {
  /// Nil where all rows count alike.
  let weights: [Double]?
  /// The group of each row, by number; a row without one is a group of its own.
  let groups: [Int]?
  /// What rows are ordered by.
  let moments: [Double]?
  /// Columns that are no features.
  let taken: Set<String>
  let notes: [String]

  init(_ table: DataTable, rows: [Int], labels: Labels, _ options: AutoMLOptions) throws {
    var notes: [String] = []
    var weights: [Double]?
    if let name = options.weightColumn {
      weights = try Self.weights(try Self.column(name, table, options), rows)
      notes.append("Rows count by \(quoted(name)) while models learn; scores count all rows alike.")
    }
    if options.hasBalancedClasses {
      guard case .classes(let codes, let count) = labels else {
        throw LearnError.option(name: "balanced classes", value: "on", allowed: "off for a label of numbers")
      }
      var sums = [Double](repeating: 0, count: count)
      for (row, code) in codes.enumerated() { sums[code] += weights?[row] ?? 1 }
      let total = sums.reduce(0, +)
      weights = codes.enumerated().map { row, code in
        (weights?[row] ?? 1) * (sums[code] > 0 ? total / (Double(count) * sums[code]) : 0)
      }
      notes.append("Each class counts alike while models learn, so probabilities are not those of the table.")
    }
    self.weights = weights
    if let name = options.groupColumn {
      let column = try Self.column(name, table, options)
      var numbers: [String: Int] = [:]
      var next = 0
      groups = rows.map { row in
        guard let text = column.text(row) else {
          next += 1
          return next - 1
        }
        if let known = numbers[text] { return known }
        numbers[text] = next
        next += 1
        return next - 1
      }
      guard next > 1 else {
        throw LearnError.option(name: "group column", value: name, allowed: "a column with two values or more")
      }
      notes.append("Folds never part rows with the same \(quoted(name)).")
    } else {
      groups = nil
    }
    if let name = options.timeColumn {
      moments = try Self.moments(try Self.column(name, table, options), rows)
      notes.append(
        "Folds learn from what was before the rows that they judge, by \(quoted(name)); the models of the last fold answer."
      )
    } else {
      moments = nil
    }
    taken = Set([options.weightColumn, options.groupColumn].compactMap { $0 })
    self.notes = notes
  }

  private static func column(_ name: String, _ table: DataTable, _ options: AutoMLOptions) throws -> TypedColumn {
    guard name != options.target, let column = table[name] else {
      throw LearnError.targetNotFound(target: name, nearest: nearestName(to: name, among: table.schema.map(\.name)))
    }
    return column
  }

  private static func weights(_ column: TypedColumn, _ rows: [Int]) throws -> [Double] {
    var values: [Double] = []
    column.append(.number, of: rows, to: &values)
    guard values.allSatisfy({ $0.isFinite && $0 >= 0 }), values.contains(where: { $0 > 0 }) else {
      throw LearnError.option(
        name: "weight column", value: column.column.name, allowed: "numbers from 0 on, in every row that has a label")
    }
    return values
  }

  private static func moments(_ column: TypedColumn, _ rows: [Int]) throws -> [Double] {
    var values: [Double] = []
    switch column.data {
    case .dates, .timestamps, .times:
      // Texts of moments sort as they do.
      let texts = rows.map { column.text($0) ?? "" }
      let ranks = Dictionary(uniqueKeysWithValues: Set(texts).sorted().enumerated().map { ($1, Double($0)) })
      values = texts.map { ranks[$0] ?? 0 }
    case .integers, .reals, .booleans, .texts, .others: column.append(.number, of: rows, to: &values)
    }
    guard values.allSatisfy(\.isFinite), Set(values).count > 2 else {
      throw LearnError.option(
        name: "time column", value: column.column.name,
        allowed: "a date, a moment or a number in every row that has a label, with three values or more")
    }
    return values
  }
}
