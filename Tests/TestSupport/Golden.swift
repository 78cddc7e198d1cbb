// Golden files: expected text kept next to the tests, in `Goldens/NAME.golden`.
// With ASSAY_RECORD=1 in the environment a test writes what it got instead of comparing; look at it before committing.

import Foundation
import Grid
import Testing

/// Whether `text` is what `Goldens/NAME.golden` beside the test file holds; true while goldens are recorded.
public func matchesGolden(_ text: String, _ name: String, testFile: String = #filePath) -> Bool {
  if ProcessInfo.processInfo.environment["ASSAY_RECORD"] == "1" { return true }
  let url = URL(fileURLWithPath: testFile).deletingLastPathComponent()
    .appendingPathComponent("Goldens/\(name).golden")
  return FileManager.default.contents(atPath: url.path) == Data((text.hasSuffix("\n") ? text : text + "\n").utf8)
}

/// Compares `text` with `Goldens/NAME.golden` beside the test file and records an issue that shows the first
/// difference.
public func expectGolden(
  _ text: String, _ name: String, testFile: String = #filePath, sourceLocation: SourceLocation = #_sourceLocation
) {
  let url = URL(fileURLWithPath: testFile).deletingLastPathComponent()
    .appendingPathComponent("Goldens/\(name).golden")
  let actual = text.hasSuffix("\n") ? text : text + "\n"
  if ProcessInfo.processInfo.environment["ASSAY_RECORD"] == "1" {
    do {
      try FileManager.default.createDirectory(
        at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(actual.utf8).write(to: url)
    } catch {
      Issue.record("cannot write \(url.path): \(error)", sourceLocation: sourceLocation)
    }
    return
  }
  guard let data = FileManager.default.contents(atPath: url.path) else {
    Issue.record("no golden \(url.path); run with ASSAY_RECORD=1 and look at it", sourceLocation: sourceLocation)
    return
  }
  let expected = String(decoding: data, as: UTF8.self)
  if expected == actual { return }
  let old = expected.split(separator: "\n", omittingEmptySubsequences: false)
  let new = actual.split(separator: "\n", omittingEmptySubsequences: false)
  let row = (0..<max(old.count, new.count)).first { i in
    i >= old.count || i >= new.count || old[i] != new[i]
  }
  let at = row ?? 0
  Issue.record(
    """
    \(name) differs from its golden at line \(at + 1)
    expected: \(at < old.count ? String(old[at]) : "(end)")
    got:      \(at < new.count ? String(new[at]) : "(end)")
    the whole:
    \(actual)
    """, sourceLocation: sourceLocation)
}

/// The grid's rows, blanks at line ends removed, as one text.
public func text(of grid: CellGrid) -> String {
  grid.lines.map { line in
    var end = line.endIndex
    while end > line.startIndex, line[line.index(before: end)] == " " { end = line.index(before: end) }
    return String(line[..<end])
  }.joined(separator: "\n")
}

/// The grid's text, below it a letter for the style of each cell as a terminal of this depth shows it, and what the
/// letters mean.
public func styledText(of grid: CellGrid, _ depth: ColorDepth) -> String {
  var styles: [Style] = [.plain]
  var picture: [String] = []
  for y in 0..<grid.height {
    var line = ""
    for x in 0..<grid.width {
      let style = grid[x, y].style.reduced(to: depth)
      if !styles.contains(style) { styles.append(style) }
      let index = styles.firstIndex(of: style) ?? 0
      line += index == 0 ? " " : String(UnicodeScalar(UInt8(96 + min(index, 26))))
    }
    while line.hasSuffix(" ") { line.removeLast() }
    picture.append(line)
  }
  let names: [(Attributes, String)] = [
    (.bold, "bold"), (.dim, "dim"), (.italic, "italic"), (.underline, "underline"), (.reverse, "reverse"),
  ]
  let legend = styles.enumerated().dropFirst().map { index, style in
    let attributes = names.filter { style.attributes.contains($0.0) }.map(\.1).joined(separator: " ")
    return
      "\(UnicodeScalar(UInt8(96 + min(index, 26)))): \(style.foreground.text) on \(style.background.text) \(attributes)"
  }
  return text(of: grid) + "\n\n" + picture.joined(separator: "\n") + "\n\n" + legend.joined(separator: "\n")
}
