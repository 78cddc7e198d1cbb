// The words that options take.

import ArgumentParser
import Frame
import Grid

/// `--color`.
enum ColorChoice: String, ExpressibleByArgument, CaseIterable {
  case auto, never
  case sixteen = "16"
  case indexed = "256"
  case direct

  /// Nil is `auto`.
  var depth: ColorDepth? {
    switch self {
    case .auto: nil
    case .never: .mono
    case .sixteen: .ansi16
    case .indexed: .indexed256
    case .direct: .direct
    }
  }
}

/// `--glyphs`.
enum GlyphChoice: String, ExpressibleByArgument, CaseIterable {
  case auto, braille, block, ascii

  /// Nil is `auto`.
  var set: GlyphSet? {
    switch self {
    case .auto: nil
    case .braille: .braille
    case .block: .block
    case .ascii: .ascii
    }
  }
}

/// An amount of memory: `512M`, `2G`, `1.5GiB`, or bytes; 16 MiB at least.
struct MemorySize: ExpressibleByArgument, Equatable {
  let bytes: Int

  init?(argument: String) {
    let text = argument.lowercased()
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
    self.bytes = Int(bytes)
  }
}

/// A format that a source can have.
struct SourceFormatName: ExpressibleByArgument {
  let format: SourceFormat
  static let allValueStrings = SourceFormat.allCases.map(\.rawValue)

  init?(argument: String) {
    guard let format = SourceFormat(rawValue: argument.lowercased()) else { return nil }
    self.format = format
  }
}

/// The one character between two fields.
struct Delimiter: ExpressibleByArgument {
  let text: String

  init?(argument: String) {
    switch argument.lowercased() {
    case "tab", "\\t", "\t": text = "\t"
    case "space": text = " "
    case "comma": text = ","
    case "semicolon": text = ";"
    case "pipe": text = "|"
    default:
      guard argument.utf8.count == 1 else { return nil }
      text = argument
    }
  }
}
