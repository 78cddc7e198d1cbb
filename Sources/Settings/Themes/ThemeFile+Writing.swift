import Grid

extension ThemeFile {
  /// A theme as the file that says all of it.
  public static func text(of theme: Theme, about: String) -> String {
    var lines = [
      "# \(about)", "#",
      "# A colour is \"#RRGGBB\", an entry of the 256-colour table (\"214\"), a name (\"bright-yellow\"), or \"default\" for the",
      "# terminal's own. A theme of your own needs to name only what it changes, and the theme it begins from: base = \"…\".",
      "name = \"\(theme.name)\"", "dark = \(theme.isDark)",
    ]
    var section = ""
    for key in Theme.keys where key != "ui.cursor" {
      let parts = key.split(separator: ".").map(String.init)
      if parts[0] != section {
        section = parts[0]
        lines.append("")
        if section == "table" { lines.append("# Values in a table, by kind.") }
        if section == "chart" {
          lines.append("# Charts have colours of their own, so that a change to text never hides a line.")
        }
        lines.append("[\(section)]")
      }
      let colors = theme.colors(key).map { "\"\($0.text)\"" }.joined(separator: ", ")
      lines.append("\(parts[1]) = " + (section == "scale" ? "[\(colors)]" : colors))
    }
    return lines.joined(separator: "\n") + "\n"
  }
}
