import Foundation
import ProgramDriver
import Testing

@testable import Spark

/// A server that speaks Spark Connect, for the tests of this process: the one that ASSAY_SPARK names, else Sail, started here
/// from the environment of Python that ASSAY_TEST_SERVERS names (`.servers` in the checkout unless it does).
enum SparkServer {
  static let address: String? = {
    if let address = ProcessInfo.processInfo.environment["ASSAY_SPARK"] { return address }
    guard let sail else { return nil }
    return try? start(sail)
  }()

  static var isSpark: Bool { ProcessInfo.processInfo.environment["ASSAY_SPARK"] != nil }
  static var isThere: Bool { isSpark || sail != nil }

  private static var sail: String? {
    let checkout = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let folder =
      ProcessInfo.processInfo.environment["ASSAY_TEST_SERVERS"] ?? checkout.appendingPathComponent(".servers").path
    let path = folder + "/bin/sail"
    return FileManager.default.isExecutableFile(atPath: path) ? path : nil
  }

  /// Ends with this process: the shell that watches it waits on a pipe whose other end is here.
  private static func start(_ sail: String) throws -> String {
    for _ in 0..<5 {
      let port = Int.random(in: 20_000..<60_000)
      let process = Process()
      let life = Pipe()
      process.executableURL = URL(fileURLWithPath: "/bin/sh")
      process.arguments = [
        "-c", "\(sail) spark server --ip 127.0.0.1 --port \(port) >/dev/null 2>&1 & read -r _; kill $!",
      ]
      process.environment = ProcessInfo.processInfo.environment.merging(["SAIL_MODE": "local"]) { $1 }
      process.standardInput = life
      process.standardOutput = FileHandle.nullDevice
      process.standardError = FileHandle.nullDevice
      try process.run()
      held.append(life)
      let text = "sc://127.0.0.1:\(port)"
      for _ in 0..<300 where process.isRunning {
        if (try? Wire(SparkAddress(text))) != nil { return text }
        usleep(100_000)
      }
    }
    throw ProgramError("Sail does not start")
  }

  private nonisolated(unsafe) static var held: [Pipe] = []

  static func session() throws -> SparkSession {
    try SparkSession(SparkAddress(#require(address, "a Spark Connect server")))
  }
}
