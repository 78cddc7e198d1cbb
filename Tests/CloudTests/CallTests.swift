import Foundation
import Jobs
import ProgramDriver
import Testing

@testable import Cloud

/// What a service does on a bad day.
@Suite struct CallTests {
  private func client(
    _ server: ScriptedServer, _ more: [String: String] = [:], context: any JobContext = SilentContext()
  )
    -> S3Client
  {
    var settings = CloudSettings(
      environment: [
        "HOME": "/nonexistent", "AWS_ACCESS_KEY_ID": "KEY", "AWS_SECRET_ACCESS_KEY": "hidden",
        "AWS_ENDPOINT_URL": server.address, "AWS_EC2_METADATA_DISABLED": "true",
      ].merging(more) { $1 })
    settings.backoff = 0.02
    return S3Client(CloudSession(settings), context: context)
  }

  private static func fault(_ status: Int, _ code: String, headers: [String: String] = [:]) -> String {
    ScriptedServer.reply(status, "<Error><Code>\(code)</Code><Message>Said so.</Message></Error>", headers: headers)
  }

  @Test func aThrottledCallIsRepeatedAFewTimes() throws {
    let server = try ScriptedServer { _, number in
      number == 0 ? Self.fault(503, "SlowDown") : ScriptedServer.reply(200, "content")
    }
    #expect(String(decoding: try client(server).get(S3Location("s3://b/k")), as: UTF8.self) == "content")
    let stubborn = try ScriptedServer { _, _ in Self.fault(503, "SlowDown") }
    let error = try #require(throws: CloudError.self) { try client(stubborn).get(S3Location("s3://b/k")) }
    #expect(error.problem == .throttled)
    #expect(error.description.contains("3 times in a row"))
    #expect(stubborn.requests.count == 3)
  }

  @Test func aServiceThatFailsForAllIsNotStormed() throws {
    let server = try ScriptedServer { _, _ in ScriptedServer.reply(500) }
    let client = client(server)
    for _ in 0..<120 { _ = try? client.get(S3Location("s3://b/k")) }
    // A hundred second attempts are all that there are for everybody.
    #expect(server.requests.count == 220)
  }

  @Test(arguments: [
    (403, "SignatureDoesNotMatch", CloudError.Problem.wrongCredentials, "the secret from the environment"),
    (403, "InvalidAccessKeyId", .wrongCredentials, "is not known here"),
    (400, "ExpiredToken", .expiredCredentials, "have expired"),
    (403, "AccessDenied", .denied, "may not do this"),
    (404, "NoSuchBucket", .noBucket, "there is no such bucket"),
    (404, "NoSuchKey", .noObject, "there is no such object"),
  ]) func aRefusalIsToldOnce(status: Int, code: String, problem: CloudError.Problem, text: String) throws {
    let server = try ScriptedServer { _, _ in Self.fault(status, code) }
    let error = try #require(throws: CloudError.self) { try client(server).get(S3Location("s3://b/k")) }
    #expect(error.problem == problem)
    #expect(error.description.hasPrefix("s3://b/k: "))
    #expect(error.description.contains(text), "\(error)")
    #expect(!error.description.contains("hidden"))
    #expect(server.requests.count == 1)
  }

  @Test func aBodyThatBreaksOffIsTakenUpWhereItBroke() throws {
    let content = String(repeating: "0123456789", count: 1000)
    let server = try ScriptedServer { request, number in
      if request.method == "HEAD" {
        return "HTTP/1.1 200 OK\r\nContent-Length: 10000\r\nETag: \"e\"\r\nConnection: close\r\n\r\n"
      }
      if number == 1 {
        return "HTTP/1.1 200 OK\r\nContent-Length: 10000\r\nConnection: close\r\n\r\n" + content.prefix(4321)
      }
      let start = Int(request.headers["range"]?.dropFirst(6).dropLast() ?? "") ?? 0
      return ScriptedServer.reply(206, String(content.dropFirst(start)))
    }
    let folder = try TemporaryFolder()
    defer { folder.remove() }
    try client(server).download(S3Location("s3://b/k"), to: folder.path("k"))
    #expect(try String(contentsOfFile: folder.path("k"), encoding: .utf8) == content)
    #expect(server.requests.last?.headers["range"] == "bytes=4321-")
    #expect(server.requests.last?.headers["if-match"] == "\"e\"")
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.url.path) == ["k"])
  }

  @Test func aBodyThatAlwaysBreaksOffIsAnError() throws {
    let server = try ScriptedServer { _, _ in
      "HTTP/1.1 200 OK\r\nContent-Length: 100\r\nConnection: close\r\n\r\nshort"
    }
    let error = try #require(throws: CloudError.self) { try client(server).get(S3Location("s3://b/k")) }
    #expect(error.problem == .incomplete)
    #expect(error.description.contains("3 times in a row"))
    #expect((1...3).contains(server.requests.count))
  }

  @Test func aBodyThatComesInDribsIsGivenUp() throws {
    let server = try ScriptedServer { request, _ in
      let start = Int(request.headers["range"]?.dropFirst(6).dropLast() ?? "") ?? 0
      if request.method == "HEAD" { return "HTTP/1.1 200 OK\r\nContent-Length: 100000\r\nConnection: close\r\n\r\n" }
      return
        "HTTP/1.1 \(start == 0 ? 200 : 206) OK\r\nContent-Length: \(100_000 - start)\r\nConnection: close\r\n\r\n12345678"
    }
    let folder = try TemporaryFolder()
    defer { folder.remove() }
    let error = try #require(throws: CloudError.self) {
      try client(server).download(S3Location("s3://b/k"), to: folder.path("k"))
    }
    #expect(error.description.contains("broke off"), "\(error)")
    #expect(error.description.contains("3 times in a row"), "\(error)")
    #expect(server.requests.count <= 7, "\(server.requests.count)")
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.url.path).isEmpty)
  }

  @Test func aServerThatGivesNoPartsIsNotReadTwice() throws {
    let content = String(repeating: "0123456789", count: 1000)
    let server = try ScriptedServer { request, number in
      let head = "HTTP/1.1 200 OK\r\nContent-Length: 10000\r\nConnection: close\r\n\r\n"
      if request.method == "HEAD" { return head }
      return head + (number == 1 ? String(content.prefix(4321)) : content)
    }
    let folder = try TemporaryFolder()
    defer { folder.remove() }
    let error = try #require(throws: CloudError.self) {
      try client(server).download(S3Location("s3://b/k"), to: folder.path("k"))
    }
    #expect(error.description.contains("does not go on from there"), "\(error)")
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.url.path).isEmpty)
  }

  @Test func aSwitchThatCannotBeReadLetsNothingBeChanged() throws {
    let server = try ScriptedServer { _, _ in ScriptedServer.reply() }
    for word in ["banana", "1", "TRUE", "on", "yes"] {
      let client = client(server, ["ASSAY_S3_READ_ONLY": word])
      let error = try #require(throws: CloudError.self) { try client.put(Data("x".utf8), to: S3Location("s3://b/k")) }
      #expect(error.problem == .readOnly, "\(word)")
      let isTold = error.description.contains("ASSAY_S3_READ_ONLY takes true or false, not banana")
      #expect(isTold == (word == "banana"), "\(error)")
    }
    #expect(server.requests.isEmpty)
    for word in ["", "0", "off", "No", "false"] {
      try client(server, ["ASSAY_S3_READ_ONLY": word]).put(Data("x".utf8), to: S3Location("s3://b/k"))
    }
    #expect(server.requests.count == 5)
  }

  @Test func aClockThatIsWrongIsSetByTheService() throws {
    let server = try ScriptedServer { request, number in
      if number == 0 {
        return Self.fault(403, "RequestTimeTooSkewed", headers: ["Date": "Thu, 26 Nov 2099 14:00:00 GMT"])
      }
      return ScriptedServer.reply(200, request.headers["x-amz-date"] ?? "")
    }
    let stamp = String(decoding: try client(server).get(S3Location("s3://b/k")), as: UTF8.self)
    #expect(stamp.hasPrefix("20991126T14000"))
  }

  @Test func aBucketIsFollowedToItsRegion() throws {
    let server = try ScriptedServer { request, _ in
      request.headers["authorization"]?.contains("/eu-west-3/s3/") == true
        ? ScriptedServer.reply(200, "found")
        : Self.fault(301, "PermanentRedirect", headers: ["x-amz-bucket-region": "eu-west-3"])
    }
    let client = client(server)
    #expect(String(decoding: try client.get(S3Location("s3://b/k")), as: UTF8.self) == "found")
    _ = try client.get(S3Location("s3://b/k"))
    #expect(server.requests.count == 3)
  }

  @Test func aKeyComesAsItIsWritten() throws {
    let server = try ScriptedServer { request, _ in ScriptedServer.reply(200, request.target) }
    let client = client(server)
    for key in ["a b+ü.csv", "a//b", "/lead", "x?y=1&z#f", "100%", "~*'()!"] {
      let target = String(decoding: try client.get(S3Location(bucket: "b", key: key)), as: UTF8.self)
      #expect(target == "/b/" + PercentEncoding.encode(key, keepsSlash: true))
    }
  }

  @Test func aCancelEndsACallThatHangs() throws {
    let server = try ScriptedServer { _, _ in
      Thread.sleep(forTimeInterval: 5)
      return ScriptedServer.reply(200)
    }
    let context = ForegroundContext()
    let client = client(server, context: context)
    let start = ContinuousClock.now
    DispatchQueue.global().asyncAfter(deadline: .now() + 0.2) { context.cancel() }
    #expect(throws: JobCancelled.self) { try client.get(S3Location("s3://b/k")) }
    #expect(start.duration(to: .now) < .seconds(3))
  }

  @Test func nothingListeningIsSaid() throws {
    let port = try LocalServer.freePorts(1)[0]
    let server = try ScriptedServer { _, _ in "" }
    let client = client(server, ["AWS_ENDPOINT_URL": "http://127.0.0.1:\(port)"])
    let error = try #require(throws: CloudError.self) { try client.buckets() }
    #expect(error.problem == .unreachable)
    #expect(error.description.contains("127.0.0.1:\(port)"), "\(error)")
  }

  @Test func whatIsReadOnlyChangesNothing() throws {
    let server = try ScriptedServer { _, _ in ScriptedServer.reply(200) }
    let client = client(server, ["ASSAY_S3_READ_ONLY": "1"])
    let error = try #require(throws: CloudError.self) { try client.put(Data(), to: S3Location("s3://b/k")) }
    #expect(error.problem == .readOnly)
    #expect(throws: CloudError.self) { try client.delete(["a"], in: "b") }
    #expect(throws: CloudError.self) { try client.copy(S3Location("s3://b/k"), to: S3Location("s3://b/l")) }
    #expect(server.requests.isEmpty)
  }
}
