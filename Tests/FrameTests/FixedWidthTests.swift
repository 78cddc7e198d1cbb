import Foundation
import Testing

@testable import Frame

/// Fixed-width text as a source.
@Suite struct FixedWidthTests {
  private let database: Database
  private let folder: Folder

  init() throws {
    database = try Database()
    folder = try Folder()
  }

  private static let towns = "1  Herfelingen 27-12-18\n2    Lambusart 14-06-18\n3 Spormaggiore 15-04-18\n"

  private func open(
    _ name: String, _ text: String, _ options: ReadOptions = ReadOptions(), as format: SourceFormat? = nil
  ) throws -> OpenedSource {
    try database.open(Source(location: folder.file(name, text), format: format, options: options))
  }

  /// All rows, and the source as it was read in the end.
  private func read(_ opened: OpenedSource) throws -> (rows: [String], source: OpenedSource) {
    let (table, source) = try database.reading(opened) { try database.query($0.sql) }
    return (lines(table), source)
  }

  private func rows(_ opened: OpenedSource) throws -> [String] { try read(opened).rows }

  private func types(_ opened: OpenedSource) -> [String] { opened.schema.map { "\($0.name) \($0.type)" } }

  @Test func columnsAreFoundFromWhatIsBlankInEveryLine() throws {
    let opened = try open("a.fwf", Self.towns, ReadOptions(names: ["id", "name", "date"]))
    #expect(opened.schema.map(\.name) == ["id", "name", "date"])
    let firsts = try rows(opened).map { $0.split(separator: "|").prefix(2).joined(separator: "|") }
    #expect(firsts == ["1|Herfelingen", "2|Lambusart", "3|Spormaggiore"])
    #expect(opened.notes.contains { $0.contains("0-1,1-15,15-") })
  }

  @Test func textOfThatShapeIsToldFromOtherText() throws {
    #expect(try open("a.txt", Self.towns).format == .fwf)
    #expect(try open("b.dat", "id  name\n 1  Ann\n 2  Bob\n12  Cy\n").format == .fwf)
    #expect(try open("c.txt", "the quick brown fox\nsome lazy dogs sleep\nand so on we go\n").format == .csv)
    #expect(try open("d.txt", "a,b\n1,2\n3,4\n").format == .csv)
    #expect(try open("e.csv", Self.towns).format == .csv)
    #expect(try open("f", Self.towns).format == .fwf)
    #expect(try open("g.txt", "one\ntwo\nthree\n").format == .csv)
    #expect(try open("h.txt", "1 a 2\n2 b 3\n3 c 4\n", ReadOptions(delimiter: " ")).format == .csv)
    #expect(try open("i.csv", Self.towns, ReadOptions(widths: [2, 13, 8])).format == .fwf)
  }

  @Test func columnsAreGivenByWidthsOrByPlaces() throws {
    let text = "001Ann Lee  1.50\n002Bob     12.00\n"
    let widths = try open("a.txt", text, ReadOptions(names: ["id", "name", "price"], widths: [3, 8, 6]))
    #expect(types(widths) == ["id VARCHAR", "name VARCHAR", "price DOUBLE"])
    #expect(try rows(widths) == ["001|Ann Lee|1.5", "002|Bob|12.0"])
    let cuts = try #require(ColumnCut.list("3-6, 11-"))
    #expect(try rows(open("a.txt", text, ReadOptions(cuts: cuts))) == ["Ann|1.5", "Bob|12.0"])
    let cut = try open("a.txt", text, ReadOptions(widths: [3, 3]))
    #expect(cut.notes.contains { $0.contains("after character 6 of a line is in no column") })
    let types = ["column1": "BIGINT", "column3": "VARCHAR"]
    let texts = try open("a.txt", text, ReadOptions(types: types, widths: [3, 8, 6]))
    #expect(try rows(texts).first == "1|Ann Lee|1.50")
  }

  @Test func placesThatContradictEachOtherAreRefused() throws {
    for wrong in ["", "a-b", "3", "5-3", "0-3,", "-3", "0-3;4-5"] { #expect(ColumnCut.list(wrong) == nil, "\(wrong)") }
    for wrong in ["", "0", "3,,4", "-1", "x"] { #expect(ColumnCut.widths(wrong) == nil, "\(wrong)") }
    let overlap = try #require(throws: FrameError.self) {
      try open("a.txt", Self.towns, ReadOptions(cuts: ColumnCut.list("0-5,3-8")))
    }
    #expect(overlap.description.contains("0-5 and 3-8 overlap"))
    let names = try #require(throws: FrameError.self) {
      try open("a.txt", Self.towns, ReadOptions(names: ["a", "b", "c"], widths: [3, 3]))
    }
    #expect(names.description.contains("3 names are given for 2 columns"))
  }

  @Test func charactersCountAndNotBytes() throws {
    let rest = "  1  Bücher       12.50\r\n\r\n  2  Äpfel\r\n 10  Ölfässer   1000.00\r\n"
    let text = "\u{FEFF}id   name        price\r\n" + rest
    let opened = try open("a.fwf", text)
    #expect(types(opened) == ["id BIGINT", "name VARCHAR", "price DOUBLE"])
    #expect(try rows(opened) == ["1|Bücher|12.5", "2|Äpfel|·", "10|Ölfässer|1000.0"])
    #expect(try rows(open("b.fwf", "東京  1\n大阪 22\n", ReadOptions(widths: [2, 4]))) == ["東京|1", "大阪|22"])
  }

  @Test func otherEncodingsAndEndsOfLinesAreRead() throws {
    let latin = Array("id name  x\n 1 B".utf8) + [0xFC] + Array("cher 5\n 2 Kuchen 6\n".utf8)
    let opened = try database.open(Source(location: folder.file("latin.fwf", latin)))
    #expect(try rows(opened) == ["1|Bücher|5", "2|Kuchen|6"])
    let wide: [UInt8] = [0xFF, 0xFE] + Self.towns.utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
    #expect(try rows(database.open(Source(location: folder.file("wide.fwf", wide)))).count == 3)
    let mixed = try open("mixed.fwf", "a  1\r\nb  2\nc 33\r\n")
    #expect(try rows(mixed) == ["a|1", "b|2", "c|33"])
    #expect(try rows(open("mac.fwf", "a  1\rb  2\rc 33\r")) == ["a|1", "b|2", "c|33"])
    #expect(try rows(open("tabs.fwf", "A\tB\n1\t2\n", as: .fwf)) == ["1|2"])
  }

  @Test func delimitersAndQuotesInTheTextMeanNothing() throws {
    let text = " 1 \"a,b\"; \n 2 it's 'x' \n 3 \\n é |  \n"
    #expect(try rows(open("a.fwf", text, ReadOptions(widths: [3, 9]))) == ["1|\"a,b\";", "2|it's 'x'", "3|\\n é |"])
  }

  @Test func aHeaderThatFitsNoColumnsIsStillRead() throws {
    let towns = "1  Herfelingen  27.5\n2    Lambusart  14.0\n3 Spormaggiore 115.0\n"
    let named = try open("a.fwf", "Id Town Amount\n" + towns)
    #expect(types(named) == ["Id BIGINT", "Town VARCHAR", "Amount DOUBLE"])
    #expect(try rows(named).count == 3)
    let words = try open("b.fwf", "Id Name of town Amount\n" + towns)
    #expect(words.schema.count == 3)
    #expect(words.notes.contains { $0.contains("was passed over: \"Id Name of town Amount\"") })
    #expect(try rows(words).count == 3)
  }

  private func many(_ last: String) -> String {
    var text = ""
    for row in 1...40_000 { text += String(format: "%6d n%-7d %5d\n", row, row, row % 90_000) }
    return text + last
  }

  @Test func aValueFarDownThatFitsNoTypeMakesTextAndSaysWhere() throws {
    let opened = try open("a.fwf", many("\n 40001 x          abc\n"))
    #expect(opened.schema.map(\.type) == ["BIGINT", "VARCHAR", "BIGINT"])
    let (rows, source) = try read(opened)
    #expect(rows.count == 40_001)
    #expect(rows.last == "40001|x|abc")
    #expect(source.schema.map(\.type) == ["BIGINT", "VARCHAR", "VARCHAR"])
    #expect(source.notes.last == "Column column3 is read as text: line 40002 holds \"abc\", which is no BIGINT.")
    #expect(try database.load(opened, into: "t").notes.contains { $0.contains("line 40002 holds \"abc\"") })
    let real = try read(open("b.fwf", many(" 40001 x          1.5\n"))).source
    #expect(real.schema.last?.type == "DOUBLE")
    let small = try read(open("c.fwf", many(" 40001 x          9e-9\n")))
    #expect(small.rows.last == "40001|x|9e-09")
  }

  @Test func aDateFarDownInAnotherFormMakesText() throws {
    var text = ""
    for row in 0..<20_000 { text += String(format: "%5d %02d.%02d.2024\n", row, 1 + row % 28, 1 + row % 12) }
    let opened = try open("a.fwf", text + "99999 soon\n")
    #expect(opened.schema.map(\.type) == ["BIGINT", "DATE"])
    let (rows, source) = try read(opened)
    #expect(rows.last == "99999|soon")
    #expect(source.schema.last?.type == "VARCHAR")
  }

  @Test func aValueThatRunsIntoTheNextColumnIsAnErrorWhereColumnsWereFound() throws {
    let line = " 40001 toolongtofitintoit 9\n"
    let error = try #require(throws: FrameError.self) { try read(open("a.fwf", many(line))) }
    #expect(error.description.contains("runs over the end of column column2 into column3"), "\(error)")
    #expect(error.description.contains("--widths"))
    // Who says where the columns are gets them.
    let given = try open("b.fwf", many(line), ReadOptions(widths: [7, 9, 12]))
    #expect(try read(given).rows.last == "40001|toolongto|fitintoit 9")
  }

  @Test func packedTextIsReadAsPlain() throws {
    let plain = try folder.file("a.fwf", Self.towns)
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/gzip")
    process.arguments = ["-k", plain]
    try process.run()
    process.waitUntilExit()
    #expect(try rows(database.open(Source(location: plain + ".gz"))).count == 3)
  }

  @Test func emptyAndBlankFilesAreNamed() throws {
    #expect(try complaint(folder.file("a.fwf", ""))?.contains("the file is empty") == true)
    #expect(try complaint(folder.file("b.fwf", "  \n\n \n"))?.contains("the file is empty") == true)
    let picture: [UInt8] = [0x89, 0x50, 0x4E, 0x47] + (0..<200).map { UInt8($0) }
    #expect(try complaint(folder.file("c.fwf", picture))?.contains("binary data") == true)
    let header = try open("d.fwf", "id name\n", ReadOptions(hasHeader: true))
    #expect(try rows(header).isEmpty)
  }

  @Test func rowsAreChosenAndCountedAsOfAnySource() throws {
    let path = try folder.file("a.fwf", many(""))
    let first = try database.open(Source(location: path, rows: .first(10)))
    #expect(try database.query(first.sql).rowCount == 10)
    let some = try database.open(Source(location: path, rows: .random(50, seed: 1)))
    #expect(try database.query(some.sql).rowCount == 50)
    #expect(try database.rowCount(some) == 40_000)
    #expect(try database.preview(some, rows: 5).table.rowCount == 5)
  }
}
