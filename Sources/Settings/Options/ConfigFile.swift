import Foundation
import TOMLKit

/// `config.toml` as it was read: good values, and a warning for each bad one.
public struct ConfigFile: Sendable, Equatable {
  /// A value and the line it stands on.
  public struct Entry: Sendable, Equatable {
    public var text: String
    public var line: Int?
  }

  public let path: String
  /// By the setting's name.
  public private(set) var values: [String: Entry] = [:]
  public private(set) var keys: [KeyOverride] = []
  public private(set) var warnings: [SettingWarning] = []
  /// Settings that hold what is safest, by name, with what could not be read.
  private(set) var doubts: [String: SettingWarning] = [:]

  /// Reads the file; one that does not exist sets nothing.
  public init(contentsOf path: String) {
    guard FileManager.default.fileExists(atPath: path) else {
      self.init("", path: path)
      return
    }
    guard let data = FileManager.default.contents(atPath: path) else {
      self.init("", path: path)
      warnings.append(SettingWarning(place: path, text: "cannot be read; check your rights on it"))
      for setting in Setting.all { holdSafest(setting) }
      return
    }
    self.init(String(decoding: data, as: UTF8.self), path: path)
  }

  public init(_ text: String, path: String) {
    self.path = path
    let table: TOMLTable
    do {
      table = try TOMLTable(string: text)
    } catch let error as TOMLParseError {
      let what = error.description.split(whereSeparator: \.isNewline).first.map(String.init) ?? "cannot be read"
      warnings = [
        SettingWarning(
          place: path, line: error.source.begin.line, text: "is not valid TOML: \(what); nothing in it holds")
      ]
      for setting in Setting.all where text.contains(setting.name) { holdSafest(setting) }
      return
    } catch {
      warnings = [SettingWarning(place: path, text: "is not valid TOML (\(error)); nothing in it holds")]
      for setting in Setting.all where text.contains(setting.name) { holdSafest(setting) }
      return
    }
    let lines = assignmentLines(of: text)
    for name in table.keys {
      if name == "keys", let section = table[name]?.table {
        read(keys: section, under: "", lines)
      } else {
        read(name, scalar(table[name]), line: lines[name])
      }
    }
    warnings.sort { ($0.line ?? 0, $0.text) < ($1.line ?? 0, $1.text) }
    keys.sort { ($0.line ?? 0, $0.command) < ($1.line ?? 0, $1.command) }
  }

  private mutating func read(_ name: String, _ value: String?, line: Int?) {
    guard let setting = Setting.named(name) else {
      let all = Setting.all.map(\.name)
      warn("there is no setting \(name)" + suggestion(for: name, among: all), line)
      return
    }
    guard let value = value.flatMap(setting.canonical) else {
      let near = value.map { suggestion(for: $0, among: setting.words) } ?? ""
      warn("\(setting.path) takes \(setting.wanted)" + (value.map { ", not \($0)" } ?? "") + near, line)
      holdSafest(setting, line)
      return
    }
    values[name] = Entry(text: value, line: line)
  }

  /// After a warning: a switch that keeps things safe is on where nobody can read whether it is off.
  private mutating func holdSafest(_ setting: Setting, _ line: Int? = nil) {
    guard let safest = setting.safest else { return }
    values[setting.name] = Entry(text: safest, line: line)
    doubts[setting.name] = warnings.last
  }

  /// `"table.chart" = ["F", "ctrl-f"]`, also as `table.chart = "F"`; `preset` names the map that these change.
  private mutating func read(keys section: TOMLTable, under prefix: String, _ lines: [String: Int]) {
    for key in section.keys {
      let path = prefix + key
      let line = lines["keys." + path]
      if path == "preset" {
        read("keys", scalar(section[key]), line: line)
      } else if let inner = section[key]?.table {
        read(keys: inner, under: path + ".", lines)
      } else if let text = section[key]?.string {
        keys.append(KeyOverride(command: path, keys: text.isEmpty ? [] : [text], line: line))
      } else if let list = section[key]?.array {
        let texts = list.compactMap { $0.string }
        if texts.count < list.count { warn("\(path) takes a key or a list of keys in quotes", line) }
        keys.append(KeyOverride(command: path, keys: texts, line: line))
      } else {
        warn("\(path) takes a key or a list of keys in quotes; \"\" takes its keys away", line)
      }
    }
  }

  private mutating func warn(_ text: String, _ line: Int?) {
    warnings.append(SettingWarning(place: path, line: line, text: text))
  }

  private func scalar(_ value: (any TOMLValueConvertible)?) -> String? {
    if let text = value?.string { return text }
    if let flag = value?.bool { return flag ? "true" : "false" }
    return value?.int.map(String.init)
  }
}

extension Setting {
  /// The words that it takes, for guessing what was meant.
  var words: [String] {
    if case .choice(let words) = kind { words } else { [] }
  }
}

/// The line of each assignment in a TOML text, by its whole dotted path. TOMLKit tells no places, so this reads the
/// text's lines by itself; inside multi-line values it may find nothing.
func assignmentLines(of text: String) -> [String: Int] {
  var found: [String: Int] = [:]
  var section = ""
  for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
    let line = line.drop { $0 == " " || $0 == "\t" }
    if line.first == "[" {
      let path = dottedPath(line.drop { $0 == "[" }, until: "]")
      section = path.map { $0 + "." } ?? ""
      if let path, found[path] == nil { found[path] = index + 1 }
    } else if let path = dottedPath(line, until: "="), found[section + path] == nil {
      found[section + path] = index + 1
    }
  }
  return found
}

/// Reads `a."b.c".d` up to a sign as `a.b.c.d`; nil where that is not what stands there.
private func dottedPath(_ text: Substring, until end: Character) -> String? {
  var path = ""
  var quote: Character?
  for character in text {
    if let open = quote {
      if character == open { quote = nil } else { path.append(character) }
    } else if character == "\"" || character == "'" {
      quote = character
    } else if character == end {
      return path.isEmpty ? nil : path
    } else if character == "#" {
      return nil
    } else if character != " ", character != "\t", character != "\r" {
      path.append(character)
    }
  }
  return nil
}
