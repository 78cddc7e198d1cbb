// What the label is: classes or numbers, and in which rows.

import Frame

/// The label of a table, ready to learn from.
struct LabelReview {
  enum Values {
    /// The class of each row of `rows`, by number; classes by falling frequency.
    case classes([Int], names: [String])
    case numbers([Double])
  }

  static let classLimit = 100
  static let minimumRows = 10

  /// Rows of the table that have a label, ascending.
  let rows: [Int]
  let values: Values
  let notes: [String]

  /// - Parameter rows: the rows to look at, ascending.
  init(_ table: DataTable, rows: [Int], target: String, choice: ProblemChoice) throws {
    guard let column = table[target] else {
      throw LearnError.targetNotFound(target: target, nearest: nearestName(to: target, among: table.schema.map(\.name)))
    }
    guard !rows.isEmpty else { throw LearnError.noRows }
    let kind: String
    switch column.data {
    case .dates: kind = "date"
    case .timestamps: kind = "timestamp"
    case .times: kind = "time of day"
    case .others: kind = "value of type \(column.column.type)"
    case .integers, .reals, .booleans, .texts:
      self = try LabelReview(column, rows: rows, choice: choice)
      return
    }
    throw LearnError.targetKind(
      target: target, kind: kind, advice: "Derive a number or a category from it, such as the year, and predict that.")
  }

  private init(_ column: TypedColumn, rows: [Int], choice: ProblemChoice) throws {
    let name = column.column.name
    let cells = Self.labelled(column, rows)
    guard !cells.rows.isEmpty else { throw LearnError.targetMissingEverywhere(target: name, rows: rows.count) }
    guard cells.rows.count >= Self.minimumRows else {
      throw LearnError.tooFewRows(target: name, rows: cells.rows.count, minimum: Self.minimumRows)
    }
    var notes = cells.notes
    let distinct = Dictionary(cells.texts.map { ($0, 1) }, uniquingKeysWith: +)
    if distinct.count == 1 { throw LearnError.targetConstant(target: name, value: cells.texts[0]) }
    let isRegression = try Self.isRegression(choice, cells, distinct: distinct.count, name: name, notes: &notes)
    self.rows = cells.rows
    if isRegression, let numbers = cells.numbers {
      values = .numbers(numbers)
    } else {
      let names = distinct.sorted { $0.value == $1.value ? $0.key < $1.key : $0.value > $1.value }.map(\.key)
      let codes = Dictionary(names.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
      values = .classes(cells.texts.map { codes[$0] ?? 0 }, names: names)
      let single = distinct.count { $0.value == 1 }
      if single > 0 {
        notes.append(
          single == 1
            ? "1 class has a single row: learnt from, but never judged."
            : "\(single) classes have a single row each: learnt from, but never judged.")
      }
    }
    self.notes = notes
  }

  /// Cells that are there, as texts and, where all of them are, as numbers.
  private struct Cells {
    var rows: [Int] = []
    var texts: [String] = []
    var numbers: [Double]?
    var isText = false
    var notes: [String] = []
  }

  private static func labelled(_ column: TypedColumn, _ rows: [Int]) -> Cells {
    var cells = Cells()
    var numbers: [Double] = []
    column.append(.number, of: rows, to: &numbers)
    var isText = false
    if case .texts(let texts) = column.data {
      isText = true
      numbers = rows.map { column.isValid($0) ? Double(texts[$0].filter { !$0.isWhitespace }) ?? .nan : .nan }
    }
    var infinite = 0
    var present: [Double] = []
    for (position, row) in rows.enumerated() where column.isValid(row) {
      if !isText, !numbers[position].isFinite {
        if numbers[position].isInfinite { infinite += 1 }
        continue
      }
      cells.rows.append(row)
      present.append(numbers[position])
      cells.texts.append(column.text(row) ?? "")
    }
    cells.isText = isText
    if present.allSatisfy(\.isFinite) { cells.numbers = present }
    if case .booleans = column.data { cells.numbers = nil }
    let missing = rows.count - cells.rows.count - infinite
    if missing > 0 { cells.notes.append("\(counted(missing, "row")) without a label left out.") }
    if infinite > 0 { cells.notes.append("\(counted(infinite, "row")) with an infinite label left out.") }
    return cells
  }

  private static func isRegression(
    _ choice: ProblemChoice, _ cells: Cells, distinct: Int, name: String, notes: inout [String]
  ) throws -> Bool {
    let count = cells.rows.count
    switch choice {
    case .regression:
      guard cells.numbers != nil else {
        throw LearnError.targetNotNumeric(
          target: name, example: cells.texts.first { Double($0) == nil } ?? cells.texts[0])
      }
      return true
    case .classification:
      try requireClasses(distinct, count, name)
      return false
    case .automatic:
      if cells.numbers != nil, distinct > classLimit {
        if cells.isText { notes.append("The texts of the label are read as numbers.") }
        return true
      }
      // A hundred labels or fewer, but hardly two rows alike: numbers of a small table, not classes.
      if cells.numbers != nil, distinct * 2 > count {
        notes.append(
          "The label has \(distinct) distinct numbers in \(counted(count, "row")), so it is taken as a number.")
        return true
      }
      try requireClasses(distinct, count, name)
      return false
    }
  }

  private static func requireClasses(_ distinct: Int, _ rows: Int, _ name: String) throws {
    if distinct == rows { throw LearnError.targetUniqueInEachRow(target: name, rows: rows) }
    if distinct > classLimit {
      throw LearnError.tooManyClasses(target: name, classes: distinct, limit: classLimit)
    }
  }
}

/// The name most like a wanted one: equal but for case and marks, or a small edit distance (Damerau 1964) away.
func nearestName(to wanted: String, among names: [String]) -> String? {
  let target = Array(wanted.lowercased().prefix(64))
  let distances = names.map { (name: $0, distance: editDistance(target, Array($0.lowercased().prefix(64)))) }
  guard let best = distances.min(by: { $0.distance < $1.distance }) else { return nil }
  return best.distance <= max(2, target.count / 3) ? best.name : nil
}

/// Insertions, deletions, changes and swaps of neighbours that turn one text into the other.
private func editDistance(_ left: [Character], _ right: [Character]) -> Int {
  guard !left.isEmpty, !right.isEmpty else { return max(left.count, right.count) }
  var beforeLast: [Int] = []
  var last = Array(0...right.count)
  for i in 1...left.count {
    var current = [i] + Array(repeating: 0, count: right.count)
    for j in 1...right.count {
      let change = last[j - 1] + (left[i - 1] == right[j - 1] ? 0 : 1)
      current[j] = min(last[j] + 1, current[j - 1] + 1, change)
      if i > 1, j > 1, left[i - 1] == right[j - 2], left[i - 2] == right[j - 1] {
        current[j] = min(current[j], beforeLast[j - 2] + 1)
      }
    }
    (beforeLast, last) = (last, current)
  }
  return last[right.count]
}
