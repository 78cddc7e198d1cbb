/// One thing that a person can set: with a flag, with a variable of the environment, or in the file. An earlier of
/// these wins over a later one.
public struct Setting: Sendable, Equatable {
  /// The values that it takes.
  public enum Kind: Sendable, Equatable {
    case choice([String])
    case toggle
    /// `auto`, or a whole number.
    case count(ClosedRange<Int>)
    /// An amount of memory.
    case memory
    /// The name of something that is looked up later.
    case name
    /// An address or a path; may be empty.
    case place
  }

  public let name: String
  public let kind: Kind
  /// The value where nobody sets one.
  public let standard: String
  /// One sentence.
  public let summary: String
  /// Empty where no flag sets it.
  public let flag: String

  /// What holds where somebody set a value that cannot be read; nil goes on to the next layer. A switch that keeps things
  /// safe is on then.
  public var safest: String?

  /// The variable of the environment that sets it.
  public var variable: String { "ASSAY_" + name.uppercased() }

  /// What sets it beside the file.
  public var ways: [String] { (flag.isEmpty ? [] : [flag]) + [variable] }

  /// Where it stands in the file: `theme`, but `keys.preset`.
  public var path: String { name == "keys" ? "keys.preset" : name }

  /// Everything that can be set, in the order of the documentation.
  public static let all: [Setting] = [
    Setting(
      name: "theme", kind: .name, standard: "assay-dark",
      summary: "Colours: one of the themes that ship, or one of your own from the folder themes.", flag: "--theme"),
    Setting(
      name: "glyphs", kind: .choice(["auto", "braille", "block", "ascii"]), standard: "auto",
      summary: "Characters for charts and borders; auto follows locale and terminal. assay doctor shows each set.",
      flag: "--glyphs"),
    Setting(
      name: "color", kind: .choice(["auto", "never", "16", "256", "direct"]), standard: "auto",
      summary: "How many colours; auto asks NO_COLOR, FORCE_COLOR, COLORTERM, then the terminal's description.",
      flag: "--color"),
    Setting(
      name: "mouse", kind: .toggle, standard: "true", summary: "Take clicks, drags and the wheel.",
      flag: "--no-mouse"),
    Setting(
      name: "keys", kind: .choice(["assay", "visidata", "vim", "arrows"]), standard: "assay",
      summary: "The key map. Single keys are changed below it.", flag: "--keys"),
    Setting(
      name: "clipboard", kind: .choice(["auto", "native", "osc52", "off"]), standard: "auto",
      summary:
        "How to copy: through the terminal (osc52), with wl-copy, xclip or pbcopy (native), or what works (auto).",
      flag: "--clipboard"),
    Setting(
      name: "bell", kind: .toggle, standard: "false",
      summary: "Ring the terminal's bell when a job of ten seconds or more has ended.", flag: "--bell"),
    Setting(
      name: "threads", kind: .count(1...1024), standard: "auto",
      summary: "Threads for queries and training; auto is one for each processor.", flag: "--threads"),
    Setting(
      name: "memory", kind: .memory, standard: "1G",
      summary: "Memory before work spills to disk, such as 512M or 2G.", flag: "--memory"),
    Setting(
      name: "spark", kind: .place, standard: "",
      summary: "The cluster that spark:TABLE means, as sc://HOST:PORT/;…; SPARK_REMOTE where this is empty.",
      flag: ""),
    Setting(
      name: "spark_ca", kind: .place, standard: "",
      summary: "A PEM file with the certificates that sign for the cluster; the system's where this is empty.",
      flag: ""),
    Setting(
      name: "s3_read_only", kind: .toggle, standard: "false",
      summary: "Refuse whatever would change something on S3 or in the Glue catalogue.", flag: "", safest: "true"),
  ]

  public static func named(_ name: String) -> Setting? { all.first { $0.name == name } }

  /// The value as it is kept, nil where the setting does not take it.
  public func canonical(_ text: String) -> String? {
    switch kind {
    case .choice(let words): return words.contains(text) ? text : nil
    case .toggle:
      if ["true", "yes", "on", "1"].contains(text.lowercased()) { return "true" }
      return ["false", "no", "off", "0"].contains(text.lowercased()) ? "false" : nil
    case .count(let range):
      if text == "auto" { return text }
      return Int(text).flatMap { range.contains($0) ? String($0) : nil }
    case .memory: return memoryBytes(text) == nil ? nil : text
    case .name: return text.isEmpty ? nil : text
    case .place: return text
    }
  }

  /// What it takes, in words.
  public var wanted: String {
    switch kind {
    case .choice(let words): words.dropLast().joined(separator: ", ") + " or " + (words.last ?? "")
    case .toggle: "true or false"
    case .count(let range): "auto or a number from \(range.lowerBound) to \(range.upperBound)"
    case .memory: "an amount of memory such as 512M or 2G, 16M at least"
    case .name: "a name"
    case .place: "an address or a path"
    }
  }

  /// The value as TOML.
  public func toml(_ value: String) -> String {
    switch kind {
    case .toggle: value
    case .count: Int(value) == nil ? "\"\(value)\"" : value
    case .choice, .memory, .name, .place:
      "\"" + value.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
    }
  }
}

/// Bytes of `512M`, `2G`, `1.5GiB` or a plain number; nil for anything else, and below 16 MiB.
public func memoryBytes(_ text: String) -> Int? {
  let text = text.lowercased()
  let digits = text.prefix { $0.isNumber || $0 == "." }
  guard let amount = Double(digits), amount > 0 else { return nil }
  let scale: Double
  switch text.dropFirst(digits.count).trimmingPrefix(" ") {
  case "", "b": scale = 1
  case "k", "kb", "kib": scale = 0x1p10
  case "m", "mb", "mib": scale = 0x1p20
  case "g", "gb", "gib": scale = 0x1p30
  case "t", "tb", "tib": scale = 0x1p40
  default: return nil
  }
  let bytes = amount * scale
  guard bytes >= 0x1p24, bytes < 1e18 else { return nil }
  return Int(bytes)
}
