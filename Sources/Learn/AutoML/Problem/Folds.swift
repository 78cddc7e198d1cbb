// Which rows each fold of a cross-validation judges. Seeded; the same for every candidate of a run.

import Numerics

/// Divisions of rows into folds of nearly equal size; of classes, and of numbers by their size, each fold gets its share.
struct Folds: Sendable {
  /// Folds of all divisions together.
  var count: Int { judged.count }
  /// How often each row is judged.
  let repeats: Int
  /// For each fold the rows that it judges, ascending.
  let judged: [[Int]]
  /// For each fold the other rows, which it learns from, ascending.
  let learnt: [[Int]]

  init(_ labels: Labels, count: Int, repeats: Int = 1, seed: UInt64) {
    let count = max(2, min(count, labels.rows))
    let random = RandomSource(seed: seed).split("folds")
    let divisions = (0..<repeats).map { Self.division(labels, count, random.split(UInt64($0))) }
    self.repeats = repeats
    judged = divisions.flatMap { fold in (0..<count).map { number in fold.indices.filter { fold[$0] == number } } }
    learnt = divisions.flatMap { fold in (0..<count).map { number in fold.indices.filter { fold[$0] != number } } }
  }

  /// The fold of each row.
  private static func division(_ labels: Labels, _ count: Int, _ source: RandomSource) -> [Int] {
    var random = source
    var fold = [Int](repeating: 0, count: labels.rows)
    switch labels {
    case .classes(let codes, let classes):
      // Dealt out class by class, each going on where the one before stopped.
      var byClass = Array(repeating: [Int](), count: classes)
      for row in codes.indices { byClass[codes[row]].append(row) }
      var next = 0
      for rows in byClass {
        for row in random.shuffled(rows) {
          fold[row] = next
          next = (next + 1) % count
        }
      }
    case .numbers(let numbers):
      // Of each run of neighbours by size, every fold gets one.
      let order = numbers.indices.sorted { (numbers[$0], $0) < (numbers[$1], $1) }
      for start in stride(from: 0, to: order.count, by: count) {
        let run = order[start..<min(start + count, order.count)]
        for (row, number) in zip(run, random.shuffled(Array(0..<count))) { fold[row] = number }
      }
    }
    return fold
  }
}
