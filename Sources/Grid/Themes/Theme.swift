// Colours by meaning. Text, table and graph colours are separate keys, so that a change to one never hides another.

/// A named set of colours.
public struct Theme: Sendable, Equatable {
  /// Panes, borders and text.
  public struct UI: Sendable, Equatable {
    public var background, text, muted, title, border, borderFocus, header: Color
    public var selection, cursor: Style
    public var mark: Color

    public init(
      background: Color, text: Color, muted: Color, title: Color, border: Color, borderFocus: Color, header: Color,
      selection: Style, cursor: Style, mark: Color
    ) {
      (self.background, self.text, self.muted, self.title) = (background, text, muted, title)
      (self.border, self.borderFocus, self.header) = (border, borderFocus, header)
      (self.selection, self.cursor, self.mark) = (selection, cursor, mark)
    }
  }

  /// Job states and messages.
  public struct Status: Sendable, Equatable {
    public var info, success, warning, error, running, queued: Color

    public init(info: Color, success: Color, warning: Color, error: Color, running: Color, queued: Color) {
      (self.info, self.success, self.warning) = (info, success, warning)
      (self.error, self.running, self.queued) = (error, running, queued)
    }
  }

  /// Values in a table, by kind.
  public struct Table: Sendable, Equatable {
    public var keyColumn, null, number, text, date, bool, match, rowAlt: Color

    public init(
      keyColumn: Color, null: Color, number: Color, text: Color, date: Color, bool: Color, match: Color, rowAlt: Color
    ) {
      (self.keyColumn, self.null, self.number, self.text) = (keyColumn, null, number, text)
      (self.date, self.bool, self.match, self.rowAlt) = (date, bool, match, rowAlt)
    }
  }

  /// Charts: the frame, and one colour a series.
  public struct Chart: Sendable, Equatable {
    public var axis, tick, grid, label: Color
    public var series: [Color]
    public var reference, band: Color

    public init(
      axis: Color, tick: Color, grid: Color, label: Color, series: [Color], reference: Color, band: Color
    ) {
      (self.axis, self.tick, self.grid, self.label) = (axis, tick, grid, label)
      (self.series, self.reference, self.band) = (series, reference, band)
    }
  }

  /// Colours for numbers: low to high, and negative to positive.
  public struct Scale: Sendable, Equatable {
    public var sequential, diverging: [Color]

    public init(sequential: [Color], diverging: [Color]) {
      (self.sequential, self.diverging) = (sequential, diverging)
    }
  }

  public var name: String
  public var isDark: Bool
  public var ui: UI
  public var status: Status
  public var table: Table
  public var chart: Chart
  public var scale: Scale

  public init(
    name: String, isDark: Bool, ui: UI, status: Status, table: Table, chart: Chart, scale: Scale
  ) {
    (self.name, self.isDark, self.ui, self.status) = (name, isDark, ui, status)
    (self.table, self.chart, self.scale) = (table, chart, scale)
  }

  /// Text in the theme's own colours.
  public var base: Style { Style(foreground: ui.text, background: ui.background) }
}

/// What every widget and chart needs to know about the terminal it is drawn for.
public struct DrawContext: Sendable, Equatable {
  public var theme: Theme
  public var glyphs: GlyphSet
  public var colors: ColorDepth

  public init(theme: Theme = .dark, glyphs: GlyphSet = .braille, colors: ColorDepth = .indexed256) {
    self.theme = theme
    self.glyphs = glyphs
    self.colors = colors
  }

  /// Ink on the theme's background; without colour the attributes alone remain.
  public func style(_ foreground: Color, _ attributes: Attributes = []) -> Style {
    Style(foreground: foreground, background: theme.ui.background, attributes: attributes)
  }
}
