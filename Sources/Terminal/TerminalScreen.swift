// The terminal as assay sees it: show a grid, wait for events, give everything back. The only user of curses.

import CNcurses
import Foundation
import Grid
import Widgets

/// How to take over the terminal.
public struct TerminalOptions: Sendable {
  /// The colours asked for; nil decides from the environment and terminfo.
  public var colors: ColorDepth?
  public var mouse: Bool
  /// Bracket each repaint so that it appears at once (mode 2026); terminals that do not know it ignore it.
  public var synchronized: Bool
  public var clipboard: ClipboardSetting
  public var environment: TerminalEnvironment

  public init(
    colors: ColorDepth? = nil, mouse: Bool = true, synchronized: Bool = true, clipboard: ClipboardSetting? = nil,
    environment: TerminalEnvironment = TerminalEnvironment(ProcessInfo.processInfo.environment)
  ) {
    self.colors = colors
    self.mouse = mouse
    self.synchronized = synchronized
    self.clipboard = clipboard ?? ClipboardSetting(environment: environment.variables)
    self.environment = environment
  }
}

/// Why there is no screen.
public struct TerminalError: Error, CustomStringConvertible {
  public let description: String
}

/// The one screen of this process.
@MainActor
public final class TerminalScreen {
  /// What the terminal can show, at most what was asked for.
  public let colors: ColorDepth
  /// The terminal description in use; differs from TERM where that is unknown here or cannot place the cursor.
  public let type: String

  /// Cells that fit the four kilobytes which a terminal takes at once, with what goes between them.
  private static let cellsInOnePiece = 800

  private let options: TerminalOptions
  private let modes: TerminalModes
  private let palette: Palette
  private var shown: CellGrid?
  private var lastSize = Size.zero
  private var events: EventSource
  private var isOpen = true
  private let clipboard = Clipboard { TerminalScreen.wake() }

  /// Takes over the terminal.
  public init(options: TerminalOptions = .init()) throws {
    let environment = options.environment
    _ = nc_locale()
    modes = TerminalModes(environment: environment, mouse: options.mouse)
    let wanted = environment.colorDepth(option: options.colors)
    let restore = modes.restore
    let extras = modes.enter
    let found = Self.types(environment, wanted: wanted).first { nc_start($0, extras, restore) == 0 }
    guard let found else {
      throw TerminalError(
        description: "no terminal to draw on (TERM is '\(environment.type)'): run assay in a terminal, "
          + "or use a subcommand, see assay --help")
    }
    type = found
    let terminfo = Int(nc_colors())
    colors = min(
      environment.colorDepth(option: options.colors, terminfo: terminfo), TerminalEnvironment.depth(colors: terminfo))
    palette = Palette(depth: colors, colors: terminfo)
    self.options = options
    events = EventSource()
    lastSize = currentSize()
  }

  /// Columns and rows now.
  public var size: Size { lastSize }

  /// Makes the terminal show `grid`; only cells that changed since the last call are sent.
  public func present(_ grid: CellGrid) {
    guard isOpen else { return }
    let runs = grid.changes(from: shown)
    if runs.isEmpty, shown?.size == grid.size { return }
    if shown == nil || shown?.size != grid.size { nc_erase() }
    var painter = RunPainter(palette: palette)
    for run in runs { painter.paint(run) }
    // A little change arrives in one piece without being told to.
    let isLarge = runs.reduce(0) { $0 + $1.cells.count } > Self.cellsInOnePiece
    nc_flush(isLarge && options.synchronized && modes.isRich)
    shown = grid
  }

  /// Waits until something happens, at most `timeout` seconds (nil: for ever), and returns all of it. A timeout gives `.wake`.
  public func nextEvents(timeout: Double?) -> [InputEvent] {
    guard isOpen else { return [.hangup] }
    var result: [InputEvent] = []
    for signal in events.wait(timeout: timeout) {
      switch signal {
      case .input(let event): result.append(event)
      case .resized: break
      case .continued:
        nc_resume()
        shown = nil
        result.append(.resize(currentSize()))
      case .stop:
        suspend()
        result.append(.resize(currentSize()))
      }
    }
    let size = currentSize()
    if size != lastSize {
      lastSize = size
      shown = nil
      result.append(.resize(size))
    }
    return result
  }

  /// Does what only a terminal can do.
  public func perform(_ request: TerminalRequest) {
    switch request {
    case .suspend: suspend()
    case .redraw:
      nc_invalidate()
      shown = nil
    case .copy(let text):
      let plan = ClipboardPlan(
        text, setting: options.clipboard, modes: modes, variables: options.environment.variables)
      clipboard.copy(text, plan, setting: options.clipboard) { nc_write($0) }
    case .title(let text): nc_write(modes.title(text))
    case .bell: nc_beep()
    }
  }

  /// What became of the texts to copy, since the last call.
  public func takeCopyReports() -> [CopyReport] { clipboard.takeReports() }

  /// Gives the terminal back and stops the process, as `^Z` does; returns when it continues.
  public func suspend() {
    nc_suspend()
    nc_resume()
    shown = nil
    lastSize = currentSize()
  }

  /// Gives the terminal back; may be called again.
  public func close() {
    isOpen = false
    nc_stop()
  }

  /// Makes a waiting `nextEvents` return `.wake`; from any thread.
  public nonisolated static func wake() { CNcurses.nc_wake() }

  private func currentSize() -> Size {
    var columns: Int32 = 0
    var rows: Int32 = 0
    nc_size(&columns, &rows)
    return Size(width: Int(columns), height: Int(rows))
  }

  private func nc_write(_ text: String) {
    guard isOpen, !text.isEmpty else { return }
    CNcurses.nc_write(text, text.utf8.count)
  }

  /// The descriptions to try, best first: a richer one where more colours are certain, one that can place the cursor for
  /// terminals that claim they cannot, and the commonest for types that this machine has never heard of.
  nonisolated static func types(_ environment: TerminalEnvironment, wanted: ColorDepth) -> [String] {
    let own = environment.type
    if own.isEmpty || own == "dumb" || own == "unknown" { return ["vt100", "ansi"] }
    if ["xterm", "screen", "tmux"].contains(own), wanted >= .indexed256 { return [own + "-256color", own] }
    return [own, "xterm-256color", "vt100"]
  }
}
