import Grid

extension CellGrid {
  /// The rows as text with colours and attributes as escape sequences; plain text without colours.
  public func text(depth: ColorDepth) -> String {
    (0..<height).map { row(at: $0, depth) + "\n" }.joined()
  }

  private func row(at y: Int, _ depth: ColorDepth) -> String {
    var end = width
    while end > 0, self[end - 1, y].isBlank, depth == .mono || isBare(self[end - 1, y].style) { end -= 1 }
    var text = ""
    var current = Style.plain
    for x in 0..<end {
      let cell = self[x, y]
      if cell.isContinuation { continue }
      let style = depth == .mono ? .plain : cell.style.reduced(to: depth)
      if style != current {
        text += escape(style)
        current = style
      }
      text += cell.text
    }
    if current != .plain { text += "\u{1B}[0m" }
    return text
  }

  private func isBare(_ style: Style) -> Bool {
    style.background == .terminal && !style.attributes.contains(.reverse) && !style.attributes.contains(.underline)
  }

  /// ECMA-48 "select graphic rendition": everything off, then what the style has.
  private func escape(_ style: Style) -> String {
    var codes = ["0"]
    let attributes: [(Attributes, String)] = [
      (.bold, "1"), (.dim, "2"), (.italic, "3"), (.underline, "4"), (.reverse, "7"),
    ]
    for (attribute, code) in attributes where style.attributes.contains(attribute) { codes.append(code) }
    codes += code(style.foreground, base: 30) + code(style.background, base: 40)
    return "\u{1B}[\(codes.joined(separator: ";"))m"
  }

  private func code(_ color: Color, base: Int) -> [String] {
    switch color {
    case .terminal: []
    case .ansi(let index) where index < 8: ["\(base + Int(index))"]
    case .ansi(let index) where index < 16: ["\(base + 60 + Int(index) - 8)"]
    case .ansi(let index): ["\(base + 8);5;\(index)"]
    case .rgb(let red, let green, let blue): ["\(base + 8);2;\(red);\(green);\(blue)"]
    }
  }
}
