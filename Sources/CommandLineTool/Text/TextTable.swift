import Grid

/// Rows of text in aligned columns, as wide as they need to be.
struct TextTable {
  struct Column {
    var title: String
    var alignment: Alignment = .left
    /// Cells wider than this are cut.
    var limit = 40
    /// Columns with the highest number are left out first when there is too little room; 0 always stays.
    var expendability = 0
  }

  let columns: [Column]
  private(set) var rows: [[String]] = []

  init(_ columns: [Column]) { self.columns = columns }

  /// Adds a row with one cell for each column.
  mutating func add(_ cells: [String]) { rows.append(cells) }

  /// The lines, a rule under the titles.
  /// - Parameter width: columns on screen; nil is as many as are needed.
  /// - Returns: the lines, and how many columns found no room.
  func lines(width: Int?, rule: Character = "─") -> (lines: [String], left: Int) {
    let widths = columns.indices.map { index in
      let longest = rows.map { TextWidth.of($0[index]) }.max() ?? 0
      return min(max(longest, TextWidth.of(columns[index].title)), columns[index].limit)
    }
    let shown = fitting(widths, width)
    func line(_ cells: (Int) -> String) -> String {
      trimmed(shown.map { TextWidth.fit(cells($0), widths[$0], columns[$0].alignment) }.joined(separator: "  "))
    }
    var lines = [line { columns[$0].title }]
    lines.append(shown.map { String(repeating: rule, count: widths[$0]) }.joined(separator: "  "))
    for row in rows { lines.append(line { row[$0] }) }
    return (lines, columns.count - shown.count)
  }

  /// The columns that fit: expendable ones go first, then those at the end. The first always stays.
  private func fitting(_ widths: [Int], _ width: Int?) -> [Int] {
    var shown = Array(columns.indices)
    guard let width else { return shown }
    func total() -> Int { shown.reduce(0) { $0 + widths[$1] } + 2 * max(0, shown.count - 1) }
    while shown.count > 1, total() > width {
      let dropped = shown.indices.dropFirst().max { left, right in
        (columns[shown[left]].expendability, left) < (columns[shown[right]].expendability, right)
      }
      guard let dropped else { break }
      shown.remove(at: dropped)
    }
    return shown
  }
}

/// Without blanks at the end.
func trimmed(_ text: String) -> String {
  var text = Substring(text)
  while text.last == " " { text.removeLast() }
  return String(text)
}

/// `1 row`, `32,561 rows`.
func counted(_ number: Int, _ noun: String) -> String { "\(grouped(number)) \(noun)\(number == 1 ? "" : "s")" }
