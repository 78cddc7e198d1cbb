import Foundation
import Jobs
import ProgramDriver
import Testing

@testable import Cloud

/// Against an object store that checks every signature.
@Suite(.enabled(if: LocalServer.areInstalled, "\(LocalServer.missing)")) struct ObjectStoreTests {
  private static func environment(_ key: String, _ secret: String) throws -> [String: String] {
    [
      "HOME": "/nonexistent", "AWS_ACCESS_KEY_ID": key, "AWS_SECRET_ACCESS_KEY": secret,
      "AWS_ENDPOINT_URL_S3": try LocalServer.objectStore.get().address, "AWS_EC2_METADATA_DISABLED": "true",
    ]
  }

  static func client(
    _ key: String = LocalServer.key, _ secret: String = LocalServer.secret, planned: PlannedCalls? = nil,
    context: any JobContext = SilentContext()
  ) throws -> S3Client {
    S3Client(
      CloudSession(CloudSettings(environment: try environment(key, secret))), context: context, planned: planned)
  }

  /// One for all tests, since the store makes room for each anew; every test has a prefix of its own.
  private func bucket(_ client: S3Client) throws -> String {
    let end = ContinuousClock.now + .seconds(60)
    while true {
      do {
        if try !client.buckets().contains(where: { $0.name == "cloud" }) { try client.createBucket("cloud") }
        try client.put(Data("x".utf8), to: S3Location(bucket: "cloud", key: "ready"))
        return "cloud"
      } catch let error as CloudError {
        if ContinuousClock.now > end { throw error }
        Thread.sleep(forTimeInterval: 0.2)
      }
    }
  }

  @Test func objectsComeBackAsTheyWent() throws {
    let client = try Self.client()
    let bucket = try bucket(client)
    #expect(try client.buckets().map(\.name).contains(bucket))
    for key in ["plain.txt", "with space & ünï=+.txt", "deep/er/a%2Fb*~'().txt", "emoji 🙂.csv", "a?b=c&d#e"] {
      let location = S3Location(bucket: bucket, key: key)
      let content = Data("hello \(key)".utf8)
      try client.put(content, to: location)
      #expect(try client.get(location) == content)
      #expect(try client.look(location)?.size == content.count)
      #expect(try client.objects(S3Location(bucket: bucket)).map(\.key).contains(key))
      let copied = S3Location(bucket: bucket, key: "copy of/" + key)
      try client.copy(location, to: copied)
      #expect(try client.get(copied) == content)
      try client.delete([key, copied.key], in: bucket)
      #expect(try client.look(location) == nil)
    }
    try client.put(Data("0123456789".utf8), to: S3Location(bucket: bucket, key: "digits"))
    let part = try client.get(S3Location(bucket: bucket, key: "digits"), range: 2...4)
    #expect(String(decoding: part, as: UTF8.self) == "234")
  }

  @Test func listingsArePagedAndStopAtSlashes() throws {
    let client = try Self.client()
    let bucket = try bucket(client)
    for number in 0..<7 {
      try client.put(Data("\(number)".utf8), to: S3Location(bucket: bucket, key: "pages/d/\(number).csv"))
    }
    try client.put(Data("t".utf8), to: S3Location(bucket: bucket, key: "pages/top.csv"))
    let top = try client.list(bucket, prefix: "pages/", delimiter: "/")
    #expect(top.prefixes == ["pages/d/"])
    #expect(top.objects.map(\.key) == ["pages/top.csv"])
    var (keys, next, pages): ([String], String?, Int) = ([], nil, 0)
    repeat {
      let page = try client.list(bucket, prefix: "pages/d/", limit: 3, next: next)
      keys += page.objects.map(\.key)
      next = page.next
      pages += 1
    } while next != nil
    #expect(keys == (0..<7).map { "pages/d/\($0).csv" })
    #expect(pages == 3)
  }

  @Test func aLocationMeansAKeyAPrefixOrAPattern() throws {
    let client = try Self.client()
    let bucket = try bucket(client)
    let start = Date()
    for key in ["s/1.csv", "s/2.csv", "s/x.json", "st/3.csv"] {
      try client.put(Data(key.utf8), to: S3Location(bucket: bucket, key: "meant/" + key))
    }
    func keys(_ key: String, _ selection: S3Selection = S3Selection()) throws -> [String] {
      try client.objects(S3Location(bucket: bucket, key: "meant/" + key), selection).map { String($0.key.dropFirst(6)) }
    }
    #expect(try keys("s/1.csv") == ["s/1.csv"])
    #expect(try keys("s/") == ["s/1.csv", "s/2.csv", "s/x.json"])
    #expect(try keys("s") == ["s/1.csv", "s/2.csv", "s/x.json"])
    #expect(try keys("s*/?.csv") == ["s/1.csv", "s/2.csv", "st/3.csv"])
    #expect(try keys("s/", S3Selection(suffix: ".json")) == ["s/x.json"])
    #expect(
      try keys("s/", S3Selection(from: start.addingTimeInterval(-60), until: Date(timeIntervalSinceNow: 60))).count == 3
    )
    #expect(try keys("s/", S3Selection(until: start.addingTimeInterval(-60))) == [])
    let error = try #require(throws: CloudError.self) { try keys("nothing/*.csv") }
    #expect(error.description.contains("no key fits the pattern"))
    #expect(throws: CloudError.self) { try keys("nothing") }
    #expect(try client.delete(keys("s/").map { "meant/" + $0 }, in: bucket) == 3)
    #expect(try keys("").map { $0 } == ["st/3.csv"])
  }

  @Test func aLargeFileGoesUpInPartsAndComesBack() throws {
    let client = try Self.client()
    let bucket = try bucket(client)
    let folder = try TemporaryFolder()
    defer { folder.remove() }
    let size = S3Client.partSize + 12_345
    var bytes = [UInt8](repeating: 0, count: size)
    for index in bytes.indices { bytes[index] = UInt8(truncatingIfNeeded: index &* 31 &+ index >> 9) }
    let file = try folder.write(Data(bytes), to: "large.bin")
    let location = S3Location(bucket: bucket, key: "large file.bin")
    #expect(try client.upload(file, to: location) == size)
    #expect(try client.look(location)?.size == size)
    try client.download(location, to: folder.path("back.bin"))
    #expect(FileManager.default.contents(atPath: folder.path("back.bin")) == Data(bytes))
  }

  @Test func aDryRunListsTheCallsAndMakesNone() throws {
    let client = try Self.client()
    let bucket = try bucket(client)
    let location = S3Location(bucket: bucket, key: "kept")
    try client.put(Data("x".utf8), to: location)
    let planned = PlannedCalls()
    let dry = try Self.client(planned: planned)
    try dry.put(Data("y".utf8), to: location)
    try dry.delete(["kept"], in: bucket)
    #expect(planned.all == ["PUT \(location)", "POST s3://\(bucket)/?delete of 1 object"])
    #expect(String(decoding: try client.get(location), as: UTF8.self) == "x")
  }

  @Test func refusalsAreClear() throws {
    let client = try Self.client()
    let bucket = try bucket(client)
    let location = S3Location(bucket: bucket, key: "k")
    func problem(_ body: () throws -> Void) throws -> CloudError {
      try #require(throws: CloudError.self) { try body() }
    }
    let wrong = try problem { _ = try Self.client(LocalServer.key, "no").list(bucket) }
    #expect(wrong.problem == .wrongCredentials, "\(wrong)")
    let unknown = try problem { _ = try Self.client("NOBODY", "no").list(bucket) }
    #expect(unknown.problem == .wrongCredentials, "\(unknown)")
    let reader = try Self.client(LocalServer.readerKey, LocalServer.readerSecret)
    let denied = try problem { try reader.put(Data("x".utf8), to: location) }
    #expect(denied.problem == .denied, "\(denied)")
    let noBucket = try problem { _ = try client.list("no-such-bucket-here") }
    #expect(noBucket.problem == .noBucket, "\(noBucket)")
    let noKey = try problem { _ = try client.get(location) }
    #expect(noKey.problem == .noObject, "\(noKey)")
    for error in [wrong, unknown, denied, noBucket, noKey] {
      #expect(!error.description.contains(LocalServer.secret) && !error.description.contains(LocalServer.readerSecret))
    }
  }
}
