// Time to the first rows and to the last row on screen.

import Foundation
import ProgramDriver

/// Texts of a row that a screen which shows the row must show at least one of, and hardly any other row has.
func landmarks(ofLine line: String) -> [String] {
  line.split(separator: ",").map { $0.trimmingCharacters(in: .whitespacesAndNewlines) }.filter { field in
    field.count >= 6 && !field.contains("\"") && (field.contains("-") || field.contains(" ") || field.contains("."))
  }
}

extension Settings {
  private func firstLine(of file: String) throws -> String {
    let handle = try FileHandle(forReadingFrom: URL(fileURLWithPath: file))
    defer { try? handle.close() }
    let head = String(decoding: try handle.read(upToCount: 1 << 16) ?? Data(), as: UTF8.self)
    let lines = head.split(separator: "\n", maxSplits: 2)
    guard lines.count > 1 else { throw ProgramError("\(file) has no rows") }
    return String(lines[1])
  }

  private func lastLine(of file: String) throws -> String {
    let handle = try FileHandle(forReadingFrom: URL(fileURLWithPath: file))
    defer { try? handle.close() }
    let end = try handle.seekToEnd()
    try handle.seek(toOffset: end > 4096 ? end - 4096 : 0)
    let tail = String(decoding: try handle.readToEnd() ?? Data(), as: UTF8.self)
    guard let line = tail.split(separator: "\n").last else { throw ProgramError("\(file) is empty") }
    return String(line)
  }

  /// Seconds from the start of `command` to the first row of `file` on a screen of 200x60.
  func firstScreen(_ command: [String], of file: String) throws -> Double {
    let wanted = landmarks(ofLine: try firstLine(of: file))
    let home = try TemporaryFolder()
    defer { home.remove() }
    let environment: [String: String?] = [
      "HOME": home.path("home"), "XDG_CONFIG_HOME": home.path("config"), "XDG_STATE_HOME": home.path("state"),
      "XDG_CACHE_HOME": home.path("cache"), "XDG_DATA_HOME": home.path("data"),
    ]
    let terminal = try PseudoTerminal(command, width: 200, height: 60, environment: environment)
    let deadline = terminal.start + .seconds(60)
    var seen: [UInt8] = []
    while ContinuousClock.now < deadline {
      let burst = terminal.read(until: deadline, quiet: .milliseconds(1))
      seen += burst.bytes
      let text = String(decoding: seen, as: UTF8.self)
      if let last = burst.last, wanted.contains(where: text.contains) {
        return terminal.start.duration(to: last).seconds
      }
    }
    throw ProgramError("\(command.joined(separator: " ")) never showed one of \(wanted)")
  }

  func firstScreenBar(rows: Int) throws -> Bar {
    let file = try table(rows: rows)
    var bar = Bar(name: "first_screen_\(rows)_rows", target: "under 0.3 s")
    let times = try (0..<repeats).map { _ in try firstScreen([assay, file], of: file) }
    bar.measured = ["median_seconds": times.median, "worst_seconds": times.max() ?? .nan]
    bar.isMet = times.median < 0.3
    if let visidata { bar.peers["visidata"] = ["seconds": try firstScreen([visidata, file], of: file)] }
    return bar
  }

  /// The first rows of a table on screen, beside the time until VisiData has read the whole of it.
  func loadBar(rows: Int) throws -> Bar {
    let file = try table(rows: rows)
    var bar = Bar(name: "first_screen_and_load_\(rows)_rows", target: "10 times faster than VisiData's full load")
    let times = try (0..<repeats).map { _ in try firstScreen([assay, file], of: file) }
    bar.measured = ["median_seconds": times.median, "worst_seconds": times.max() ?? .nan]
    guard let visidata else {
      bar.notes.append("ASSAY_PEERS names no Python with VisiData")
      return bar
    }
    let terminal = try TmuxSession([visidata, file], width: 200, height: 60)
    defer { terminal.end() }
    let start = ContinuousClock.now
    try terminal.wait(upTo: .seconds(300), for: "every row in VisiData") { lines in
      lines.contains { $0.contains(" \(rows) rows") && !$0.contains("loading") }
    }
    let load = start.duration(to: .now).seconds
    bar.peers["visidata"] = [
      "first_screen_seconds": try firstScreen([visidata, file], of: file), "load_seconds": load,
    ]
    bar.isMet = times.median * 10 <= load
    return bar
  }

  func startBar() throws -> Bar {
    let file = samples + "/census.csv"
    var bar = Bar(name: "start_to_sample_data", target: "under 0.15 s")
    let times = try (0..<max(repeats, 9)).map { _ in try firstScreen([assay, file], of: file) }
    bar.measured = ["median_seconds": times.median, "worst_seconds": times.max() ?? .nan]
    bar.isMet = times.median < 0.15
    return bar
  }

  /// From the key `G` on the first screen to the last row, while the file is still being counted.
  func lastRowBar(rows: Int) throws -> Bar {
    let file = try table(rows: rows)
    let wanted = landmarks(ofLine: try lastLine(of: file))
    let greeting = landmarks(ofLine: try firstLine(of: file))
    var bar = Bar(name: "last_row_\(rows)_rows", target: "under 1.5 times DuckDB's count(*)")
    var times: [Double] = []
    for _ in 0..<repeats {
      let terminal = try TmuxSession([assay, file], width: 200, height: 60)
      defer { terminal.end() }
      try terminal.wait(for: "the first row") { rows in rows.contains { row in greeting.contains { row.contains($0) } }
      }
      let start = ContinuousClock.now
      try terminal.press("G")
      try terminal.wait(upTo: .seconds(60), for: "the last row") { rows in
        rows.contains { row in wanted.contains { row.contains($0) } }
      }
      times.append(start.duration(to: .now).seconds)
    }
    let count = try DuckDBPeer.count.measured(on: file, repeats: repeats)
    bar.measured = ["median_seconds": times.median, "worst_seconds": times.max() ?? .nan]
    bar.peers["duckdb count(*)"] = count
    bar.isMet = times.median < 1.5 * (count["wall_seconds"] ?? 0)
    return bar
  }
}
