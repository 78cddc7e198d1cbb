import Foundation
import Jobs
import ProgramDriver
import Testing

@testable import Cloud

/// Against a catalogue that answers like Glue and Athena.
@Suite(.serialized, .enabled(if: LocalServer.areInstalled, "\(LocalServer.missing)")) struct CatalogTests {
  private func session(isReadOnly: Bool = false) throws -> CloudSession {
    CloudSession(
      CloudSettings(
        environment: [
          "HOME": "/nonexistent", "AWS_ACCESS_KEY_ID": "testing", "AWS_SECRET_ACCESS_KEY": "testing",
          "AWS_ENDPOINT_URL": try LocalServer.catalog.get().address, "AWS_EC2_METADATA_DISABLED": "true",
        ], isReadOnly: isReadOnly))
  }

  @Test func tablesAreCreatedAndFound() throws {
    let glue = GlueClient(try session())
    let database = "d" + UUID().uuidString.prefix(8).lowercased()
    try glue.create(database: database)
    #expect(try glue.databases().map(\.Name).contains(database))
    let columns = [GlueColumn(name: "id", type: "bigint"), GlueColumn(name: "amount", type: "decimal(10,2)")]
    let table = GlueTable(
      name: "orders", location: "s3://lake/orders/", format: .csv, columns: columns,
      partitions: [GlueColumn(name: "year", type: "int")], delimiter: ";")
    try glue.create(table, in: database)
    try glue.create(
      GlueTable(name: "events", location: "s3://lake/events/", format: .parquet, columns: columns), in: database)
    #expect(try glue.tables(database).map(\.Name).sorted() == ["events", "orders"])
    let found = try glue.table(database, "orders")
    #expect(found.format == .csv)
    #expect(found.delimiter == ";")
    #expect(found.skipsHeader)
    #expect(found.StorageDescriptor?.Columns == columns)
    #expect(found.PartitionKeys?.map(\.Name) == ["year"])
    #expect(try glue.table(database, "events").format == .parquet)
    let missing = try #require(throws: CloudError.self) { try glue.table(database, "nothing") }
    #expect(missing.problem == .notFound)
    #expect(missing.description.hasPrefix("glue:\(database).nothing: "))
    #expect(throws: CloudError.self) { try glue.tables("no_such_database") }
    let reader = GlueClient(try session(isReadOnly: true))
    #expect(throws: CloudError.self) { try reader.create(table, in: database) }
  }

  @Test func aQueryRunsToItsResult() throws {
    let queued = """
      {"results":[{"rows":[{"Data":[{"VarCharValue":"region"},{"VarCharValue":"total"}]},
       {"Data":[{"VarCharValue":"north"},{"VarCharValue":"12.50"}]},{"Data":[{"VarCharValue":"south"},{}]}],
       "column_info":[{"Name":"region","Type":"varchar"},{"Name":"total","Type":"decimal"}]}]}
      """
    let server = try LocalServer.catalog.get()
    let http = try HTTPClient(port: server.port)
    let answer = try http.ask("POST", "/moto-api/static/athena/query-results", type: "application/json", body: queued)
    #expect(answer.status == 201)
    let athena = AthenaClient(try session())
    let id = try athena.start("SELECT region, sum(amount) AS total FROM orders GROUP BY 1", output: "s3://lake/athena/")
    let done = try athena.wait(id)
    #expect(done.state == "SUCCEEDED")
    let result = try athena.result(id)
    #expect(result.columns.map(\.name) == ["region", "total"])
    #expect(result.rows == [["north", "12.50"], ["south", nil]])
  }

  @Test func whereNothingMayBeChangedOnlyStatementsThatReadAreTaken() throws {
    let athena = AthenaClient(try session(isReadOnly: true))
    for sql in [
      "select 1; drop table x", "SELECT 'it''s' ;/* ; */ DROP TABLE x", "SELECT 1; -- a\ndrop table x",
      "INSERT INTO a SELECT 1", "/* SELECT */ drop table a", "-- SELECT\nUNLOAD (SELECT 1) TO 's3://a/b/'", "",
    ] {
      let refusal = try #require(throws: CloudError.self) { try athena.start(sql, output: "s3://lake/athena/") }
      #expect(refusal.problem == .readOnly, "\(sql)")
    }
    for sql in [
      "select 1", " (SELECT 1) UNION (SELECT 2)", "/* a */ -- b\nWITH a AS (SELECT 1) TABLE a", "SHOW TABLES",
      "SELECT 'a; drop table x' AS \"b;c\", 'it''s; d' /* ; e */ -- ; f\n ; -- g\n ; /* h */ ",
    ] {
      #expect(AthenaClient.onlyReads(sql), "\(sql)")
    }
    #expect(!(try athena.start("SELECT 1", output: "s3://lake/athena/")).isEmpty)
  }

  @Test func aQuerysCostIsThatOfItsBytes() {
    #expect(AthenaClient.cost(bytes: 2_000_000_000_000) == 10)
    #expect(AthenaClient.cost(bytes: 1) == AthenaClient.cost(bytes: 10_000_000))
  }
}
