import Cloud
import Foundation
import Jobs
import ProgramDriver
import Testing

@testable import Frame

/// `s3://` as a source and as a target, on an object store that checks every signature.
@Suite(.enabled(if: LocalServer.areInstalled, "\(LocalServer.missing)")) struct RemoteSourceTests {
  private let environment: [String: String]
  private let database: Database
  private let client: S3Client
  /// One for all tests, since the store makes room for each anew; every test has a prefix of its own.
  private let bucket = "frame"
  private let base = UUID().uuidString.prefix(8).lowercased()

  init() throws {
    environment = [
      "HOME": "/nonexistent", "AWS_ACCESS_KEY_ID": LocalServer.key, "AWS_SECRET_ACCESS_KEY": LocalServer.secret,
      "AWS_ENDPOINT_URL": try LocalServer.objectStore.get().address, "AWS_EC2_METADATA_DISABLED": "true",
    ]
    database = try Database(environment: environment)
    client = S3Client(CloudSession(CloudSettings(environment: environment)))
    let end = ContinuousClock.now + .seconds(40)
    while true {
      do {
        if try !client.buckets().contains(where: { $0.name == "frame" }) { try client.createBucket(bucket) }
        try put("x", "_ready")
        break
      } catch let error as CloudError {
        if ContinuousClock.now > end { throw error }
        Thread.sleep(forTimeInterval: 0.2)
      }
    }
  }

  private func put(_ text: String, _ key: String) throws {
    try client.put(Data(text.utf8), to: S3Location(bucket: bucket, key: "\(base)/\(key)"))
  }

  private func address(_ key: String) -> String { "s3://\(bucket)/\(base)/\(key)" }

  /// All rows of a source, as text.
  private func rows(_ key: String, _ options: ReadOptions = ReadOptions(), by column: String = "1") throws -> [[String]]
  {
    let opened = try database.open(Source(location: address(key), options: options))
    let table = try database.reading(opened) {
      try database.query("SELECT * FROM (\($0.sql)) ORDER BY \(column)")
    }.result
    return (0..<table.rowCount).map { row in table.columns.indices.map { table.value(row, $0).description } }
  }

  @Test func everyFormatIsReadByKeyPrefixAndPattern() throws {
    try put("id,name\n1,a\n2,b\n", "csv/1.csv")
    try put("id,name\n3,c\n", "csv/2.csv")
    try put("", "csv/empty/")
    #expect(try rows("csv/1.csv").count == 2)
    #expect(try rows("csv/").map { $0[0] } == ["1", "2", "3"])
    #expect(try rows("csv/*.csv").count == 3)
    #expect(try rows("c*2.csv") == [["3", "c"]])
    try put("{\"id\":1,\"name\":\"a\"}\n{\"id\":2,\"name\":\"b\"}\n", "json/1.jsonl")
    try put("{\"id\":3,\"name\":\"c\"}\n", "json/2.jsonl")
    #expect(try rows("json/1.jsonl").count == 2)
    #expect(try rows("json/").count == 3)
    _ = try database.write("SELECT i AS id, 'x' AS name FROM range(5) t(i)", to: address("pq/1.parquet"))
    _ = try database.write("SELECT i AS id, 'x' AS name FROM range(5, 8) t(i)", to: address("pq/2.parquet"))
    #expect(try rows("pq/1.parquet").count == 5)
    #expect(try rows("pq/").map { $0[0] } == (0..<8).map { "\($0)" })
    #expect(try rows("pq/[2-9].parquet").count == 3)
  }

  @Test func fixedWidthTextIsReadByKeyPrefixAndPattern() throws {
    try put("1  Herfelingen 27-12-18\n2    Lambusart 14-06-18\n3 Spormaggiore 15-04-18\n", "fwf/1.txt")
    try put("4  Biencourt   28-01-19\n5 Wemmel       3-01-19\n", "fwf/2.txt")
    let named = ReadOptions(names: ["id", "name", "date"], widths: [2, 13, 9])
    #expect(try rows("fwf/1.txt").count == 3)
    #expect(try rows("fwf/1.txt", named).map { $0[1] } == ["Herfelingen", "Lambusart", "Spormaggiore"])
    #expect(try rows("fwf/", named).map { $0[0] } == ["1", "2", "3", "4", "5"])
    #expect(try rows("fwf/*.txt", named).count == 5)
    #expect(try rows("fwf/[2-9].txt", named).map { $0[1] } == ["Biencourt", "Wemmel"])
    let all = try database.open(Source(location: address("fwf/"), options: named))
    #expect(all.schema.map(\.name) == ["id", "name", "date"])
    var windowed = named
    windowed.changedUntil = "2020-01-01T00:00:00Z"
    #expect(throws: FrameError.self) { try rows("fwf/", windowed) }
    windowed.changedUntil = "2999-01-01"
    #expect(try rows("fwf/", windowed).count == 5)
    // A value that fits no type in a later object makes its column text, as in one file.
    try put("x  Nowhere     soon    \n", "fwf/3.txt")
    let opened = try database.open(Source(location: address("fwf/"), options: named))
    let (table, source) = try database.reading(opened) { try database.query("SELECT * FROM (\($0.sql))") }
    #expect(table.rowCount == 6)
    #expect(source.schema.first?.type == "VARCHAR")
    #expect(source.notes.contains { $0.hasPrefix("Column id is read as text") })
  }

  @Test func workbooksAreReadByKeyPrefixAndPattern() throws {
    _ = try database.write("SELECT i AS id, 'x' || i AS name FROM range(5) t(i)", to: address("xl/1.xlsx"))
    let more = "SELECT 'y' AS name, i + 0.5 AS id, true AS more FROM range(5, 8) t(i)"
    _ = try database.write(more, to: address("xl/2.xlsx"))
    #expect(try rows("xl/1.xlsx") == (0..<5).map { ["\($0)", "x\($0)"] })
    let both = try rows("xl/")
    #expect(both.count == 8)
    let types = try database.open(Source(location: address("xl/"))).schema.map { "\($0.name) \($0.type)" }
    #expect(types == ["id DOUBLE", "name VARCHAR", "more BOOLEAN"])
    #expect(try rows("xl/[2-9].xlsx").count == 3)
    #expect(try database.sheets(Source(location: address("xl/1.xlsx"))) == ["Sheet1"])
    #expect(try rows("xl/", ReadOptions(changedFrom: "2020-01-01")).count == 8)
    let opened = try database.open(Source(location: address("xl/"), rows: .first(6)))
    #expect(try database.load(opened, into: "sheets").rowCount == 6)
    let none = try #require(throws: FrameError.self) { try rows("xl/", ReadOptions(sheet: "Nowhere")) }
    #expect(none.problem == .noSuchSheet)
    try put("not a workbook", "bad.xlsx")
    let bad = try #require(throws: FrameError.self) { try rows("bad.xlsx") }
    #expect(bad.description.contains("bad.xlsx: this is no Excel workbook"), "\(bad)")
  }

  /// The rows of a list of keys, in its order.
  private func listed(_ keys: [String], _ options: ReadOptions = ReadOptions()) throws -> [String] {
    let places = keys.map(address)
    let opened = try database.open(Source(location: places[0], also: Array(places.dropFirst()), options: options))
    return lines(try database.reading(opened) { try database.query($0.sql) }.result)
  }

  @Test func aListOfKeysIsExactlyThoseInTheirOrder() throws {
    for ending in ["csv", "tsv", "json", "jsonl", "parquet", "xlsx"] {
      for (key, first) in [("1", 0), ("2", 3), ("22", 6)] {
        let sql = "SELECT i AS id, 'x' || i AS name FROM range(\(first), \(first + 3)) t(i)"
        _ = try database.write(sql, to: address("list/\(key).\(ending)"))
      }
      let keys = ["list/2.\(ending)", "list/1.\(ending)"]
      #expect(try listed([keys[1]]).count == 3, "\(ending)")
      #expect(try listed(keys) == ["3|x3", "4|x4", "5|x5", "0|x0", "1|x1", "2|x2"], "\(ending)")
    }
    try put("1  Herfelingen 27-12-18\n2    Lambusart 14-06-18\n", "list/1.txt")
    try put("4  Biencourt   28-01-19\n", "list/2.txt")
    let named = ReadOptions(names: ["id", "name", "date"], widths: [2, 13, 9])
    #expect(try listed(["list/2.txt", "list/1.txt"], named).map { $0.prefix(5) } == ["4|Bie", "1|Her", "2|Lam"])
    // Each text in its own way, as if it were alone.
    try put("city;land\nRome;Italy\n", "list/a.csv")
    try put("land,city\nNorway,Oslo\n1\n", "list/b.csv")
    let kept = try listed(["list/a.csv", "list/b.csv"], ReadOptions(skipBadRows: true))
    #expect(kept == ["Rome|Italy", "Oslo|Norway"])
    // Folders of keys are columns, as they are below a prefix.
    try put("id\n1\n", "list/year=2024/a.csv")
    try put("id\n2\n", "list/year=2025/a.csv")
    #expect(try listed(["list/year=2025/a.csv", "list/year=2024/a.csv"]) == ["2|2025", "1|2024"])
  }

  @Test func whatIsNoListOfKeysIsRefusedByName() throws {
    func trouble(_ keys: [String], _ options: ReadOptions = ReadOptions()) throws -> String {
      try #require(throws: FrameError.self) { try listed(keys, options) }.description
    }
    try put("id\n1\n", "no/1.csv")
    try put("id\n2\n", "no/2.csv")
    try put("", "no/empty.csv")
    _ = try database.write("SELECT 1 AS id", to: address("no/3.parquet"))
    let missing = try trouble(["no/1.csv", "no/4.csv"])
    #expect(missing.hasPrefix("\(address("no/4.csv")): there is no such object"), "\(missing)")
    // A list has keys as they are, and no beginnings of keys.
    #expect(try trouble(["no/1.csv", "no"]).contains("there is no such object"))
    #expect(try trouble(["no/1.csv", "no/*.csv"]).contains("A list names keys as they are"))
    #expect(try trouble(["no/1.csv", "no/1.csv"]).contains("it stands twice in the list"))
    #expect(try trouble(["no/1.csv", "no/empty.csv"]).contains("the file is empty"))
    let mixed = try trouble(["no/1.csv", "no/3.parquet"])
    #expect(mixed.contains("3.parquet: this is Parquet, and the list is read as CSV"), "\(mixed)")
    let window = try trouble(["no/1.csv", "no/2.csv"], ReadOptions(changedFrom: "2020-01-01"))
    #expect(window.contains("a list names exactly what is read"), "\(window)")
  }

  @Test func whatIsWrittenComesBack() throws {
    let sql = "SELECT i AS id, 'it''s \"' || i AS text, i / 2 AS half FROM range(1000) t(i)"
    for ending in ["csv", "tsv", "jsonl", "json", "parquet", "csv.gz", "xlsx"] {
      #expect(try database.write(sql, to: address("out/all of it.\(ending)")) == 1000)
      #expect(try rows("out/all of it.\(ending)").count == 1000, "\(ending)")
    }
    let reader = try Database(
      environment: environment.merging([
        "AWS_ACCESS_KEY_ID": LocalServer.readerKey, "AWS_SECRET_ACCESS_KEY": LocalServer.readerSecret,
      ]) { $1 })
    let error = try #require(throws: FrameError.self) { try reader.write(sql, to: address("denied.parquet")) }
    #expect(error.problem == .notWritable, "\(error)")
    let readOnly = try Database(environment: environment.merging(["ASSAY_S3_READ_ONLY": "1"]) { $1 })
    let refused = try #require(throws: FrameError.self) { try readOnly.write(sql, to: address("refused.parquet")) }
    #expect(refused.description.contains("read-only"), "\(refused)")
  }

  @Test func partitionsBecomeColumnsAndAreReplacedOneByOne() throws {
    func write(_ sql: String, _ mode: DatasetWriting.Mode) throws -> WrittenDataset {
      try database.write(sql, dataset: address("sales"), DatasetWriting(partitions: ["year"], mode: mode))
    }
    let both = "SELECT i AS id, 2024 + i % 2 AS year FROM range(10) t(i)"
    #expect(try write(both, .append) == WrittenDataset(rows: 10, objects: 2, deleted: 0))
    #expect(try write(both, .append).objects == 2)
    #expect(try rows("sales/").count == 20)
    let opened = try database.open(Source(location: address("sales/")))
    #expect(opened.schema.map(\.name) == ["id", "year"])
    // One partition is replaced, the other stays.
    let one = try write("SELECT 7 AS id, 2025 AS year", .overwritePartitions)
    #expect(one == WrittenDataset(rows: 1, objects: 1, deleted: 2))
    #expect(try rows("sales/").count == 11)
    #expect(try rows("sales/year=2025/") == [["7", "2025"]])
    #expect(try write("SELECT 1 AS id, 2030 AS year", .overwrite).deleted == 3)
    #expect(try rows("sales/") == [["1", "2030"]])
    #expect(throws: CloudError.self) {
      try database.write("SELECT 1", dataset: "s3://\(bucket)", DatasetWriting(mode: .overwrite))
    }
  }

  @Test(arguments: [SourceFormat.parquet, .csv, .tsv, .jsonl, .xlsx])
  func everyWrittenFormatIsDividedAndComesBack(format: SourceFormat) throws {
    let place = "div-\(format.rawValue)/"
    let sql = """
      SELECT i AS id, 2024 + i % 2 AS year, CASE WHEN i % 3 = 0 THEN 'a/b c' WHEN i % 3 = 1 THEN NULL ELSE 'ü' END AS part
      FROM range(12) t(i)
      """
    let writing = DatasetWriting(partitions: ["year", "part"], format: format)
    let written = try database.write(sql, dataset: address(place), writing)
    #expect(written == WrittenDataset(rows: 12, objects: 6, deleted: 0))
    let opened = try database.open(Source(location: address(place)))
    #expect(opened.schema.map { "\($0.name) \($0.type)" } == ["id BIGINT", "part VARCHAR", "year BIGINT"])
    let got = try rows(place).map { $0.joined(separator: "|") }
    let wanted = try database.query("SELECT id, part, year FROM (\(sql)) ORDER BY 1")
    #expect(
      got
        == (0..<12).map { row in
          wanted.columns.indices.map { wanted.value(row, $0).description }.joined(separator: "|")
        })
    // A single object of a partition has them too, and all of a partition alone.
    let one = try client.objects(S3Location(bucket: bucket, key: "\(base)/\(place)year=2024/"))[0]
    let columns = try database.open(Source(location: one.location.description)).schema.map(\.name)
    #expect(Set(columns) == ["id", "year", "part"], "\(columns)")
    let replaced = try database.write(
      "SELECT 99 AS id, 2024 AS year, 'ü' AS part", dataset: address(place),
      DatasetWriting(partitions: ["year", "part"], mode: .overwritePartitions, format: format))
    #expect(replaced == WrittenDataset(rows: 1, objects: 1, deleted: 1))
    #expect(try rows(place).count == 11)
    let whole = try database.write(
      "SELECT 7 AS id", dataset: address(place), DatasetWriting(mode: .overwrite, format: format))
    #expect(whole == WrittenDataset(rows: 1, objects: 1, deleted: 6))
    #expect(try rows(place) == [["7"]])
  }

  @Test func foldersAreColumnsOfFixedWidthTextAndOfWorkbooks() throws {
    try put("1  Herfelingen\n2    Lambusart\n", "hive/year=2024/day=2024-01-02/a.txt")
    try put("3   Biencourt\n", "hive/year=2025/day=2025-01-02/b.txt")
    let named = ReadOptions(names: ["id", "town"], widths: [2, 13])
    let opened = try database.open(Source(location: address("hive/"), options: named))
    #expect(opened.schema.map { "\($0.name) \($0.type)" } == ["id BIGINT", "town VARCHAR", "day DATE", "year BIGINT"])
    #expect(
      try rows("hive/", named) == [
        ["1", "Herfelingen", "2024-01-02", "2024"], ["2", "Lambusart", "2024-01-02", "2024"],
        ["3", "Biencourt", "2025-01-02", "2025"],
      ])
    #expect(try rows("hive/year=2025/", named) == [["3", "Biencourt", "2025-01-02", "2025"]])
    var typed = named
    typed.types = ["year": "VARCHAR", "id": "VARCHAR"]
    let texts = try database.open(Source(location: address("hive/"), options: typed))
    #expect(texts.schema.map(\.type) == ["VARCHAR", "VARCHAR", "DATE", "VARCHAR"])
    // A value that fits no type further down leaves the columns of folders as they are.
    try put("x   Nowhere\n", "hive/year=2026/day=2026-01-02/c.txt")
    let (table, source) = try database.reading(
      database.open(Source(location: address("hive/"), options: named))
    ) { try database.query("SELECT * FROM (\($0.sql))") }
    #expect(table.rowCount == 4)
    #expect(source.schema.map(\.type) == ["VARCHAR", "VARCHAR", "DATE", "BIGINT"])
    // The folder wins over a column of the same name, as in other formats.
    for year in [2024, 2025] {
      _ = try database.write("SELECT 1 AS id, 1999 AS Year", to: address("books/year=\(year)/a.xlsx"))
    }
    #expect(try rows("books/", by: "2") == [["1", "2024"], ["1", "2025"]])
    let one = try database.open(
      Source(location: address("books/year=2024/a.xlsx"), options: ReadOptions(types: ["year": "VARCHAR"])))
    #expect(one.schema.map { "\($0.name) \($0.type)" } == ["id BIGINT", "year VARCHAR"])
    let all = try #require(throws: FrameError.self) {
      try database.write(
        "SELECT 1 AS id", dataset: address("none/"), DatasetWriting(partitions: ["id"], format: .xlsx))
    }
    #expect(all.description.contains("every column would become a folder"))
    let fixed = try #require(throws: CloudError.self) {
      try database.write("SELECT 1 AS id", dataset: address("none/"), DatasetWriting(format: .fwf))
    }
    #expect(fixed.what.contains("is read and not written"))
  }

  @Test func objectsBesideThePartitionsKeepTheirOwnValues() throws {
    let parts = "SELECT * FROM (VALUES (1, 'north'), (2, 'south')) t(id, region)"
    _ = try database.write(parts, dataset: address("mix"), DatasetWriting(partitions: ["region"]))
    _ = try database.write("SELECT 3 AS id, 'east' AS region", to: address("mix/root.parquet"))
    _ = try database.write("SELECT 'west' AS region, 4 AS id, 2026 AS year", to: address("mix/year=2027/a.parquet"))
    let opened = try database.open(Source(location: address("mix/")))
    let sql = "SELECT id, region, year FROM (\(opened.sql)) ORDER BY id"
    let table = try database.query(sql)
    let rows = (0..<4).map { row in (0..<3).map { table.value(row, $0).description } }
    let none = Value.null.description
    #expect(rows == [["1", "north", none], ["2", "south", none], ["3", "east", none], ["4", "west", "2027"]])
    #expect(opened.notes.contains { $0.contains("divided in different ways") }, "\(opened.notes)")
    try put("id,region\n1,north\n", "text/1.csv")
    try put("id\n2\n", "text/region=south/1.csv")
    #expect(try self.rows("text/", by: "id") == [["2", "south"], ["1", "north"]].sorted { $0[0] < $1[0] })
  }

  @Test func rowsAreAddedAsThoseThatAreThereAreDivided() throws {
    func write(_ name: String, _ columns: [String], _ mode: DatasetWriting.Mode = .append) throws -> Int {
      let sql = "SELECT i AS id, 2024 + i % 2 AS year, 'r' || i % 3 AS region FROM range(12) t(i)"
      return try database.write(sql, dataset: address(name), DatasetWriting(partitions: columns, mode: mode)).rows
    }
    _ = try write("div", ["year", "region"])
    _ = try write("plain", [])
    #expect(try write("div", ["year", "region"]) == 12 && write("plain", []) == 12)
    for (name, columns, mode, text) in [
      ("div", [], DatasetWriting.Mode.append, "divided by year, region"),
      ("div", ["region", "year"], .append, "--partition-by year,region"),
      ("div", ["year"], .overwritePartitions, "--partition-by year,region"),
      ("plain", ["year"], .append, "not divided into partitions"),
    ] {
      let error = try #require(throws: CloudError.self) { try write(name, columns, mode) }
      #expect(error.problem == .conflict && error.description.contains(text), "\(error)")
    }
    #expect(try rows("div/").count == 24 && rows("plain/").count == 24)
    #expect(try write("plain", ["year"], .overwrite) == 12)
    #expect(try rows("plain/").count == 12)
  }

  @Test func whatMakesNoSenseAsPartitionsIsToldBeforeAnythingIsWritten() throws {
    func fault(_ columns: [String], _ mode: DatasetWriting.Mode = .append, rows: Int = 3) throws -> String {
      let sql = "SELECT i AS id, i % 2 AS year FROM range(\(rows)) t(i)"
      let writing = DatasetWriting(partitions: columns, mode: mode)
      let error = try #require(throws: (any Error).self) {
        try database.write(sql, dataset: address("no"), writing)
      }
      #expect(!"\(error)".contains("Stack Trace"))
      return "\(error)"
    }
    #expect(try fault(["year", "YEAR"]).contains("name the column YEAR twice"))
    #expect(try fault([], .overwritePartitions).contains("--partition-by"))
    #expect(try fault(["id", "year"]).contains("every column would become a folder"))
    #expect(try fault(["id"], rows: 20_000).contains("would make 20,000 folders"))
    #expect(try client.list(bucket, prefix: "\(base)/no").objects.isEmpty)
    let told = FrameError.query("INTERNAL Error: it broke\n\nStack Trace:\n\n0  duckdb::Exception()", sql: "")
    #expect(told.what == "it broke")
  }

  @Test func objectsAreChosenByWhenTheyChanged() throws {
    try put("id\n1\n", "w/1.csv")
    #expect(try rows("w/", ReadOptions(changedFrom: "2020-01-01", changedUntil: "2999-01-01")).count == 1)
    let none = try #require(throws: FrameError.self) {
      try rows("w/", ReadOptions(changedUntil: "2020-01-01T00:00:00Z"))
    }
    #expect(none.problem == .notFound)
    let vague = try #require(throws: FrameError.self) { try rows("w/", ReadOptions(changedFrom: "yesterday")) }
    #expect(vague.description.contains("zone"))
  }

  @Test func troubleIsToldWithTheAddress() throws {
    func problem(_ address: String, _ database: Database) throws -> FrameError {
      try #require(throws: FrameError.self) {
        let opened = try database.open(Source(location: address))
        _ = try database.reading(opened) { try database.query("SELECT count(*) FROM (\($0.sql))") }
      }
    }
    #expect(try problem(address("none.csv"), database).description.contains("there is no such object"))
    #expect(try problem("s3://no-such-bucket-y/a.csv", database).problem == .notFound)
    try put("not parquet at all, but long enough", "bad.parquet")
    #expect(try problem(address("bad.parquet"), database).description.contains("bad.parquet"))
    let reader = try Database(
      environment: environment.merging([
        "AWS_ACCESS_KEY_ID": LocalServer.readerKey, "AWS_SECRET_ACCESS_KEY": LocalServer.readerSecret,
      ]) { $1 })
    try put("id\n1\n", "kept.csv")
    let denied = try problem(address("kept.csv"), reader)
    #expect(denied.description.contains("may not do this"), "\(denied)")
    let wrong = try Database(environment: environment.merging(["AWS_SECRET_ACCESS_KEY": "guess-of-a-secret"]) { $1 })
    let refused = try problem(address("kept.csv"), wrong)
    #expect(refused.description.contains("does not fit its access key"), "\(refused)")
    #expect(!refused.description.contains("guess-of-a-secret"))
  }

  @Test func anObjectThatChangesWhileItIsReadIsNoticed() throws {
    _ = try database.write("SELECT 1 AS a", to: address("c.parquet"))
    let opened = try database.open(Source(location: address("c.parquet")))
    let error = try #require(throws: FrameError.self) {
      try database.reading(opened) { _ in _ = try database.write("SELECT 2 AS a, 3 AS b", to: address("c.parquet")) }
    }
    #expect(error.problem == .changedWhileOpen)
  }

  @Test func theSecretIsNowhereInTheDatabase() throws {
    _ = try database.write("SELECT 1 AS a", to: address("s.parquet"))
    let table = try database.query("SELECT * FROM duckdb_secrets()")
    let text = (0..<table.rowCount).flatMap { row in table.columns.indices.map { "\(table.value(row, $0))" } }.joined()
    #expect(text.contains(bucket))
    #expect(!text.contains(LocalServer.secret))
  }
}
