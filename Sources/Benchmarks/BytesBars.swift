// Bytes that reach the terminal for each row that is scrolled.

import Foundation
import ProgramDriver

extension Settings {
  /// Bytes that `command` writes for each `Down` once the cursor stands at the lower edge of the screen.
  private func bytesPerRow(_ command: [String], width: Int, height: Int) throws -> Double {
    let home = try TemporaryFolder()
    defer { home.remove() }
    let terminal = try PseudoTerminal(
      command, width: width, height: height,
      environment: [
        "TERM": "tmux-256color", "HOME": home.url.path, "XDG_CONFIG_HOME": nil, "XDG_STATE_HOME": nil,
        "XDG_CACHE_HOME": nil,
      ])
    let screen = terminal.read(until: .now + .seconds(15), quiet: .seconds(2))
    guard screen.bytes.count > 1000 else { throw ProgramError("\(command.joined(separator: " ")) shows no table") }
    for _ in 0..<(height + 5) {
      try terminal.write("j")
      _ = terminal.read(until: .now + .milliseconds(500), quiet: .milliseconds(60))
    }
    let rows = 30
    var bytes = 0
    for _ in 0..<rows {
      try terminal.write("j")
      bytes += terminal.read(until: .now + .milliseconds(500), quiet: .milliseconds(60)).bytes.count
    }
    guard bytes > 0 else { throw ProgramError("\(command.joined(separator: " ")) does not scroll") }
    return Double(bytes) / Double(rows)
  }

  func bytesBar() throws -> Bar {
    let file = samples + "/census.csv"
    var bar = Bar(name: "bytes_per_scrolled_row", target: "at or below VisiData's at every size")
    var isMet = true
    for (width, height) in [(80, 24), (120, 40), (200, 60)] {
      let ours = try bytesPerRow([assay, file], width: width, height: height)
      bar.measured["\(width)x\(height)_bytes"] = ours
      guard let visidata else { continue }
      let theirs = try bytesPerRow([visidata, file], width: width, height: height)
      bar.peers["visidata", default: [:]]["\(width)x\(height)_bytes"] = theirs
      isMet = isMet && ours <= theirs
    }
    if bar.peers.isEmpty { bar.notes.append("ASSAY_PEERS names no Python with VisiData") } else { bar.isMet = isMet }
    return bar
  }
}
