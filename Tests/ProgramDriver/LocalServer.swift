// Real servers for tests: an object store that checks signatures (SeaweedFS), a catalogue that answers like Glue and
// Athena (moto), and a server of Spark Connect (Sail). On loopback, on free ports, started when the first test asks and gone with the test process.

import Foundation

#if canImport(Glibc)
  import Glibc
  private let send = Glibc.kill
#elseif canImport(Darwin)
  import Darwin
  private let send = Darwin.kill
#endif

/// A server on this machine.
public final class LocalServer: Sendable {
  /// Where it listens, for example `http://127.0.0.1:28007`.
  public let address: String
  public let port: Int

  /// The programs that bootstrap --with-tests installs: the folder in ASSAY_TEST_SERVERS, else .servers of the checkout.
  public static let programs: String? = {
    let given = ProcessInfo.processInfo.environment["ASSAY_TEST_SERVERS"]
    let checkout = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().path
    let folders = [given, checkout + "/.servers", FileManager.default.currentDirectoryPath + "/.servers"]
    return folders.compactMap { $0 }.map { $0 + "/bin" }
      .first { FileManager.default.isExecutableFile(atPath: $0 + "/weed") }
  }()

  /// Why a test that needs a server is skipped.
  public static let missing = "no test servers here: run Sources/Native/bootstrap --with-tests"

  public static var areInstalled: Bool { programs != nil }

  /// What the object store lets in: `all` may do everything, `reader` only look into the bucket lake.
  public static let key = "AKASSAYTESTALL"
  public static let secret = "tests+only/secret-of-all-0123456789"
  public static let readerKey = "AKASSAYTESTREAD"
  public static let readerSecret = "tests+only/secret-of-the-reader-0123"

  /// The object store, started once. It is ready when an object can be written.
  public static let objectStore: Result<LocalServer, any Error> = Result {
    guard let programs else { throw ProgramError(missing) }
    let folder = try TemporaryFolder()
    let identities = """
      {"identities": [
        {"name": "all", "credentials": [{"accessKey": "\(key)", "secretKey": "\(secret)"}],
         "actions": ["Admin", "Read", "List", "Tagging", "Write"]},
        {"name": "reader", "credentials": [{"accessKey": "\(readerKey)", "secretKey": "\(readerSecret)"}],
         "actions": ["Read:lake", "List:lake"]}]}
      """
    let config = try folder.write(identities, to: "s3.json")
    try FileManager.default.createDirectory(atPath: folder.path("data"), withIntermediateDirectories: true)
    let ports = try freePorts(8)
    let arguments = [
      "server", "-dir=\(folder.path("data"))", "-ip=127.0.0.1", "-ip.bind=127.0.0.1", "-master.telemetry=false",
      "-master.port=\(ports[0])", "-master.port.grpc=\(ports[1])", "-volume.port=\(ports[2])",
      "-volume.port.grpc=\(ports[3])", "-filer", "-filer.port=\(ports[4])", "-filer.port.grpc=\(ports[5])",
      "-volume.max=40", "-master.volumeSizeLimitMB=64", "-s3", "-s3.port=\(ports[6])", "-s3.port.grpc=\(ports[7])",
      "-s3.port.iceberg=0", "-s3.port.lance=0", "-s3.config=\(config)",
    ]
    try start(programs + "/weed", arguments, folder)
    return try LocalServer(port: ports[6], folder: folder) { try $0.ask("GET", "/", type: nil).status > 0 }
  }

  /// Glue, Athena and STS, started once.
  public static let catalog: Result<LocalServer, any Error> = Result {
    guard let programs else { throw ProgramError(missing) }
    let folder = try TemporaryFolder()
    let port = try freePorts(1)[0]
    try start(programs + "/moto_server", ["-H", "127.0.0.1", "-p", "\(port)"], folder)
    return try LocalServer(port: port, folder: folder) { try $0.ask("GET", "/moto-api/", type: nil).status == 200 }
  }

  /// A server of Spark Connect (Sail), started once. It is ready when it takes a connection.
  public static let spark: Result<LocalServer, any Error> = Result { try newSpark() }

  /// One more of them, which a test may end.
  public static func newSpark() throws -> LocalServer {
    guard let programs else { throw ProgramError(missing) }
    let folder = try TemporaryFolder()
    let port = try freePorts(1)[0]
    let command = [programs + "/sail", "spark", "server", "--ip", "127.0.0.1", "--port", "\(port)"]
    try start("/usr/bin/env", ["SAIL_MODE=local"] + command, folder)
    return try LocalServer(port: port, folder: folder) { _ in true }
  }

  /// Ends the program at once, as if its machine had been switched off; its port is free afterwards.
  public func kill() {
    let processes = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
    for process in processes.compactMap({ pid_t($0) }) {
      guard let line = FileManager.default.contents(atPath: "/proc/\(process)/cmdline") else { continue }
      let words = line.split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
      if words.contains("server"), words.contains("\(port)"), !words.contains("/bin/sh") { _ = send(process, SIGKILL) }
    }
  }

  /// Waits a minute at most.
  private init(port: Int, folder: TemporaryFolder, isReady: (HTTPClient) throws -> Bool) throws {
    self.port = port
    address = "http://127.0.0.1:\(port)"
    let end = ContinuousClock.now + .seconds(60)
    while ContinuousClock.now < end {
      if let client = try? HTTPClient(port: port, seconds: 5), (try? isReady(client)) == true { return }
      usleep(100_000)
    }
    let said = FileManager.default.contents(atPath: folder.path("error")) ?? Data()
    throw ProgramError("the server did not come up; it said: \(String(decoding: said.suffix(2000), as: UTF8.self))")
  }

  /// Starts a program that ends a second after this process, however that ends, and takes its folder along.
  static func start(_ program: String, _ arguments: [String], _ folder: TemporaryFolder) throws {
    let watch = """
      owner=$1 folder=$2; shift 2
      cd "$folder" || exit 1
      "$@" & child=$!
      while kill -0 "$owner" 2>/dev/null && kill -0 "$child" 2>/dev/null; do sleep 1; done
      kill -9 "$child" 2>/dev/null
      wait "$child" 2>/dev/null
      kill -0 "$owner" 2>/dev/null || rm -rf "$folder"
      """
    let streams = Streams(output: folder.path("output"), error: folder.path("error"))
    _ = try spawn(
      "/bin/sh", ["-c", watch, "server", "\(getpid())", folder.url.path, program] + arguments,
      environment: Program.merged([:]), directory: nil, streams: streams)
  }

  /// Ports that nobody listened on a moment ago.
  public static func freePorts(_ count: Int) throws -> [Int] {
    var (ports, open): ([Int], [Int32]) = ([], [])
    defer { for descriptor in open { close(descriptor) } }
    for _ in 0..<count {
      let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
      open.append(descriptor)
      var address = sockaddr_in()
      address.sin_family = sa_family_t(AF_INET)
      address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
      var size = socklen_t(MemoryLayout<sockaddr_in>.size)
      let status = withUnsafeMutablePointer(to: &address) {
        $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
          bind(descriptor, address, size) == 0 ? getsockname(descriptor, address, &size) : -1
        }
      }
      guard status == 0 else { throw ProgramError("no free port: \(String(cString: strerror(errno)))") }
      ports.append(Int(UInt16(bigEndian: address.sin_port)))
    }
    return ports
  }
}
