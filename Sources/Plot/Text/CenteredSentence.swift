// What stands in the place of a chart that has nothing to show.

import Grid

extension Glyphs {
  /// A sentence broken into lines at blanks, in the middle of `area`; lines without room are left out.
  func centered(_ sentence: String, in area: Rect) -> [(text: String, x: Int, y: Int)] {
    if area.isEmpty { return [] }
    var lines: [String] = []
    for word in sentence.split(separator: " ") {
      if let last = lines.last, TextWidth.of(last) + 1 + TextWidth.of(String(word)) <= area.width - 2 {
        lines[lines.count - 1] = last + " " + word
      } else {
        lines.append(String(word))
      }
    }
    let shown = lines.prefix(area.height)
    let top = area.y + (area.height - shown.count) / 2
    return shown.enumerated().map { index, line in
      let text = cut(line, area.width)
      return (text, area.x + (area.width - TextWidth.of(text)) / 2, top + index)
    }
  }
}
