/// Something wrong in a file of settings: it is said, and the rest of the file holds.
public struct SettingWarning: Sendable, Equatable, Codable, CustomStringConvertible {
  /// Path of the file, or what else was wrong: `ASSAY_GLYPHS`.
  public var place: String
  /// Line of the file, from 1; nil where it is not known.
  public var line: Int?
  public var text: String

  public init(place: String, line: Int? = nil, text: String) {
    self.place = place
    self.line = line
    self.text = text
  }

  public var description: String { place + (line.map { ":\($0)" } ?? "") + ": " + text }

  /// The same with the file's name alone, for one line of a screen.
  public var brief: String {
    let name = place.split(separator: "/").last.map(String.init) ?? place
    return SettingWarning(place: name, line: line, text: text).description
  }
}
