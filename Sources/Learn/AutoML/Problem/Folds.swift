// Which rows each fold of a cross-validation judges. Seeded; the same for every candidate of a run.

import Numerics

/// Which rows each fold learns from, and which ones it judges.
struct Folds: Sendable {
  /// How often each row is judged, in the mean.
  let repeats: Int
  /// For each fold the rows that it judges, ascending.
  let judged: [[Int]]
  /// For each fold the rows that it learns from, ascending.
  let learnt: [[Int]]
  /// The folds whose models answer in the end.
  let answering: [Int]
  /// The rows that some fold judges, ascending. Answers are kept for these alone.
  let coverage: [Int]
  /// For each fold the places of its judged rows among `coverage`.
  let places: [[Int]]
  /// How often each of `coverage` is judged.
  let times: [Int]

  /// Folds of all divisions together.
  var count: Int { judged.count }

  private init(judged: [[Int]], learnt: [[Int]], repeats: Int, answering: [Int]? = nil) {
    (self.judged, self.learnt, self.repeats) = (judged, learnt, repeats)
    self.answering = answering ?? Array(judged.indices)
    var counts = [Int](repeating: 0, count: (judged.lazy.compactMap(\.last).max() ?? -1) + 1)
    for row in judged.joined() { counts[row] += 1 }
    let coverage = counts.indices.filter { counts[$0] > 0 }
    var place = [Int](repeating: 0, count: counts.count)
    for (position, row) in coverage.enumerated() { place[row] = position }
    self.coverage = coverage
    places = judged.map { $0.map { place[$0] } }
    times = coverage.map { counts[$0] }
  }

  /// Divisions of rows into folds of nearly equal size; of classes, and of numbers by their size, each fold gets its share.
  init(_ labels: Labels, count: Int, repeats: Int = 1, seed: UInt64) {
    let count = max(2, min(count, labels.rows))
    let random = RandomSource(seed: seed).split("folds")
    let divisions = (0..<repeats).map { Self.division(labels, count, random.split(UInt64($0))) }
    self.init(divisions, count: count)
  }

  /// Divisions that never part the rows of a group.
  ///
  /// - Parameter groups: the group of each row, by number.
  init(groups: [Int], count: Int, repeats: Int, seed: UInt64) {
    var rows = [Int](repeating: 0, count: (groups.max() ?? -1) + 1)
    for group in groups { rows[group] += 1 }
    let count = max(2, min(count, rows.count))
    let random = RandomSource(seed: seed).split("groups")
    let divisions = (0..<repeats).map { division -> [Int] in
      var random = random.split(UInt64(division))
      // The largest first, each to the fold that has the fewest rows.
      let order = random.shuffled(Array(rows.indices)).enumerated()
        .sorted { (rows[$1.element], $0.offset) < (rows[$0.element], $1.offset) }.map(\.element)
      var sizes = [Int](repeating: 0, count: count)
      var fold = [Int](repeating: 0, count: rows.count)
      for group in order {
        let smallest = sizes.indices.min { sizes[$0] < sizes[$1] } ?? 0
        fold[group] = smallest
        sizes[smallest] += rows[group]
      }
      return groups.map { fold[$0] }
    }
    self.init(divisions, count: count)
  }

  /// Windows that grow: each fold learns from all rows before those that it judges. Rows of one moment stay together. The last
  /// fold answers in the end.
  ///
  /// - Parameter moments: what rows are ordered by.
  init(moments: [Double], count: Int) {
    let order = moments.indices.sorted { (moments[$0], $0) < (moments[$1], $1) }
    let blocks = max(2, min(count + 1, order.count))
    var starts = (0...blocks).map { order.count * $0 / blocks }
    for index in 1..<blocks {
      while starts[index] < order.count, starts[index] > 0,
        moments[order[starts[index]]] == moments[order[starts[index] - 1]]
      { starts[index] += 1 }
    }
    let edges = starts.reduce(into: [Int]()) { if $0.last ?? -1 < $1 { $0.append($1) } }
    let windows = edges.count > 2 ? Array(edges[1...]) : [order.count / 2, order.count]
    self.init(
      judged: zip(windows, windows.dropFirst()).map { order[$0..<$1].sorted() },
      learnt: windows.dropLast().map { order[..<$0].sorted() }, repeats: 1, answering: [windows.count - 2])
  }

  /// Rows that were put aside by hand, judged twice by models that differ in their seed.
  init(learnt: [Int], judged: [Int]) {
    self.init(judged: [judged, judged], learnt: [learnt, learnt], repeats: 2)
  }

  private init(_ divisions: [[Int]], count: Int) {
    self.init(
      judged: divisions.flatMap { fold in (0..<count).map { number in fold.indices.filter { fold[$0] == number } } },
      learnt: divisions.flatMap { fold in (0..<count).map { number in fold.indices.filter { fold[$0] != number } } },
      repeats: divisions.count)
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
