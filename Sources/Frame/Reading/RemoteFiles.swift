import Cloud
import Foundation
import Jobs

/// Objects of S3 that are read where they are, as one source.
final class RemoteFiles: Sendable {
  let location: S3Location
  let objects: [S3Object]
  private let selection: S3Selection
  private let access: RemoteAccess
  /// True for a list of exactly these objects, in this order.
  private let isList: Bool

  init(
    _ location: S3Location, _ selection: S3Selection, _ objects: [S3Object], _ access: RemoteAccess,
    isList: Bool = false
  ) {
    self.location = location
    self.selection = selection
    self.objects = objects
    self.access = access
    self.isList = isList
  }

  /// The buckets that the objects are in, each once.
  var buckets: Set<String> { Set(objects.map(\.bucket)) }

  var bytes: Int { objects.reduce(0) { $0 + $1.size } }

  /// True while the same objects are there with the same content.
  func isUnchanged() throws -> Bool {
    let client = access.client(nil)
    let now =
      try isList
      ? objects.compactMap { try client.look($0.location) } : RemoteFiles.find(location, selection, client)
    return now.count == objects.count
      && zip(now, objects).allSatisfy { $0.key == $1.key && $0.size == $1.size && $0.tag == $1.tag }
  }

  /// The objects of a list: each address is the key of one.
  /// - Throws: `FrameError` for the first that is not there, or holds nothing.
  static func list(_ addresses: [String], _ client: S3Client) throws -> [S3Object] {
    try addresses.map { address in
      let location = try S3Location(address)
      guard let object = try client.look(location) else {
        throw FrameError(
          .notFound, location: address, what: "there is no such object",
          advice: location.isPattern
            ? "A list names keys as they are: read a pattern alone, as its own source."
            : "See what is there with assay s3 ls s3://\(location.bucket)/.")
      }
      guard object.size > 0 else { throw FrameError.empty(address) }
      return object
    }
  }

  /// The objects that a location means as data: marks of folders, and what starts with `_` or `.`, are none.
  static func find(_ location: S3Location, _ selection: S3Selection, _ client: S3Client) throws -> [S3Object] {
    do {
      let found = try client.objects(location, selection)
      if found.count == 1, found[0].key == location.key { return found }
      return found.filter(isData)
    } catch let error as CloudError {
      throw FrameError(error)
    }
  }

  static func isData(_ object: S3Object) -> Bool {
    guard object.size > 0, let last = object.key.split(separator: "/").last else { return false }
    return last.first != "_" && last.first != "."
  }
}

/// The SQL that reads objects of S3, or a list of files, and what was found out about them.
struct RemoteLayout: Hashable, Sendable {
  var format: SourceFormat
  /// Objects whose keys hold the same columns, as `column=value/`, in the same order.
  struct Part: Hashable, Sendable {
    /// Empty where the keys hold none.
    var columns: [String]
    var addresses: [String]
  }

  /// Those with most columns first. Several where objects of one dataset were divided in different ways: each has the
  /// columns of its key and those of its content.
  var parts: [Part]
  var options: ReadOptions
  /// DuckDB types over what the beginning of the objects suggests.
  var types: [String: String]

  init(_ format: SourceFormat, _ objects: [S3Object], _ options: ReadOptions) {
    self.init(format, paths: [], options)
    let grouped = Dictionary(grouping: objects) { Self.partitions(of: $0.key) }
    parts = grouped.map { Part(columns: $0.key, addresses: $0.value.map(\.location.description)) }
      .sorted { ($1.columns.count, $0.columns.joined()) < ($0.columns.count, $1.columns.joined()) }
  }

  /// Reads files of this machine, whose folders say nothing.
  init(_ format: SourceFormat, paths: [String], _ options: ReadOptions) {
    self.format = format
    self.options = options
    parts = [Part(columns: [], addresses: paths)]
    types = options.types
  }

  /// The columns of a key, `column=value/`, in its order.
  static func partitions(of key: String) -> [String] {
    key.split(separator: "/", omittingEmptySubsequences: false).dropLast().compactMap { folder in
      guard let sign = folder.firstIndex(of: "="), sign > folder.startIndex else { return nil }
      return String(folder[..<sign])
    }
  }

  var select: String {
    let rows = parts.map { "SELECT * FROM \(call($0))" }.joined(separator: " UNION ALL BY NAME ")
    // The reader of JSON takes types of all columns or of none.
    let casts = format == .json || format == .jsonl ? types.sorted { $0.key < $1.key } : []
    if casts.isEmpty { return rows }
    let cast = casts.map { "CAST(\(SQL.identifier($0.key)) AS \($0.value)) AS \(SQL.identifier($0.key))" }
    return "SELECT * REPLACE (\(cast.joined(separator: ", "))) FROM (\(rows))"
  }

  private func call(_ part: Part) -> String {
    let list = part.addresses.map { SQL.text($0) }.joined(separator: ", ")
    var arguments = [
      "[\(list)]", "hive_partitioning = \(!part.columns.isEmpty)", "union_by_name = \(part.addresses.count > 1)",
    ]
    let typed = types.sorted { $0.key < $1.key }.map { "\(SQL.text($0.key)): \(SQL.text($0.value))" }
    switch format {
    case .csv, .tsv:
      if let delimiter = options.delimiter ?? (format == .tsv ? "\t" : nil) {
        arguments.append("delim = \(SQL.text(delimiter))")
      }
      if let quote = options.quote { arguments.append("quote = \(SQL.text(quote))") }
      if let escape = options.escape { arguments.append("escape = \(SQL.text(escape))") }
      if let names = options.names, !names.isEmpty {
        arguments.append("names = [\(names.map { SQL.text($0) }.joined(separator: ", "))]")
      }
      if let hasHeader = options.hasHeader { arguments.append("header = \(hasHeader)") }
      if !typed.isEmpty { arguments.append("types = {\(typed.joined(separator: ", "))}") }
      return "read_csv(\(arguments.joined(separator: ", ")))"
    case .json, .jsonl:
      arguments += [
        "maximum_object_size = 67108864", "map_inference_threshold = -1", "sample_size = \(JSONLayout.sample)",
      ]
      return "read_json(\(arguments.joined(separator: ", ")))"
    case .parquet, .xlsx, .fwf: return "read_parquet(\(arguments.joined(separator: ", ")))"
    }
  }
}

extension Database {
  /// True where a place elsewhere can be asked for its rows: it is on S3 or in the catalogue, and credentials are at hand.
  public static func canReach(
    _ location: String, environment: [String: String] = ProcessInfo.processInfo.environment
  ) -> Bool {
    (S3Location.isMeant(by: location) || CatalogAddress.isMeant(by: location))
      && CloudSettings(environment: environment).namesCredentials
  }

  /// Objects up to this size are read into a file of this machine when they hold text: that is read as any local file.
  static let stagedSize = 64 << 20

  /// Looks at a source on S3: one object, all below a prefix, or all that fit a pattern.
  func openRemote(_ source: Source, context: (any JobContext)?) throws -> OpenedSource {
    do {
      return try openRemoteUnwrapped(source, context)
    } catch let error as CloudError {
      throw FrameError(error)
    }
  }

  private func openRemoteUnwrapped(_ source: Source, _ context: (any JobContext)?) throws -> OpenedSource {
    if CatalogAddress.isMeant(by: source.location) { return try openCatalog(source, context) }
    let location = try S3Location(source.location)
    let client = remote.client(context)
    let selection = S3Selection(
      from: try instant(source.options.changedFrom), until: try instant(source.options.changedUntil))
    let isList = !source.also.isEmpty
    let objects =
      try isList
      ? RemoteFiles.list(source.locations, client) : RemoteFiles.find(location, selection, client)
    guard let first = objects.first else {
      throw FrameError(
        .notFound, location: source.location, what: "no object holds data here",
        advice: "Marks of folders, and names that start with _ or ., are not read; look with assay s3 ls.")
    }
    let format = try remoteFormat(source, objects, client)
    if isList { try source.checkListFormat(format) }
    try source.options.check(format, source.name)
    let files = RemoteFiles(location, selection, objects, remote, isList: isList)
    if format == .xlsx { return try openWorkbooks(source, files, context) }
    let isText = format != .parquet
    if objects.count == 1, first.size == 0 { throw FrameError.empty(source.name) }
    // DuckDB makes columns of the folders of a key, which a copy here has none of.
    let hasFolders = objects.allSatisfy { !RemoteLayout.partitions(of: $0.key).isEmpty }
    if objects.count == 1, isText, first.size <= Self.stagedSize && !hasFolders || source.options.skipBadRows {
      return try opened(source, format, remote.staged(first, context), context)
    }
    if isList, format.isDelimited, files.bytes <= Self.stagedSize, !hasFolders {
      let parts = try objects.map {
        (name: $0.location.description, file: try remote.staged($0, context))
      }
      return try openDelimited(
        source, format, parts, standing: InputFile(remote: files, name: source.name), context)
    }
    if source.options.skipBadRows {
      throw FrameError(
        .unsupportedFormat, location: source.location, what: "rows are left out of one object at a time alone",
        advice: "Name one object, or mend the rows of the wrong length.")
    }
    if let odd = objects.first(where: { $0.key.contains { "*?[".contains($0) } }) {
      throw FrameError(
        .unsupportedFormat, location: odd.location.description, what: "DuckDB reads no key with *, ? or [",
        advice: "Copy it under another name with assay s3 cp.")
    }
    for bucket in files.buckets { try remote.prepare(bucket, context) { try execute($0) } }
    if format == .fwf { return try openFixed(source, files, client, context) }
    let layout = RemoteLayout(format, objects, source.options)
    let file = try InputFile(remote: files, name: source.name)
    var opened = OpenedSource(
      source: source, format: format, schema: [], bytes: file.size, notes: [], layout: .remote(layout), file: file,
      original: file, head: nil)
    opened.schema = try located(opened) { try describe(layout.select) }
    if objects.count > 1 { opened.notes.append(Self.listNote(objects.count, file)) }
    if layout.parts.count > 1 {
      let ways = layout.parts.map { $0.columns.isEmpty ? "not at all" : "by " + $0.columns.joined(separator: ", ") }
      opened.notes.append(
        "The objects are divided in different ways (\(ways.joined(separator: "; "))): columns that a key has not are "
          + "read from the content.")
    }
    return opened
  }

  private func instant(_ text: String?) throws -> Date? {
    guard let text else { return nil }
    guard let date = CivilDate.instant(text) else {
      throw FrameError(
        .query, what: "\"\(text)\" is no time with a zone", advice: "Write it as 2026-11-26T14:00:00Z or 2026-11-26.")
    }
    return date
  }

  private func remoteFormat(_ source: Source, _ objects: [S3Object], _ client: S3Client) throws -> SourceFormat {
    if let format = source.format ?? source.options.impliedFormat { return format }
    let named = objects.lazy.filter { !SourceFormat.isVague($0.key) }.compactMap { SourceFormat(path: $0.key) }.first
    if let named { return named }
    guard let first = objects.first(where: { $0.size > 0 }) else { return .csv }
    let start = Array(try client.get(first.location, range: 0...min(first.size, 64 << 10) - 1))
    // What is packed is not looked into.
    if Content.isGzip(start) { return .csv }
    let format = SourceFormat(content: start)
    guard format == .csv else { return format }
    let beginning = try ScratchFile.inMemory(start, name: source.name)
    return try textFormat(source, beginning, isGzip: false, nil)
  }

  /// Looks at fixed-width text in several objects, or in a large one: the first says the columns of all.
  private func openFixed(
    _ source: Source, _ files: RemoteFiles, _ client: S3Client, _ context: (any JobContext)?
  ) throws -> OpenedSource {
    guard let first = files.objects.first(where: { $0.size > 0 }) else { throw FrameError.empty(source.name) }
    let file = try InputFile(remote: files, name: source.name)
    let beginning: InputFile
    if first.size <= Self.stagedSize {
      beginning = try remote.staged(first, context)
    } else {
      let bytes = Array(try client.get(first.location, range: 0...DelimitedOpener.headSize - 1))
      beginning = try ScratchFile.inMemory(bytes, name: source.name)
    }
    let isGzip = Content.isGzip(try beginning.read(at: 0, count: 2))
    if isGzip, first.size > Self.stagedSize {
      throw FrameError(
        .unsupportedFormat, location: source.location, what: "fixed-width text of this size is not read packed",
        advice: "Unpack it, or copy it here with assay s3 cp.")
    }
    let addresses = files.objects.filter { $0.size > 0 }.map(\.location.description)
    return try openFixed(
      source, beginning, isBeginning: first.size > Self.stagedSize, isGzip: isGzip, addresses,
      FolderColumns(files.objects, types: source.options.types), standing: file, context)
  }

  /// Looks at fixed-width text in several places, whose columns are those of the first.
  func openFixed(
    _ source: Source, _ beginning: InputFile, isBeginning: Bool, isGzip: Bool, _ addresses: [String],
    _ folders: FolderColumns = .none, standing file: InputFile, _ context: (any JobContext)?
  ) throws -> OpenedSource {
    var text = source
    text.options.types = text.options.types.filter { !folders.has($0.key) }
    let opener = FixedOpener(database: self, source: text, isGzip: isGzip, context: context)
    let one = try opener.open(beginning, isBeginning: isBeginning)
    guard case .fixed(var layout) = one.layout else { throw FrameError.empty(source.name) }
    guard one.file === one.original else {
      let single = file.remote == nil ? "file" : "object"
      throw FrameError(
        .encoding, location: source.location, what: "the text is not UTF-8, or its lines end in different ways",
        advice: "Convert it, or name one \(single), which is then read through a copy.")
    }
    layout.addresses = addresses
    layout.folders = folders.columns
    let notes = addresses.count > 1 ? [Self.listNote(addresses.count, file)] : []
    return OpenedSource(
      source: source, format: .fwf, schema: layout.schema, bytes: file.size, notes: one.notes + notes,
      layout: .fixed(layout), file: file, original: file, head: nil)
  }

  /// Says that several places are one dataset.
  static func listNote(_ count: Int, _ file: InputFile) -> String {
    "\(count.grouped) \(file.remote == nil ? "files" : "objects") are read as one dataset."
  }

  /// Hands DuckDB the credentials for the buckets of addresses, anew where they are about to expire.
  func prepareRemote(_ opened: OpenedSource, context: (any JobContext)?) throws {
    guard let files = opened.original.remote else { return }
    // Sheets, and small texts of a list, are read from copies here.
    switch opened.layout {
    case .sheets, .list: return
    case .delimited, .json, .parquet, .fixed, .remote, .cluster: break
    }
    do {
      for bucket in files.buckets { try remote.prepare(bucket, context) { try execute($0) } }
    } catch let error as CloudError {
      throw FrameError(error)
    }
  }
}

extension FrameError {
  /// What a cloud service refused, as trouble with data.
  init(_ error: CloudError) {
    let problem: Problem =
      switch error.problem {
      case .noBucket, .noObject, .notFound: .notFound
      case .changed: .changedWhileOpen
      case .readOnly: .notWritable
      default: .notReadable
      }
    self.init(
      problem, location: error.location, what: error.what + (error.code.map { " (\($0))" } ?? ""),
      advice: error.advice)
  }
}
