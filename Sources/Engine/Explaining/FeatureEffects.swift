// What a model predicts when a feature is set to one value after another: partial dependence with its individual curves
// (Friedman 2001, doi:10.1214/aos/1013203451; Goldstein et al. 2015, doi:10.1080/10618600.2014.907095), and accumulated
// local effects, which never leave the neighbourhood of a row (Apley and Zhu 2020, doi:10.1111/rssb.12377).

import Explain
import Foundation
import Frame
import Jobs
import Numerics
import Plot

extension FeatureEffect {
  /// Curves of single rows around their mean.
  /// - Parameter isCentered: curves begin at 0, so that only what the feature changes is seen.
  public func chart(unit: String, isCentered: Bool = false) -> Chart? {
    guard let numbers else {
      let items = zip(values, zip(means[0], shares)).map { value, pair in
        Bars.Item(
          label: value.isEmpty ? "(missing)" : value, count: Int((pair.1 * Double(rows)).rounded()), value: pair.0)
      }
      return .bars(
        Bars(
          title: "Mean prediction by \(feature)", column: feature, items: items, missing: 0, total: rows,
          measure: "mean prediction (\(unit))"))
    }
    func curve(_ values: [Double]) -> [Dependence.Point] {
      let start = isCentered ? values.first ?? 0 : 0
      return zip(numbers, values).map { .init(x: $0, y: $1 - start) }
    }
    return .content(
      Dependence(
        title: isCentered ? "Change of the prediction by \(feature)" : "Prediction by \(feature)", feature: feature,
        output: isCentered ? "change (\(unit))" : unit, points: individual.flatMap(curve), curve: curve(means[0]),
        total: rows))
  }

  /// The accumulated local effect as a curve; nil where there is none.
  public func accumulatedChart(unit: String) -> Chart? {
    guard let numbers, let accumulated else { return nil }
    return .content(
      Dependence(
        title: "Accumulated effect of \(feature)", feature: feature, output: unit, points: [],
        curve: zip(numbers, accumulated).map { .init(x: $0, y: $1) }, total: rows))
  }
}

/// Asks a subject what it predicts of changed rows.
struct EffectRunner {
  /// Rows that are predicted at each value at most.
  static let rows = 500
  /// Rows whose own curves are kept.
  static let curves = 40
  /// Values of a text at most.
  static let levels = 30

  let subject: any ExplanationSubject
  /// Rows of what the subject selects.
  let table: DataTable
  let context: any JobContext

  /// The rows of the table whose cells a feature is set to, and the rows nearest to each.
  private func grid(_ feature: Int, _ resolution: Int) -> (rows: [Int], numbers: [Double]?, nearest: [Int]) {
    let column = table.columns[feature]
    if let numbers = column.ordered {
      let known = numbers.indices.filter { numbers[$0].isFinite }.sorted { numbers[$0] < numbers[$1] }
      var rows: [Int] = []
      for step in 0..<resolution where !known.isEmpty {
        let row = known[step * (known.count - 1) / max(1, resolution - 1)]
        if rows.last.map({ numbers[$0] != numbers[row] }) ?? true { rows.append(row) }
      }
      let values = rows.map { numbers[$0] }
      let nearest = numbers.map { number -> Int in
        values.indices.min { abs(values[$0] - number) < abs(values[$1] - number) } ?? 0
      }
      return (rows, values, nearest)
    }
    var groups: [String?: (first: Int, count: Int)] = [:]
    for row in 0..<table.rowCount {
      let text = column.text(row)
      groups[text] = (groups[text]?.first ?? row, (groups[text]?.count ?? 0) + 1)
    }
    let sorted = groups.sorted { ($1.value.count, $0.value.first) < ($0.value.count, $1.value.first) }
    let kept = sorted.prefix(Self.levels)
    let places = Dictionary(kept.enumerated().map { ($1.key, $0) }, uniquingKeysWith: { first, _ in first })
    return (kept.map(\.value.first), nil, (0..<table.rowCount).map { places[column.text($0)] ?? -1 })
  }

  func effect(of feature: Int, resolution: Int) throws -> FeatureEffect {
    let (grid, numbers, nearest) = grid(feature, resolution)
    let (count, outputs) = (table.rowCount, subject.about.outputNames.count)
    // Every row at every value, value after value.
    let all = Array(0..<count)
    var columns = table.columns
    for place in columns.indices {
      let rows = grid.flatMap { value in place == feature ? Array(repeating: value, count: count) : all }
      columns[place] = table.columns[place].selecting(rows)
    }
    let found = try subject.predict(DataTable(columns: columns, rowCount: count * grid.count))
    func prediction(_ row: Int, _ value: Int, _ output: Int) -> Double {
      found[(value * count + row) * outputs + output]
    }
    let means = (0..<outputs).map { output in
      grid.indices.map { value in Statistics.mean(all.map { prediction($0, value, output) }) }
    }
    let step = max(1, count / Self.curves)
    let individual = stride(from: 0, to: count, by: step).prefix(Self.curves).map { row in
      grid.indices.map { prediction(row, $0, 0) }
    }
    let shares = grid.indices.map { value in Double(nearest.count { $0 == value }) / Double(max(1, count)) }
    let text = table.columns[feature]
    return FeatureEffect(
      feature: subject.features[feature], values: grid.map { text.text($0) ?? "" }, numbers: numbers, means: means,
      shares: shares, individual: Array(individual),
      accumulated: try numbers.map { try accumulated(feature, grid, $0) }, rows: count)
  }

  /// How much the mean loss rises when a feature's cells are shuffled.
  func importance(_ labels: [String?], shuffles: Int, seed: UInt64) throws -> [PermutationImportance] {
    let outputs = subject.about.outputNames.count
    func loss(_ found: [Double]) -> Double {
      Statistics.mean(
        labels.enumerated().compactMap { row, label in
          subject.task.loss(found[row * outputs..<(row + 1) * outputs], label: label)
        })
    }
    let whole = loss(try subject.predict(table))
    guard whole.isFinite else { throw EngineError.noLabel }
    var result: [PermutationImportance] = []
    for feature in subject.features.indices {
      try context.checkCancelled()
      context.report(Double(feature) / Double(subject.features.count), "shuffling \(subject.features[feature])")
      let rises = try (0..<shuffles).map { shuffle -> Double in
        var random = RandomSource(seed: seed).split("shuffles").split(UInt64(feature)).split(UInt64(shuffle))
        var columns = table.columns
        columns[feature] = table.columns[feature].selecting(random.shuffled(Array(0..<table.rowCount)))
        return loss(try subject.predict(DataTable(columns: columns, rowCount: table.rowCount))) - whole
      }
      let mean = Statistics.mean(rises)
      let spread =
        rises.count > 1 ? 1.96 * (Statistics.variance(rises) / Double(rises.count)).squareRoot() : 0
      result.append(
        PermutationImportance(
          feature: subject.features[feature], value: mean, low: mean - spread, high: mean + spread))
    }
    return result.sorted { $0.value > $1.value }
  }

  /// The smallest change of a row that flips what is decided of it.
  /// - Parameter row: one row of what the subject selects.
  func counterfactual(of row: DataTable) throws -> Counterfactual? {
    guard let all = table.appending(row) else { throw EngineError.notReady }
    let (own, outputs, task) = (table.rowCount, subject.about.outputNames.count, subject.task)
    let before = try subject.predict(row)
    guard let decided = task.decision(before[...]) else { return nil }
    let columns = all.columns.map { $0.ordered }
    let ranges = columns.map { numbers -> Double in
      let known = numbers?.filter(\.isFinite) ?? []
      return max(1e-300, (known.max() ?? 0) - (known.min() ?? 0))
    }
    let keys = all.columns.map { column in (0..<all.rowCount).map { column.text($0) } }
    let candidates = subject.features.indices.map { feature in
      grid(feature, 24).rows.filter { keys[feature][$0] != keys[feature][own] }
    }
    let search = CounterfactualSearch(candidates: candidates) { change, from in
      guard let numbers = columns[change.feature], numbers[change.row].isFinite, numbers[from].isFinite else {
        return 1
      }
      return abs(numbers[change.row] - numbers[from]) / ranges[change.feature]
    }
    func predicted(_ picks: [[Int]]) throws -> [Double] {
      try context.checkCancelled()
      return try subject.predict(DataTable(columns: zip(all.columns, picks).map { $0.selecting($1) }))
    }
    let changes = try search.search(row: own) { picks in
      let found = try predicted(picks)
      return (0..<picks[0].count).map { task.distance(found[$0 * outputs..<($0 + 1) * outputs], from: before[...]) }
    }
    guard let changes else {
      return Counterfactual(
        before: decided, after: decided, predictionsBefore: before, predictionsAfter: before, changes: [])
    }
    var picks = Array(repeating: [own], count: columns.count)
    for change in changes { picks[change.feature] = [change.row] }
    let after = try predicted(picks)
    return Counterfactual(
      before: decided, after: task.decision(after[...]) ?? "", predictionsBefore: before, predictionsAfter: after,
      changes: changes.map {
        .init(column: subject.columns[$0.feature], from: keys[$0.feature][own], to: keys[$0.feature][$0.row])
      })
  }

  /// Sums of the mean changes from each value to the next, over the rows between them.
  private func accumulated(_ feature: Int, _ grid: [Int], _ values: [Double]) throws -> [Double] {
    guard grid.count > 1, let numbers = table.columns[feature].ordered else { return grid.map { _ in 0 } }
    // By row the interval that it is in: of those from one value to the next.
    let parts = numbers.map { number -> Int? in
      guard number.isFinite else { return nil }
      return min(values.count - 2, max(0, (values.firstIndex { $0 >= number } ?? values.count - 1) - 1))
    }
    let rows = parts.indices.filter { parts[$0] != nil }
    func predictions(_ offset: Int) throws -> [Double] {
      let columns = table.columns.enumerated().map { place, column in
        column.selecting(place == feature ? rows.map { grid[(parts[$0] ?? 0) + offset] } : rows)
      }
      let outputs = subject.about.outputNames.count
      let found = try subject.predict(DataTable(columns: columns, rowCount: rows.count))
      return rows.indices.map { found[$0 * outputs] }
    }
    let (low, high) = (try predictions(0), try predictions(1))
    var sums = Array(repeating: (0.0, 0), count: values.count - 1)
    for (place, row) in rows.enumerated() {
      let part = parts[row] ?? 0
      sums[part] = (sums[part].0 + high[place] - low[place], sums[part].1 + 1)
    }
    var curve = [0.0]
    for sum in sums { curve.append((curve.last ?? 0) + (sum.1 > 0 ? sum.0 / Double(sum.1) : 0)) }
    // Of mean 0 over the rows.
    var total = 0.0
    for (part, sum) in sums.enumerated() { total += Double(sum.1) * (curve[part] + curve[part + 1]) / 2 }
    let mean = rows.isEmpty ? 0 : total / Double(rows.count)
    return curve.map { $0 - mean }
  }
}

extension TypedColumn {
  /// Values that have an order as numbers, NaN where missing; nil for texts and truths.
  var ordered: [Double]? {
    let values: [Double]
    switch data {
    case .integers, .reals: return numbers
    case .dates(let days): values = days.map(Double.init)
    case .timestamps(let micros), .times(let micros): values = micros.map(Double.init)
    case .booleans, .texts, .others: return nil
    }
    return values.indices.map { isValid($0) ? values[$0] : .nan }
  }
}
