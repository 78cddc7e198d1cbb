// Runs a program to its end without a terminal and returns all that it said and used.

import Foundation

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A finished program.
public struct ProgramResult: Sendable {
  public let status: ExitStatus
  public let output: Data
  public let error: Data
  /// Seconds from start to end.
  public let wallSeconds: Double
  public let use: ResourceUse

  /// Standard output as text; bytes that are not UTF-8 are replaced.
  public var text: String { String(decoding: output, as: UTF8.self) }
  public var errorText: String { String(decoding: error, as: UTF8.self) }
}

public enum Program {
  /// Runs `executable` to its end. `environment` is added to this process's own; a nil value removes a variable.
  ///
  /// - Throws: `ProgramError` when it cannot be started or is still running after `timeout`; then it is killed.
  public static func run(
    _ executable: String, _ arguments: [String] = [], environment: [String: String?] = [:], input: Data? = nil,
    directory: String? = nil, timeout: Duration = .seconds(60)
  ) throws -> ProgramResult {
    let folder = try TemporaryFolder()
    defer { folder.remove() }
    var streams = Streams(output: folder.path("output"), error: folder.path("error"))
    if let input { streams.input = try folder.write(input, to: "input") }

    let start = ContinuousClock.now
    let process = try spawn(
      executable, arguments, environment: merged(environment), directory: directory, streams: streams)
    guard let (status, use) = try wait(for: process, until: start + timeout) else {
      kill(-process, SIGKILL)
      _ = try wait(for: process, until: .now + .seconds(5))
      let said = FileManager.default.contents(atPath: streams.error) ?? Data()
      throw ProgramError(
        "\(executable) was still running after \(timeout); it said: \(String(decoding: said, as: UTF8.self))")
    }
    return ProgramResult(
      status: status, output: FileManager.default.contents(atPath: streams.output) ?? Data(),
      error: FileManager.default.contents(atPath: streams.error) ?? Data(),
      wallSeconds: start.duration(to: .now).seconds, use: use)
  }

  /// The executable `name` that this package built: the path in ASSAY_BINARY for `assay`, else the file beside the
  /// running test bundle or benchmark.
  public static func built(_ name: String) throws -> String {
    if name == "assay", let path = ProcessInfo.processInfo.environment["ASSAY_BINARY"] { return path }
    let runner = URL(fileURLWithPath: CommandLine.arguments[0]).resolvingSymlinksInPath()
    let candidates = [runner.deletingLastPathComponent(), Bundle.main.bundleURL]
    for folder in candidates {
      let path = folder.appendingPathComponent(name).path
      if FileManager.default.isExecutableFile(atPath: path) { return path }
    }
    throw ProgramError("no \(name) in \(candidates.map(\.path)); run swift build first")
  }

  static func merged(_ changes: [String: String?]) -> [String: String] {
    var environment = ProcessInfo.processInfo.environment
    for (name, value) in changes { environment[name] = value }
    return environment
  }
}

extension Duration {
  /// The duration as seconds.
  public var seconds: Double {
    Double(components.seconds) + Double(components.attoseconds) / 1e18
  }
}
