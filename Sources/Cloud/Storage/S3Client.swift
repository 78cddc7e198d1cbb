import Foundation
import Jobs
import Numerics
import Synchronization

/// The calls that would have been made: a client with such a list changes nothing.
public final class PlannedCalls: Sendable {
  private let calls = Mutex<[String]>([])
  public init() {}
  public var all: [String] { calls.withLock { $0 } }
  func add(_ call: String) { calls.withLock { $0.append(call) } }
}

/// Buckets and objects. A value for one piece of work: it stops when that is cancelled.
public struct S3Client: Sendable {
  public let session: CloudSession
  let context: any JobContext
  let canceller: CallCanceller
  /// Where calls that change something are noted instead of made.
  let planned: PlannedCalls?

  public init(_ session: CloudSession, context: any JobContext = SilentContext(), planned: PlannedCalls? = nil) {
    self.session = session
    self.context = context
    self.planned = planned
    canceller = CallCanceller(context)
  }

  // MARK: Calls

  func call(_ method: String, _ bucket: String, _ key: String? = nil) -> CloudSession.Call {
    let path = key.map { "/" + $0 } ?? "/"
    let location = S3Location(bucket: bucket, key: key ?? "").description
    return CloudSession.Call(service: .s3, method: method, bucket: bucket, path: path, location: location)
  }

  /// True where a call may be made; false where it is only noted.
  /// - Throws: `CloudError` where nothing may be changed.
  func mayChange(_ what: String, _ location: String) throws -> Bool {
    if session.settings.isReadOnly {
      throw session.settings.readOnlyRefusal(location)
    }
    guard let planned else { return true }
    planned.add("\(what) \(location)")
    return false
  }

  private func xml(_ response: HTTPResponse, _ location: String) throws -> XMLNode {
    guard let node = XMLNode(String(decoding: response.body, as: UTF8.self)) else {
      throw CloudError(
        .incomplete, location: location, what: "the answer is not the XML of S3", advice: "Check AWS_ENDPOINT_URL.")
    }
    // Copies and the end of an upload may fail after a success was announced.
    if node.name == "Error" {
      throw CloudError.answer(
        status: 500, code: node["Code"] ?? "", message: node["Message"] ?? "", location: location, origin: "here")
    }
    return node
  }

  /// All buckets of the account.
  public func buckets() throws -> [S3Bucket] {
    let call = CloudSession.Call(service: .s3, location: "s3://")
    let root = try xml(session.send(call, canceller), call.location)
    return (root.first("Buckets")?.all("Bucket") ?? []).map {
      S3Bucket(name: $0["Name"] ?? "", created: $0["CreationDate"].flatMap { CivilDate.instant($0) })
    }
  }

  public func createBucket(_ name: String) throws {
    guard try mayChange("PUT", "s3://\(name)") else { return }
    var call = call("PUT", name)
    let region = session.settings.region
    if region != CloudSettings.usualRegion, try session.settings.endpoint(.s3) == nil {
      let body = "<CreateBucketConfiguration><LocationConstraint>\(XMLNode.escaped(region))</LocationConstraint>"
      call.body = Data((body + "</CreateBucketConfiguration>").utf8)
    }
    _ = try session.send(call, canceller)
  }

  /// Where a bucket is.
  public func region(of bucket: String) throws -> String {
    if let known = session.region(of: bucket) { return known }
    let response = try session.send(call("HEAD", bucket), canceller)
    let region = response.headers["x-amz-bucket-region"] ?? session.region(of: bucket) ?? session.settings.region
    session.note(region: region, of: bucket)
    return region
  }

  // MARK: Listing

  /// One part of a listing, in the order of keys.
  /// - Parameters:
  ///   - delimiter: `/` stops at slashes and returns prefixes.
  ///   - next: of the part before.
  public func list(
    _ bucket: String, prefix: String = "", delimiter: String? = nil, limit: Int = 1000, next: String? = nil
  ) throws -> S3Page {
    var call = call("GET", bucket)
    call.location = S3Location(bucket: bucket, key: prefix).description
    call.query = [
      ("list-type", "2"), ("prefix", prefix), ("max-keys", String(limit)), ("encoding-type", "url"),
    ]
    if let delimiter { call.query.append(("delimiter", delimiter)) }
    if let next { call.query.append(("continuation-token", next)) }
    let root = try xml(session.send(call, canceller), call.location)
    let isEncoded = root["EncodingType"] == "url"
    func text(_ raw: String?) -> String {
      isEncoded ? PercentEncoding.decode(raw ?? "", plusIsSpace: true) : raw ?? ""
    }
    let objects = root.all("Contents").map { node in
      S3Object(
        bucket: bucket, key: text(node["Key"]), size: node["Size"].flatMap { Int($0) } ?? 0,
        modified: node["LastModified"].flatMap { CivilDate.instant($0) }, tag: node["ETag"] ?? "",
        storageClass: node["StorageClass"])
    }
    let token = root["NextContinuationToken"].flatMap { $0.isEmpty ? nil : $0 }
    return S3Page(
      objects: objects, prefixes: root.all("CommonPrefixes").map { text($0["Prefix"]) },
      next: root["IsTruncated"] == "true" ? token : nil)
  }

  /// Goes through a listing part by part.
  public func eachPage(
    _ bucket: String, prefix: String = "", delimiter: String? = nil, _ body: (S3Page) throws -> Void
  ) throws {
    var next: String?
    var found = 0
    repeat {
      let page = try list(bucket, prefix: prefix, delimiter: delimiter, next: next)
      found += page.objects.count
      context.report(nil, "listing s3://\(bucket)/\(prefix): \(found) objects")
      try body(page)
      if page.next != nil, page.next == next {
        throw CloudError(.other, location: "s3://\(bucket)/\(prefix)", what: "the listing goes round in a circle")
      }
      next = page.next
    } while next != nil
  }

  /// The objects that a location means: one key, all below a prefix, or all that fit a pattern.
  ///
  /// A key that is none, but has something below it, is taken for the prefix that it is.
  /// - Throws: `CloudError` where nothing is there.
  public func objects(_ location: S3Location, _ selection: S3Selection = S3Selection()) throws -> [S3Object] {
    if !location.isPattern, !location.isPrefix, let object = try look(location) {
      return selection.takes(object) ? [object] : []
    }
    let pattern = location.isPattern ? KeyPattern(location.key) : nil
    let prefix = pattern?.literalPrefix ?? (location.isPrefix ? location.key : location.key + "/")
    var objects: [S3Object] = []
    var isThere = false
    try eachPage(location.bucket, prefix: prefix) { page in
      for object in page.objects where pattern?.matches(object.key) ?? true {
        isThere = true
        if selection.takes(object) { objects.append(object) }
      }
    }
    guard isThere || location.key.isEmpty else {
      throw CloudError(
        .noObject, location: location.description,
        what: location.isPattern
          ? "no key fits the pattern"
          : location.isPrefix ? "nothing is below this prefix" : "there is no such object",
        advice: "See what is there with assay s3 ls s3://\(location.bucket)/.")
    }
    return objects
  }

  // MARK: Objects

  /// What is known of an object, nil where there is none.
  public func look(_ location: S3Location) throws -> S3Object? {
    var call = call("HEAD", location.bucket, location.key)
    call.acceptsMissing = true
    do {
      let response = try session.send(call, canceller)
      guard response.status != 404 else { return nil }
      return object(location, response)
    } catch let error as CloudError where error.status == 403 {
      // Such an answer has no body; that to a read says which of the reasons it is.
      _ = try get(location, range: 0...0)
      throw error
    }
  }

  func object(_ location: S3Location, _ response: HTTPResponse) -> S3Object {
    S3Object(
      bucket: location.bucket, key: location.key, size: response.headers["content-length"].flatMap { Int($0) } ?? 0,
      modified: response.headers["last-modified"].flatMap { CivilDate.header($0) },
      tag: response.headers["etag"] ?? "", storageClass: response.headers["x-amz-storage-class"])
  }

  /// The content, or a part of it.
  /// - Parameter range: bytes from 0.
  public func get(_ location: S3Location, range: ClosedRange<Int>? = nil) throws -> Data {
    var call = call("GET", location.bucket, location.key)
    if let range { call.headers["range"] = "bytes=\(range.lowerBound)-\(range.upperBound)" }
    return try session.send(call, canceller).body
  }

  public func put(_ data: Data, to location: S3Location) throws {
    guard try mayChange("PUT", location.description) else { return }
    var call = call("PUT", location.bucket, location.key)
    call.body = data
    call.headers["content-type"] = ContentType.of(location.key)
    _ = try session.send(call, canceller)
  }

  /// Deletes objects of one bucket, up to a thousand a call.
  /// - Returns: how many are gone.
  /// - Throws: `CloudError` that names the first that could not be deleted, and how many were before it.
  @discardableResult
  public func delete(_ keys: [String], in bucket: String) throws -> Int {
    var gone = 0
    for start in stride(from: 0, to: keys.count, by: 1000) {
      let part = keys[start..<min(start + 1000, keys.count)]
      let place = "s3://\(bucket)/?delete of \(part.count) object\(part.count == 1 ? "" : "s")"
      guard try mayChange("POST", place) else { continue }
      let entries = part.map { "<Object><Key>\(XMLNode.escaped($0))</Key></Object>" }.joined()
      var call = call("POST", bucket)
      call.query = [("delete", "")]
      call.body = Data("<Delete><Quiet>true</Quiet>\(entries)</Delete>".utf8)
      call.headers["content-type"] = "application/xml"
      let digest = MessageAuthentication.digest([Array(call.body ?? Data())])
      call.headers["x-amz-checksum-sha256"] = Data(digest).base64EncodedString()
      call.headers["x-amz-sdk-checksum-algorithm"] = "SHA256"
      let root = try xml(session.send(call, canceller), "s3://\(bucket)/")
      let failures = root.all("Error")
      gone += part.count - failures.count
      if let failure = failures.first {
        var error = CloudError.answer(
          status: 400, code: failure["Code"] ?? "", message: failure["Message"] ?? "",
          location: "s3://\(bucket)/\(failure["Key"] ?? "")", origin: "here")
        error.what += "; \(gone) of \(keys.count) were deleted"
        throw error
      }
      context.report(Double(gone) / Double(keys.count), "deleted \(gone) of \(keys.count)")
    }
    return gone
  }

  /// Copies an object within S3, without its bytes coming here.
  public func copy(_ source: S3Location, to target: S3Location) throws {
    guard try mayChange("PUT", "\(target) (copy of \(source))") else { return }
    var call = call("PUT", target.bucket, target.key)
    call.headers["x-amz-copy-source"] = PercentEncoding.encode("/\(source.bucket)/\(source.key)", keepsSlash: true)
    call.location = source.description
    _ = try xml(session.send(call, canceller), target.description)
  }

  // MARK: Parts of an upload

  func beginUpload(_ location: S3Location) throws -> String {
    var call = call("POST", location.bucket, location.key)
    call.query = [("uploads", "")]
    call.headers["content-type"] = ContentType.of(location.key)
    let root = try xml(session.send(call, canceller), location.description)
    guard let id = root["UploadId"] else {
      throw CloudError(.other, location: location.description, what: "the service began no upload")
    }
    return id
  }

  /// - Returns: the part's tag.
  func uploadPart(_ data: Data, _ number: Int, _ upload: String, _ location: S3Location) throws -> String {
    var call = call("PUT", location.bucket, location.key)
    call.query = [("partNumber", String(number)), ("uploadId", upload)]
    call.body = data
    return try session.send(call, canceller).headers["etag"] ?? ""
  }

  func endUpload(_ tags: [String], _ upload: String, _ location: S3Location) throws {
    var call = call("POST", location.bucket, location.key)
    call.query = [("uploadId", upload)]
    let parts = tags.enumerated().map { index, tag in
      "<Part><PartNumber>\(index + 1)</PartNumber><ETag>\(XMLNode.escaped(tag))</ETag></Part>"
    }
    call.body = Data("<CompleteMultipartUpload>\(parts.joined())</CompleteMultipartUpload>".utf8)
    call.headers["content-type"] = "application/xml"
    _ = try xml(session.send(call, canceller), location.description)
  }

  /// Lets an upload go, so that nobody pays for its parts. Works after a cancel too.
  func abandonUpload(_ upload: String, _ location: S3Location) {
    var call = call("DELETE", location.bucket, location.key)
    call.query = [("uploadId", upload)]
    _ = try? session.send(call, CallCanceller(SilentContext()))
  }
}

/// What kind of content a name promises.
enum ContentType {
  static func of(_ key: String) -> String {
    switch key.split(separator: ".").last.map({ $0.lowercased() }) {
    case "csv"?: "text/csv"
    case "tsv"?: "text/tab-separated-values"
    case "txt"?, "md"?: "text/plain"
    case "json"?: "application/json"
    case "jsonl"?, "ndjson"?: "application/x-ndjson"
    case "parquet"?: "application/vnd.apache.parquet"
    case "xlsx"?: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    case "gz"?: "application/gzip"
    default: "application/octet-stream"
    }
  }
}
