// Golden files: expected text kept next to the tests, in `Goldens/NAME.golden`.
// With ASSAY_RECORD=1 in the environment a test writes what it got instead of comparing; look at it before committing.

import Foundation
import Grid
import Testing

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
