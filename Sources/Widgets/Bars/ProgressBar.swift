// A bar in eighths of a cell: `▕█████▋    ▏ 57%`, or `[######....] 57%`.

import Grid

/// How far something is.
public struct ProgressBar: Sendable, Equatable {
  /// From 0 to 1; nil when nobody knows.
  public var fraction: Double?
  /// Moves the block of an unknown fraction, in steps.
  public var tick: Int
  /// After the bar; the percentage where this is nil.
  public var caption: String?

  public init(_ fraction: Double?, tick: Int = 0, caption: String? = nil) {
    self.fraction = fraction
    self.tick = tick
    self.caption = caption
  }

  private static let eighths: [Character] = [" ", "▏", "▎", "▍", "▌", "▋", "▊", "▉"]

  /// The bar without its ends, exactly `width` columns.
  public static func cells(_ fraction: Double, width: Int, glyphs: GlyphSet) -> String {
    if width <= 0 { return "" }
    let part = fraction.isFinite ? min(1, max(0, fraction)) : 0
    if glyphs == .ascii {
      let full = Int(part * Double(width))
      return String(repeating: "#", count: full) + String(repeating: ".", count: width - full)
    }
    let total = Int(part * Double(width * 8))
    var text = String(repeating: "█", count: total / 8)
    if total / 8 < width { text.append(eighths[total % 8]) }
    return text + String(repeating: " ", count: max(0, width - total / 8 - 1))
  }

  /// Whole percent, rounded down: 100% means done.
  public static func percent(_ fraction: Double) -> String {
    let part = fraction.isFinite ? min(1, max(0, fraction)) : 0
    return "\(Int(part * 100 + 1e-9))%"
  }

  /// The whole bar with ends and caption, exactly `width` columns; the caption alone where there is no room for a bar.
  public func text(width: Int, glyphs: GlyphSet) -> String {
    let isPlain = glyphs == .ascii
    let caption = self.caption ?? fraction.map { Self.percent($0) } ?? ""
    let captionWidth = caption.isEmpty ? 0 : max(4, TextWidth.of(caption))
    let room = width - captionWidth - 2
    if room < 1 { return TextWidth.fit(caption, width, ellipsis: false) }
    let bar = fraction.map { Self.cells($0, width: room, glyphs: glyphs) } ?? moving(room, isPlain)
    let ends = isPlain ? ("[", "]") : ("▕", "▏")
    return ends.0 + bar + ends.1 + (caption.isEmpty ? "" : TextWidth.fit(caption, captionWidth, .right))
  }

  /// Draws one line.
  public func draw(in rect: Rect, on grid: inout CellGrid, _ context: DrawContext) {
    if rect.isEmpty { return }
    let style = context.style(context.theme.status.running)
    grid.draw(text(width: rect.width, glyphs: context.glyphs), x: rect.x, y: rect.y, style: style, width: rect.width)
  }

  private func moving(_ width: Int, _ isPlain: Bool) -> String {
    let block = min(width, 3)
    let span = max(1, 2 * (width - block))
    let step = ((tick % span) + span) % span
    let at = min(step, span - step)
    let blank = isPlain ? "." : " "
    return String(repeating: blank, count: at) + String(repeating: isPlain ? "#" : "█", count: block)
      + String(repeating: blank, count: max(0, width - block - at))
  }
}
