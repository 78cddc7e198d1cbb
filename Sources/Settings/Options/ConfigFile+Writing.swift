import Foundation

extension ConfigFile {
  /// The whole file with every setting at its default, commented out.
  public static let documented: String = {
    var lines = [
      "# The settings of assay. A flag wins over a variable of the environment, that wins over this file.",
      "# What is changed here takes effect at once where a workbench runs; color, mouse, threads and memory at the next start.",
    ]
    for setting in Setting.all where setting.name != "keys" {
      lines += ["", "# \(setting.summary)", "# Also \(setting.ways.joined(separator: " and "))."]
      lines.append("# \(setting.name) = \(setting.toml(setting.standard))" + values(of: setting))
    }
    if let keys = Setting.named("keys") {
      lines += [
        "", "[keys]", "# \(keys.summary) Also \(keys.flag) and \(keys.variable).",
        "# preset = \(keys.toml(keys.standard))" + values(of: keys),
        "# A command by its id, with the keys that it is to have; \"\" takes its keys away. assay keys lists the ids.",
        "# \"table.chart\" = [\".\", \"ctrl-g\"]",
      ]
    }
    return lines.joined(separator: "\n") + "\n"
  }()

  private static func values(of setting: Setting) -> String {
    setting.words.isEmpty ? "" : "  # " + setting.words.joined(separator: ", ")
  }

  /// The text with one setting changed: on its line where it has one, else below its commented default, else before
  /// the first section. Everything else stays as it is.
  public static func setting(_ name: String, to value: String, in text: String) -> String {
    guard let setting = Setting.named(name), name != "keys" else { return text }
    let assignment = "\(name) = \(setting.toml(value))"
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    if lines.last == "" { lines.removeLast() }
    if let line = assignmentLines(of: text)[name], lines.indices.contains(line - 1) {
      lines[line - 1] = assignment + comment(of: lines[line - 1])
    } else if let line = lines.firstIndex(where: { isCommented(name, $0) }) {
      lines.insert(assignment, at: line + 1)
    } else {
      let section = lines.firstIndex { $0.drop { $0 == " " }.hasPrefix("[") } ?? lines.count
      lines.insert(contentsOf: section < lines.count ? [assignment, ""] : [assignment], at: section)
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// Changes settings in the file at `path`, which is made where there is none.
  public static func write(_ changes: [String: String], to path: String) throws {
    var text = FileManager.default.contents(atPath: path).map { String(decoding: $0, as: UTF8.self) } ?? ""
    for (name, value) in changes.sorted(by: { $0.key < $1.key }) { text = setting(name, to: value, in: text) }
    // A link stays a link: people keep these files elsewhere.
    let url = URL(fileURLWithPath: path).resolvingSymlinksInPath()
    try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(text.utf8).write(to: url, options: .atomic)
  }

  /// The comment at the end of a line, with the blanks before it.
  private static func comment(of line: String) -> String {
    var quote: Character?
    for index in line.indices {
      let character = line[index]
      if let open = quote {
        if character == open { quote = nil }
      } else if character == "\"" || character == "'" {
        quote = character
      } else if character == "#" {
        return "  " + line[index...]
      }
    }
    return ""
  }

  private static func isCommented(_ name: String, _ line: String) -> Bool {
    let rest = line.drop { $0 == "#" || $0 == " " }
    return line.hasPrefix("#") && rest.hasPrefix(name) && rest.dropFirst(name.count).drop { $0 == " " }.hasPrefix("=")
  }
}
