// Which problem a label poses, by AutoGluon's rule: two values are binary, texts are classes, and numbers are classes only
// when they are whole and few for the number of rows.

import Frame

/// What is to be predicted, why it was taken so, and the labels.
struct ProblemInference {
  let problem: Problem
  /// A sentence for the reader.
  let reason: String
  /// Rows of the table that have a label, ascending.
  let rows: [Int]
  let labels: Labels
  /// For classes their names, by number; of two the second is the positive one.
  let classes: [String]
  let notes: [String]

  init(_ table: DataTable, target: String, choice: ProblemChoice) throws {
    guard let column = table[target] else {
      throw LearnError.targetNotFound(target: target, nearest: nearestName(to: target, among: table.schema.map(\.name)))
    }
    let rule =
      choice == .automatic ? Self.rule(column) : (choice: choice, reason: "\(choice.rawValue) was asked for")
    let review = try LabelReview(table, rows: Array(0..<table.rowCount), target: target, choice: rule.choice)
    rows = review.rows
    notes = review.notes
    switch review.values {
    case .classes(let codes, let names):
      problem = names.count == 2 ? .binary : .multiclass
      labels = .classes(codes, count: names.count)
      classes = names
    case .numbers(let numbers):
      problem = .regression
      labels = .numbers(numbers)
      classes = []
    }
    reason = rule.reason
  }

  /// The labels of another table, and the rows that have one.
  func labels(of table: DataTable, target: String) throws -> (rows: [Int], labels: Labels) {
    try knownLabels(of: table, target: target, isRegression: problem == .regression, classes: classes)
  }

  private static func rule(_ column: TypedColumn) -> (choice: ProblemChoice, reason: String) {
    let cells = (0..<column.count).lazy.filter { column.isValid($0) }
    let distinct = Set(cells.map { column.value($0) }).count
    if distinct == 2 { return (.classification, "the label has two distinct values") }
    guard let numbers = column.numbers else {
      return (.classification, "the label holds texts, \(grouped(distinct)) distinct ones")
    }
    let present = numbers.filter(\.isFinite)
    let areWhole = present.allSatisfy { $0 == $0.rounded() }
    let share = present.isEmpty ? 0 : Double(distinct) / Double(present.count)
    let limit = present.count > 1000 ? 0.05 : 0.1
    if !areWhole { return (.regression, "the label holds numbers with decimals") }
    if share > limit {
      return (
        .regression,
        "the label has \(grouped(distinct)) distinct numbers in \(counted(present.count, "row")), more than "
          + "\(limit == 0.05 ? "5" : "10") %"
      )
    }
    if distinct > LabelReview.classLimit {
      return (.regression, "the label has \(grouped(distinct)) distinct numbers, more than \(LabelReview.classLimit)")
    }
    return (
      .classification,
      "the label has \(grouped(distinct)) distinct whole numbers in \(counted(present.count, "row")), at most "
        + "\(limit == 0.05 ? "5" : "10") %"
    )
  }
}

/// The labels of a table for a problem that is known, and the rows that have one; a class that was never seen counts as none.
///
/// - Throws: `LearnError.targetNotFound`, `LearnError.targetMissingEverywhere`.
func knownLabels(
  of table: DataTable, target: String, isRegression: Bool, classes: [String]
) throws -> (rows: [Int], labels: Labels) {
  guard let column = table[target] else {
    throw LearnError.targetNotFound(target: target, nearest: nearestName(to: target, among: table.schema.map(\.name)))
  }
  var rows: [Int] = []
  let labels: Labels
  if isRegression {
    var values: [Double] = []
    column.append(.number, of: Array(0..<table.rowCount), to: &values)
    rows = values.indices.filter { values[$0].isFinite }
    labels = .numbers(rows.map { values[$0] })
  } else {
    let codes = Dictionary(classes.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
    let found = (0..<table.rowCount).map { column.text($0).flatMap { codes[$0] } }
    rows = found.indices.filter { found[$0] != nil }
    labels = .classes(rows.compactMap { found[$0] }, count: classes.count)
  }
  guard !rows.isEmpty else { throw LearnError.targetMissingEverywhere(target: target, rows: table.rowCount) }
  return (rows, labels)
}
