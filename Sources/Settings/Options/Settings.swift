import Grid

/// How text is copied.
public enum ClipboardMode: String, Sendable, CaseIterable {
  case auto, native, osc52, off
}

/// Keys that a person has given a command; none takes all its keys away.
public struct KeyOverride: Sendable, Equatable, Codable {
  /// The command's id: `table.chart`.
  public var command: String
  /// Key sequences: `F`, `ctrl-f`, `g g`.
  public var keys: [String]
  /// Line of the file.
  public var line: Int?

  public init(command: String, keys: [String], line: Int? = nil) {
    self.command = command
    self.keys = keys
    self.line = line
  }
}

/// What is in force, where each value comes from, and what was wrong on the way.
public struct Settings: Sendable, Equatable {
  /// Who has set a value.
  public enum Origin: Sendable, Equatable, CustomStringConvertible {
    case standard
    case file(line: Int?)
    case variable(String)
    case flag(String)

    public var description: String {
      switch self {
      case .standard: "default"
      case .file(let line): "config.toml" + (line.map { ":\($0)" } ?? "")
      case .variable(let name): name
      case .flag(let name): name
      }
    }
  }

  /// A value in force.
  public struct Value: Sendable, Equatable {
    public var text: String
    public var origin: Origin
  }

  /// The file that was read, whether or not there is one.
  public private(set) var path: String
  private var values: [String: Value] = [:]
  public private(set) var keyOverrides: [KeyOverride] = []
  public private(set) var warnings: [SettingWarning] = []
  /// Settings that hold what is safest, by name, with what could not be read.
  private var doubts: [String: SettingWarning] = [:]

  /// The defaults.
  public init() { self.init(flags: [:], environment: [:], file: nil) }

  /// Puts the layers over each other.
  ///
  /// - Parameters:
  ///   - flags: values by the setting's name, as the command line gave them.
  ///   - environment: of the process; `ASSAY_*` is read.
  public init(flags: [String: String], environment: [String: String], file: ConfigFile?) {
    path = file?.path ?? "config.toml"
    warnings = file?.warnings ?? []
    keyOverrides = file?.keys ?? []
    for setting in Setting.all {
      var found: Value?
      if let text = flags[setting.name].flatMap(setting.canonical) {
        found = Value(text: text, origin: .flag(setting.flag))
      }
      if found == nil, let text = environment[setting.variable], !text.isEmpty {
        if let value = setting.canonical(text) {
          found = Value(text: value, origin: .variable(setting.variable))
        } else {
          let warning = SettingWarning(
            place: setting.variable, text: "\(setting.name) takes \(setting.wanted), not \(text)")
          warnings.append(warning)
          if let safest = setting.safest {
            found = Value(text: safest, origin: .variable(setting.variable))
            doubts[setting.name] = warning
          }
        }
      }
      if found == nil, let entry = file?.values[setting.name] {
        found = Value(text: entry.text, origin: .file(line: entry.line))
        doubts[setting.name] = file?.doubts[setting.name]
      }
      values[setting.name] = found ?? Value(text: setting.standard, origin: .standard)
    }
  }

  /// The value of a setting that exists.
  public subscript(name: String) -> Value { values[name] ?? Value(text: "", origin: .standard) }

  public var theme: String { self["theme"].text }
  /// Nil is `auto`.
  public var glyphs: GlyphSet? { GlyphSet(rawValue: self["glyphs"].text) }
  /// Nil is `auto`.
  public var color: ColorDepth? { TerminalEnvironment.colorOption(self["color"].text) }
  public var hasMouse: Bool { self["mouse"].text == "true" }
  public var preset: String { self["keys"].text }
  public var clipboard: ClipboardMode { ClipboardMode(rawValue: self["clipboard"].text) ?? .auto }
  public var ringsBell: Bool { self["bell"].text == "true" }
  /// Nil is one for each processor.
  public var threads: Int? { Int(self["threads"].text) }
  /// Bytes.
  public var memory: Int? { memoryBytes(self["memory"].text) }

  /// Where the cluster is; empty where nobody says.
  public var spark: String { self["spark"].text }
  /// A PEM file; empty for the system's certificates.
  public var sparkAuthority: String { self["spark_ca"].text }

  /// Whether nothing may be changed on S3 and in the Glue catalogue.
  public var isObjectStoreReadOnly: Bool { self["s3_read_only"].text == "true" }

  /// An environment that says so to whoever asks AWS, and why where the switch cannot be read.
  public func cloudEnvironment(_ environment: [String: String]) -> [String: String] {
    var environment = environment
    environment["ASSAY_S3_READ_ONLY"] = isObjectStoreReadOnly ? "1" : "0"
    environment["ASSAY_S3_READ_ONLY_REASON"] = doubts["s3_read_only"]?.description
    return environment
  }

  /// The settings whose values differ, in order.
  public func changes(from other: Settings) -> [String] {
    Setting.all.map(\.name).filter { self[$0].text != other[$0].text }
  }
}
