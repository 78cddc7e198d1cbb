import Foundation

extension FrameError {
  /// An error from one of DuckDB's messages, without the parts that speak to programmers.
  static func query(_ message: String, sql: String, location: String? = nil) -> FrameError {
    let lowered = message.lowercased()
    if lowered.contains("no space left on device") || lowered.contains("max_temp_directory_size") {
      return FrameError(
        .diskFull, location: location, what: "the disk is full",
        advice: "Free some space, or point the temporary folder at another disk.")
    }
    if message.hasPrefix("Out of Memory Error") {
      return FrameError(
        .outOfMemory, location: location, what: "the query needs more memory than assay may use",
        advice: "Raise the memory limit, or work on a sample.")
    }
    if message.hasPrefix("INTERRUPT Error") {
      return FrameError(.interrupted, location: location, what: "the query was stopped")
    }
    return FrameError(.query, location: location, what: readable(message))
  }

  /// `Binder Error: Referenced column "x" not found…` without its class and without the echo of the SQL.
  static func readable(_ message: String) -> String {
    var text = Substring(message)
    if let end = text.range(of: "\nLINE ") { text = text[..<end.lowerBound] }
    if let colon = text.range(of: "Error: "), text.distance(from: text.startIndex, to: colon.lowerBound) < 30 {
      text = text[colon.upperBound...]
    }
    let lines = text.split(separator: "\n").map { $0.trimmingPrefix(while: \.isWhitespace) }
    var joined = lines.joined(separator: " ")
    while joined.last == "." || joined.last?.isWhitespace == true { joined.removeLast() }
    return joined
  }
}
