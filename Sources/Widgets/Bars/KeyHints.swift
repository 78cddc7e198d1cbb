// Hints of keys that can be clicked: `Enter: next  Esc: cancel` is two places that press these keys.

import Grid

/// What a hint's key, as it is shown, presses.
public enum KeyHints {
  private static let names: [String: String] = [
    "enter": "enter", "esc": "escape", "tab": "tab", "s-tab": "shift-tab", "space": "space", "pgdn": "pagedown",
    "pgup": "pageup", "del": "delete", "bksp": "backspace", "home": "home", "end": "end", "any key": "escape",
    "↑": "up", "↓": "down", "←": "left", "→": "right",
  ]

  /// The keys behind a label such as `Enter`, `^S`, `F2` or `S-Tab Enter`; nil where it names none, such as `type`.
  public static func keys(of label: String) -> String? {
    if let name = names[label.lowercased()] { return name }
    let parts = label.split(separator: " ").map { part -> String? in
      if let name = names[part.lowercased()] { return name }
      if part.hasPrefix("^"), part.count == 2 { return "ctrl-" + part.dropFirst().lowercased() }
      if part.count == 1 || (part.hasPrefix("F") && part.dropFirst().allSatisfy(\.isNumber)) { return String(part) }
      return nil
    }
    let known = parts.compactMap { $0 }
    return known.isEmpty || known.count < parts.count ? nil : known.joined(separator: " ")
  }

  /// Several ways to press the same: with commas where one of them is a sequence, so that it is clear which keys belong
  /// together.
  public static func alternatives(_ labels: [String]) -> String {
    labels.joined(separator: labels.count > 1 && labels.contains { $0.contains(" ") } ? ", " : " ")
  }

  /// The places of a hint `label:text` that starts at `origin`: of several arrows, each is a place of its own.
  static func places(of label: String, width: Int, at origin: Point) -> HitMap {
    var hits = HitMap()
    let characters = Array(label)
    let isArrows = characters.count > 1 && characters.allSatisfy { "↑↓←→".contains($0) }
    if isArrows {
      for (index, arrow) in characters.enumerated() {
        guard let keys = keys(of: String(arrow)) else { continue }
        hits.add(Rect(x: origin.x + index, y: origin.y, width: 1, height: 1), .keys(keys))
      }
    } else if let keys = keys(of: label) {
      hits.add(Rect(x: origin.x, y: origin.y, width: width, height: 1), .keys(keys))
    }
    return hits
  }

  /// The places of hints on a line, each `KEY: text`, parted by two blanks; `origin` is the first letter.
  static func places(in line: String, at origin: Point) -> HitMap {
    var hits = HitMap()
    var x = origin.x
    for part in line.split(separator: "  ", omittingEmptySubsequences: true) {
      let text = String(part)
      defer { x += TextWidth.of(text) + 2 }
      guard let colon = text.firstRange(of: ": ") else { continue }
      hits.add(places(of: String(text[..<colon.lowerBound]), width: TextWidth.of(text), at: Point(x: x, y: origin.y)))
    }
    return hits
  }
}
