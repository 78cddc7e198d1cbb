import Cloud
import Foundation
import Jobs

/// A list of files, or of objects on S3, as one source: exactly those, in the order given.
extension Source {
  /// Refuses a list that does not say what is to be read.
  /// - Throws: `FrameError` that names the place that is wrong.
  func checkList() throws {
    guard !also.isEmpty else { return }
    func refuse(_ place: String, _ what: String, _ advice: String) -> FrameError {
      FrameError(.unsupportedFormat, location: place, what: what, advice: advice)
    }
    if options.changedFrom != nil || options.changedUntil != nil {
      throw refuse(
        name, "a list names exactly what is read, so that no time of change can choose among it",
        "Leave the times out, or read a prefix or a pattern with them.")
    }
    var seen: Set<String> = []
    for place in locations {
      if place.allSatisfy(\.isWhitespace) {
        throw refuse(name, "a place of the list is empty", "Name a file or an object, or leave it out.")
      }
      if place == "-" {
        throw refuse("standard input", "it is read alone, not in a list", "Write it into a file first.")
      }
      if CatalogAddress.isMeant(by: place) || TableAddress.isMeant(by: place) {
        throw refuse(
          place, "a table is read alone, not in a list", "Make it a source of its own, and concatenate the two.")
      }
      if S3Location.isMeant(by: place) != S3Location.isMeant(by: location) {
        throw refuse(
          place, "a list is of files of this machine, or of objects on S3, and not of both",
          "Make them two sources, and concatenate these.")
      }
      var plain = place
      if S3Location.isMeant(by: place) {
        let address: S3Location
        do { address = try S3Location(place) } catch let error as CloudError { throw FrameError(error) }
        if address.isPrefix {
          throw refuse(
            place, "this is a prefix, and a list names single objects",
            "Read the prefix alone, which reads all that is below it.")
        }
        plain = address.description
      } else {
        let path = (place as NSString).expandingTildeInPath
        plain = URL(fileURLWithPath: path).standardizedFileURL.resolvingSymlinksInPath().path
      }
      if !seen.insert(plain).inserted {
        throw refuse(place, "it stands twice in the list", "Name each file or object once.")
      }
    }
  }

  /// Refuses names that say another format than the one that the list is read in.
  func checkListFormat(_ chosen: SourceFormat) throws {
    guard format == nil else { return }
    for place in locations where !SourceFormat.isVague(place) {
      guard let named = SourceFormat(path: place), !named.isRead(with: chosen) else { continue }
      throw other(named, than: chosen, at: place)
    }
  }

  fileprivate func other(_ found: SourceFormat, than chosen: SourceFormat, at place: String) -> FrameError {
    FrameError(
      .unsupportedFormat, location: place, what: "this is \(found.title), and the list is read as \(chosen.title)",
      advice: "A list has one format: make it a source of its own, and concatenate the two.")
  }

  /// One place of the list as a source.
  fileprivate func part(_ place: String) -> Source {
    var part = self
    (part.location, part.also) = (place, [])
    return part
  }
}

extension SourceFormat {
  /// What people call it.
  public var title: String {
    switch self {
    case .csv: "CSV"
    case .tsv: "TSV"
    case .json: "JSON"
    case .jsonl: "JSON lines"
    case .parquet: "Parquet"
    case .xlsx: "Excel"
    case .fwf: "fixed width"
    }
  }

  /// True for what one reader reads: CSV and TSV, JSON and JSON lines.
  fileprivate func isRead(with other: SourceFormat) -> Bool {
    let isJSON = { (format: SourceFormat) in format == .json || format == .jsonl }
    return self == other || isDelimited && other.isDelimited || isJSON(self) && isJSON(other)
  }
}

extension Database {
  /// Looks at a list of files of this machine.
  func openList(_ source: Source, _ context: (any JobContext)?) throws -> OpenedSource {
    var files: [(name: String, file: InputFile)] = []
    var format: SourceFormat?
    for place in source.locations {
      let file = try InputFile(path: place)
      if file.size == 0 { throw FrameError.empty(place) }
      let start = try file.read(at: 0, count: min(64 << 10, file.size))
      let found =
        try source.format ?? source.options.impliedFormat
        ?? guess(source.part(place), file, start, Content.isGzip(start), context)
      if let format, !found.isRead(with: format) { throw source.other(found, than: format, at: place) }
      format = format ?? found
      files.append((place, file))
    }
    let chosen = format ?? .csv
    try source.options.check(chosen, source.name)
    let standing = InputFile(listing: files.map(\.file), name: source.name)
    switch chosen {
    case .csv, .tsv: return try openDelimited(source, chosen, files, standing: standing, context)
    case .xlsx: return try openWorkbooks(source, files, standing: standing, context)
    case .fwf:
      let isGzip = Content.isGzip(try files[0].file.read(at: 0, count: 2))
      return try openFixed(
        source, files[0].file, isBeginning: false, isGzip: isGzip, files.map(\.file.path), standing: standing, context)
    case .json, .jsonl, .parquet:
      // Each is looked at alone first, which says what is wrong with it, and where.
      for (name, file) in files { _ = try opened(source.part(name).untyped, chosen, file, context) }
      let layout = RemoteLayout(chosen, paths: files.map(\.file.path), source.options)
      var opened = OpenedSource(
        source: source, format: chosen, schema: [], bytes: standing.size,
        notes: [Self.listNote(files.count, standing)], layout: .remote(layout), file: standing, original: standing,
        head: nil)
      opened.schema = try located(opened) { try describe(layout.select) }
      return opened
    }
  }

  /// Looks at delimited texts, each as if it were alone: their delimiters, encodings and headers may differ.
  func openDelimited(
    _ source: Source, _ format: SourceFormat, _ files: [(name: String, file: InputFile)], standing: InputFile,
    _ context: (any JobContext)?
  ) throws -> OpenedSource {
    let parts = try files.map { name, file in
      // What the person chose wins; a name that says nothing is read as the first is.
      let named = SourceFormat(path: name).flatMap { $0.isDelimited ? $0 : nil }
      return try opened(source.part(name).untyped, source.format ?? named ?? format, file, context)
    }
    let list = try DelimitedList(parts, source, isSilent)
    return OpenedSource(
      source: source, format: format, schema: list.columns, bytes: standing.size,
      notes: [Self.listNote(files.count, standing)] + list.notes, layout: .list(list), file: standing,
      original: standing, head: nil)
  }

  /// True where a text column of a small file has no value at all, so that it says nothing of the column's type.
  func isSilent(_ part: OpenedSource, _ column: String) -> Bool {
    guard let head = part.head, head.isWhole, case .delimited(var layout) = part.layout else { return false }
    layout.isGzip = false
    let values = try? query("SELECT count(\(SQL.identifier(column))) FROM (\(layout.select(head.file.path)))")
    return values?.value(0, 0).number == 0
  }
}

extension Source {
  /// Without types of columns, which another file of the list may have.
  fileprivate var untyped: Source {
    var source = self
    source.options.types = [:]
    source.rows = .all
    return source
  }
}
