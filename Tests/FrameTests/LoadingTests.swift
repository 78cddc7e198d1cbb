import Foundation
import Jobs
import Testing

@testable import Frame

@Suite struct LoadingTests {
  let folder: Folder
  let database: Database

  init() throws {
    folder = try Folder()
    database = try Database(path: folder.path + "/session.db")
  }

  @Test func rowsKeepTheirOrderAndNumbers() throws {
    let text = "a,b\n" + (0..<50_000).map { "\($0),\($0 * 7)\n" }.joined()
    let opened = try database.open(Source(location: folder.file("a.csv", text)))
    let loaded = try database.load(opened, into: "my data")
    #expect(loaded.rowCount == 50_000)
    #expect(try lines(database.query(loaded.sql(40_000..<40_002))) == ["40000|280000", "40001|280007"])
    #expect(loaded.notes.isEmpty)
  }

  @Test func wrongTypesFurtherDownAreWidenedAndNoted() throws {
    let text = "a,b,c\n" + String(repeating: "1,2,2024-01-01\n", count: 100_000) + "x,3.5,soon\n"
    let opened = try database.open(Source(location: folder.file("a.csv", text)))
    #expect(opened.schema.map(\.kind) == [.integer, .integer, .date])
    let loaded = try database.load(opened, into: "t")
    #expect(loaded.rowCount == 100_001)
    #expect(loaded.schema.map(\.kind) == [.text, .real, .text])
    #expect(loaded.notes.contains("Column a is read as text: line 100002 holds \"x\", which is no BIGINT."))
    #expect(
      loaded.notes.contains(
        "Column b is read as numbers with decimals: line 100002 holds \"3.5\", which is no BIGINT."))
    #expect(try lines(database.query(loaded.sql(100_000..<100_001))) == ["x|3.5|soon"])
  }

  @Test func valuesThatDuckDBWouldChangeSilentlyAreKept() throws {
    let text =
      "code,n,day\n" + String(repeating: "17,5,2024-01-01\n", count: 50_000)
      + "007,\" 6\",2024-01-02 10:30:00\n18,1e3,2024-01-03\n"
    let opened = try database.open(Source(location: folder.file("a.csv", text)))
    #expect(opened.schema.map(\.kind) == [.integer, .integer, .date])
    let loaded = try database.load(opened, into: "t")
    #expect(loaded.schema.map(\.kind) == [.text, .real, .timestamp])
    #expect(
      try lines(database.query(loaded.sql(50_000..<50_002))) == [
        "007|6.0|2024-01-02 10:30:00", "18|1000.0|2024-01-03 00:00:00",
      ])
    #expect(
      loaded.notes == [
        "Column code is read as text: line 50002 holds \"007\", which is no BIGINT.",
        "Column n is read as numbers with decimals: line 50003 holds \"1e3\", which is no BIGINT.",
        "Column day is read as dates with a time of day: line 50002 holds \"2024-01-02 10:30:00\", which is no DATE.",
      ])
  }

  @Test func wrongEncodingFurtherDownIsConvertedAndNoted() throws {
    let bytes = Array(("a,b\n" + String(repeating: "1,x\n", count: 100_000)).utf8) + [0x32, 0x2C, 0xE9, 0x0A]
    let opened = try database.open(Source(location: folder.file("a.csv", bytes)))
    let loaded = try database.load(opened, into: "t")
    #expect(try lines(database.query(loaded.sql(100_000..<100_001))) == ["2|é"])
    #expect(loaded.notes == ["The text is not UTF-8 (line 100002); such bytes are read as Windows-1252 (Latin-1)."])
  }

  @Test func hugeCellFurtherDownIsRead() throws {
    let text =
      "a,b\n" + String(repeating: "1,x\n", count: 100_000) + "2," + String(repeating: "z", count: 10_000_000) + "\n"
    let opened = try database.open(Source(location: folder.file("a.csv", text)))
    let loaded = try database.load(opened, into: "t")
    #expect(loaded.rowCount == 100_001)
    #expect(try database.query("SELECT max(length(b)) FROM t").value(0, 0) == .integer(10_000_000))
  }

  @Test func mixedEndsOfLinesFurtherDownAreRead() throws {
    let text = "a,b\n" + String(repeating: "1,x\n", count: 100_000) + "2,y\r\n3,z\r\n"
    let opened = try database.open(Source(location: folder.file("a.csv", text)))
    let loaded = try database.load(opened, into: "t")
    #expect(try lines(database.query(loaded.sql(100_000..<100_002))) == ["2|y", "3|z"])
  }

  @Test func skippedRowsAreCounted() throws {
    let text = "a,b\n" + String(repeating: "1,2\n3\n", count: 50) + "4,5,6\nx,7\n"
    let options = ReadOptions(skipBadRows: true)
    let opened = try database.open(Source(location: folder.file("a.csv", text), options: options))
    let loaded = try database.load(opened, into: "t")
    #expect(loaded.rowCount == 51)
    #expect(loaded.skippedRows == 51)
    #expect(try database.skippedRows(opened) == 51)
    #expect(loaded.notes.last == "51 rows were left out for a wrong number of fields.")
  }

  @Test func aValueThatDoesNotFitIsNoBadRow() throws {
    let text = "a,b\n" + String(repeating: "1,2\n", count: 100_000) + "3\nx,7\n"
    let options = ReadOptions(skipBadRows: true)
    let opened = try database.open(Source(location: folder.file("a.csv", text), options: options))
    let loaded = try database.load(opened, into: "t")
    #expect(loaded.rowCount == 100_001)
    #expect(loaded.skippedRows == 1)
    #expect(loaded.schema.map(\.kind) == [.text, .integer])
  }

  @Test func laterJSONRecordsWidenTheColumns() throws {
    let record = "{\"a\":1,\"b\":\"" + String(repeating: "x", count: 1000) + "\"}\n"
    let text = String(repeating: record, count: 25_000) + "{\"a\":\"n/a\",\"c\":true}\n"
    let opened = try database.open(Source(location: folder.file("a.jsonl", text)))
    #expect(opened.schema.map(\.name) == ["a", "b"])
    let loaded = try database.load(opened, into: "t")
    #expect(loaded.rowCount == 25_001)
    #expect(loaded.schema.map(\.name) == ["a", "b", "c"])
    #expect(try lines(database.query("SELECT a, c FROM t WHERE rowid = 25000")) == ["n/a|true"])
  }

  @Test(arguments: ["o.csv", "o.tsv", "o.json", "o.jsonl", "o.parquet", "o.csv.gz", "o.jsonl.gz"])
  func whatIsWrittenReadsBack(_ name: String) throws {
    let path = folder.path + "/" + name
    let sql = "SELECT i AS id, 'it''s \"' || i AS who, CASE WHEN i % 2 = 0 THEN i / 4 END AS share FROM range(50) t(i)"
    #expect(try database.write(sql, to: path) == 50)
    let opened = try database.open(Source(location: path))
    #expect(opened.schema.map(\.kind) == [.integer, .text, .real])
    #expect(try lines(database.query(opened.sql)) == lines(database.query(sql)))
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0.hasSuffix(".part") }.isEmpty)
  }

  @Test func aFailedWriteLeavesTheOldFile() throws {
    let path = try folder.file("o.csv", "old\n")
    #expect(throws: FrameError.self) {
      try database.write("SELECT CASE WHEN i = 900000 THEN error('late') END FROM range(1000000) t(i)", to: path)
    }
    #expect(try String(contentsOfFile: path, encoding: .utf8) == "old\n")
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0.hasSuffix(".part") }.isEmpty)
  }

  @Test func aFullDiskIsNamed() throws {
    do {
      _ = try database.copy(
        "SELECT i, 'some text' FROM range(100000) t(i)", to: "/dev/full", format: .csv, isPacked: false, name: "o.csv",
        context: SilentContext())
      Issue.record("no error")
    } catch let error as FrameError {
      #expect(
        error.description
          == "o.csv: the disk is full. Free some space or choose another place; an older file of this name is still there."
      )
    }
  }

  @Test func aFolderThatIsNotThereIsNamed() throws {
    do {
      try database.write("SELECT 1", to: "/no/such/o.csv")
      Issue.record("no error")
    } catch let error as FrameError {
      #expect(error.description == "/no/such/o.csv: the folder does not exist. Create it, or choose another one.")
    }
  }
}
