/// Finds the columns of fixed-width text from its first lines: runs of places that are blank in no line, as
/// pandas.read_fwf does. Unlike there, what is blank between two columns belongs to one of them, so that values further
/// down which are longer than those above are read whole.
struct ColumnFinder {
  /// Lines that are looked at.
  static let sample = 1000

  /// A column that stands somewhere in the lines.
  struct Run {
    /// From the first place that is filled to the one after the last.
    var range: Range<Int>
    // Values that begin at the run's first place, that end at its last, and all.
    var starting = 0
    var ending = 0
    var filled = 0
    /// Values that hold a digit.
    var digits = 0

    var isLeftAligned: Bool { starting == filled }
    var isRightAligned: Bool { ending == filled }
  }

  let runs: [Run]
  /// The number of lines that are not blank.
  let count: Int

  init(_ lines: [[Unicode.Scalar]]) {
    let lines = lines.prefix(Self.sample)
    var isFilled: [Bool] = []
    for line in lines {
      if line.count > isFilled.count { isFilled += Array(repeating: false, count: line.count - isFilled.count) }
      for (place, character) in line.enumerated() where !Self.isBlank(character) { isFilled[place] = true }
    }
    var runs: [Run] = []
    var start: Int?
    for place in 0...isFilled.count {
      if place < isFilled.count, isFilled[place] {
        start = start ?? place
      } else if let first = start {
        runs.append(Run(range: first..<place))
        start = nil
      }
    }
    for line in lines {
      for index in runs.indices {
        let range = runs[index].range.clamped(to: 0..<line.count)
        guard let first = line[range].firstIndex(where: { !Self.isBlank($0) }),
          let last = line[range].lastIndex(where: { !Self.isBlank($0) })
        else { continue }
        runs[index].filled += 1
        if first == runs[index].range.lowerBound { runs[index].starting += 1 }
        if last == runs[index].range.upperBound - 1 { runs[index].ending += 1 }
        if line[first...last].contains(where: { (0x30...0x39).contains($0.value) }) { runs[index].digits += 1 }
      }
    }
    self.runs = runs
    count = lines.count { line in line.contains { !Self.isBlank($0) } }
  }

  static func isBlank(_ character: Unicode.Scalar) -> Bool { character == " " || character == "\t" }

  /// The columns, from the beginning of a line to its end without a hole.
  var cuts: [ColumnCut] {
    var start = 0
    var cuts: [ColumnCut] = []
    for (run, next) in zip(runs, runs.dropFirst()) {
      let gap = run.range.upperBound..<next.range.lowerBound
      let growsRight = run.isLeftAligned && !run.isRightAligned
      let growsLeft = next.isRightAligned && !next.isLeftAligned
      let border =
        growsLeft && growsRight ? gap.lowerBound + (gap.count + 1) / 2 : growsLeft ? gap.lowerBound : gap.upperBound
      cuts.append(ColumnCut(start: start, end: border))
      start = border
    }
    return runs.isEmpty ? [] : cuts + [ColumnCut(start: start, end: nil)]
  }

  /// True where text without a known delimiter is made of such columns, rather than of sentences that are blank at the
  /// same places by chance: at least three lines, every column aligned to one side, and one of them with figures.
  var isConvincing: Bool {
    guard count >= 3, runs.count >= 2 else { return false }
    // A header may be aligned in another way, and has no figures.
    let isAligned = runs.allSatisfy { max($0.starting, $0.ending) >= $0.filled - 1 }
    return isAligned && runs.contains { $0.filled >= 3 && $0.digits >= $0.filled - 1 }
  }
}
