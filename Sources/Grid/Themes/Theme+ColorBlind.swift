// Themes for eyes that tell fewer colours apart: Okabe and Ito's throughout, and two whose seven series were searched
// for in the 256-colour table: the largest smallest difference (CIEDE2000) as trichromats see them and as Machado,
// Oliveira and Fernandes, 2009 (doi:10.1109/TVCG.2009.113) simulate a missing cone, 22.6 and 26.0. Their sequential
// scale runs from dark blue to yellow as cividis does (Nuñez, Anderton and Renslow, 2018).

extension Theme {
  /// Dark blue to yellow, eight steps of the 256-colour table.
  static let blueToYellow: [Color] = [17, 238, 240, 95, 137, 143, 185, 221].map { .ansi($0) }

  /// Okabe and Ito's colours for everything, on dark terminals.
  public static let okabe = Theme(
    name: "okabe", isDark: true,
    ui: UI(
      background: .terminal, text: .terminal, muted: .ansi(246), title: okabeIto[3], border: .ansi(242),
      borderFocus: okabeIto[0], header: okabeIto[1],
      selection: Style(foreground: .ansi(16), background: okabeIto[1]),
      cursor: Style(foreground: .ansi(16), background: okabeIto[0]), mark: okabeIto[0]),
    status: Status(
      info: okabeIto[1], success: okabeIto[2], warning: okabeIto[3], error: okabeIto[5], running: okabeIto[1],
      queued: .ansi(246)),
    table: Table(
      keyColumn: okabeIto[3], null: .ansi(246), number: .terminal, text: .terminal, date: okabeIto[1],
      bool: okabeIto[6], match: okabeIto[0], rowAlt: .ansi(235)),
    chart: Chart(
      axis: .ansi(246), tick: .ansi(246), grid: .ansi(238), label: .ansi(252), series: okabeIto,
      reference: .ansi(250), band: .ansi(240)),
    scale: Scale(
      sequential: viridis,
      diverging: [.ansi(39), .ansi(32), .ansi(24), .ansi(238), .ansi(94), .ansi(172), .ansi(214)]))

  /// For eyes without the middle cone: blue against yellow, never red against green.
  public static let deuteranopia = Theme(
    name: "deuteranopia", isDark: true,
    ui: UI(
      background: .terminal, text: .terminal, muted: .ansi(246), title: .ansi(231), border: .ansi(242),
      borderFocus: .ansi(39), header: .ansi(159),
      selection: Style(foreground: .ansi(231), background: .ansi(24)),
      cursor: Style(foreground: .ansi(16), background: .ansi(220)), mark: .ansi(220)),
    status: Status(
      info: .ansi(39), success: .ansi(39), warning: .ansi(229), error: .ansi(208), running: .ansi(159),
      queued: .ansi(246)),
    table: Table(
      keyColumn: .ansi(229), null: .ansi(246), number: .terminal, text: .terminal, date: .ansi(159),
      bool: .ansi(144), match: .ansi(220), rowAlt: .ansi(235)),
    chart: Chart(
      axis: .ansi(246), tick: .ansi(246), grid: .ansi(238), label: .ansi(252),
      series: [39, 154, 162, 94, 159, 26, 144].map { .ansi($0) }, reference: .ansi(250), band: .ansi(240)),
    scale: Scale(
      sequential: blueToYellow,
      diverging: [.ansi(33), .ansi(26), .ansi(24), .ansi(238), .ansi(94), .ansi(136), .ansi(220)]))

  /// For eyes without the short cone: red against cyan, never blue against yellow.
  public static let tritanopia = Theme(
    name: "tritanopia", isDark: true,
    ui: UI(
      background: .terminal, text: .terminal, muted: .ansi(246), title: .ansi(231), border: .ansi(242),
      borderFocus: .ansi(80), header: .ansi(159),
      selection: Style(foreground: .ansi(231), background: .ansi(23)),
      cursor: Style(foreground: .ansi(16), background: .ansi(203)), mark: .ansi(217)),
    status: Status(
      info: .ansi(80), success: .ansi(80), warning: .ansi(217), error: .ansi(203), running: .ansi(159),
      queued: .ansi(246)),
    table: Table(
      keyColumn: .ansi(217), null: .ansi(246), number: .terminal, text: .terminal, date: .ansi(116),
      bool: .ansi(182), match: .ansi(225), rowAlt: .ansi(235)),
    chart: Chart(
      axis: .ansi(246), tick: .ansi(246), grid: .ansi(238), label: .ansi(252),
      series: [75, 160, 190, 201, 100, 225, 61].map { .ansi($0) }, reference: .ansi(250), band: .ansi(240)),
    scale: Scale(
      sequential: viridis,
      diverging: [.ansi(44), .ansi(37), .ansi(30), .ansi(238), .ansi(88), .ansi(160), .ansi(203)]))
}
