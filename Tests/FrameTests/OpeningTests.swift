import Foundation
import Testing

@testable import Frame

@Suite struct OpeningTests {
  let folder: Folder
  let database: Database

  init() throws {
    folder = try Folder()
    database = try Database()
  }

  private func open(_ name: String, _ text: String, options: ReadOptions = ReadOptions()) throws -> OpenedSource {
    try database.open(Source(location: folder.file(name, text), options: options))
  }

  @Test func columnsGetNamesAndTypes() throws {
    let opened = try open("a.csv", "id,when,ok,share,who\n1,2024-05-06,true,0.5,ann\n2,2024-05-07,false,,bob\n")
    #expect(opened.schema.map(\.name) == ["id", "when", "ok", "share", "who"])
    #expect(opened.schema.map(\.kind) == [.integer, .date, .boolean, .real, .text])
    #expect(try lines(database.query(opened.sql)) == ["1|2024-05-06|true|0.5|ann", "2|2024-05-07|false|·|bob"])
    #expect(opened.notes.isEmpty)
  }

  @Test(arguments: [",", ";", "\t", "|"]) func delimiterIsFound(_ delimiter: String) throws {
    let text = "a,b,c\n1,x y,2.5\n2,\"q,;|\tq\",3\n".replacing(",", with: delimiter)
    let opened = try open("a.csv", text)
    #expect(opened.schema.map(\.name) == ["a", "b", "c"])
    #expect(try database.query(opened.sql).rowCount == 2)
  }

  @Test func dayFirstDatesAreRead() throws {
    let opened = try open("a.csv", "d,n\n31/12/2023,1\n15/01/2024,2\n")
    #expect(opened.schema.map(\.kind) == [.date, .integer])
    #expect(try lines(database.query(opened.sql)) == ["2023-12-31|1", "2024-01-15|2"])
  }

  @Test func numbersAloneHaveNoHeader() throws {
    let opened = try open("a.csv", "1,2\n3,4\n")
    #expect(opened.schema.map(\.name) == ["column1", "column2"])
    #expect(try lines(database.query(opened.sql)) == ["1|2", "3|4"])
  }

  @Test func oneRowIsRead() throws {
    let opened = try open("a.csv", "a,b\n1,x")
    #expect(try lines(database.query(opened.sql)) == ["1|x"])
    #expect(try lines(database.preview(opened).table) == ["1|x"])
    #expect(try database.preview(opened).complete)
  }

  @Test func headerAloneOpensWithoutRows() throws {
    for text in ["a,b", "a,b\n", "name\n"] {
      let opened = try open("a.csv", text)
      #expect(try database.query(opened.sql).rowCount == 0)
      #expect(opened.notes == ["The file has a header and no rows."])
    }
  }

  @Test func repeatedAndEmptyNamesAreMadeUnique() throws {
    let opened = try open("a.csv", "a,A,,a_1, b ,\"say \"\"hi\"\"\",🐥\n1,2,3,4,5,6,7\n")
    #expect(opened.schema.map(\.name) == ["a", "A_2", "column3", "a_1", "b", "say \"hi\"", "🐥"])
    #expect(
      opened.notes == [
        "Repeated column names were made unique: A_2.", "Columns without a name were called column3.",
      ])
    #expect(try lines(database.query(opened.sql)) == ["1|2|3|4|5|6|7"])
  }

  @Test func byteOrderMarkIsNotPartOfTheFirstName() throws {
    let opened = try open("a.csv", "\u{FEFF}a,b\n1,2\n")
    #expect(opened.schema.map(\.name) == ["a", "b"])
    #expect(try lines(database.query(opened.sql)) == ["1|2"])
  }

  @Test func bytesOutsideUTF8AreReadAsLatin() throws {
    let path = try folder.file("a.csv", Array("a,b\n1,caf".utf8) + [0xE9, 0x80] + Array("\n2,naïve\n".utf8))
    let opened = try database.open(Source(location: path))
    #expect(opened.notes == ["The text is not UTF-8 (line 2); such bytes are read as Windows-1252 (Latin-1)."])
    #expect(try lines(database.query(opened.sql)) == ["1|caf\u{E9}\u{20AC}", "2|naïve"])
  }

  @Test func utf16IsRead() throws {
    let units = Array("\u{FEFF}a,b\n1,🐥\n".utf16).flatMap { [UInt8($0 & 255), UInt8($0 >> 8)] }
    let opened = try database.open(Source(location: folder.file("a.csv", units)))
    #expect(opened.schema.map(\.name) == ["a", "b"])
    #expect(try lines(database.query(opened.sql)) == ["1|🐥"])
  }

  @Test(arguments: ["a,b\r\n1,2\r\n3,4\r\n", "a,b\r1,2\r3,4\r", "a,b\r\n1,2\n3,4\r", "a,b\n\n1,2\n\n\n3,4\n\n"])
  func everyEndOfLineIsKnown(_ text: String) throws {
    let opened = try open("a.csv", text)
    #expect(opened.schema.map(\.name) == ["a", "b"])
    #expect(try lines(database.query(opened.sql)) == ["1|2", "3|4"])
  }

  @Test func nulBytesAreKeptAndNoted() throws {
    let padding = String(repeating: "2,plain\n", count: 100)
    let opened = try open("a.csv", "a,b\n1,he\0llo\n" + padding)
    #expect(opened.notes == ["Line 2 holds NUL bytes; they are kept as they are."])
    #expect(try lines(database.query(opened.sql)).first == "1|he\0llo")
  }

  @Test func hugeCellIsRead() throws {
    let opened = try open("a.csv", "a,b\n1," + String(repeating: "z", count: 10_000_000) + "\n2,x\n")
    let table = try database.query("SELECT a, length(b) FROM (\(opened.sql))")
    #expect(lines(table) == ["1|10000000", "2|1"])
    #expect(try database.preview(opened).table.rowCount == 2)
  }

  @Test func fiveThousandColumnsAreRead() throws {
    let names = (0..<5000).map { "c\($0)" }.joined(separator: ",")
    let row = (0..<5000).map { "\($0)" }.joined(separator: ",")
    let opened = try open("a.csv", names + "\n" + row + "\n" + row + "\n")
    #expect(opened.schema.count == 5000)
    #expect(try database.query(opened.sql).value(1, 4999) == .integer(4999))
  }

  @Test func skippedRowsLeaveTheOthers() throws {
    let opened = try open("a.csv", "a,b\n1,2\n3\n4,5,6\n7,8\n", options: ReadOptions(skipBadRows: true))
    #expect(opened.schema.map(\.kind) == [.integer, .integer])
    #expect(try lines(database.query(opened.sql)) == ["1|2", "7|8"])
  }

  @Test func patternCharactersInNamesAreNotPatterns() throws {
    let opened = try open("a[1]*.csv", "a\n1\n")
    #expect(try lines(database.query(opened.sql)) == ["1"])
  }

  @Test func packedTextIsRead() throws {
    let plain = folder.path + "/p.csv.gz"
    try database.execute(
      "COPY (SELECT i a, 'x' || i b FROM range(5) t(i)) TO \(SQL.text(plain)) (FORMAT csv, COMPRESSION gzip)")
    let opened = try database.open(Source(location: plain))
    #expect(opened.schema.map(\.kind) == [.integer, .text])
    #expect(try database.preview(opened, rows: 2).table.rowCount == 2)
    #expect(try lines(database.query(opened.sql)).last == "4|x4")
  }

  @Test func recordsOfJSONAreRead() throws {
    let texts = [
      "a.json": "[{\"a\":1,\"b\":\"x\"},\n{\"a\":2,\"c\":[1,2]}]",
      "b.jsonl": "{\"a\":1,\"b\":\"x\"}\n{\"a\":2,\"c\":[1,2]}\n",
      "c.json": "{\n \"a\":1,\"b\":\"x\"}\n{\"a\":2,\n\"c\":[1,2]}",
    ]
    for (name, text) in texts {
      let opened = try open(name, text)
      #expect(opened.schema.map(\.name) == ["a", "b", "c"])
      #expect(try lines(database.query(opened.sql)) == ["1|x|·", "2|·|[1, 2]"])
      #expect(try database.preview(opened, rows: 1).table.rowCount == 1)
    }
  }

  @Test func mixedJSONValuesAreText() throws {
    let opened = try open("a.jsonl", "{\"a\":1}\n{\"a\":\"x\"}\n")
    #expect(try lines(database.query(opened.sql)) == ["1", "x"])
  }

  @Test func parquetIsRead() throws {
    let path = folder.path + "/p.parquet"
    try database.execute("COPY (SELECT i a, i / 2 b FROM range(1000) t(i)) TO \(SQL.text(path)) (FORMAT parquet)")
    let opened = try database.open(Source(location: path))
    #expect(opened.schema.map(\.kind) == [.integer, .real])
    #expect(try database.query(opened.sql).rowCount == 1000)
  }

  @Test func aPipeIsReadToItsEnd() throws {
    var ends: [Int32] = [0, 0]
    #expect(pipe(&ends) == 0)
    let text = Array("a,b\n1,x\n".utf8)
    #expect(write(ends[1], text, text.count) == text.count)
    close(ends[1])
    defer { close(ends[0]) }
    let copy = try StandardInput.copy(of: ends[0], name: "standard input")
    let opened = try DelimitedOpener(
      database: database, source: Source(location: "-"), format: .csv, isGzip: false, context: nil
    ).open(copy)
    #expect(opened.source.name == "standard input")
    #expect(try lines(database.query(opened.sql)) == ["1|x"])
  }

  @Test(arguments: ["a.csv", "a.json", "a.parquet", "a.csv.gz"]) func rowsAreCounted(_ name: String) throws {
    let path = folder.path + "/" + name
    try database.write("SELECT i, 'x' t FROM range(1234) t(i)", to: path)
    #expect(try database.rowCount(database.open(Source(location: path))) == 1234)
  }

  @Test func importRulesAreReproducible() throws {
    let text = "i,g\n" + (0..<1000).map { "\($0),\($0 % 10 == 0 ? "rare" : "common")\n" }.joined()
    func rows(_ rule: ImportRows) throws -> DataTable {
      let path = try folder.file("a.csv", text)
      return try database.query(database.open(Source(location: path, rows: rule)).sql)
    }
    #expect(try rows(.first(7)).rowCount == 7)
    let random = try rows(.random(50, seed: 3))
    #expect(random.rowCount == 50)
    #expect(try random == rows(.random(50, seed: 3)))
    #expect(try random != rows(.random(50, seed: 4)))
    #expect(random["i"]?.numbers == random["i"]?.numbers?.sorted())
    let stratified = try rows(.stratified(50, column: "g", seed: 3))
    #expect(stratified.rowCount == 50)
    #expect((0..<50).filter { stratified.text($0, 1) == "rare" }.count == 5)
    #expect(try rows(.random(5000, seed: 1)).rowCount == 1000)
    #expect(try rows(.stratified(5000, column: "g", seed: 1)).rowCount == 1000)
  }
}
