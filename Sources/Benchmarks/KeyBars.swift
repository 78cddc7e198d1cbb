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
    for key in keys {
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
    let header = try String(contentsOfFile: file, encoding: .utf8).prefix { $0 != "\n" }
    let target = header.split(separator: ",").last.map(String.init) ?? "target"
    let home = try TemporaryFolder()
    defer { home.remove() }
    let terminal = try open(file, home: home)
    let keys = (0..<300).map { ["\u{1B}[B", "\u{1B}[C", "\u{1B}[6~", "\u{1B}[A", "\u{1B}[D", "\u{1B}[5~"][$0 % 6] }
    let quiet = try repaints(terminal, keys: keys)

    // Quick Models one after the other, each on every core, until the keys are through.
    let training = try Training(command: [assay, "quickmodel", file, "--target", target, "--json"])
    defer { training.stop() }
    usleep(300_000)
    let busy = try repaints(terminal, keys: keys)
    bar.measured = [
      "median_milliseconds": busy.median * 1e3, "p99_milliseconds": busy.quantile(0.99) * 1e3,
      "idle_median_milliseconds": quiet.median * 1e3, "idle_p99_milliseconds": quiet.quantile(0.99) * 1e3,
      "keys": Double(busy.count),
    ]
    bar.isMet = busy.count > 250 && busy.median < 0.005 && busy.quantile(0.99) < 0.016
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

/// A program that runs over and over in the background.
private final class Training {
  private let terminal: PseudoTerminal

  init(command: [String]) throws {
    let quoted = command.map { "'\($0)'" }.joined(separator: " ")
    terminal = try PseudoTerminal(
      ["sh", "-c", "while :; do \(quoted) >/dev/null 2>&1; done"], width: 80, height: 24)
  }

  func stop() { kill(-terminal.process, SIGKILL) }
}
