// Counts in one row of eighths.

import Grid

/// One character per count, `width` at most: neighbours are added up when there are more counts than columns.
/// Zero is a blank, anything above shows; a gap (not a number) is `·`.
public func sparkline(_ counts: [Double], width: Int, glyphs: GlyphSet) -> String {
  if width <= 0 || counts.isEmpty { return "" }
  let columns = min(width, counts.count)
  let values = (0..<columns).map { i -> Double in
    let group = counts[(i * counts.count / columns)..<((i + 1) * counts.count / columns)]
    let finite = group.filter(\.isFinite)
    return finite.isEmpty ? .nan : max(0, finite.reduce(0, +))
  }
  let top = values.filter(\.isFinite).max() ?? 0
  let steps: [Character] = glyphs == .ascii ? Array(".:-=+*#") : Array("▁▂▃▄▅▆▇█")
  let gap: Character = glyphs == .ascii ? "?" : "·"
  return String(
    values.map { value in
      if !value.isFinite { return gap }
      if value <= 0 || top <= 0 { return " " }
      let level = Int((value / top * Double(steps.count)).rounded(.up)) - 1
      return steps[min(max(level, 0), steps.count - 1)]
    })
}
