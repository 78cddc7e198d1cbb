import Foundation
import Jobs
import Testing

@testable import Frame

/// Excel workbooks as sources and targets. The files were written by openpyxl.
@Suite struct WorkbookTests {
  private let database: Database
  private let folder: Folder

  init() throws {
    database = try Database()
    folder = try Folder()
  }

  private func path(_ name: String) throws -> String {
    try #require(Bundle.module.url(forResource: name, withExtension: "xlsx", subdirectory: "Workbooks")).path
  }

  private func open(_ name: String, _ options: ReadOptions = ReadOptions()) throws -> OpenedSource {
    try database.open(Source(location: path(name), options: options))
  }

  private func rows(_ opened: OpenedSource) throws -> [String] { lines(try database.query(opened.sql)) }

  private func odd(_ sheet: String, _ options: ReadOptions = ReadOptions()) throws -> OpenedSource {
    var options = options
    options.sheet = sheet
    return try open("odd", options)
  }

  private func types(_ opened: OpenedSource) -> [String] { opened.schema.map { "\($0.name) \($0.type)" } }

  @Test func theFirstSheetIsReadWithItsTypes() throws {
    let opened = try open("sales")
    #expect(opened.format == .xlsx)
    #expect(
      types(opened) == ["id BIGINT", "name VARCHAR", "amount DOUBLE", "day DATE", "when TIMESTAMP", "ok BOOLEAN"])
    #expect(try rows(opened)[1] == "2|n2|3.0|2024-01-02|2024-01-02 10:30:00|true")
    #expect(opened.notes.isEmpty, "\(opened.notes)")
    #expect(try database.preview(opened, rows: 2).table.rowCount == 2)
    #expect(try database.rowCount(opened) == 5)
    #expect(try database.load(opened, into: "loaded").rowCount == 5)
  }

  @Test func aSheetIsFoundByNameAndByNumber() throws {
    #expect(try database.sheets(Source(location: path("sales"))) == ["Sales", "Notes & more", "Empty"])
    for name in ["Notes & more", "notes & MORE", "2"] {
      #expect(try rows(open("sales", ReadOptions(sheet: name))) == ["a|1"], "\(name)")
    }
    let error = try #require(throws: FrameError.self) { try open("sales", ReadOptions(sheet: "Nowhere")) }
    #expect(error.problem == .noSuchSheet)
    #expect(error.description.hasSuffix("there is no sheet Nowhere. The sheets are Sales, Notes & more, Empty."))
  }

  @Test func anEmptySheetSaysWhichOthersThereAre() throws {
    let error = try #require(throws: FrameError.self) { try open("sales", ReadOptions(sheet: "Empty")) }
    #expect(error.problem == .empty)
    #expect(error.description.contains("the sheet Empty is empty. The sheets are Sales, Notes & more, Empty."))
  }

  @Test func cellsAreReadFromARange() throws {
    #expect(try rows(open("sales", ReadOptions(range: "A1:B3"))) == ["1|n1", "2|n2"])
    #expect(try types(open("sales", ReadOptions(range: "b:c"))) == ["name VARCHAR", "amount DOUBLE"])
    #expect(try types(open("sales", ReadOptions(range: "B3:C6"))) == ["B VARCHAR", "C DOUBLE"])
    #expect(try rows(open("sales", ReadOptions(hasHeader: false, range: "1:2"))).count == 2)
    for wrong in ["nonsense", "A", "A0:B2", "A1:B2:C3", "XFE1:XFF2"] {
      let error = try #require(throws: FrameError.self) { try open("sales", ReadOptions(range: wrong)) }
      #expect(error.description.contains("is no range of cells"), "\(error)")
    }
    let beyond = try #require(throws: FrameError.self) { try open("sales", ReadOptions(range: "Z1:Z9")) }
    #expect(beyond.description.contains("Choose another range of cells."))
  }

  @Test func aColumnOfNumbersAndTextIsTextAndSaysSo() throws {
    let opened = try odd("mixed")
    #expect(types(opened) == ["n BIGINT", "m VARCHAR"])
    #expect(try rows(opened)[1500] == "1500|n/a")
    #expect(try rows(opened)[1599] == "1599|1599")
    #expect(
      opened.notes == [
        "Column m is read as text: 1 of its 1,600 values is text, first \"n/a\" in B1502, the others numbers."
      ])
    let kinds = try odd("kinds")
    #expect(try rows(kinds) == ["1|2024-01-02", "true|5", "2024-01-02 03:04:05|x", "2.5|·"])
    #expect(types(kinds) == ["a VARCHAR", "b VARCHAR"])
  }

  @Test func namesAreMadeUniqueAndGiven() throws {
    let opened = try odd("heads")
    #expect(opened.schema.map(\.name) == ["a", "a_1", "column3", "A_2", "column5", "b"])
    #expect(opened.notes.count == 2)
    #expect(try rows(opened) == ["1|2|3|4|5|6"])
    #expect(try odd("plain").schema.map(\.name) == ["A", "B"])
    #expect(try odd("plain", ReadOptions(names: ["x"])).schema.map(\.name) == ["x", "B"])
    #expect(try odd("plain", ReadOptions(hasHeader: true)).schema.map(\.name) == ["0", "0_1"])
  }

  @Test func whatHoldsNoValueIsMissingAndTold() throws {
    let errors = try odd("errors")
    #expect(try rows(errors) == ["1|2", "·|3", "4|5"])
    #expect(errors.notes == ["1 cell holds an error and is missing here: A3 holds #DIV/0!."])
    let formulas = try odd("formulas")
    #expect(try rows(formulas) == ["1|·", "2|·"])
    #expect(formulas.notes.first?.hasPrefix("2 formulas have no value in the file, first B2") == true)
    let merged = try odd("merged")
    #expect(try rows(merged) == ["x|1", "·|2", "y|3"])
    #expect(merged.notes.first?.hasPrefix("1 merged cell spans several rows, first A2:A3") == true)
  }

  @Test func emptyRowsAndTitlesDoNotEndTheTable() throws {
    let gap = try odd("gap")
    #expect(try rows(gap) == ["1|2", "3|4"])
    #expect(gap.notes == ["1 empty row was left out."])
    let title = try odd("title")
    #expect(title.schema.map(\.name) == ["a", "b"])
    #expect(try rows(title) == ["1|2", "3|4"])
    #expect(title.notes.first?.contains("\"Quarterly report\", \"North only\"") == true)
    #expect(try odd("offset").schema.map(\.name) == ["a", "b", "f"])
    #expect(try rows(odd("offset")) == ["1|2|9"])
    let empty = try odd("header only")
    #expect(try rows(empty).isEmpty)
    #expect(empty.schema.map(\.name) == ["a", "b"])
    #expect(empty.notes == ["The sheet has a header and no rows."])
    #expect(try database.load(empty, into: "empty").rowCount == 0)
  }

  @Test func numbersDatesAndTextsKeepTheirValues() throws {
    #expect(try rows(odd("digits")) == ["9007199254740992.0|00123", "0.1|1e5", "1e+300|·"])
    let dates = try odd("dates")
    #expect(
      types(dates) == [
        "d TIMESTAMP", "t TIME", "p DOUBLE", "long VARCHAR", "money DOUBLE", "text TIMESTAMP",
      ])
    #expect(
      try rows(dates) == [
        "1900-03-01 00:00:00|10:00:05|0.5|25:30:00|12.5|2024-02-29 23:59:59.999",
        "1960-03-01 00:00:00|10:01:05|0.25|01:00:00|-3.0|2024-02-29 00:00:00",
      ])
    #expect(try rows(open("from1904")) == ["2020-05-17"])
    #expect(
      try rows(odd("texts")) == [
        "say \"hi\", he said", "two\nlines", "Zoë 東京 🙂", " padded ", "A a_x",
      ])
  }

  @Test func formatsOfDatesAreToldFromOthers() {
    let dates: [String: CellFormats.Meaning] = [
      "yyyy-mm-dd": .date, "mmm": .date, "d/m/yy h:mm": .timestamp, "[h]:mm:ss": .time, "mm:ss.0": .time,
      "[$-409]d\\-mmm\\-yy;@": .date, "h:mm AM/PM": .time, "General": .number, "0.00E+00": .number,
      "#,##0 \"days\"": .number, "[Red]0.0;[Blue]-0.0": .number, "0.0_d": .number, "@": .number,
    ]
    for (code, meaning) in dates { #expect(CellFormats.meaning(code) == meaning, "\(code)") }
    let formats = CellFormats()
    #expect(formats.milliseconds(1) == -2_208_988_800_000)
    #expect(formats.milliseconds(61) == -2_203_891_200_000)
    #expect(formats.milliseconds(-1) == nil)
  }

  @Test func whatIsNoWorkbookIsRefusedByItsName() throws {
    func complaint(_ name: String, _ bytes: [UInt8]) throws -> String {
      try FrameTests.complaint(folder.file(name, bytes))?.replacing(folder.path + "/", with: "") ?? "none"
    }
    let compound: [UInt8] = [0xD0, 0xCF, 0x11, 0xE0] + Array(repeating: 0, count: 600)
    #expect(
      try complaint("a.xls", compound)
        == "a.xls: this is a workbook of Excel 97 to 2003 (.xls). Open it in a spreadsheet and save it as .xlsx.")
    let encrypted = compound + "EncryptedPackage".utf16.flatMap { [UInt8($0 & 0xFF), 0] } + compound
    #expect(try complaint("b.xlsx", encrypted).hasPrefix("b.xlsx: the workbook is protected by a password."))
    #expect(try complaint("c.xlsx", Array("a,b\n1,2\n".utf8)).contains("read it with --input-format csv"))
    #expect(try complaint("d.xlsx", []).contains("the file is empty"))
    let whole = Array(try Data(contentsOf: URL(fileURLWithPath: path("sales"))))
    #expect(try complaint("e.xlsx", Array(whole.prefix(whole.count / 2))).contains("the workbook is damaged"))
    #expect(try complaint("f.csv", whole).contains("Read a workbook with --input-format xlsx"))
    var gzip: [UInt8] = [0x1F, 0x8B, 8]
    gzip += whole
    #expect(try complaint("g.xlsx.gz", gzip).contains("the workbook is packed with gzip"))
  }

  /// Every byte of the archive may be wrong: what comes is rows or an error, never a crash.
  @Test func damagedWorkbooksEndInErrors() throws {
    let whole = Array(try Data(contentsOf: URL(fileURLWithPath: path("sales"))))
    var (errors, seed) = (0, UInt64(7))
    for _ in 0..<400 {
      var bytes = whole
      for _ in 0..<3 {
        seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        bytes[Int(seed >> 33) % bytes.count] = UInt8(truncatingIfNeeded: seed >> 20)
      }
      if try FrameTests.complaint(folder.file("bent.xlsx", bytes)) != nil { errors += 1 }
    }
    #expect(errors > 100)
  }

  /// Sizes, counts and places of 64 bits may be anything too: beyond every file, or below zero.
  @Test func wildNumbersOfALargeArchiveEndInErrors() throws {
    let whole = Array(try Data(contentsOf: URL(fileURLWithPath: path("sales"))))
    let end = whole.count - 22
    func bytes(_ number: UInt64, _ count: Int) -> [UInt8] {
      (0..<count).map { UInt8(truncatingIfNeeded: number >> (8 * UInt64($0))) }
    }
    for wild in [UInt64.max, 1 << 63, UInt64(Int64.max), 1 << 40, 0] {
      for field in 0..<4 {
        // The record with the wide numbers, what says where it stands, and the end that leaves them to it.
        var numbers: [UInt64] = [UInt64(whole.count), 7, UInt64(whole.count - 200), UInt64(end)]
        numbers[field] = wild
        let record =
          bytes(0x0606_4B50, 4) + bytes(44, 8) + bytes(45, 2) + bytes(45, 2) + bytes(0, 8)
          + bytes(numbers[1], 8) + bytes(numbers[1], 8) + bytes(numbers[0], 8) + bytes(numbers[2], 8)
        let locator = bytes(0x0706_4B50, 4) + bytes(0, 4) + bytes(numbers[3], 8) + bytes(1, 4)
        let tail =
          bytes(0x0605_4B50, 4) + bytes(0, 4) + bytes(0xFFFF, 2) + bytes(0xFFFF, 2)
          + bytes(0xFFFF_FFFF, 4) + bytes(0xFFFF_FFFF, 4) + bytes(0, 2)
        let place = try folder.file("wide.xlsx", Array(whole[..<end]) + record + locator + tail)
        #expect(try FrameTests.complaint(place)?.contains("the workbook is damaged") == true, "\(wild) \(field)")
      }
    }
  }

  @Test func aWorkbookThatChangesIsReadAnew() throws {
    let place = try folder.file("a.xlsx", Array(try Data(contentsOf: URL(fileURLWithPath: path("sales")))))
    let opened = try database.open(Source(location: place))
    Thread.sleep(forTimeInterval: 0.02)
    try Data(contentsOf: URL(fileURLWithPath: path("from1904"))).write(to: URL(fileURLWithPath: place))
    let handle = try #require(FileHandle(forWritingAtPath: place))
    try handle.write(contentsOf: Data([0x50]))
    try handle.close()
    #expect(try database.open(Source(location: place)).schema.map(\.name) == ["d"])
    #expect(throws: Never.self) { try database.query(opened.sql) }
  }

  @Test func whatTheFormatHasNoUseForIsRefused() throws {
    let csv = try folder.file("a.csv", "a,b\n1,2\n")
    // What asks for a sheet means a workbook, whatever the name says.
    #expect(try complaint(csv, options: ReadOptions(sheet: "x"))?.contains("this is no Excel workbook") == true)
    let json = try folder.file("a.json", "[{\"a\":1}]")
    let sheet = try #require(throws: FrameError.self) {
      try database.open(Source(location: json, format: .json, options: ReadOptions(sheet: "x")))
    }
    #expect(sheet.description.contains("this is no workbook"))
    let names = try #require(throws: FrameError.self) {
      try database.open(Source(location: json, options: ReadOptions(names: ["x"])))
    }
    #expect(names.description.contains("columns that have theirs"))
    let widths = try #require(throws: FrameError.self) {
      try database.open(Source(location: csv, format: .csv, options: ReadOptions(widths: [1, 2])))
    }
    #expect(widths.description.contains("this is no fixed-width text"))
  }

  // MARK: Writing

  private func written(_ sql: String) throws -> OpenedSource {
    let place = folder.path + "/out.xlsx"
    try database.write(sql, to: place)
    return try database.open(Source(location: place))
  }

  @Test func whatIsWrittenComesBack() throws {
    let sql = """
      SELECT 1 AS id, 'it''s "x", <y> & z' AS text, 0.1::FLOAT AS small, 2.5 AS number, DATE '2024-02-29' AS day,
        TIMESTAMP '2024-02-29 10:30:00.123' AS moment, TIME '10:00:01' AS hour, true AS flag, 'a' || chr(13) || chr(10) || 'b' AS lines
      UNION ALL SELECT NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '_x0041_'
      """
    let opened = try written(sql)
    #expect(
      types(opened) == [
        "id BIGINT", "text VARCHAR", "small DOUBLE", "number DOUBLE", "day DATE", "moment TIMESTAMP", "hour TIME",
        "flag BOOLEAN", "lines VARCHAR",
      ])
    #expect(
      try rows(opened) == [
        "1|it's \"x\", <y> & z|0.1|2.5|2024-02-29|2024-02-29 10:30:00.123|10:00:01|true|a\r\nb",
        "·|·|·|·|·|·|·|·|_x0041_",
      ])
  }

  @Test func whatASpreadsheetWouldChangeIsWrittenAsText() throws {
    let opened = try written(
      """
      SELECT 9007199254740993 AS big, DATE '1850-01-01' AS old, TIMESTAMPTZ '2024-01-01 10:00:00+00' AS zone, [1, 2] AS list,
        'nan'::DOUBLE AS nothing, 'bell' || chr(7) AS bell, 12345678901234567.89::DECIMAL(20, 2) AS exact
      """)
    #expect(
      try rows(opened) == [
        "9007199254740993|1850-01-01|2024-01-01 10:00:00+00|[1, 2]|·|bell\u{FFFD}|12345678901234567.89"
      ])
    #expect(opened.schema[0].type == "VARCHAR")
  }

  @Test func whatFitsInNoSheetIsRefusedBeforeItIsWritten() throws {
    let place = try folder.file("kept.xlsx", "an older file")
    let many = try #require(throws: FrameError.self) {
      try database.write("SELECT i FROM range(1048576) t(i)", to: place)
    }
    #expect(
      many.description
        == "\(place): these are more rows than the 1,048,575 of a sheet. Write fewer, or write Parquet or CSV.")
    let wide = (0...16_384).map { "1 AS c\($0)" }.joined(separator: ", ")
    #expect(throws: FrameError.self) { try database.write("SELECT \(wide)", to: place) }
    let long = try #require(throws: FrameError.self) {
      try database.write("SELECT repeat('x', 32768) AS t", to: place)
    }
    #expect(long.column == "t")
    #expect(throws: FrameError.self) { try database.write("SELECT 1 AS a", to: folder.path + "/a.xlsx.gz") }
    let fixed = try #require(throws: FrameError.self) {
      try database.write("SELECT 1 AS a", to: folder.path + "/a.fwf")
    }
    #expect(fixed.description.contains("read and not written"))
    #expect(try String(contentsOfFile: place, encoding: .utf8) == "an older file")
    #expect(try database.query("SELECT count(*) FROM duckdb_tables()").value(0, 0) == .integer(0))
  }

  @Test func aResultWithoutRowsIsASheetWithAHeader() throws {
    let opened = try written("SELECT 1 AS a, 'x' AS b WHERE false")
    #expect(opened.schema.map(\.name) == ["a", "b"])
    #expect(try rows(opened).isEmpty)
  }
}
