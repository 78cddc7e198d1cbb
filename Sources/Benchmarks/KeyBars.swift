// A key to its repaint, and memory while scrolling.

import Foundation
import ProgramDriver

extension Settings {
  /// Opens `file` at 200x60 and waits for its first rows.
  private func open(_ file: String, home: TemporaryFolder) throws -> PseudoTerminal {
    let terminal = try PseudoTerminal(
      [assay, file], width: 200, height: 60,
      environment: ["HOME": home.url.path, "XDG_CONFIG_HOME": nil, "XDG_STATE_HOME": nil, "XDG_CACHE_HOME": nil])
    _ = terminal.read(until: .now + .seconds(10), quiet: .milliseconds(500))
    return terminal
  }

  /// Seconds from writing each key to the last byte of what it changed on screen.
  private func repaints(_ terminal: PseudoTerminal, keys: [String]) throws -> [Double] {
    var times: [Double] = []
    for (index, key) in keys.enumerated() {
      // Back to the table, which a finished job may have left; every key below then changes the screen. (One that
      // does not would be charged the wait for the next progress bar.)
      if index % 6 == 0 {
        try terminal.write("3")
        _ = terminal.read(until: .now + .milliseconds(60), quiet: .milliseconds(20))
      }
      // Whatever a job still paints on its own is over before the key is pressed.
      _ = terminal.read(until: .now + .milliseconds(2), quiet: .milliseconds(2))
      let start = ContinuousClock.now
      try terminal.write(key)
      let burst = terminal.read(until: start + .milliseconds(500), quiet: .milliseconds(3))
      if let last = burst.last { times.append(start.duration(to: last).seconds) }
      usleep(20_000)
    }
    return times
  }

  func keyBar() throws -> Bar {
    var bar = Bar(
      name: "key_to_repaint_200x60_while_training", target: "median under 5 ms, 99th percentile under 16 ms")
    let file = census ?? samples + "/census.csv"
    let home = try TemporaryFolder()
    defer { home.remove() }
    let terminal = try open(file, home: home)
    let keys = (0..<30).map { ["\u{1B}[B", "\u{1B}[C", "\u{1B}[6~", "\u{1B}[A", "\u{1B}[D", "\u{1B}[5~"][$0 % 6] }
    var quiet: [Double] = []
    for _ in 0..<10 { quiet += try repaints(terminal, keys: keys) }

    // A Quick Model on every core for each round of keys; it outlasts the round.
    var busy: [Double] = []
    for _ in 0..<10 {
      for key in ["a", "quick", "\r", "\u{1B}[Z", "\r"] {
        try terminal.write(key)
        _ = terminal.read(until: .now + .milliseconds(300), quiet: .milliseconds(50))
      }
      busy += try repaints(terminal, keys: keys)
    }
    bar.measured = [
      "median_milliseconds": busy.median * 1e3, "p99_milliseconds": busy.quantile(0.99) * 1e3,
      "idle_median_milliseconds": quiet.median * 1e3, "idle_p99_milliseconds": quiet.quantile(0.99) * 1e3,
      "keys": Double(busy.count),
    ]
    bar.isMet = busy.count > 250 && busy.median < 0.005 && busy.quantile(0.99) < 0.016
    return bar
  }

  /// As many charts beside each other as the layout has, the inspector's and those of the headings.
  func chartKeyBar() throws -> Bar {
    var bar = Bar(
      name: "key_to_repaint_200x60_with_charts",
      target: "99th percentile under 16 ms with four charts on screen, and no CPU while nothing happens")
    let home = try TemporaryFolder()
    defer { home.remove() }
    let terminal = try open(census ?? samples + "/census.csv", home: home)
    var seen: [UInt8] = []
    // Charts of three columns, each kept; then back to the table.
    for key in [".", "4", "K", "3", "\u{1B}[C", ".", "4", "K", "3", "\u{1B}[C", ".", "3"] {
      try terminal.write(key)
      seen += terminal.read(until: .now + .seconds(2), quiet: .milliseconds(300)).bytes
    }
    guard String(decoding: seen, as: UTF8.self).contains("4c") else { throw ProgramError("no third chart on screen") }
    let keys = (0..<30).map { ["\u{1B}[B", "\u{1B}[C", "\u{1B}[6~", "\u{1B}[A", "\u{1B}[D", "\u{1B}[5~"][$0 % 6] }
    var times: [Double] = []
    for _ in 0..<20 { times += try repaints(terminal, keys: keys) }
    _ = terminal.read(until: .now + .seconds(3), quiet: .seconds(2))
    let before = terminal.cpuSeconds()
    let idle = 10.0
    let output = terminal.read(until: .now + .seconds(idle), quiet: .seconds(idle))
    if let before, let after = terminal.cpuSeconds() {
      bar.measured["idle_cpu_percent"] = (after - before) / idle * 100
    }
    bar.measured["idle_bytes"] = Double(output.bytes.count)
    bar.measured["median_milliseconds"] = times.median * 1e3
    bar.measured["p99_milliseconds"] = times.quantile(0.99) * 1e3
    bar.measured["keys"] = Double(times.count)
    bar.isMet = times.count > 500 && times.quantile(0.99) < 0.016 && bar.measured["idle_cpu_percent"] == 0
    return bar
  }

  func scrollBar() throws -> Bar {
    let file = try table(rows: rows[0])
    var bar = Bar(name: "scroll_\(rows[0])_rows", target: "memory does not grow over a minute of scrolling")
    let home = try TemporaryFolder()
    defer { home.remove() }
    let terminal = try open(file, home: home)
    _ = terminal.read(until: .now + .seconds(10), quiet: .seconds(2))
    var megabytes: [Double] = []
    var pages = 0
    let start = ContinuousClock.now
    while start.duration(to: .now).seconds < scrollSeconds {
      // Down for most of the file, then up again.
      try terminal.write(pages % 4000 < 3000 ? "\u{1B}[6~" : "\u{1B}[5~")
      _ = terminal.read(until: .now + .milliseconds(15), quiet: .milliseconds(2))
      pages += 1
      if pages % 50 == 0, let bytes = terminal.residentBytes() { megabytes.append(Double(bytes) / 1e6) }
    }
    guard megabytes.count >= 8 else { throw ProgramError("too few measurements of memory") }
    let early = Array(megabytes[(megabytes.count / 8)..<(megabytes.count / 4)]).median
    let late = Array(megabytes.suffix(megabytes.count / 8)).median
    bar.measured = [
      "pages": Double(pages), "early_megabytes": early, "late_megabytes": late,
      "peak_megabytes": megabytes.max() ?? .nan,
    ]
    bar.isMet = late < early * 1.05 + 2
    return bar
  }
}
