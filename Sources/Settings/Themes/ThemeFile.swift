import Foundation
import Grid
import TOMLKit

/// Reads theme files: TOML with the sections `ui`, `status`, `table`, `chart` and `scale`. A file overrides only what it
/// names; what it gets wrong is said and the rest still holds.
public enum ThemeFile {
  /// A theme, and what was wrong in its file.
  public struct Loaded: Sendable, Equatable {
    public var theme: Theme
    public var warnings: [SettingWarning]
  }

  /// Every theme of the given folders, later folders winning; the built-in ones come first.
  public static func all(in folders: [String]) -> (themes: [Theme], warnings: [SettingWarning]) {
    var themes = Theme.builtIn
    var warnings: [SettingWarning] = []
    for folder in folders {
      let names = ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted()
      for name in names where name.hasSuffix(".toml") {
        let path = folder + "/" + name
        guard let text = try? String(contentsOfFile: path, encoding: .utf8) else { continue }
        let loaded = load(text, name: String(name.dropLast(5)), path: path, among: themes)
        warnings += loaded.warnings
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
  ///
  /// - Parameters:
  ///   - path: named in warnings.
  ///   - themes: those that the file may begin from.
  public static func load(
    _ text: String, name: String, path: String = "theme", among themes: [Theme] = Theme.builtIn
  ) -> Loaded {
    let table: TOMLTable
    do {
      table = try TOMLTable(string: text)
    } catch let error as TOMLParseError {
      let what = error.description.split(whereSeparator: \.isNewline).first.map(String.init) ?? "cannot be read"
      let warning = SettingWarning(place: path, line: error.source.begin.line, text: "is not valid TOML: \(what)")
      return Loaded(theme: named(name, .dark), warnings: [warning])
    } catch {
      let warning = SettingWarning(place: path, text: "is not valid TOML (\(error))")
      return Loaded(theme: named(name, .dark), warnings: [warning])
    }
    let lines = assignmentLines(of: text)
    var warnings: [SettingWarning] = []
    func warn(_ text: String, _ key: String) {
      warnings.append(SettingWarning(place: path, line: lines[key], text: text))
    }
    let name = table["name"]?.string ?? name
    // What the file leaves out comes from the theme that it names, else from the one of the same name.
    let base = table["base"]?.string
    let found = themes.first { $0.name == base ?? name }
    if let base, found == nil {
      warn("there is no theme \(base) to begin from" + suggestion(for: base, among: themes.map(\.name)), "base")
    }
    let isDark = table["dark"]?.bool ?? found?.isDark ?? true
    var theme = named(name, found ?? (isDark ? .dark : .light))
    theme.isDark = isDark
    for section in table.keys {
      guard let values = table[section]?.table else {
        if !["name", "dark", "base"].contains(section) {
          let known = ["name", "dark", "base", "ui", "status", "table", "chart", "scale"]
          warn("there is no key \(section)" + suggestion(for: section, among: known), section)
        }
        continue
      }
      for key in values.keys {
        let path = "\(section).\(key)"
        guard Theme.keys.contains(path) else {
          warn("there is no key \(path)" + suggestion(for: path, among: Theme.keys), path)
          continue
        }
        let colors = colors(values[key])
        if colors.isEmpty || !theme.set(path, to: colors) {
          warn("\(path) wants \"#rrggbb\", a colour's name, or a list of them for a scale", path)
        }
      }
    }
    warnings.sort { ($0.line ?? 0, $0.text) < ($1.line ?? 0, $1.text) }
    return Loaded(theme: theme, warnings: warnings)
  }

  /// The theme of a name, or of the first theme with a warning that lists what there is.
  public static func choose(_ name: String, among themes: [Theme]) -> (theme: Theme, warning: String?) {
    if let theme = themes.first(where: { $0.name == name }) { return (theme, nil) }
    let names = themes.map(\.name)
    let near = nearest(to: name, among: names).map { "did you mean \($0)?" }
    let advice = near ?? "there are \(names.joined(separator: ", "))"
    return (themes.first ?? .dark, "There is no theme \(name): \(advice)")
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
}
