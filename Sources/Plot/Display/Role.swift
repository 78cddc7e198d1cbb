// What a mark means. Renderers turn roles into colours of the theme; where a role tells series apart, a shape, a dash or
// a pattern of the same number says it again, so that no chart needs colour to be read.

import Grid

/// The meaning of a colour.
public enum Role: Sendable, Hashable {
  /// One of several series or categories, from zero; a chart with only one takes `.series(1)`, as bars do.
  case series(Int)
  case axis, tick, grid, label, text, muted, title
  /// Chance lines, zero lines, means.
  case reference
  /// Confidence bands and thresholds.
  case band
  /// A number on the scale from low to high, 0...1.
  case sequential(Double)
  /// A number on the scale from negative over neutral (0.5) to positive, 0...1.
  case diverging(Double)
  /// What the cursor stands on.
  case cursor
  /// Above and below nothing, such as SHAP values.
  case positive, negative
  case success, warning, error
}

/// How a line is broken.
public enum Dash: Sendable, Hashable, CaseIterable {
  case solid, dashed, dotted, dashDotted

  /// Dots drawn and dots left out, in turn; none for a solid line.
  public var lengths: [Int] {
    switch self {
    case .solid: []
    case .dashed: [3, 2]
    case .dotted: [1, 2]
    case .dashDotted: [4, 2, 1, 2]
    }
  }

  /// The dash that tells a series apart.
  public static func of(series: Int) -> Dash { allCases[abs(series % allCases.count)] }
}

/// How a surface is filled: `█`, `▓`, `▒`, `░`.
public enum FillPattern: Sendable, Hashable, CaseIterable {
  case solid, dense, medium, light

  /// The share of it that is ink.
  public var coverage: Double {
    switch self {
    case .solid: 1
    case .dense: 0.75
    case .medium: 0.5
    case .light: 0.25
    }
  }

  /// The pattern that tells a series apart.
  public static func of(series: Int) -> FillPattern { [.solid, .medium, .light, .dense][abs(series % 4)] }
}

/// How a point is drawn.
public enum MarkerShape: Sendable, Hashable, CaseIterable {
  /// As fine as the canvas allows: braille or quadrants, many to a cell.
  case dot
  case plus, cross, triangle, square, diamond, ring
  /// `●`, for a point that is one figure rather than one row of many.
  case disc
  /// `•`, for outliers.
  case bullet
  /// `·`, for a crowd that dots would fill solid.
  case faint

  /// The shape that tells a series apart: dots for the first.
  public static func of(series: Int) -> MarkerShape {
    let shapes: [MarkerShape] = [.dot, .plus, .cross, .triangle, .square, .diamond, .ring]
    return shapes[abs(series % shapes.count)]
  }
}

extension DrawContext {
  /// The theme's colour for a role.
  public func color(_ role: Role) -> Color {
    switch role {
    case .series(let n):
      theme.chart.series.isEmpty ? theme.ui.text : theme.chart.series[abs(n % theme.chart.series.count)]
    case .axis: theme.chart.axis
    case .tick: theme.chart.tick
    case .grid: theme.chart.grid
    case .label: theme.chart.label
    case .text: theme.ui.text
    case .muted: theme.ui.muted
    case .title: theme.ui.title
    case .reference: theme.chart.reference
    case .band: theme.chart.band
    case .sequential(let share): DrawContext.pick(theme.scale.sequential, share)
    case .diverging(let share): DrawContext.pick(theme.scale.diverging, share)
    case .cursor: theme.ui.mark
    case .positive: theme.scale.diverging.last ?? theme.ui.text
    case .negative: theme.scale.diverging.first ?? theme.ui.text
    case .success: theme.status.success
    case .warning: theme.status.warning
    case .error: theme.status.error
    }
  }

  /// The nearest colour of a scale to a share of it; the middle for what is not a number.
  private static func pick(_ colors: [Color], _ share: Double) -> Color {
    if colors.isEmpty { return .terminal }
    let share = share.isNaN ? 0.5 : min(max(share, 0), 1)
    return colors[Int((share * Double(colors.count - 1)).rounded())]
  }

  /// Whether the scale of a role has colours to tell numbers apart by.
  func hasScale(isDiverging: Bool) -> Bool {
    colors >= .indexed256 && Set(isDiverging ? theme.scale.diverging : theme.scale.sequential).count > 1
  }
}
