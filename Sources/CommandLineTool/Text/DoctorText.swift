// What doctor found, in words, with a ruler for each set of characters.

import Grid

extension DoctorReport {
  var lines: [String] {
    var lines = ["assay \(assay)", "", "libraries"]
    for library in libraries {
      let found = library.problem ?? [library.version ?? "not asked", library.detail ?? ""].joined(separator: "  ")
      lines.append(entry(library.name, trimmed(found)))
    }
    lines += ["", "terminal", entry("type", terminal.type.isEmpty ? "not set (TERM)" : terminal.type)]
    if let columns = terminal.columns, let rows = terminal.rows {
      lines.append(entry("size", "\(columns)x\(rows)"))
    } else {
      lines.append(entry("size", "output is not a terminal"))
    }
    lines.append(
      entry(
        "colours",
        "\(grouped(terminal.colorsUsed)) used" + (terminal.colors.map { ", terminfo says \(grouped($0))" } ?? "")))
    lines.append(entry("locale", terminal.locale.isEmpty ? "not set" : terminal.locale))
    lines.append(entry("glyphs", terminal.glyphs))
    lines += ["", "threads"]
    lines.append(entry("processors", "\(processors)"))
    lines.append(entry("threads", "\(threads)"))
    lines.append(entry("memory", "\(memory >> 20) MiB before work spills to disk"))
    lines.append(entry("OpenMP", openMPLine))
    lines += ["", "files"]
    for (name, path) in locations.sorted(by: { $0.key < $1.key }) { lines.append(entry(name, path)) }
    return lines + [""] + Self.ruler
  }

  private var openMPLine: String {
    if let problem = openmp.problem { return problem }
    guard let passive = openmp.waitsPassively else { return "unknown" }
    let figures =
      "OMP_WAIT_POLICY=\(openmp.waitPolicy ?? "?")" + (openmp.spinCount.map { ", GOMP_SPINCOUNT=\($0)" } ?? "")
    return passive
      ? "threads sleep while they wait (\(figures))"
      : "threads spin while they wait (\(figures)): start assay with OMP_WAIT_POLICY=passive"
  }

  private func entry(_ name: String, _ text: String) -> String { "  " + TextWidth.fit(name, 12, .left) + text }

  /// Sixteen columns of each set of characters between two bars.
  static let ruler: [String] = {
    let sets: [(String, String)] = [
      ("columns", "1234567890123456"),
      ("ascii", "#*+o.:-=|/\\_<>^%"),
      ("lines", "┌─┬┐├┼┤└┴┘│┊┆╭╮╯"),
      ("eighths", "▁▂▃▄▅▆▇█▏▎▍▌▋▊▉█"),
      ("halves", "▀▄▌▐▖▗▘▝▚▞▙▛▜▟░▓"),
      ("braille", "⠁⠃⠇⡇⣇⣧⣷⣿⢿⡿⣟⣯⣾⣽⣻⢸"),
      ("marks", "●+×▲■◆○▸▾✓✗…·≈∅⊘"),
      ("wide", "漢字かなカナ表計"),
    ]
    let rows = sets.map { name, glyphs in "  " + TextWidth.fit(name, 12, .left) + "|" + glyphs + "|" }
    let advice = [
      "  The bars on the right must stand under one another, and no character may be a box or a question mark.",
      "  If braille fails: assay doctor --set-glyphs block; if blocks fail too: assay doctor --set-glyphs ascii.",
    ]
    return ["glyph ruler"] + rows + advice
  }()
}
