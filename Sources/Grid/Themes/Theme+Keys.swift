// The theme by key, as theme files name it: `ui.border_focus`, `table.null`, `chart.series3`, `scale.sequential`.

extension Theme {
  /// Every key that a theme file may set, in the order of the sections; scales take a list of colours.
  public static let keys: [String] =
    colorKeys.map(\.0) + (1...7).map { "chart.series\($0)" } + ["scale.sequential", "scale.diverging"]

  /// Sets one colour (or a whole scale) by key. False when there is no such key, or the number of colours is wrong:
  /// one for a colour, at least two for a scale.
  public mutating func set(_ key: String, to colors: [Color]) -> Bool {
    if key == "scale.sequential" || key == "scale.diverging" {
      if colors.count < 2 { return false }
      if key == "scale.sequential" { scale.sequential = colors } else { scale.diverging = colors }
      return true
    }
    guard colors.count == 1, let color = colors.first else { return false }
    if let path = Theme.colorKeys.first(where: { $0.0 == key })?.1 {
      self[keyPath: path] = color
      return true
    }
    guard key.hasPrefix("chart.series"), let number = Int(key.dropFirst("chart.series".count)), number > 0,
      number <= chart.series.count
    else { return false }
    chart.series[number - 1] = color
    return true
  }

  /// The colours of a key; none where there is no such key.
  public func colors(_ key: String) -> [Color] {
    if key == "scale.sequential" { return scale.sequential }
    if key == "scale.diverging" { return scale.diverging }
    if let path = Theme.colorKeys.first(where: { $0.0 == key })?.1 { return [self[keyPath: path]] }
    guard let number = Int(key.dropFirst("chart.series".count)), chart.series.indices.contains(number - 1) else {
      return []
    }
    return [chart.series[number - 1]]
  }

  // Computed rather than stored: key paths are not Sendable.
  private static var colorKeys: [(String, WritableKeyPath<Theme, Color>)] {
    [
      ("ui.background", \.ui.background), ("ui.text", \.ui.text), ("ui.muted", \.ui.muted), ("ui.title", \.ui.title),
      ("ui.border", \.ui.border), ("ui.border_focus", \.ui.borderFocus), ("ui.header", \.ui.header),
      ("ui.selection_bg", \.ui.selection.background), ("ui.selection_fg", \.ui.selection.foreground),
      ("ui.cursor_bg", \.ui.cursor.background), ("ui.cursor", \.ui.cursor.background),
      ("ui.cursor_fg", \.ui.cursor.foreground), ("ui.mark", \.ui.mark),
      ("status.info", \.status.info), ("status.success", \.status.success), ("status.warning", \.status.warning),
      ("status.error", \.status.error), ("status.running", \.status.running), ("status.queued", \.status.queued),
      ("table.key_column", \.table.keyColumn), ("table.null", \.table.null), ("table.number", \.table.number),
      ("table.text", \.table.text), ("table.date", \.table.date), ("table.bool", \.table.bool),
      ("table.match", \.table.match), ("table.row_alt", \.table.rowAlt),
      ("chart.axis", \.chart.axis), ("chart.tick", \.chart.tick), ("chart.grid", \.chart.grid),
      ("chart.label", \.chart.label), ("chart.reference", \.chart.reference), ("chart.band", \.chart.band),
    ]
  }
}
