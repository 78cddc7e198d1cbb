// The themes that ship; the files in themes/ say the same. Series: Okabe and Ito, Color Universal Design, 2008
// (https://jfly.uni-koeln.de/color/). Sequential: eight steps of viridis (Smith and van der Walt, 2015). Borders, series
// and text keep the contrasts that WCAG 2.1 asks for, on black where a theme is dark, on white where it is light.

extension Theme {
  /// Okabe–Ito without black: orange, sky blue, green, yellow, blue, vermillion, purple.
  public static let okabeIto: [Color] = [
    .rgb(0xE6, 0x9F, 0x00), .rgb(0x56, 0xB4, 0xE9), .rgb(0x00, 0x9E, 0x73), .rgb(0xF0, 0xE4, 0x42),
    .rgb(0x00, 0x72, 0xB2), .rgb(0xD5, 0x5E, 0x00), .rgb(0xCC, 0x79, 0xA7),
  ]

  /// Viridis in eight steps, dark to light.
  public static let viridis: [Color] = [
    .rgb(0x44, 0x01, 0x54), .rgb(0x46, 0x33, 0x7E), .rgb(0x36, 0x5C, 0x8D), .rgb(0x27, 0x7F, 0x8E),
    .rgb(0x1F, 0xA1, 0x87), .rgb(0x4A, 0xC1, 0x6D), .rgb(0x9F, 0xDA, 0x3A), .rgb(0xFD, 0xE7, 0x25),
  ]

  /// Okabe–Ito's yellow and sky blue vanish on white: seven darker colours that stay apart for every kind of eye.
  static let darkInks: [Color] = [
    .rgb(0x00, 0x5F, 0xAF), .rgb(0xD7, 0x5F, 0x00), .rgb(0x00, 0x5F, 0x00), .rgb(0xAF, 0x5F, 0xAF),
    .rgb(0x87, 0x87, 0x87), .rgb(0x87, 0x00, 0x5F), .rgb(0x00, 0x00, 0xAF),
  ]

  /// For dark terminals; the terminal's own background shows through.
  public static let dark = Theme(
    name: "assay-dark", isDark: true,
    ui: UI(
      background: .terminal, text: .terminal, muted: .ansi(245), title: .ansi(231), border: .ansi(242),
      borderFocus: .ansi(74), header: .ansi(153),
      selection: Style(foreground: .ansi(231), background: .ansi(24)),
      cursor: Style(foreground: .ansi(16), background: .ansi(214)), mark: .ansi(214)),
    status: Status(
      info: .ansi(74), success: .ansi(78), warning: .ansi(214), error: .ansi(203), running: .ansi(117),
      queued: .ansi(245)),
    table: Table(
      keyColumn: .ansi(222), null: .ansi(245), number: .terminal, text: .terminal, date: .ansi(152), bool: .ansi(182),
      match: .ansi(227), rowAlt: .ansi(235)),
    chart: Chart(
      axis: .ansi(245), tick: .ansi(245), grid: .ansi(238), label: .ansi(252), series: okabeIto,
      reference: .ansi(250), band: .ansi(240)),
    scale: Scale(
      sequential: viridis,
      diverging: [.ansi(32), .ansi(31), .ansi(24), .ansi(238), .ansi(94), .ansi(136), .ansi(214)]))

  /// For light terminals.
  public static let light = Theme(
    name: "assay-light", isDark: false,
    ui: UI(
      background: .terminal, text: .terminal, muted: .ansi(243), title: .ansi(16), border: .ansi(245),
      borderFocus: .ansi(25), header: .ansi(24),
      selection: Style(foreground: .ansi(16), background: .ansi(153)),
      cursor: Style(foreground: .ansi(231), background: .ansi(25)), mark: .ansi(130)),
    status: Status(
      info: .ansi(25), success: .ansi(28), warning: .ansi(130), error: .ansi(160), running: .ansi(24),
      queued: .ansi(243)),
    table: Table(
      keyColumn: .ansi(94), null: .ansi(243), number: .terminal, text: .terminal, date: .ansi(24), bool: .ansi(90),
      match: .ansi(130), rowAlt: .ansi(255)),
    chart: Chart(
      axis: .ansi(243), tick: .ansi(243), grid: .ansi(253), label: .ansi(238), series: darkInks,
      reference: .ansi(240), band: .ansi(250)),
    scale: Scale(
      sequential: viridis,
      diverging: [.ansi(25), .ansi(68), .ansi(110), .ansi(254), .ansi(222), .ansi(214), .ansi(166)]))

  /// The themes that need no file.
  public static let builtIn = [dark, light, okabe, deuteranopia, tritanopia, mono, paper, ansi16]
}
