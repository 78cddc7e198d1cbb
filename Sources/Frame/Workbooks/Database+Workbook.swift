import Cloud
import Foundation
import Jobs
import Synchronization

/// The sheets of a workbook that is read.
extension Database {
  /// The names of the sheets of a workbook, in their order.
  /// - Parameter location: a path, `-`, or one object on S3.
  /// - Throws: `FrameError` for what is no workbook.
  public func sheets(_ source: Source, context: (any JobContext)? = nil) throws -> [String] {
    let file = try workbookFile(source, context)
    return try naming(source.name) { try Workbook(file).sheets.map(\.name) }
  }

  /// Puts the name that the user knows into errors.
  private func naming<Result>(_ name: String, _ body: () throws -> Result) throws -> Result {
    do {
      return try body()
    } catch var error as FrameError {
      error.location = name
      throw error
    }
  }

  private func workbookFile(_ source: Source, _ context: (any JobContext)?) throws -> InputFile {
    if source.location == "-" { return try StandardInput.spool() }
    guard S3Location.isMeant(by: source.location) else { return try InputFile(path: source.location) }
    do {
      let location = try S3Location(source.location)
      let objects = try RemoteFiles.find(location, S3Selection(), remote.client(context))
      guard let first = objects.first, objects.count == 1 else {
        throw FrameError(
          .unsupportedFormat, location: source.location, what: "these are \(objects.count.grouped) objects",
          advice: "Name one workbook to see its sheets.")
      }
      return try remote.staged(first, context)
    } catch let error as CloudError {
      throw FrameError(error)
    }
  }

  /// Looks at a sheet of a workbook.
  func openWorkbook(
    _ source: Source, _ file: InputFile, _ context: (any JobContext)?
  ) throws -> OpenedSource {
    let copy = try naming(source.name) { try sheetCopy(source, file, context) }
    var layout = copy.layout
    try source.override(&layout.columns)
    return OpenedSource(
      source: source, format: .xlsx, schema: layout.columns, bytes: file.size, notes: copy.notes,
      layout: .delimited(layout), file: copy.file, original: file, head: nil, isCopy: true)
  }

  /// A sheet as delimited text, made anew where the workbook or the way to read it is another one.
  func sheetCopy(_ source: Source, _ file: InputFile, _ context: (any JobContext)?) throws -> SheetCopy {
    let options = source.options
    let key = SheetCopies.Key(
      file: file.fingerprint, sheet: options.sheet, range: options.range, hasHeader: options.hasHeader,
      names: options.names)
    if let known = sheetCopies.copy(key) { return known }
    guard let range = options.range.map({ CellRange($0.trimmed) }) ?? .all else {
      throw FrameError(
        .query, location: source.name, what: "\"\(options.range ?? "")\" is no range of cells",
        advice: "Write it as B2:F100, as columns B:F, or as rows 2:100.")
    }
    let context = context ?? SilentContext()
    let workbook = try Workbook(file)
    let sheet = try workbook.sheet(options.sheet?.trimmed)
    var reader = SheetReader(workbook.formats, try workbook.texts(context.checkCancelled), range)
    var copier = try SheetCopier(name: source.name, options: options)
    var seen = 0
    try workbook.reading(sheet) { xml, fraction in
      try reader.read(xml) { row, cells in
        seen += 1
        if seen % 1024 == 0 {
          try context.checkCancelled()
          context.report(fraction() * 0.9, "reading the sheet \(sheet.name)")
        }
        try copier.add(row, cells)
      }
    }
    do {
      let copy = try copier.finish(reader.findings, sheet: sheet.name, context.checkCancelled)
      try file.checkUnchanged()
      sheetCopies.keep(copy, key)
      return copy
    } catch var error as FrameError where error.problem == .empty {
      let others = workbook.sheets.map(\.name)
      error.advice =
        options.range != nil
        ? "Choose another range of cells."
        : others.count == 1 ? "Its one sheet has no values." : "The sheets are \(Workbook.listed(others))."
      throw error
    }
  }
}

extension Database {
  /// Looks at workbooks on S3: one, or the same sheet of several, one below the other by the names of their columns.
  func openWorkbooks(_ source: Source, _ files: RemoteFiles, _ context: (any JobContext)?) throws -> OpenedSource {
    let objects = files.objects
    let folders = FolderColumns(objects, types: source.options.types)
    if objects.count == 1, folders.columns.isEmpty {
      return try openWorkbook(source, remote.staged(objects[0], context), context)
    }
    let books = try objects.map { (name: $0.location.name, file: try remote.staged($0, context)) }
    return try openWorkbooks(
      source, books, folders, standing: InputFile(remote: files, name: source.name), context)
  }

  /// Looks at the same sheet of several workbooks.
  /// - Parameter folders: columns that stand for folders; they win over those of sheets.
  func openWorkbooks(
    _ source: Source, _ books: [(name: String, file: InputFile)], _ folders: FolderColumns = .none,
    standing file: InputFile, _ context: (any JobContext)?
  ) throws -> OpenedSource {
    var (parts, notes): ([SheetCopy], [String]) = ([], [])
    for book in books {
      let copy = try naming(book.name) { try sheetCopy(source, book.file, context) }
      parts.append(copy)
      notes += copy.notes.map { "\(book.name): \($0)" }
    }
    var columns: Schema = []
    for column in parts.flatMap(\.layout.columns) where !folders.has(column.name) {
      guard let index = columns.firstIndex(where: { $0.name.lowercased() == column.name.lowercased() }) else {
        columns.append(column)
        continue
      }
      let both = SheetParts.wider(columns[index].type, column.type)
      if both == "VARCHAR", columns[index].type != both || column.type != both {
        notes.append("Column \(column.name) is read as text: its values are of another kind in some of the workbooks.")
      }
      columns[index] = Column(name: columns[index].name, type: both)
    }
    columns += folders.columns
    try source.override(&columns)
    let layout = SheetParts(columns: columns, parts: parts, folders: folders)
    return OpenedSource(
      source: source, format: .xlsx, schema: columns, bytes: file.size,
      notes: (books.count > 1 ? [Self.listNote(books.count, file)] : []) + notes, layout: .sheets(layout), file: file,
      original: file, head: nil, isCopy: true)
  }
}

/// Sheets of several workbooks as one table.
struct SheetParts: Sendable {
  var columns: Schema
  var parts: [SheetCopy]
  var folders = FolderColumns.none

  var select: String {
    parts.enumerated().map { place, part in
      var layout = part.layout
      for (index, column) in layout.columns.enumerated() {
        guard let whole = columns.first(where: { $0.name.lowercased() == column.name.lowercased() }) else { continue }
        layout.columns[index] = whole
      }
      let rows = layout.select(part.file.path)
      if folders.columns.isEmpty { return rows }
      let own = layout.columns.filter { !folders.has($0.name) }.map { SQL.identifier($0.name) }
      return "SELECT \((own + folders.literals(place)).joined(separator: ", ")) FROM (\(rows))"
    }.joined(separator: " UNION ALL BY NAME ")
  }

  /// A type that has the values of both; text where no other has.
  static func wider(_ one: String, _ other: String) -> String {
    if one == other { return one }
    switch Set([one, other]) {
    case ["BIGINT", "DOUBLE"]: return "DOUBLE"
    case ["DATE", "TIMESTAMP"]: return "TIMESTAMP"
    default: return "VARCHAR"
    }
  }
}

/// Copies of sheets that were read, so that one is made once however often its source is opened.
final class SheetCopies: Sendable {
  struct Key: Hashable {
    var file: InputFile.Fingerprint
    var sheet: String?
    var range: String?
    var hasHeader: Bool?
    var names: [String]?
  }

  private let copies = Mutex<[(key: Key, copy: SheetCopy)]>([])
  private static let most = 8

  func copy(_ key: Key) -> SheetCopy? { copies.withLock { $0.first { $0.key == key }?.copy } }

  func keep(_ copy: SheetCopy, _ key: Key) {
    copies.withLock { copies in
      if copies.count >= Self.most { copies.removeFirst() }
      copies.append((key, copy))
    }
  }
}

extension String {
  /// Without blanks at its ends.
  var trimmed: String { trimmingCharacters(in: .whitespaces) }
}
