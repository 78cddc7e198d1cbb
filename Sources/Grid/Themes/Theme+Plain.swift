// Themes with few colours: none at all, ink on paper, and the sixteen of the terminal's own palette.

extension Theme {
  /// No colour at all: bold, reverse and shapes carry every meaning.
  public static let mono = Theme(
    name: "mono", isDark: true,
    ui: UI(
      background: .terminal, text: .terminal, muted: .terminal, title: .terminal, border: .terminal,
      borderFocus: .terminal, header: .terminal, selection: Style(attributes: .reverse),
      cursor: Style(attributes: [.reverse, .bold]), mark: .terminal),
    status: Status(
      info: .terminal, success: .terminal, warning: .terminal, error: .terminal, running: .terminal,
      queued: .terminal),
    table: Table(
      keyColumn: .terminal, null: .terminal, number: .terminal, text: .terminal, date: .terminal, bool: .terminal,
      match: .terminal, rowAlt: .terminal),
    chart: Chart(
      axis: .terminal, tick: .terminal, grid: .terminal, label: .terminal,
      series: [Color](repeating: .terminal, count: 7), reference: .terminal, band: .terminal),
    scale: Scale(
      sequential: [Color](repeating: .terminal, count: 8), diverging: [Color](repeating: .terminal, count: 7)))

  /// Black on white whatever the terminal's colours, for electronic paper, projectors and print.
  public static let paper = Theme(
    name: "paper", isDark: false,
    ui: UI(
      background: .ansi(231), text: .ansi(16), muted: .ansi(240), title: .ansi(16), border: .ansi(243),
      borderFocus: .ansi(16), header: .ansi(236),
      selection: Style(foreground: .ansi(16), background: .ansi(252)),
      cursor: Style(foreground: .ansi(231), background: .ansi(16)), mark: .ansi(16)),
    status: Status(
      info: .ansi(236), success: .ansi(16), warning: .ansi(16), error: .ansi(16), running: .ansi(236),
      queued: .ansi(240)),
    table: Table(
      keyColumn: .ansi(16), null: .ansi(240), number: .ansi(16), text: .ansi(16), date: .ansi(16), bool: .ansi(16),
      match: .ansi(16), rowAlt: .ansi(255)),
    chart: Chart(
      axis: .ansi(240), tick: .ansi(240), grid: .ansi(252), label: .ansi(236),
      series: [238, 244, 16, 242, 234, 246, 240].map { .ansi($0) }, reference: .ansi(240), band: .ansi(250)),
    scale: Scale(
      sequential: [232, 236, 239, 242, 245, 248, 251, 254].map { .ansi($0) },
      diverging: [235, 240, 246, 255, 250, 243, 237].map { .ansi($0) }))

  /// Only the sixteen colours that the terminal's own palette defines, and its own text where those may not be read.
  public static let ansi16 = Theme(
    name: "ansi16", isDark: true,
    ui: UI(
      background: .terminal, text: .terminal, muted: .terminal, title: .terminal, border: .terminal,
      borderFocus: .ansi(6), header: .ansi(6),
      selection: Style(foreground: .ansi(15), background: .ansi(4)),
      cursor: Style(foreground: .ansi(0), background: .ansi(3)), mark: .ansi(3)),
    status: Status(
      info: .ansi(6), success: .ansi(2), warning: .ansi(3), error: .ansi(9), running: .ansi(6), queued: .terminal),
    table: Table(
      keyColumn: .ansi(3), null: .terminal, number: .terminal, text: .terminal, date: .ansi(6), bool: .ansi(13),
      match: .ansi(11), rowAlt: .terminal),
    chart: Chart(
      axis: .terminal, tick: .terminal, grid: .ansi(8), label: .terminal,
      series: [3, 6, 2, 11, 12, 1, 5].map { .ansi($0) }, reference: .terminal, band: .ansi(8)),
    scale: Scale(
      sequential: [0, 4, 12, 8, 6, 7, 14, 15].map { .ansi($0) },
      diverging: [4, 12, 14, 8, 11, 3, 1].map { .ansi($0) }))
}
