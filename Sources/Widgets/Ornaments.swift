// The characters and styles that widgets share, in UTF-8 and in ASCII, with colour and without.

import Grid

/// Ornaments of a glyph set.
struct Ornaments: Sendable {
  let isPlain: Bool

  init(_ glyphs: GlyphSet) { isPlain = glyphs == .ascii }

  private func pick(_ rich: Character, _ plain: Character) -> Character { isPlain ? plain : rich }

  var horizontal: Character { pick("─", "-") }
  var vertical: Character { pick("│", "|") }
  var pointer: Character { pick("▶", ">") }
  var more: Character { pick("»", ">") }
  var less: Character { pick("«", "<") }
  var dropdown: Character { pick("▾", "v") }
  var submenu: Character { pick("▸", ">") }
  var null: Character { pick("·", ".") }
  var radio: Character { pick("•", "*") }
  var step: Character { pick("●", "o") }
  var analysis: Character { pick("○", "-") }
  var tee: Character { pick("├", "+") }
  var corner: Character { pick("└", "`") }
  var thumb: Character { pick("┃", "#") }
  var ellipsis: String { isPlain ? "~" : "…" }

  /// `text` in exactly `width` columns, cut with an ellipsis or padded.
  func fit(_ text: String, _ width: Int, _ alignment: Alignment = .left) -> String {
    if width <= 0 { return "" }
    if TextWidth.of(text) <= width { return TextWidth.fit(text, width, alignment) }
    return TextWidth.fit(TextWidth.fit(text, width - 1, ellipsis: false) + ellipsis, width, ellipsis: false)
  }
}

extension DrawContext {
  var ornaments: Ornaments { Ornaments(glyphs) }

  /// Text.
  public var textStyle: Style { style(theme.ui.text) }
  /// Text that stands back; dim where there is no colour to say so.
  public var mutedStyle: Style { style(theme.ui.muted, colors == .mono ? .dim : []) }
  /// Titles.
  public var titleStyle: Style { style(theme.ui.title, .bold) }
  /// Column headings.
  public var headerStyle: Style { style(theme.ui.header, .bold) }
  /// The line under the cursor; reversed where there is no colour.
  public var selectionStyle: Style { colors == .mono ? Style(attributes: .reverse) : theme.ui.selection }
  /// The cell under the cursor; reversed and bold where there is no colour.
  public var cursorStyle: Style { colors == .mono ? Style(attributes: [.reverse, .bold]) : theme.ui.cursor }
  /// Marked rows and pinned things.
  public var markStyle: Style { style(theme.ui.mark, .bold) }

  func borderStyle(isFocused: Bool) -> Style {
    isFocused ? style(theme.ui.borderFocus, .bold) : style(theme.ui.border, colors == .mono ? .dim : [])
  }
}

/// How serious a message is; each has a mark, so that colour is not the only sign.
public enum Level: String, Sendable, Hashable, Codable {
  case info, success, warning, error, running, queued

  /// One cell, and never the same for two levels.
  public func mark(_ glyphs: GlyphSet) -> String {
    let isPlain = glyphs == .ascii
    switch self {
    case .info: return isPlain ? "i" : "·"
    case .success: return isPlain ? "+" : "✓"
    case .warning: return "!"
    case .error: return isPlain ? "x" : "✗"
    case .running: return isPlain ? ">" : "▸"
    case .queued: return isPlain ? "." : "◷"
    }
  }

  public func style(_ context: DrawContext) -> Style {
    let status = context.theme.status
    return switch self {
    case .info: context.style(status.info)
    case .success: context.style(status.success)
    case .warning: context.style(status.warning, .bold)
    case .error: context.style(status.error, .bold)
    case .running: context.style(status.running)
    case .queued: context.style(status.queued)
    }
  }
}
