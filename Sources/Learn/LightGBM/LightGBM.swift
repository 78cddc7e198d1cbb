// The door to LightGBM: loads it, says what was loaded, turns its status codes into errors.

import CLightGBM
import Foundation

/// The LightGBM library, opened on first need.
public enum LightGBM {
  /// The version and place of the library, opening it: "4.7.0 (/…/lib_lightgbm.so)".
  ///
  /// - Throws: `LearnError.libraryMissing`.
  public static func versionText() throws -> String {
    try load()
    let path = String(cString: clgbm_path())
    return "\(version(besides: path) ?? "4") (\(path))"
  }

  /// The settings of the OpenMP run-time that LightGBM runs on, read back from the run-time itself.
  ///
  /// - Throws: `LearnError.libraryMissing`, also where the run-time cannot tell its settings.
  public static func openMPSettings() throws -> OpenMPSettings {
    try load()
    var buffer = [CChar](repeating: 0, count: 32_768)
    let length = buffer.withUnsafeMutableBufferPointer { clgbm_openmp_settings($0.baseAddress, $0.count) }
    guard length > 0 else { throw LearnError.libraryMissing(reason: "its OpenMP run-time does not tell its settings") }
    let text = String(decoding: buffer.prefix(length).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    return OpenMPSettings(text: text)
  }

  /// Opens the library unless it is open.
  static func load() throws {
    guard clgbm_load() == 0 else {
      throw LearnError.libraryMissing(reason: String(cString: clgbm_load_error()))
    }
    _ = clgbm_silence()
  }

  /// Throws unless a status is zero.
  static func check(_ status: Int32, _ call: String) throws {
    guard status == 0 else {
      throw LearnError.library(call: "LightGBM's " + call, reason: String(cString: clgbm_last_error()))
    }
  }

  /// The wheel keeps its version in a file one folder above the library.
  private static func version(besides path: String) -> String? {
    let file = URL(fileURLWithPath: path).deletingLastPathComponent().deletingLastPathComponent()
      .appendingPathComponent("VERSION.txt")
    guard let text = try? String(contentsOf: file, encoding: .utf8) else { return nil }
    let version = text.trimmingCharacters(in: .whitespacesAndNewlines)
    return version.isEmpty ? nil : version
  }
}

/// What an OpenMP run-time says about itself.
public struct OpenMPSettings: Codable, Hashable, Sendable {
  /// All settings by name, without quotes: `OMP_WAIT_POLICY` is `PASSIVE`.
  public let values: [String: String]

  /// Reads the text that `omp_display_env` prints, lines such as `  [host] OMP_WAIT_POLICY = 'PASSIVE'`.
  public init(text: String) {
    var values: [String: String] = [:]
    for line in text.split(separator: "\n") {
      let parts = line.split(separator: "=", maxSplits: 1)
      guard parts.count == 2, let name = parts[0].split(separator: " ").last else { continue }
      values[String(name)] = parts[1].trimmingCharacters(in: CharacterSet(charactersIn: " '\r"))
    }
    self.values = values
  }

  /// True where threads sleep while they wait for work.
  ///
  /// libgomp prints PASSIVE also when nothing was set, and spins nevertheless; only its spin count tells them apart.
  public var waitsPassively: Bool {
    guard values["OMP_WAIT_POLICY"]?.uppercased() == "PASSIVE" else { return false }
    return values["GOMP_SPINCOUNT"].map { $0 == "0" } ?? true
  }
}
