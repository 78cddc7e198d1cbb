import Foundation

/// The table in a sheet as delimited text in a nameless temporary file, which is then read as any such file, with what a
/// pass over every cell has found: names, types that all values of a column have, and notes.
struct SheetCopy: Sendable {
  var file: InputFile
  var layout: DelimitedLayout
  var notes: [String]
  var rowCount: Int
}

/// Makes a `SheetCopy`: the cells go to a file of their own first, since only the last row tells the columns and types.
struct SheetCopier {
  let name: String
  let options: ReadOptions

  /// Rows that are looked at for the beginning of the table.
  private static let sample = 50

  /// What a column holds.
  private struct ColumnFacts {
    var counts = [Int](repeating: 0, count: SheetCell.Kind.allCases.count)
    /// The first cell of each kind: its row and text.
    var first = [(row: Int, text: String)?](repeating: nil, count: SheetCell.Kind.allCases.count)

    mutating func add(_ cell: SheetCell, _ row: Int) {
      let kind = Int(cell.kind.rawValue)
      counts[kind] += 1
      if counts[kind] == 1 { first[kind] = (row, String(decoding: cell.text.prefix(200), as: UTF8.self)) }
    }

    func count(_ kind: SheetCell.Kind) -> Int { counts[Int(kind.rawValue)] }
  }

  private var facts: [ColumnFacts] = []
  private var head: [(row: Int, cells: [SheetCell])] = []
  private var isHeadDone = false
  private var start = Start()
  private var rows: SheetRows
  private var lastRow = -1
  private var rowCount = 0
  private var emptyRows = 0

  /// Where the table begins.
  private struct Start {
    var header: [SheetCell]?
    var headerRow = 0
    /// Rows above it, as a person reads them.
    var passed: [String] = []
  }

  init(name: String, options: ReadOptions) throws {
    (self.name, self.options) = (name, options)
    rows = try SheetRows(name: name)
  }

  mutating func add(_ row: Int, _ cells: [SheetCell]) throws {
    guard !isHeadDone else { return try take(row, cells) }
    head.append((row, cells))
    if head.count == Self.sample { try endHead() }
  }

  /// Finds out where the table begins, and takes its first rows.
  private mutating func endHead() throws {
    isHeadDone = true
    var first = 0
    // Titles stand alone in their row, an empty row follows, and then a wider table.
    if options.range == nil, let table = head.firstIndex(where: { $0.cells.count > 1 }), table > 0,
      head[..<table].allSatisfy({ $0.cells[0].kind == .text }), head[table].row > head[table - 1].row + 1
    {
      first = table
      start.passed = head[..<table].map { String(decoding: $0.cells[0].text.prefix(60), as: UTF8.self) }
    }
    if first < head.count, options.hasHeader ?? Self.looksLikeNames(head[first].cells) {
      (start.header, start.headerRow) = (head[first].cells, head[first].row)
      lastRow = head[first].row
      first += 1
    }
    for (row, cells) in head[min(first, head.count)...] { try take(row, cells) }
    head = []
  }

  private static func looksLikeNames(_ cells: [SheetCell]) -> Bool { cells.allSatisfy { $0.kind == .text } }

  private mutating func take(_ row: Int, _ cells: [SheetCell]) throws {
    if lastRow >= 0 { emptyRows += max(0, row - lastRow - 1) }
    lastRow = row
    rowCount += 1
    for cell in cells {
      while facts.count <= cell.column { facts.append(ColumnFacts()) }
      facts[cell.column].add(cell, row)
    }
    try rows.append(cells)
  }

  // MARK: The end

  /// - Parameter check: throws where the work shall stop.
  mutating func finish(_ findings: SheetReader.Findings, sheet: String, _ check: () throws -> Void) throws -> SheetCopy
  {
    if !isHeadDone { try endHead() }
    let headed = Set((start.header ?? []).map(\.column))
    let filled = facts.indices.filter { facts[$0].counts.contains { $0 > 0 } }
    let places = headed.union(filled).sorted()
    guard let firstPlace = places.first, let lastPlace = places.last else {
      throw FrameError(.empty, location: name, what: "the sheet \(sheet) is empty")
    }
    var notes = start.passed.isEmpty ? [] : [titleNote]
    while facts.count <= lastPlace { facts.append(ColumnFacts()) }
    let (columns, renaming) = columns(places)
    notes += renaming
    let types = places.map { type(of: facts[$0]) }
    for (place, column) in zip(places, columns) { notes += mixtureNote(place, column).map { [$0] } ?? [] }
    notes += self.notes(findings)
    let hidden = lastPlace - firstPlace + 1 - places.count
    if hidden > 0 { notes.append("\(hidden.grouped) empty column\(hidden == 1 ? " was" : "s were") left out.") }
    if emptyRows > 0 { notes.append("\(emptyRows.grouped) empty row\(emptyRows == 1 ? " was" : "s were") left out.") }
    if rowCount == 0 { notes.append("The sheet has a header and no rows.") }
    let (file, longest) = try rows.delimited(columns, places, check)
    var layout = DelimitedLayout(
      dialect: Dialect(delimiter: UInt8(ascii: ",")), hasHeader: true,
      columns: zip(columns, types).map { Column(name: $0, type: $1) })
    layout.longestRecord = max(layout.longestRecord, longest * 2)
    return SheetCopy(file: file, layout: layout, notes: notes, rowCount: rowCount)
  }

  private var titleNote: String {
    let titles = start.passed.prefix(3).map { "\"\($0)\"" }.joined(separator: ", ")
    return "What stands above the table was passed over: \(titles). A range of cells reads it otherwise."
  }

  private func columns(_ places: [Int]) -> (names: [String], notes: [String]) {
    var given: [String]
    if let header = start.header {
      let texts = Dictionary(header.map { ($0.column, String(decoding: $0.text, as: UTF8.self)) }) { first, _ in first }
      given = places.map { (texts[$0] ?? "").replacing("\r\n", with: " ").replacing("\n", with: " ") }
    } else {
      given = places.map(CellRange.letters)
    }
    for (place, name) in (options.names ?? []).enumerated() where given.indices.contains(place) { given[place] = name }
    return ColumnNames.unique(given)
  }

  private func type(of facts: ColumnFacts) -> String {
    let found = SheetCell.Kind.allCases.filter { facts.count($0) > 0 }
    switch found {
    case [.integer]: return "BIGINT"
    case [.real], [.integer, .real]: return "DOUBLE"
    case [.boolean]: return "BOOLEAN"
    case [.date]: return "DATE"
    case [.timestamp], [.date, .timestamp]: return "TIMESTAMP"
    case [.time]: return "TIME"
    default: return "VARCHAR"
    }
  }

  /// Says that a column is text because some of its values are, or because its values are of several kinds.
  private func mixtureNote(_ place: Int, _ column: String) -> String? {
    let facts = facts[place]
    let found = SheetCell.Kind.allCases.filter { facts.count($0) > 0 }
    guard found.count > 1, type(of: facts) == "VARCHAR" else { return nil }
    let total = facts.counts.reduce(0, +)
    // Whole numbers and others are one kind here, and so are days and times of a day.
    let families = Dictionary(grouping: found, by: Self.word)
    let sizes = families.mapValues { $0.reduce(0) { $0 + facts.count($1) } }
    guard let odd = sizes.min(by: { ($0.value, $0.key) < ($1.value, $1.key) }),
      let first = families[odd.key]?.compactMap({ facts.first[Int($0.rawValue)] }).min(by: { $0.row < $1.row })
    else { return nil }
    let others = sizes.keys.filter { $0 != odd.key }.sorted().joined(separator: " and ")
    return
      "Column \(column) is read as text: \(odd.value.grouped) of its \(total.grouped) values \(odd.value == 1 ? "is" : "are") "
      + "\(odd.key), first \"\(first.text.prefix(60))\" in \(CellRange.cell(place, first.row)), the others \(others)."
  }

  private static func word(_ kind: SheetCell.Kind) -> String {
    switch kind {
    case .text: "text"
    case .integer, .real: "numbers"
    case .boolean: "truth values"
    case .date, .timestamp: "dates"
    case .time: "times"
    }
  }

  private func notes(_ findings: SheetReader.Findings) -> [String] {
    var notes: [String] = []
    if let errors = findings.errors {
      notes.append(
        "\(errors.count.grouped) cell\(errors.count == 1 ? " holds an error and is" : "s hold errors and are") missing here: "
          + "\(errors.first)\(errors.count == 1 ? "" : ", first").")
    }
    if let bare = findings.bareFormulas {
      notes.append(
        "\(bare.count.grouped) formula\(bare.count == 1 ? " has" : "s have") no value in the file, first \(bare.first): open it in a "
          + "spreadsheet and save it to have them computed.")
    }
    if let merged = findings.merged {
      notes.append(
        "\(merged.count.grouped) merged cell\(merged.count == 1 ? " spans" : "s span") several rows, first \(merged.first): the value "
          + "stands in the top row, the others are missing.")
    }
    return notes
  }
}
