import Cloud
import Foundation
import ProgramDriver
import Testing

/// The subcommands on an object store that checks every signature, and on a catalogue.
@Suite(.serialized, .enabled(if: LocalServer.areInstalled, "\(LocalServer.missing)")) struct ObjectStoreTests {
  private let folder: TemporaryFolder
  private let environment: [String: String]
  private let place: String

  init() throws {
    folder = try TemporaryFolder()
    environment = [
      "HOME": folder.path("home"),
      "AWS_ACCESS_KEY_ID": LocalServer.key, "AWS_SECRET_ACCESS_KEY": LocalServer.secret,
      "AWS_ENDPOINT_URL_S3": try LocalServer.objectStore.get().address, "AWS_EC2_METADATA_DISABLED": "true",
      "AWS_ENDPOINT_URL": try LocalServer.catalog.get().address,
    ]
    place = "s3://tool/\(UUID().uuidString.prefix(8).lowercased())"
    let client = S3Client(CloudSession(CloudSettings(environment: environment)))
    let end = ContinuousClock.now + .seconds(60)
    while true {
      do {
        if try !client.buckets().contains(where: { $0.name == "tool" }) { try client.createBucket("tool") }
        try client.put(Data(people.utf8), to: S3Location("\(place)/people.csv"))
        break
      } catch let error as CloudError {
        if ContinuousClock.now > end { throw error }
        Thread.sleep(forTimeInterval: 0.2)
      }
    }
  }

  /// Runs a subcommand; the secret must appear nowhere in what it says, and in no file that it leaves.
  private func run(_ arguments: String...) throws -> Answer {
    let answer = try assay(arguments, environment: environment)
    #expect(!(answer.output + answer.error).contains(LocalServer.secret))
    let secret = Data(LocalServer.secret.utf8)
    for name in try FileManager.default.subpathsOfDirectory(atPath: folder.url.path) {
      let content = FileManager.default.contents(atPath: folder.path(name))
      #expect(content?.range(of: secret) == nil, "\(name)")
    }
    return answer
  }

  @Test func workbooksAndFixedWidthTextAreReadAndWritten() throws {
    defer { folder.remove() }
    let count = "SELECT count(*) AS n FROM data"
    #expect(try run("query", "\(place)/people.csv", "FROM data", "-o", "\(place)/books/a.xlsx").exitCode == 0)
    #expect(try run("query", "\(place)/people.csv", "FROM data", "-o", "\(place)/books/b.xlsx").exitCode == 0)
    #expect(try run("sheets", "\(place)/books/a.xlsx").output == "Sheet1\n")
    #expect(try run("query", "\(place)/books/a.xlsx", count, "--range", "A1:B11").output == "n\n10\n")
    #expect(try run("query", "\(place)/books/", count).output == "n\n80\n")
    #expect(try run("s3", "write", "\(place)/books/*.xlsx", "\(place)/rows/").exitCode == 0)
    #expect(try run("query", "\(place)/rows/", count).output == "n\n80\n")
    let towns = try folder.file("towns.txt", "1  Herfelingen 27.5\n2    Lambusart  4.0\n3 Spormaggiore  15\n")
    for name in ["1.txt", "2.txt"] { #expect(try run("s3", "cp", towns, "\(place)/towns/\(name)").exitCode == 0) }
    let options = ["--widths", "1,14,5", "--names", "id,town,size"]
    let sum = "SELECT count(*) AS n, sum(size) AS s FROM data"
    for (part, answer) in [("1.txt", "n,s\n3,46.5\n"), ("", "n,s\n6,93.0\n"), ("*.txt", "n,s\n6,93.0\n")] {
      let arguments = ["query", "\(place)/towns/\(part)", sum] + options
      #expect(try assay(arguments, environment: environment).output == answer, "\(part)")
    }
  }

  @Test func keysOfAListAreOneSource() throws {
    defer { folder.remove() }
    let rows = ["a.csv": "id,name\n1,Ann\n", "b.csv": "id,name\n2,Bob\n", "c.csv": "id,name\n3,Cy\n"]
    for (name, text) in rows {
      #expect(try run("s3", "cp", try folder.file(name, text), "\(place)/months/\(name)").exitCode == 0)
    }
    let listed = try run("query", "\(place)/months/c.csv", "FROM data", "--also", "\(place)/months/a.csv")
    #expect(listed.output == "id,name\n3,Cy\n1,Ann\n", "\(listed.error)")
    let missing = try run("query", "\(place)/months/c.csv", "FROM data", "--also", "\(place)/months/d.csv")
    #expect(missing.exitCode == 1)
    #expect(missing.error.contains("\(place)/months/d.csv: there is no such object"), "\(missing.error)")
    #expect(try run("profile", "\(place)/months/a.csv", "--also", "\(place)/months/b.csv").output.hasPrefix("2 rows"))
  }

  @Test(arguments: ["xlsx", "tsv", "jsonl", "json", "parquet", "csv.gz"])
  func aSourceIsWrittenToAKeyAndReadBack(ending: String) throws {
    defer { folder.remove() }
    let key = "\(place)/one.\(ending)"
    let written = try run("s3", "write", "\(place)/people.csv", key)
    #expect(written.error == "wrote 40 rows to \(key)\n", "\(written.error)")
    #expect(try run("s3", "ls", key, "--json").output.contains("one.\(ending)"))
    let count = "SELECT count(*) AS n, count(age) AS a FROM data"
    #expect(try run("query", key, count).output == "n,a\n40,39\n")
    let again = try run("s3", "write", "\(place)/people.csv", key, "--sql", "FROM data LIMIT 3", "--json")
    #expect(try again.json()["rows"] as? Int == 3)
    #expect(try run("query", key, "SELECT count(*) AS n FROM data").output == "n\n3\n")
    for (refused, reason) in [(["--mode", "append"], "is replaced"), (["--partition-by", "city"], "makes several")] {
      let answer = try assay(["s3", "write", "\(place)/people.csv", key] + refused, environment: environment)
      #expect(answer.exitCode == 2)
      #expect(answer.error.contains(reason) && answer.error.contains("End the address in /"), "\(answer.error)")
    }
  }

  @Test func workbooksAreWrittenFromEverySubcommandAndIntoFolders() throws {
    defer { folder.remove() }
    let parts = try run(
      "s3", "write", "\(place)/people.csv", "\(place)/folders/", "--partition-by", "city", "--format", "xlsx")
    #expect(parts.error.hasPrefix("wrote 40 rows in 3 objects"), "\(parts.error)")
    let cities = try run("query", "\(place)/folders/", "SELECT count(*) AS n, count(DISTINCT city) AS c FROM data")
    #expect(cities.output == "n,c\n40,3\n", "\(cities.error)")
    for (name, arguments) in [
      ("query", ["query", "\(place)/people.csv", "FROM data"]),
      ("filter", ["filter", "\(place)/people.csv", "--where", "age > 20"]),
    ] {
      let key = "\(place)/\(name).xlsx"
      let answer = try assay(arguments + ["-o", key], environment: environment)
      #expect(answer.exitCode == 0, "\(name): \(answer.error)")
      #expect(try run("sheets", key).output == "Sheet1\n", "\(name)")
    }
  }

  @Test func filesGoUpAreListedReadAndComeDown() throws {
    defer { folder.remove() }
    let file = try folder.file("more.csv", people)
    #expect(try run("s3", "cp", file, "\(place)/raw/").exitCode == 0)
    let list = try run("s3", "ls", "\(place)/", "--json")
    #expect((try list.json()["prefixes"] as? [String])?.first?.hasSuffix("/raw/") == true)
    #expect((try list.json()["objects"] as? [[String: Any]])?.count == 1)
    let text = try run("s3", "ls", "\(place)/")
    #expect(text.output.contains("folder") && text.output.contains("people.csv"))
    #expect(try run("query", "\(place)/people.csv", "SELECT count(*) AS n FROM data").output == "n\n40\n")
    #expect(try run("query", "\(place)/*.csv", "SELECT count(*) AS n FROM data").output == "n\n80\n")
    #expect(try run("profile", "\(place)/people.csv", "--json").exitCode == 0)
    #expect(try run("s3", "cp", "\(place)/", folder.path("down")).error.contains("copied 2 objects"))
    #expect(try folder.read("down/raw/more.csv") == people)
    #expect(try run("s3", "cp", "\(place)/people.csv", "\(place)/copy.csv").exitCode == 0)
    #expect(try run("s3", "ls", "\(place)/*.csv", "--json").output.contains("copy.csv"))
  }

  @Test func rowsAreWrittenAsObjectsAndAsPartitions() throws {
    defer { folder.remove() }
    let target = "\(place)/out.parquet"
    let written = try run("query", "\(place)/people.csv", "SELECT name, age FROM data", "-o", target)
    #expect(written.error == "wrote 40 rows to \(target)\n", "\(written.error)")
    #expect(try run("query", target, "SELECT count(*) AS n FROM data").output == "n\n40\n")
    let parts = try run("s3", "write", "\(place)/people.csv", "\(place)/parts/", "--partition-by", "city", "--json")
    #expect(try parts.json()["rows"] as? Int == 40)
    #expect(try parts.json()["objects"] as? Int == 3)
    #expect(
      try run("query", "\(place)/parts/", "SELECT count(DISTINCT city) AS n FROM data").output == "n\n3\n")
    let created = try run("glue", "create", "d\(place.suffix(8)).people", "\(place)/parts/", "--create-database")
    #expect(created.exitCode == 0, "\(created.error)")
    let table = try run("glue", "show", "d\(place.suffix(8)).people")
    #expect(table.output.contains("city") && table.output.contains("parquet"))
    let source = "glue://d\(place.suffix(8))/people"
    #expect(try run("query", source, "SELECT count(*) AS n FROM data").output == "n\n40\n")
    #expect(try run("glue", "tables", "d\(place.suffix(8))").output.contains("people"))
    #expect(try run("glue", "databases", "--json").output.contains("d\(place.suffix(8))"))
  }

  @Test func anObjectBesideThePartitionsOfATableKeepsItsValues() throws {
    defer { folder.remove() }
    let database = "m\(place.suffix(8))"
    _ = try run("s3", "write", "\(place)/people.csv", "\(place)/parts/", "--partition-by", "city")
    #expect(try run("glue", "create", "\(database).people", "\(place)/parts/", "--create-database").exitCode == 0)
    let more = try run(
      "query", "\(place)/people.csv", "SELECT name, age, pay, 'Roma' AS city FROM data", "-o",
      "\(place)/parts/root.parquet")
    #expect(more.exitCode == 0, "\(more.error)")
    let sql = "SELECT count(*) AS n, count(city) AS c, count(*) FILTER (city = 'Roma') AS r FROM data"
    for source in ["\(place)/parts/", "glue://\(database)/people"] {
      let found = try run("query", source, sql)
      #expect(found.output == "n,c,r\n80,80,40\n", "\(found.output) \(found.error)")
    }
    let added = try run("s3", "write", "\(place)/people.csv", "\(place)/parts/", "--partition-by", "city")
    #expect(added.exitCode == 0, "\(added.error)")
    let other = try run("s3", "write", "\(place)/people.csv", "\(place)/parts/", "--partition-by", "name")
    #expect(other.exitCode == 1 && other.error.contains("divided by city"), "\(other.error)")
  }

  @Test func partitionsThatCannotBeMeantAreUsageErrors() throws {
    defer { folder.remove() }
    let none = try run("s3", "write", "\(place)/people.csv", "\(place)/p/", "--mode", "overwrite-partitions")
    #expect(none.exitCode == 2 && none.error.contains("--partition-by year,region"), "\(none.error)")
    let twice = try run("s3", "write", "\(place)/people.csv", "\(place)/p/", "--partition-by", "city,city")
    #expect(twice.exitCode == 2 && twice.error.contains("city twice"), "\(twice.error)")
  }

  @Test func aSwitchThatCannotBeReadLetsNothingBeChanged() throws {
    defer { folder.remove() }
    try FileManager.default.createDirectory(
      atPath: folder.path("home/.config/assay"), withIntermediateDirectories: true)
    _ = try folder.file("home/.config/assay/config.toml", "s3_read_only = \"maybe\"\n")
    let rm = try run("s3", "rm", "\(place)/people.csv")
    #expect(rm.exitCode == 1 && rm.error.contains("config.toml:1: s3_read_only takes true or false"), "\(rm.error)")
    let target = "\(place)/out.parquet"
    let query = try run("query", "\(place)/people.csv", "FROM data", "-o", target)
    #expect(query.exitCode == 1 && query.error.contains("config.toml:1: s3_read_only"), "\(query.error)")
    let banana = try assay(
      ["s3", "rm", "\(place)/people.csv"], environment: environment.merging(["ASSAY_S3_READ_ONLY": "banana"]) { $1 })
    #expect(banana.exitCode == 1 && banana.error.contains("ASSAY_S3_READ_ONLY"), "\(banana.error)")
    #expect(try run("s3", "ls", "\(place)/people.csv").exitCode == 0)
  }

  @Test func deletingMoreThanOneAsksFirst() throws {
    defer { folder.remove() }
    let asked = try run("s3", "rm", "\(place)/")
    #expect(asked.exitCode == 2)
    #expect(asked.error.contains("1 object"))
    let dry = try run("s3", "rm", "\(place)/", "--dry-run")
    #expect(dry.output.contains("delete of 1 object"))
    let refused = try run("s3", "rm", "\(place)/people.csv", "--read-only")
    #expect(refused.exitCode == 1)
    #expect(refused.error.contains("read-only"))
    #expect(try run("s3", "ls", "\(place)/people.csv", "--json").output.contains("people.csv"))
    #expect(try run("s3", "rm", "\(place)/", "--yes").error.hasPrefix("deleted 1 object, "))
    let gone = try run("query", "\(place)/people.csv", "SELECT 1")
    #expect(gone.exitCode == 1)
    #expect(gone.error.contains("there is no such object"))
  }

  @Test func controlCAtTheQuestionEndsItAtOnce() throws {
    defer { folder.remove() }
    let terminal = try PseudoTerminal(
      [try Program.built("assay"), "s3", "rm", "\(place)/"], width: 100, height: 24, environment: environment)
    #expect(terminal.read(until: .now + .seconds(20), quiet: .seconds(20), contains: "[y/N]").contains("[y/N]"))
    try terminal.write("y\u{3}")
    #expect(try terminal.waitForExit(upTo: .seconds(3)).0 == .exited(130))
    #expect(try run("s3", "ls", "\(place)/people.csv").exitCode == 0)
    let other = try PseudoTerminal(
      [try Program.built("assay"), "s3", "rm", "\(place)/"], width: 100, height: 24, environment: environment)
    _ = other.read(until: .now + .seconds(20), quiet: .seconds(20), contains: "[y/N]")
    try other.write("yes\n")
    #expect(try other.waitForExit(upTo: .seconds(10)).0 == .exited(0))
    #expect(try run("s3", "ls", "\(place)/people.csv").exitCode == 1)
  }

  @Test func chartsAndReportsBecomeObjects() throws {
    defer { folder.remove() }
    let chart = ["chart", "\(place)/people.csv", "--kind", "bar", "--x", "city", "-o"]
    for name in ["a b.svg", "chart.json", "chart.txt"] {
      let drawn = try assay(chart + ["\(place)/out/\(name)"], environment: environment)
      #expect(drawn.exitCode == 0, "\(drawn.error)")
    }
    let client = S3Client(CloudSession(CloudSettings(environment: environment)))
    #expect(String(decoding: try client.get(S3Location("\(place)/out/a b.svg")), as: UTF8.self).contains("<svg"))
    let report = try run("insight", "quality", "\(place)/people.csv", "-o", "\(place)/out/report.md")
    #expect(report.error.contains("wrote \(place)/out/report.md"), "\(report.error)")
    #expect(String(decoding: try client.get(S3Location("\(place)/out/report.md")), as: UTF8.self).hasPrefix("# "))
    let odd = try run("insight", "quality", "\(place)/people.csv", "-o", "\(place)/out/report.odd")
    #expect(odd.exitCode == 1 && odd.error.contains("\(place)/out/report.odd: the ending"), "\(odd.error)")
    let prefix = try assay(chart + ["\(place)/out.svg/"], environment: environment)
    #expect(prefix.exitCode == 2, "\(prefix.error)")
    let locked = environment.merging(["ASSAY_S3_READ_ONLY": "1"]) { $1 }
    #expect(try assay(chart + ["\(place)/no.svg"], environment: locked).error.contains("read-only"))
  }

  @Test func aFolderGoesUpAndStreamsGoBothWays() throws {
    defer { folder.remove() }
    try FileManager.default.createDirectory(atPath: folder.path("year/deep"), withIntermediateDirectories: true)
    _ = try folder.file("year/a.csv", people)
    _ = try folder.file("year/deep/b.csv", "x\n1\n")
    #expect(try run("s3", "cp", folder.path("year"), "\(place)/raw/").error.contains("copied 2 objects"))
    #expect(try run("s3", "cp", folder.path("year"), "\(place)/named").exitCode == 0)
    for key in ["raw/year/a.csv", "raw/year/deep/b.csv", "named/a.csv", "named/deep/b.csv"] {
      #expect(try run("s3", "ls", "\(place)/\(key)").exitCode == 0, "\(key)")
    }
    #expect(try run("s3", "cp", "\(place)/named/deep/b.csv", "-").output == "x\n1\n")
    #expect(try run("s3", "cp", "\(place)/named/", "-").exitCode == 2)
    let program = try Program.built("assay")
    let written = try Program.run(
      program, ["s3", "cp", "-", "\(place)/in.csv"], environment: environment, input: Data(people.utf8))
    #expect(written.status == .exited(0), "\(written.errorText)")
    #expect(try run("s3", "cp", "\(place)/in.csv", "-").output == people)
    #expect(try run("s3", "cp", "-", "\(place)/raw/").exitCode == 2)
  }

  @Test func whatTheOptionsLeaveOutIsNotSaidToBeAbsent() throws {
    defer { folder.remove() }
    for more in [[], ["--recursive"]] {
      let none = try assay(["s3", "ls", "\(place)/", "--suffix", ".parquet"] + more, environment: environment)
      #expect(none.error.contains("none of 1 object at \(place)/ fits"), "\(none.error)")
    }
    let swapped = try run("s3", "ls", "\(place)/", "--changed-from", "2026-11-26", "--changed-until", "2026-01-01")
    #expect(swapped.exitCode == 2 && swapped.error.contains("swap them"), "\(swapped.error)")
  }

  @Test func aQueryOfAthenaTellsItsRows() throws {
    defer { folder.remove() }
    let queued = """
      {"results":[{"rows":[{"Data":[{"VarCharValue":"region"},{"VarCharValue":"n"}]},
       {"Data":[{"VarCharValue":"no, \\"rth\\""},{"VarCharValue":"12"}]},{"Data":[{"VarCharValue":"south"},{}]}],
       "column_info":[{"Name":"region","Type":"varchar"},{"Name":"n","Type":"bigint"}]}]}
      """
    let server = try LocalServer.catalog.get()
    let http = try HTTPClient(port: server.port)
    let queue = try http.ask("POST", "/moto-api/static/athena/query-results", type: "application/json", body: queued)
    #expect(queue.status == 201)
    let answer = try run("athena", "SELECT 1", "--output-location", "s3://tool/athena/", "--json")
    #expect(answer.exitCode == 0, "\(answer.error)")
    #expect(answer.output == "[\n{\"region\":\"no, \\\"rth\\\"\",\"n\":12},\n{\"region\":\"south\",\"n\":null}\n]\n")
  }
}
