import Foundation
import Jobs

/// Opens fixed-width text: takes or finds its columns, and finds names and types from the first few hundred kilobytes as
/// those of delimited text are found.
struct FixedOpener {
  let database: Database
  let source: Source
  let isGzip: Bool
  let context: (any JobContext)?

  /// - Parameter isBeginning: `original` is the beginning of something larger.
  func open(_ original: InputFile, isBeginning: Bool = false) throws -> OpenedSource {
    let reader = DelimitedOpener(database: database, source: source, format: .csv, isGzip: isGzip, context: context)
    var (file, head, notes) = try reader.decoded(original)
    if HeadRecords(head.bytes, dialect: Self.wholeLines, isWhole: head.isWhole).hasMixedNewlines, !isGzip {
      file = try Transcoder.transcode(file, normalizesNewlines: true, context: context)
      notes.append(DelimitedOpener.newlineNote)
      head = try reader.readHead(file, count: DelimitedOpener.headSize)
    }
    while head.bytes.count < DelimitedOpener.headLimit, !head.isWhole,
      Self.lines(head.bytes, isWhole: false).count < 2
    {
      head = try reader.readHead(file, count: head.bytes.count * 8)
    }
    let lines = Self.lines(head.bytes, isWhole: head.isWhole && !isBeginning)
    let rows = lines.filter { $0.contains { !ColumnFinder.isBlank($0) } }
    guard let first = rows.first else { throw FrameError.empty(source.name) }
    var cuts = try given()
    let isFound = cuts.isEmpty
    var words: [String] = []
    if isFound {
      cuts = ColumnFinder(rows).cuts
      // A header whose words stand anywhere hides the columns below it.
      let below = ColumnFinder(Array(rows.dropFirst())).cuts
      let header = String(String.UnicodeScalarView(first)).split { $0 == " " || $0 == "\t" }.map(String.init)
      if source.options.hasHeader != false, rows.count > 2, below.count > cuts.count {
        if header.count == below.count {
          (cuts, words) = (below, header)
        } else if !first.contains(where: { (0x30...0x39).contains($0.value) }) {
          (cuts, words) = (below, below.map { _ in "" })
          let text = String(String.UnicodeScalarView(first.prefix(60)))
          notes.append("The first line fits no columns and was passed over: \"\(text)\".")
        }
      }
    }
    var table = rows.map { row in cuts.map { Self.text(row, $0) } }
    if !words.isEmpty { table[0] = words }
    var layout = try layout(table, cuts, hasHeader: words.isEmpty ? source.options.hasHeader : true, &notes)
    if layout.skippedLines > 0 {
      layout.skippedLines = 1 + (lines.firstIndex { $0.contains { !ColumnFinder.isBlank($0) } } ?? 0)
    }
    layout.isGzip = isGzip
    layout.isFound = isFound
    layout.hasTabs = head.bytes.contains(0x09)
    layout.longestLine = max(layout.longestLine, (lines.map(\.count).max() ?? 0) * 8)
    if isFound {
      notes.insert("The columns were found from what is blank in every line: \(Self.listed(cuts)).", at: 0)
    } else if let end = cuts.map({ $0.end ?? .max }).max(), rows.contains(where: { Self.reaches($0, beyond: end) }) {
      notes.append("What stands after character \(end) of a line is in no column, and not read.")
    }
    if rows.count == 1, layout.skippedLines > 0, head.isWhole { notes.append("The file has a header and no rows.") }
    return OpenedSource(
      source: source, format: .fwf, schema: layout.columns, bytes: original.size, notes: notes, layout: .fixed(layout),
      file: file, original: original, head: nil)
  }

  /// Splits at ends of lines and nowhere else.
  private static let wholeLines = Dialect(delimiter: 0, quote: 0, escape: 0)

  private static func listed(_ cuts: [ColumnCut]) -> String {
    let shown = cuts.prefix(12).map(\.description).joined(separator: ",")
    return cuts.count > 12 ? shown + " and \(cuts.count - 12) more" : shown
  }

  private static func reaches(_ line: [Unicode.Scalar], beyond end: Int) -> Bool {
    line.count > end && line[end...].contains { !ColumnFinder.isBlank($0) }
  }

  /// The columns that the options say; none where they say nothing.
  private func given() throws -> [ColumnCut] {
    if let cuts = source.options.cuts, !cuts.isEmpty {
      for (one, next) in zip(cuts, cuts.dropFirst()) where one.end ?? .max > next.start {
        throw FrameError(
          .query, location: source.name, what: "the columns \(one) and \(next) overlap or are out of order",
          advice: "Write them from left to right, the end of each not included: 0-3,3-15,15-24.")
      }
      return cuts
    }
    var start = 0
    return (source.options.widths ?? []).map { width in
      defer { start += width }
      return ColumnCut(start: start, end: start + width)
    }
  }

  /// Names, types and formats of dates as they would be of the same rows in delimited text.
  private func layout(
    _ table: [[String]], _ cuts: [ColumnCut], hasHeader: Bool?, _ notes: inout [String]
  ) throws -> FixedLayout {
    var text: [UInt8] = []
    for row in table {
      for (index, field) in row.enumerated() {
        if index > 0 { text.append(0x2C) }
        text.append(0x22)
        text.append(contentsOf: field.doubling("\"").utf8)
        text.append(0x22)
      }
      text.append(0x0A)
    }
    if let names = source.options.names, names.count > cuts.count {
      throw FrameError(
        .query, location: source.name, what: "\(names.count) names are given for \(cuts.count) columns",
        advice: "Give one name for each column: \(Self.listed(cuts)).")
    }
    // Where all names are given, the first line is data unless somebody says otherwise.
    let isNamed = source.options.names?.count == cuts.count
    let options = ReadOptions(
      delimiter: ",", quote: "\"", escape: "\"", hasHeader: hasHeader ?? (isNamed ? false : nil),
      types: source.options.types, names: source.options.names)
    let memory = try ScratchFile.inMemory(text, name: source.name)
    let opener = DelimitedOpener(
      database: database, source: Source(location: source.location, format: .csv, options: options), format: .csv,
      isGzip: false, context: context)
    let opened = try opener.open(memory)
    guard case .delimited(let delimited) = opened.layout else { throw FrameError.empty(source.name) }
    notes += opened.notes.filter { !$0.hasPrefix("The file has a header") }
    if let format = delimited.dateFormat ?? delimited.timestampFormat, format.contains("%y"),
      let column = delimited.columns.firstIndex(where: { $0.kind.isTemporal }),
      let value = table.last(where: { !$0[column].isEmpty })?[column]
    {
      let order = format.split(separator: "%").compactMap { ["y": "year", "m": "month", "d": "day"][$0.prefix(1)] }
      notes.append(
        "Dates are read as \(order.joined(separator: ", ")), such as \"\(value)\" in \(delimited.columns[column].name): "
          + "where that is wrong, have the column read as text.")
    }
    return FixedLayout(
      cuts: cuts, columns: delimited.columns, skippedLines: delimited.hasHeader ? 1 : 0,
      dateFormat: delimited.dateFormat, timestampFormat: delimited.timestampFormat)
  }

  // MARK: Lines

  /// The lines of the beginning of a text; one that is cut off is none.
  static func lines(_ head: [UInt8], isWhole: Bool) -> [[Unicode.Scalar]] {
    var lines: [[Unicode.Scalar]] = []
    var start = Content.hasUTF8Mark(head) ? 3 : 0
    while start < head.count {
      let end = head[start...].firstIndex { $0 == 0x0A || $0 == 0x0D }
      if end == nil, !isWhole, !lines.isEmpty { break }
      lines.append(Array(String(decoding: head[start..<(end ?? head.count)], as: UTF8.self).unicodeScalars))
      guard let end else { break }
      let isPair = head[end] == 0x0D && end + 1 < head.count && head[end + 1] == 0x0A
      start = end + (isPair ? 2 : 1)
    }
    return lines
  }

  private static func text(_ line: [Unicode.Scalar], _ cut: ColumnCut) -> String {
    let range = (cut.start..<max(cut.start, cut.end ?? line.count)).clamped(to: 0..<line.count)
    var slice = line[range]
    while let first = slice.first, ColumnFinder.isBlank(first) { slice.removeFirst() }
    while let last = slice.last, ColumnFinder.isBlank(last) { slice.removeLast() }
    return String(String.UnicodeScalarView(slice))
  }
}

extension Database {
  /// What text is that no name says more about: delimited, unless the same places are blank in its lines.
  func textFormat(
    _ source: Source, _ file: InputFile, isGzip: Bool, _ context: (any JobContext)?
  ) throws -> SourceFormat {
    let opener = DelimitedOpener(database: self, source: source, format: .csv, isGzip: isGzip, context: context)
    guard source.options.delimiter == nil, let head = try? opener.readHead(file, count: 64 << 10),
      !Content.isUTF16(head.bytes), !Content.isBinary(head.bytes), Transcoder.firstInvalid(head.bytes) == nil
    else { return .csv }
    let dialect = Dialect.sniff(head.bytes, format: .csv, options: source.options)
    guard dialect.score(on: head.bytes).fields < 2 else { return .csv }
    let lines = FixedOpener.lines(head.bytes, isWhole: head.isWhole)
    return ColumnFinder(lines.filter { $0.contains { !ColumnFinder.isBlank($0) } }).isConvincing ? .fwf : .csv
  }

  /// The number of the first line whose column has a value, for a note; nil where it is not found.
  func line(of value: String, _ index: Int, _ layout: FixedLayout, _ path: String) -> Int? {
    guard layout.addresses.count < 2, layout.cuts.indices.contains(index) else { return nil }
    let found = try? query(
      "SELECT n FROM (SELECT row_number() OVER () AS n, line FROM \(layout.lines(path))) "
        + "WHERE \(layout.field(layout.cuts[index])) = \(SQL.text(value)) LIMIT 1")
    return found.flatMap { $0.rowCount > 0 ? $0.value(0, 0).number : nil }.map { Int($0) + layout.skippedLines }
  }
}
