import Foundation

/// An Excel workbook (.xlsx, .xlsm): its sheets, the texts that they share, and its formats.
///
/// DuckDB's own reader is not asked: it takes a column's type from one row and fails at the first value of another, ends
/// at an empty row or header cell, and gives dates in a column of text as numbers of days.
final class Workbook {
  struct Sheet: Hashable, Sendable {
    var name: String
    /// The name of its part.
    var part: String
  }

  let file: InputFile
  let sheets: [Sheet]
  let formats: CellFormats
  private let archive: ZipArchive
  private let textsPart: String?

  /// - Throws: `FrameError` for what is no workbook of this kind, damaged, or protected.
  init(_ file: InputFile) throws {
    self.file = file
    let archive = try Self.archive(file)
    self.archive = archive
    let root = try Self.relationships(archive, "_rels/.rels", base: "")
    let main = root.first { $0.type.hasSuffix("/officeDocument") }?.target ?? "xl/workbook.xml"
    guard archive[main] != nil else { throw Self.foreign(archive, main) }
    if main.lowercased().hasSuffix(".bin") { throw Self.foreign(archive, main) }
    let folder = main.split(separator: "/").dropLast().joined(separator: "/")
    let base = folder.isEmpty ? "" : folder + "/"
    let links = try Self.relationships(
      archive, base + "_rels/" + (main.split(separator: "/").last ?? "") + ".rels", base: base)
    var (sheets, countsFrom1904): ([Sheet], Bool) = ([], false)
    try Self.reading(archive, main) { xml in
      guard xml.name == Names.sheet || xml.name == Names.workbookPr else { return }
      if xml.name == Names.workbookPr {
        let flag = xml.attribute(Names.date1904).map { String(decoding: $0, as: UTF8.self) }
        countsFrom1904 = flag == "1" || flag == "true"
      } else if let name = xml.attribute(Names.name), let id = xml.attribute(Names.id),
        let link = links.first(where: { $0.id == String(decoding: id, as: UTF8.self) }),
        // Sheets of charts and macros hold no cells.
        link.type.hasSuffix("/worksheet"), archive[link.target] != nil
      {
        sheets.append(Sheet(name: String(decoding: name, as: UTF8.self), part: link.target))
      }
    }
    guard !sheets.isEmpty else { throw ZipArchive.damaged(file, "it has no sheet of cells") }
    self.sheets = sheets
    textsPart = links.first { $0.type.hasSuffix("/sharedStrings") && archive[$0.target] != nil }?.target
    let styles = links.first { $0.type.hasSuffix("/styles") && archive[$0.target] != nil }?.target
    var formats = try styles.map { part in try Self.pulling(archive, part) { try CellFormats($0) } } ?? CellFormats()
    formats.countsFrom1904 = countsFrom1904
    self.formats = formats
  }

  /// The sheet that a person means: by name, letters' case aside where nothing else fits, or by its number from 1; the
  /// first without a word.
  func sheet(_ wanted: String?) throws -> Sheet {
    guard let wanted, !wanted.isEmpty else { return sheets[0] }
    if let exact = sheets.first(where: { $0.name == wanted }) { return exact }
    let loose = sheets.filter { $0.name.lowercased() == wanted.lowercased() }
    if loose.count == 1 { return loose[0] }
    if let number = Int(wanted), sheets.indices.contains(number - 1) { return sheets[number - 1] }
    throw FrameError(
      .noSuchSheet, location: file.name, what: "there is no sheet \(wanted)",
      advice: sheets.count == 1
        ? "Its one sheet is \(sheets[0].name)." : "The sheets are \(Self.listed(sheets.map(\.name))).")
  }

  /// Up to twenty names.
  static func listed(_ names: [String]) -> String {
    let shown = names.prefix(20).joined(separator: ", ")
    return names.count > 20 ? shown + " and \(names.count - 20) more" : shown
  }

  /// The texts that cells name by number.
  func texts(_ check: () throws -> Void) throws -> SharedTexts {
    guard let textsPart else { return SharedTexts() }
    return try Self.pulling(archive, textsPart) { try SharedTexts($0, check) }
  }

  /// Reads the part of a sheet; the second argument says how far it is.
  func reading<Result>(_ sheet: Sheet, _ body: (XMLPuller, () -> Double) throws -> Result) throws -> Result {
    guard let part = archive[sheet.part] else { throw ZipArchive.damaged(file, "\(sheet.part) is missing") }
    let stream = try archive.stream(part)
    do {
      return try body(XMLPuller { try stream.next() }) { stream.fraction }
    } catch is XMLPuller.Flaw {
      throw ZipArchive.damaged(file, "\(sheet.part) is not XML")
    }
  }

  // MARK: Parts

  private struct Link {
    var id: String
    var type: String
    var target: String
  }

  private static func relationships(_ archive: ZipArchive, _ name: String, base: String) throws -> [Link] {
    guard archive[name] != nil else { return [] }
    var links: [Link] = []
    try reading(archive, name) { xml in
      guard xml.name == Names.relationship else { return }
      func text(_ key: XMLPuller.Key) -> String { xml.attribute(key).map { String(decoding: $0, as: UTF8.self) } ?? "" }
      let target = text(Names.target)
      let path = target.hasPrefix("/") ? String(target.dropFirst()) : base + target
      links.append(Link(id: text(Names.idCapital), type: text(Names.type), target: Self.plain(path)))
    }
    return links
  }

  /// A path without `.` and `..`.
  private static func plain(_ path: String) -> String {
    var parts: [Substring] = []
    for part in path.split(separator: "/") where part != "." {
      if part == ".." { _ = parts.popLast() } else { parts.append(part) }
    }
    return parts.joined(separator: "/")
  }

  /// Gives `body` every element of a part as it starts.
  private static func reading(_ archive: ZipArchive, _ name: String, _ body: (XMLPuller) throws -> Void) throws {
    try pulling(archive, name) { xml in
      while let event = try xml.next() {
        if case .start = event { try body(xml) }
      }
    }
  }

  private static func pulling<Result>(
    _ archive: ZipArchive, _ name: String, _ body: (XMLPuller) throws -> Result
  ) throws -> Result {
    guard let part = archive[name] else { throw ZipArchive.damaged(archive.file, "\(name) is missing") }
    let stream = try archive.stream(part)
    do {
      return try body(XMLPuller { try stream.next() })
    } catch is XMLPuller.Flaw {
      throw ZipArchive.damaged(archive.file, "\(name) is not XML")
    }
  }

  // MARK: What is no workbook

  private static func archive(_ file: InputFile) throws -> ZipArchive {
    let start = try file.read(at: 0, count: min(64, file.size))
    if start.starts(with: [0xD0, 0xCF, 0x11, 0xE0]) { throw try compound(file) }
    if Content.isGzip(start) {
      throw FrameError(
        .unsupportedFormat, location: file.name, what: "the workbook is packed with gzip",
        advice: "Unpack it first: a workbook is packed in itself.")
    }
    guard start.starts(with: [0x50, 0x4B]) else {
      throw FrameError(
        .unsupportedFormat, location: file.name, what: "this is no Excel workbook",
        advice: Content.isBinary(start)
          ? "Check the name." : "It looks like text: read it with --input-format csv, or give it that ending.")
    }
    return try ZipArchive(file)
  }

  /// A compound file holds a workbook of Excel 97 to 2003, or an encrypted one.
  private static func compound(_ file: InputFile) throws -> FrameError {
    let mark = "EncryptedPackage".utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
    let count = min(file.size, 4 << 20)
    let bytes = try file.read(at: 0, count: count) + file.read(at: file.size - count, count: count)
    guard Data(bytes).range(of: Data(mark)) != nil else {
      return FrameError(
        .unsupportedFormat, location: file.name, what: "this is a workbook of Excel 97 to 2003 (.xls)",
        advice: "Open it in a spreadsheet and save it as .xlsx.")
    }
    return FrameError(
      .unsupportedFormat, location: file.name, what: "the workbook is protected by a password",
      advice: "Open it in a spreadsheet and save it without a password.")
  }

  private static func foreign(_ archive: ZipArchive, _ main: String) -> FrameError {
    let what =
      if archive["xl/workbook.bin"] != nil {
        "this is a binary workbook (.xlsb)"
      } else if archive["content.xml"] != nil {
        "this is an OpenDocument file"
      } else if archive["word/document.xml"] != nil {
        "this is a Word document"
      } else {
        "this is a ZIP archive and no Excel workbook"
      }
    return FrameError(
      .unsupportedFormat, location: archive.file.name, what: what,
      advice: "Open it in a spreadsheet and save it as .xlsx, or unpack it first.")
  }
}

/// Texts that cells name by number, one after the other in one piece of memory.
struct SharedTexts {
  private var bytes: [UInt8] = []
  private var ends: [Int] = []

  init() {}

  init(_ xml: XMLPuller, _ check: () throws -> Void) throws {
    var (isInText, phonetic) = (false, 0)
    while let event = try xml.next() {
      switch (event, xml.name) {
      case (.start, Names.text): isInText = phonetic == 0
      case (.end, Names.text): isInText = false
      case (.start, Names.phonetic): phonetic += 1
      case (.end, Names.phonetic): phonetic -= 1
      case (.text, _): if isInText { xml.appendText(to: &bytes) }
      case (.end, Names.item):
        ends.append(bytes.count)
        if ends.count % 4096 == 0 { try check() }
      default: break
      }
    }
  }

  var count: Int { ends.count }

  subscript(index: Int) -> ArraySlice<UInt8>? {
    guard ends.indices.contains(index) else { return nil }
    return bytes[(index == 0 ? 0 : ends[index - 1])..<ends[index]]
  }
}
