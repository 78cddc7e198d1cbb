import Foundation
import Jobs

extension Database {
  /// Runs `body` over a source; when the data further down contradict what its beginning suggested, corrects the reading
  /// (a wider type, another encoding, longer rows) with a note, and runs `body` again from the start.
  ///
  /// Use this around everything that reads a source's `sql` outside a loaded table.
  /// - Returns: what `body` made, and the source as it was read in the end.
  public func reading<Result>(
    _ opened: OpenedSource, context: (any JobContext)? = nil, _ body: (OpenedSource) throws -> Result
  ) throws -> (result: Result, source: OpenedSource) {
    var current = try surveyed(opened, context)
    try prepareRemote(current, context: context)
    try current.clusterTable?.bring(self, context ?? SilentContext())
    while true {
      do {
        let result = try body(current)
        try current.original.checkUnchanged()
        return (result, current)
      } catch var error as FrameError {
        try current.original.checkUnchanged()
        if current.isCopy { error.line = nil }
        if case .list(let list) = current.layout, let place = list.place(of: error.location) {
          error.location = list.parts[place].source.location
        }
        if let corrected = try correct(current, for: error, context) {
          current = corrected
          continue
        }
        if error.location == nil || error.location == current.file.path { error.location = current.source.name }
        throw error
      }
    }
  }

  /// The source with the columns and the length of rows that a look at every field asks for.
  /// - Throws: for a row of the wrong length, unless the options leave those out.
  private func surveyed(_ opened: OpenedSource, _ context: (any JobContext)?) throws -> OpenedSource {
    if case .list(var list) = opened.layout, !opened.isSurveyed {
      list.replace(try list.parts.map { try surveyed($0, context) })
      return opened.reading(list)
    }
    guard !opened.isSurveyed, case .delimited(var layout) = opened.layout, !layout.isGzip,
      let head = opened.head, !head.isWhole
    else { return opened }
    let part = context.map { PartContext(of: $0, 0...0.1) }
    let survey = try opened.survey.value { try FieldSurvey.run(opened.file, layout, context: part) }
    try opened.original.checkUnchanged()
    if let row = survey.badRow, !layout.skipBadRows {
      throw FrameError.fieldCount(opened.source.name, line: row.line, found: row.found, expected: layout.columns.count)
    }
    var opened = opened
    opened.isSurveyed = true
    layout.longestRecord = max(layout.longestRecord, survey.longest + 2)
    for (index, misfits) in survey.misfits.sorted(by: { $0.key < $1.key }) {
      let old = layout.columns[index]
      // A type that the user asked for is not second-guessed.
      if opened.source.options.types[old.name] != nil { continue }
      guard let misfit = layout.widen(index, for: misfits) else { continue }
      opened.notes.append(
        Self.wideningNote(layout.columns[index], from: old.type, line: misfit.line, value: misfit.value))
    }
    opened.layout = .delimited(layout)
    opened.schema = layout.columns
    return opened
  }

  private static func wideningNote(_ column: Column, from type: String, line: Int?, value: String) -> String {
    let words =
      switch column.kind {
      case .real: "numbers with decimals"
      case .timestamp: "dates with a time of day"
      default: "text"
      }
    return "Column \(column.name) is read as \(words): \(line.map { "line \($0)" } ?? "it") holds "
      + "\"\(value.prefix(60))\", which is no \(type)."
  }

  /// The source read in another way that `error` asks for, nil where there is none.
  private func correct(
    _ opened: OpenedSource, for error: FrameError, _ context: (any JobContext)?
  ) throws -> OpenedSource? {
    switch opened.layout {
    case .delimited(let layout): try correct(opened, layout, for: error, context)
    case .json(let layout): try correct(opened, layout, for: error)
    case .fixed(let layout): correct(opened, layout, for: error)
    case .parquet, .sheets: nil
    case .remote(let layout): try correct(opened, layout, for: error)
    case .cluster: nil
    case .list(let list): try correct(opened, list, for: error, context)
    }
  }

  /// One text of a list is read in another way; where the error does not say which, the column becomes text in all.
  private func correct(
    _ opened: OpenedSource, _ list: DelimitedList, for error: FrameError, _ context: (any JobContext)?
  ) throws -> OpenedSource? {
    var list = list
    if let place = list.place(of: error.location),
      let part = try correct(list.parts[place], for: error, context)
    {
      var parts = list.parts
      parts[place] = part
      list.replace(parts)
      return opened.reading(list)
    }
    guard case .unreadableValue = error.problem, let column = error.column, list.makeText(column) else { return nil }
    return opened.reading(list)
  }

  /// Objects are read again with a column as text where a value far down fits no narrower type.
  private func correct(_ opened: OpenedSource, _ layout: RemoteLayout, for error: FrameError) throws -> OpenedSource? {
    guard case .unreadableValue(let type, let value) = error.problem, layout.format.isDelimited,
      let name = error.column,
      let column = opened.schema.first(where: { $0.name.lowercased() == name.lowercased() }),
      layout.types[column.name] == nil
    else { return nil }
    var (opened, layout) = (opened, layout)
    layout.types[column.name] = "VARCHAR"
    opened.layout = .remote(layout)
    opened.schema = try located(opened) { try describe(layout.select) }
    opened.notes.append(
      Self.wideningNote(
        Column(name: column.name, type: "VARCHAR"), from: type.isEmpty ? column.type : type, line: error.line,
        value: value))
    return opened
  }

  /// A column of fixed-width text whose values do not all fit its type becomes wider, or text.
  private func correct(_ opened: OpenedSource, _ layout: FixedLayout, for error: FrameError) -> OpenedSource? {
    guard case .unreadableValue(_, let value) = error.problem, let column = error.column,
      let (index, wider) = layout.columns.widened(column, by: value)
    else { return nil }
    var (opened, layout) = (opened, layout)
    let old = layout.columns[index]
    layout.columns[index] = wider
    let line = line(of: value, index, layout, opened.file.path)
    opened.notes.append(Self.wideningNote(wider, from: old.type, line: line, value: value))
    opened.layout = .fixed(layout)
    opened.schema = layout.schema
    return opened
  }

  private func correct(
    _ opened: OpenedSource, _ layout: DelimitedLayout, for error: FrameError, _ context: (any JobContext)?
  ) throws -> OpenedSource? {
    var (opened, layout) = (opened, layout)
    let isOwnFile = opened.file === opened.original
    switch error.problem {
    case .unreadableValue(_, let value):
      guard let column = error.column, let wider = layout.widened(column, by: error),
        let chosen = wider.first(where: { $0.name.lowercased() == column.lowercased() })
      else { return nil }
      let type = layout.columns.first { $0.name.lowercased() == column.lowercased() }?.type ?? ""
      layout.columns = wider
      opened.notes.append(Self.wideningNote(chosen, from: type, line: error.line, value: value))
    case .encoding where isOwnFile && !layout.isGzip:
      opened.file = try Transcoder.transcode(opened.file, context: context)
      opened.notes.append(DelimitedOpener.encodingNote(line: error.line))
    case .malformed where isOwnFile && !layout.isGzip && error.line == nil:
      opened.file = try Transcoder.transcode(opened.file, normalizesNewlines: true, context: context)
      opened.notes.append("Lines end in different ways; they are read through a copy in which all end alike.")
    case .cellTooLarge where layout.longestRecord < DelimitedOpener.headLimit:
      layout.longestRecord = min(layout.longestRecord * 8, DelimitedOpener.headLimit)
    default: return nil
    }
    opened.layout = .delimited(layout)
    opened.schema = layout.columns
    return opened
  }

  private func correct(_ opened: OpenedSource, _ layout: JSONLayout, for error: FrameError) throws -> OpenedSource? {
    guard case .unreadableValue = error.problem else { return nil }
    var (opened, layout) = (opened, layout)
    let inferred = try located(opened) { try describe(layout.inference(opened.file.path, readsAll: true)) }
    let columns = JSONLayout.fixed(inferred, opened.source.options.types)
    guard columns != layout.columns else { return nil }
    layout.columns = columns
    opened.layout = .json(layout)
    opened.schema = columns ?? inferred
    opened.notes.append("The columns are those of all records: line \(error.line ?? 0) did not fit the first ones.")
    return opened
  }
}

extension OpenedSource {
  /// A list whose parts are read in another way.
  fileprivate func reading(_ list: DelimitedList) -> OpenedSource {
    var opened = self
    opened.notes = Array(notes.prefix(1)) + list.notes
    opened.layout = .list(list)
    opened.schema = list.columns
    opened.isSurveyed = true
    return opened
  }
}

extension DelimitedLayout {
  /// Makes a column wide enough for values that do not fit its strict type.
  /// - Returns: the one that decided.
  @discardableResult
  mutating func widen(_ index: Int, for misfits: [FieldSurvey.Shape: FieldSurvey.Misfit]) -> FieldSurvey.Misfit? {
    let column = columns[index]
    let shapes: [(FieldSurvey.Shape, String)] = [
      (.other, "VARCHAR"), (.timestamp, "TIMESTAMP"), (.decimal, "DOUBLE"),
    ]
    guard let (shape, type) = shapes.first(where: { misfits[$0.0] != nil }) else { return nil }
    columns[index] = Column(name: column.name, type: type)
    return misfits[shape]
  }

  /// The columns with the one that `error` names made wide enough; nil where it cannot be wider.
  func widened(_ column: String, by error: FrameError) -> Schema? {
    guard case .unreadableValue(_, let value) = error.problem, let (index, wider) = columns.widened(column, by: value)
    else { return nil }
    var columns = columns
    columns[index] = wider
    return columns
  }
}

extension Schema {
  /// A column, with its place, as it holds a value that does not fit its type; nil where it cannot be wider.
  fileprivate func widened(_ name: String, by value: String) -> (index: Int, column: Column)? {
    guard let index = firstIndex(where: { $0.name.lowercased() == name.lowercased() }), self[index].type != "VARCHAR"
    else { return nil }
    // Whole numbers of more than 64 bits stay text: as reals they would lose digits.
    let isReal = self[index].kind == .integer && Double(value) != nil && value.contains { ".eE".contains($0) }
    return (index, Column(name: self[index].name, type: isReal ? "DOUBLE" : "VARCHAR"))
  }
}
