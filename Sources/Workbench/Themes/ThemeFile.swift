import Foundation
import Grid
import TOMLKit

/// Reads theme files: TOML with the sections `ui`, `status`, `table`, `chart` and `scale`. A file overrides only what it
/// names; what it gets wrong is said and the rest still holds.
public enum ThemeFile {
  /// A theme, and what was wrong in its file.
  public struct Loaded: Sendable, Equatable {
    public var theme: Theme
    public var warnings: [String]
  }

  /// Every theme of the given folders, later folders winning; the built-in ones come first.
  public static func all(in folders: [String]) -> (themes: [Theme], warnings: [String]) {
    var themes = Theme.builtIn
    var warnings: [String] = []
    for folder in folders {
      let names = ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted()
      for name in names where name.hasSuffix(".toml") {
        let path = folder + "/" + name
        guard let text = try? String(contentsOfFile: path, encoding: .utf8) else { continue }
        let loaded = load(text, name: String(name.dropLast(5)))
        warnings += loaded.warnings.map { "\(path): \($0)" }
        if let index = themes.firstIndex(where: { $0.name == loaded.theme.name }) {
          themes[index] = loaded.theme
        } else {
          themes.append(loaded.theme)
        }
      }
    }
    return (themes, warnings)
  }

  /// Reads one theme.
  public static func load(_ text: String, name: String) -> Loaded {
    let table: TOMLTable
    do {
      table = try TOMLTable(string: text)
    } catch {
      return Loaded(theme: named(name, .dark), warnings: ["is not valid TOML (\(error))"])
    }
    let name = table["name"]?.string ?? name
    let isDark = table["dark"]?.bool ?? true
    // What the file leaves out comes from the theme that it names, else from the built-in one that it replaces.
    let base = table["base"]?.string ?? name
    var theme = named(name, Theme.builtIn.first { $0.name == base } ?? (isDark ? .dark : .light))
    theme.isDark = isDark
    var warnings: [String] = []
    for section in table.keys {
      guard let values = table[section]?.table else { continue }
      for key in values.keys {
        let path = "\(section).\(key)"
        guard Theme.keys.contains(path) else {
          let nearest = nearest(to: path, among: Theme.keys)
          warnings.append("there is no key \(path)" + (nearest.map { "; did you mean \($0)?" } ?? ""))
          continue
        }
        let colors = colors(values[key])
        if colors.isEmpty || !theme.set(path, to: colors) {
          warnings.append("\(path) wants \"#rrggbb\", a colour's name, or a list of them for a scale")
        }
      }
    }
    return Loaded(theme: theme, warnings: warnings)
  }

  private static func named(_ name: String, _ base: Theme) -> Theme {
    var theme = base
    theme.name = name
    return theme
  }

  private static func colors(_ value: (any TOMLValueConvertible)?) -> [Color] {
    if let text = value?.string { return Color(text).map { [$0] } ?? [] }
    guard let list = value?.array else { return [] }
    let parsed = list.map { $0.string.flatMap { Color($0) } }
    return parsed.contains { $0 == nil } ? [] : parsed.compactMap { $0 }
  }

  /// The candidate with the fewest edits, when it is near enough to be meant.
  static func nearest(to word: String, among candidates: [String]) -> String? {
    let scored = candidates.map { ($0, distance(Array(word), Array($0))) }
    guard let best = scored.min(by: { $0.1 < $1.1 }), best.1 <= max(2, word.count / 3) else { return nil }
    return best.0
  }

  /// Levenshtein's distance.
  private static func distance(_ left: [Character], _ right: [Character]) -> Int {
    var row = Array(0...right.count)
    for (i, character) in left.enumerated() {
      var diagonal = row[0]
      row[0] = i + 1
      for (j, other) in right.enumerated() {
        let substituted = diagonal + (character == other ? 0 : 1)
        diagonal = row[j + 1]
        row[j + 1] = min(substituted, row[j] + 1, row[j + 1] + 1)
      }
    }
    return row[right.count]
  }
}
