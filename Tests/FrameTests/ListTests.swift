import Foundation
import Testing

@testable import Frame

/// A list of files as one source: exactly those, in the order given.
@Suite struct ListTests {
  private let database: Database
  private let folder: Folder

  init() throws {
    database = try Database()
    folder = try Folder()
  }

  private func list(_ files: [String], _ options: ReadOptions = ReadOptions(), rows: ImportRows = .all) -> Source {
    Source(location: files[0], also: Array(files.dropFirst()), options: options, rows: rows)
  }

  private func read(_ source: Source) throws -> (rows: [String], source: OpenedSource) {
    let (table, read) = try database.reading(database.open(source)) { try database.query($0.sql) }
    return (lines(table), read)
  }

  private func trouble(_ source: Source) throws -> String {
    try #require(throws: FrameError.self) { try read(source) }.description
  }

  private func types(_ opened: OpenedSource) -> [String] { opened.schema.map { "\($0.name) \($0.type)" } }

  @Test func filesStandBelowEachOtherInTheOrderGiven() throws {
    let (a, b) = (try folder.file("a.csv", "id,name\n1,Ann\n2,Bob\n"), try folder.file("b.csv", "id,name\n3,Cy\n"))
    _ = try folder.file("c.csv", "id,name\n4,Dee\n")
    #expect(try read(list([a, b])).rows == ["1|Ann", "2|Bob", "3|Cy"])
    #expect(try read(list([b, a])).rows == ["3|Cy", "1|Ann", "2|Bob"])
    #expect(try read(list([a])).rows == ["1|Ann", "2|Bob"])
    let opened = try database.open(list([b, a], rows: .first(2)))
    #expect(opened.notes.first == "2 files are read as one dataset.")
    let loaded = try database.load(opened, into: "list")
    #expect(loaded.rowCount == 2)
    #expect(try lines(database.query(loaded.sql(0..<2))) == ["3|Cy", "1|Ann"])
    #expect(try database.rowCount(opened) == 3)
    #expect(list([b, a]).name == "b.csv + 1 more")
  }

  @Test func columnsComeTogetherByTheirNames() throws {
    let a = try folder.file("a.csv", "id,name\n1,Ann\n")
    let b = try folder.file("b.csv", "size;Name\n2.5;Bob\n")
    let (rows, source) = try read(list([a, b]))
    #expect(types(source) == ["id BIGINT", "name VARCHAR", "size DOUBLE"])
    #expect(rows == ["1|Ann|·", "·|Bob|2.5"])
  }

  @Test func eachTextIsReadInItsOwnWay() throws {
    // Texts alone, of which only a look at the words tells the header; another encoding; a tab; no last end of line.
    let a = try folder.file("a.csv", "city,land\nRome,Italy\n")
    let b = try folder.file("b.tsv", "city\tland\nOslo\tNorway")
    let c = try folder.file("c.csv", Array("city,land\nK".utf8) + [0xF6] + Array("ln,Germany\r\n".utf8))
    let (rows, source) = try read(list([a, b, c]))
    #expect(rows == ["Rome|Italy", "Oslo|Norway", "Köln|Germany"])
    #expect(source.notes.contains { $0.hasPrefix("c.csv: The text is not UTF-8") }, "\(source.notes)")
  }

  @Test func aColumnIsAsWideAsAllOfItsFiles() throws {
    let numbers = try folder.file("a.csv", "id,code,day\n1,7,2026-01-02\n")
    let texts = try folder.file("b.csv", "id,code,day\n2.5,007x,2026-01-03 10:00:00\n")
    let (rows, source) = try read(list([numbers, texts]))
    #expect(types(source) == ["id DOUBLE", "code VARCHAR", "day TIMESTAMP"])
    #expect(rows.last == "2.5|007x|2026-01-03 10:00:00")
    #expect(source.notes.contains { $0.contains("Column code is read as text") })
    // A code keeps its zeros where another file makes the column text.
    let zeros = try folder.file("c.csv", "id,code,day\n3,0042,2026-01-04\n")
    #expect(try read(list([zeros, texts])).rows.first?.hasPrefix("3.0|0042|") == true)
  }

  @Test func aFileWithoutValuesSaysNothingOfTypes() throws {
    let a = try folder.file("a.csv", "id,size\n1,2.5\n")
    let empty = try folder.file("b.csv", "id,size\n")
    let missing = try folder.file("c.csv", "id,size\n2,\n")
    let (rows, source) = try read(list([empty, a, missing]))
    #expect(types(source) == ["id BIGINT", "size DOUBLE"])
    #expect(rows == ["1|2.5", "2|·"])
  }

  @Test func aValueFarDownMakesItsColumnText() throws {
    let many = (0..<60_000).map { "\($0),\($0 % 7)\n" }.joined()
    let a = try folder.file("a.csv", "id,n\n" + many)
    let b = try folder.file("b.csv", "id,n\n" + many + "x,soon\n")
    let (rows, source) = try read(list([a, b]))
    #expect(rows.count == 120_001)
    #expect(types(source) == ["id VARCHAR", "n VARCHAR"])
    #expect(rows.last == "x|soon")
    #expect(source.notes.contains { $0.contains("b.csv: Column n is read as text: line 60002 holds \"soon\"") })
  }

  @Test func chosenTypesHoldForAllFilesThatHaveTheColumn() throws {
    let a = try folder.file("a.csv", "id,zip\n1,0042\n")
    let b = try folder.file("b.csv", "id\n2\n")
    let (rows, source) = try read(list([b, a], ReadOptions(types: ["zip": "VARCHAR"])))
    #expect(types(source) == ["id BIGINT", "zip VARCHAR"])
    #expect(rows == ["2|·", "1|0042"])
    #expect(try trouble(list([b, a], ReadOptions(types: ["zap": "DATE"]))).contains("there is no such column"))
  }

  @Test func badRowsAreLeftOutOfEveryFileAndCounted() throws {
    let a = try folder.file("a.csv", "id,n\n1,2\n3\n")
    let b = try folder.file("b.csv", "id,n\n4,5\n6,7,8\n9,9,9\n")
    #expect(try trouble(list([a, b])).contains("a.csv, line 3: 1 field found, 2 expected"))
    let opened = try database.open(list([a, b], ReadOptions(skipBadRows: true)))
    let loaded = try database.load(opened, into: "kept")
    #expect(loaded.rowCount == 2)
    #expect(loaded.skippedRows == 3)
    #expect(try database.skippedRows(opened) == 3)
  }

  @Test func workbooksJSONParquetAndFixedWidthTextMakeListsToo() throws {
    for ending in ["xlsx", "json", "jsonl", "parquet", "csv.gz"] {
      let (a, b) = (folder.path + "/a.\(ending)", folder.path + "/b.\(ending)")
      _ = try database.write("SELECT i AS id, 'x' || i AS name FROM range(3) t(i)", to: a)
      _ = try database.write("SELECT 'y' AS name, i AS id, i / 2 AS half FROM range(3, 5) t(i)", to: b)
      let (rows, source) = try read(list([b, a]))
      #expect(source.schema.map(\.name) == ["name", "id", "half"], "\(ending)")
      #expect(rows == ["y|3|1.5", "y|4|2.0", "x0|0|·", "x1|1|·", "x2|2|·"], "\(ending)")
    }
    let options = ReadOptions(names: ["id", "town", "date"], widths: [2, 13, 9])
    let a = try folder.file("a.txt", "1  Herfelingen 27-12-18\n2    Lambusart 14-06-18\n")
    let b = try folder.file("b.txt", "4  Biencourt   28-01-19\n")
    #expect(try read(list([b, a], options)).rows.map { $0.prefix(5) } == ["4|Bie", "1|Her", "2|Lam"])
  }

  @Test func whatIsNoListIsRefusedByName() throws {
    let a = try folder.file("a.csv", "id\n1\n")
    let parquet = folder.path + "/b.parquet"
    _ = try database.write("SELECT 2 AS id", to: parquet)
    #expect(
      try trouble(list([a, folder.path + "/none.csv"])).hasSuffix("none.csv: there is no such file. Check the path."))
    #expect(try trouble(list([a, folder.path + "/./a.csv"])).contains("it stands twice in the list"))
    let mixed = try trouble(list([a, parquet]))
    #expect(mixed.contains("b.parquet: this is Parquet, and the list is read as CSV"), "\(mixed)")
    #expect(try trouble(list([a, "-"])).contains("standard input: it is read alone"))
    #expect(try trouble(list([a, "s3://lake/a.csv"])).contains("and not of both"))
    #expect(try trouble(list(["s3://lake/a.csv", "s3://lake/raw/"])).contains("this is a prefix"))
    #expect(try trouble(list([a, "glue://shop/orders"])).contains("a table is read alone"))
    let window = ReadOptions(changedFrom: "2026-01-01")
    #expect(try trouble(list(["s3://lake/a.csv", "s3://lake/b.csv"], window)).contains("no time of change can choose"))
    #expect(try trouble(list([a, try folder.file("empty.csv", "")])).contains("empty.csv: the file is empty"))
  }

  @Test func aListThatChangesWhileItIsReadIsNoticed() throws {
    let (a, b) = (try folder.file("a.csv", "id\n1\n"), try folder.file("b.csv", "id\n2\n"))
    let opened = try database.open(list([a, b]))
    _ = try folder.file("c.csv", "x")
    try Data("id\n2\n3\n".utf8).write(to: URL(fileURLWithPath: b), options: [])
    let error = try #require(throws: FrameError.self) {
      try database.reading(opened) { try database.query($0.sql) }
    }
    #expect(error.problem == .changedWhileOpen)
  }

  @Test func aFileWithoutACommonColumnIsTold() throws {
    let (a, b) = (try folder.file("a.csv", "id\n1\n"), try folder.file("b.csv", "town\nRome\n"))
    #expect(try database.open(list([a, b])).notes.last == "b.csv has no column of the files before it: town.")
    #expect(try database.open(list([a, try folder.file("c.csv", "ID,x\n1,2\n")])).notes.count == 1)
  }

  @Test func otherProgramsAreToldTheNamesOfTheFiles() throws {
    let (a, b) = (try folder.file("a[1].csv", "id\n1\n"), try folder.file("b.csv", "id\n2\n"))
    let names = try database.open(list([a, b])).names
    #expect(names.count == 1 && names.first?.key.hasPrefix("'/proc/self/fd/") == true)
    #expect(names.first?.value == "'\(a)'")
    // A copy in another encoding has no name.
    let copied = try folder.file("c.csv", Array("id\nK".utf8) + [0xF6, 0x0A])
    #expect(try database.open(Source(location: copied)).names.isEmpty)
  }

  @Test func aSourceOfBeforeThereWereListsIsRead() throws {
    let old = #"{"location":"a.csv","options":{"skipBadRows":false,"types":{}},"rows":{"all":{}}}"#
    let source = try JSONDecoder().decode(Source.self, from: Data(old.utf8))
    #expect(source == Source(location: "a.csv"))
    let again = String(decoding: try JSONEncoder().encode(source), as: UTF8.self)
    #expect(!again.contains("also"))
    let list = Source(location: "a.csv", also: ["b.csv"])
    #expect(try JSONDecoder().decode(Source.self, from: JSONEncoder().encode(list)) == list)
  }
}
