// The line of figures under a histogram: `med 37  mean 38.6  sd 13.6  skew 0.56  IQR 28–47  min 17  max 90`.

import Grid

/// Named figures in a fixed order, as many as fit whole.
struct SummaryLine {
  private var parts: [String] = []

  // Under which names a figure may come, and how it is written.
  private static let known: [(keys: [String], label: String, isSpread: Bool)] = [
    (["median", "med"], "med", false), (["mean"], "mean", false), (["sd", "stddev", "std"], "sd", true),
    (["skew", "skewness"], "skew", true),
  ]

  init(_ figures: [String: Double], kind: AxisKind, glyphs: Glyphs) {
    var rest = figures.filter { $0.value.isFinite }
    // The title has it.
    rest["n"] = nil
    func take(_ keys: [String]) -> Double? {
      keys.reduce(nil) { found, key in rest.removeValue(forKey: key) ?? found }
    }
    func text(_ value: Double, _ isSpread: Bool) -> String {
      if kind != .time { return Numbers.short(value) }
      return isSpread ? Numbers.duration(value) : Numbers.moment(value)
    }
    for (keys, label, isSpread) in SummaryLine.known {
      guard let value = take(keys) else { continue }
      parts.append("\(label) \(label == "skew" ? Numbers.short(value, digits: 2) : text(value, isSpread))")
    }
    let low = take(["q1", "q25", "0.25"])
    let high = take(["q3", "q75", "0.75"])
    if let low, let high { parts.append("IQR \(text(low, false))\(glyphs.range)\(text(high, false))") }
    for name in ["min", "max"] {
      if let value = take([name]) { parts.append("\(name) \(text(value, false))") }
    }
    for (name, value) in rest.sorted(by: { $0.key < $1.key }) { parts.append("\(name) \(Numbers.short(value))") }
  }

  func text(width: Int) -> String {
    var line = ""
    for part in parts {
      let next = line.isEmpty ? part : line + "  " + part
      if TextWidth.of(next) > width { break }
      line = next
    }
    return line
  }
}
