import CDuckDB
import Cloud
import Foundation
import Jobs
import Synchronization

/// Lets DuckDB read and write `s3://` with the credentials that the rest of assay uses.
///
/// The extension is loaded, and credentials are found, when the first such address is met. They are handed to DuckDB
/// bucket by bucket, since a bucket may be in another region, and anew before they expire.
final class RemoteAccess: Sendable {
  private struct State {
    var hasExtension = false
    /// What DuckDB was given for a bucket.
    var given: [String: Credentials] = [:]
    /// Objects that were read into a file of this machine, by address: their tag, and the file.
    var staged: [String: (tag: String, file: InputFile)] = [:]
  }

  let environment: [String: String]
  private let session = Mutex<CloudSession?>(nil)
  private let state = Mutex(State())

  init(environment: [String: String]) { self.environment = environment }

  func cloud() -> CloudSession {
    session.withLock { session in
      if let session { return session }
      let new = CloudSession(CloudSettings(environment: environment))
      session = new
      return new
    }
  }

  func client(_ context: (any JobContext)?) -> S3Client { S3Client(cloud(), context: context ?? SilentContext()) }

  /// Makes DuckDB ready for a bucket.
  /// - Parameter run: runs SQL that must appear in no error.
  func prepare(_ bucket: String, _ context: (any JobContext)?, run: (String) throws -> Void) throws {
    let cloud = cloud()
    let credentials = try cloud.currentCredentials(context ?? SilentContext())
    let (hasExtension, known) = state.withLock { ($0.hasExtension, $0.given[bucket]) }
    if !hasExtension {
      try Self.load("httpfs", run)
      state.withLock { $0.hasExtension = true }
    }
    guard known != credentials else { return }
    let endpoint = try cloud.settings.endpoint(.s3)
    let region = endpoint == nil ? (try? client(context).region(of: bucket)) : nil
    let secret = SecretStatement(
      bucket: bucket, credentials: credentials, region: region ?? cloud.settings.region, endpoint: endpoint,
      usesPathStyle: try cloud.settings.usesPathStyle() || bucket.contains("."))
    do {
      try run(secret.sql)
    } catch let error as FrameError where error.problem != .interrupted {
      throw FrameError(.query, location: "s3://\(bucket)", what: "DuckDB did not take the credentials")
    }
    state.withLock { $0.given[bucket] = credentials }
  }

  /// Loads an extension of DuckDB from beside its library.
  static func load(_ name: String, _ run: (String) throws -> Void) throws {
    guard let path = extensionPath(name) else {
      throw FrameError(
        .query, what: "DuckDB's extension \(name) is not installed", advice: "Run Sources/Native/bootstrap again.")
    }
    try run("LOAD \(SQL.text(path))")
  }

  /// Where the wheel of an extension was unpacked: beside that of the library.
  private static func extensionPath(_ name: String) -> String? {
    let version = String(cString: duckdb_library_version())
    let part = "duckdb_extension_\(name)/extensions/\(version)/\(name).duckdb_extension"
    var places: [String] = []
    var file = [CChar](repeating: 0, count: 4096)
    if assay_library_file(&file, Int32(file.count)) != 0 {
      let bytes = file.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
      let library = URL(fileURLWithPath: String(decoding: bytes, as: UTF8.self))
      places.append(library.appendingPathComponent("../../..").standardizedFileURL.path)
    }
    let program = URL(fileURLWithPath: CommandLine.arguments[0]).resolvingSymlinksInPath()
    places.append(program.appendingPathComponent("../../../../.native").standardizedFileURL.path)
    return places.map { $0 + "/" + part }.first { FileManager.default.fileExists(atPath: $0) }
  }

  // MARK: Copies

  /// A small object as a file of this machine, without a name.
  func staged(_ object: S3Object, _ context: (any JobContext)?) throws -> InputFile {
    let place = object.location.description
    if let known = state.withLock({ $0.staged[place] }), known.tag == object.tag, !object.tag.isEmpty {
      return known.file
    }
    let writer = try ScratchFile.Writer(name: place)
    try client(context).read(object, note: "reading \(object.location.name)") { try writer.write(Array($0)) }
    let file = writer.finish()
    state.withLock { state in
      if state.staged.count > 8 { state.staged.removeAll() }
      state.staged[place] = (object.tag, file)
    }
    return file
  }
}

/// The statement that hands credentials to DuckDB.
private struct SecretStatement {
  let bucket: String
  let credentials: Credentials
  let region: String
  let endpoint: Endpoint?
  let usesPathStyle: Bool

  var sql: String {
    var parts = [
      "TYPE s3", "PROVIDER config", "SCOPE \(SQL.text("s3://\(bucket)/"))", "REGION \(SQL.text(region))",
      "KEY_ID \(SQL.text(credentials.accessKey))", "URL_STYLE '\(usesPathStyle ? "path" : "vhost")'",
    ]
    credentials.secret.reveal { parts.append("SECRET \(SQL.text($0))") }
    credentials.token?.reveal { parts.append("SESSION_TOKEN \(SQL.text($0))") }
    if let endpoint {
      parts.append("ENDPOINT \(SQL.text(endpoint.authority))")
      parts.append("USE_SSL \(endpoint.scheme == "https")")
    } else if region.hasPrefix("cn-") {
      parts.append("ENDPOINT \(SQL.text("s3.\(region).amazonaws.com.cn"))")
    }
    return "CREATE OR REPLACE TEMPORARY SECRET \(SQL.identifier("assay \(bucket)")) (\(parts.joined(separator: ", ")))"
  }
}
