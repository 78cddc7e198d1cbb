// What the environment says about the terminal: how many colours, which characters. Pure, so that tests and the
// subcommands share the decision with the workbench.

/// Colours and glyphs from the environment variables of a process.
public struct TerminalEnvironment: Sendable {
  /// The variables.
  public let variables: [String: String]

  public init(_ variables: [String: String]) { self.variables = variables }

  /// The terminal's type; empty where it is not set.
  public var type: String { variables["TERM"] ?? "" }

  /// Whether the terminal understands what xterm does beyond terminfo: titles, mouse reports, bracketed paste.
  public var isXtermLike: Bool {
    !(type.isEmpty || type == "dumb" || type == "linux" || type == "unknown" || type.hasPrefix("vt"))
  }

  /// The colours to use: `--color`, then NO_COLOR, FORCE_COLOR or CLICOLOR_FORCE, COLORTERM, the terminal's type, else 16.
  ///
  /// - Parameters:
  ///   - option: what the user asked for; nil is `auto`.
  ///   - terminfo: the number of colours that terminfo gives; nil where nobody asked it.
  public func colorDepth(option: ColorDepth? = nil, terminfo: Int? = nil) -> ColorDepth {
    if let option { return option }
    if let value = variables["NO_COLOR"], !value.isEmpty { return .mono }
    if let forced = variables["FORCE_COLOR"] ?? variables["CLICOLOR_FORCE"], let depth = Self.forced(forced) {
      return depth == .ansi16 ? max(depth, detected(terminfo)) : depth
    }
    return detected(terminfo)
  }

  /// Reads the value of `--color`: `never`, `16`, `256`, `direct`; nil for `auto` and anything else.
  public static func colorOption(_ text: String) -> ColorDepth? {
    switch text {
    case "never", "mono", "none", "0": .mono
    case "16", "8": .ansi16
    case "256": .indexed256
    case "direct", "truecolor", "24bit": .direct
    default: nil
    }
  }

  /// The characters to draw with: ASCII where the locale or the terminal has no more, blocks on the Linux console,
  /// else everything. No locale at all, as in bare containers, counts as UTF-8.
  public var glyphs: GlyphSet {
    if type == "dumb" || type == "unknown" || type.hasPrefix("vt") { return .ascii }
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"].compactMap { variables[$0] }.first { !$0.isEmpty }
    if let locale {
      let lower = locale.lowercased()
      if !(lower.contains("utf-8") || lower.contains("utf8")) { return .ascii }
    }
    return type == "linux" ? .block : .braille
  }

  private static func forced(_ value: String) -> ColorDepth? {
    switch value {
    case "0", "false": nil
    case "2": .indexed256
    case "3": .direct
    default: .ansi16
    }
  }

  private func detected(_ terminfo: Int?) -> ColorDepth {
    if type == "dumb" || type.hasPrefix("vt") { return .mono }
    if ["truecolor", "24bit"].contains(variables["COLORTERM"] ?? "") { return .direct }
    if let terminfo { return Self.depth(colors: terminfo) }
    if type.hasSuffix("-direct") { return .direct }
    return type.contains("256color") ? .indexed256 : .ansi16
  }

  /// The depth of a terminal with this many colours.
  public static func depth(colors: Int) -> ColorDepth {
    if colors > 256 { return .direct }
    if colors == 256 { return .indexed256 }
    return colors >= 8 ? .ansi16 : .mono
  }
}
