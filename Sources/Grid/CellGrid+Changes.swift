// What must be repainted to turn one grid into another.

/// Cells that stand next to each other on a row and must be repainted.
public struct CellRun: Sendable, Equatable {
  /// Column of the first cell.
  public var x: Int
  /// Row.
  public var y: Int
  /// The new cells, from left to right; wide glyphs are never split.
  public var cells: [Cell]

  public init(x: Int, y: Int, cells: [Cell]) {
    self.x = x
    self.y = y
    self.cells = cells
  }
}

extension CellGrid {
  /// The runs of cells that differ from `old`, row by row; every row when there is no old grid or its size differs.
  public func changes(from old: CellGrid?) -> [CellRun] {
    if size.isEmpty { return [] }
    guard let old, old.size == size else {
      return (0..<size.height).map { y in
        CellRun(x: 0, y: y, cells: Array(cells[(y * size.width)..<((y + 1) * size.width)]))
      }
    }
    var runs: [CellRun] = []
    cells.withUnsafeBufferPointer { new in
      old.cells.withUnsafeBufferPointer { old in
        for y in 0..<size.height { addRuns(row: y, new, old, to: &runs) }
      }
    }
    return runs
  }

  private func addRuns(
    row y: Int, _ new: UnsafeBufferPointer<Cell>, _ old: UnsafeBufferPointer<Cell>, to runs: inout [CellRun]
  ) {
    let start = y * size.width
    var x = 0
    while x < size.width {
      if new[start + x] == old[start + x] {
        x += 1
        continue
      }
      var first = x
      if new[start + first].isContinuation, first > 0 { first -= 1 }
      while x < size.width, new[start + x] != old[start + x] || new[start + x].isContinuation { x += 1 }
      runs.append(CellRun(x: first, y: y, cells: Array(new[(start + first)..<(start + x)])))
    }
  }
}
