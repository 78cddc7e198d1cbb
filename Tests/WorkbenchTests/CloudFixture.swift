import Cloud
import Engine
import Foundation
import ProgramDriver

/// Objects and tables for tests, on an object store that checks signatures and on a catalogue.
struct CloudFixture {
  let environment: [String: String]
  /// A bucket of this test alone, or one that all share.
  let bucket: String
  let store: S3Client
  let glue: GlueClient

  /// - Parameters:
  ///   - isDrawn: keeps to a server that no other test fills, for screens that show every bucket.
  ///   - region: of the catalogue; each has databases, and results of Athena, of its own.
  init(bucket: String, isDrawn: Bool = false, region: String = "us-east-1") throws {
    var environment = [
      "HOME": "/nonexistent", "AWS_ACCESS_KEY_ID": LocalServer.key, "AWS_SECRET_ACCESS_KEY": LocalServer.secret,
      "AWS_ENDPOINT_URL": try LocalServer.catalog.get().address, "AWS_EC2_METADATA_DISABLED": "true",
      "AWS_REGION": region,
    ]
    if !isDrawn { environment["AWS_ENDPOINT_URL_S3"] = try LocalServer.objectStore.get().address }
    self.environment = environment
    self.bucket = bucket
    // Buckets are made where any server makes them without being told the region.
    store = S3Client(CloudSession(CloudSettings(environment: environment, region: "us-east-1")))
    glue = GlueClient(CloudSession(CloudSettings(environment: environment)))
    let end = ContinuousClock.now + .seconds(60)
    while true {
      do {
        if try !store.buckets().contains(where: { $0.name == bucket }) { try store.createBucket(bucket) }
        try put("id\n1\n", "ready.csv")
        break
      } catch let error as CloudError {
        if ContinuousClock.now > end { throw error }
        Thread.sleep(forTimeInterval: 0.2)
      }
    }
  }

  func put(_ text: String, _ key: String) throws {
    try store.put(Data(text.utf8), to: S3Location(bucket: bucket, key: key))
  }

  func text(_ key: String) throws -> String {
    String(decoding: try store.get(S3Location(bucket: bucket, key: key)), as: UTF8.self)
  }

  func exists(_ key: String) throws -> Bool { try store.look(S3Location(bucket: bucket, key: key)) != nil }

  /// A table over the objects below a prefix.
  func table(
    _ database: String, _ name: String, prefix: String, format: GlueTable.Format = .csv,
    columns: [(String, String)], keys: [(String, String)] = [], hasHeader: Bool = true
  ) throws {
    if try !glue.databases().contains(where: { $0.Name == database }) { try glue.create(database: database) }
    let new = GlueTable(
      name: name, location: "s3://\(bucket)/\(prefix)", format: format,
      columns: columns.map { GlueColumn(name: $0.0, type: $0.1) },
      partitions: keys.map { GlueColumn(name: $0.0, type: $0.1) }, hasHeader: hasHeader)
    try glue.create(new, in: database)
  }
}
