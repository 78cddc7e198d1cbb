// The words that options take.

import ArgumentParser
import Frame
import Grid
import Settings

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
  /// As it was given.
  let text: String
  let bytes: Int

  init?(argument: String) {
    guard let bytes = memoryBytes(argument) else { return nil }
    text = argument
    self.bytes = bytes
  }
}

/// `--keys`.
enum KeyMapChoice: String, ExpressibleByArgument, CaseIterable {
  case assay, visidata, vim, arrows
}

/// `--clipboard`.
enum ClipboardChoice: String, ExpressibleByArgument, CaseIterable {
  case auto, native, osc52, off
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

/// Names with commas between them.
struct ColumnNameList: ExpressibleByArgument {
  let names: [String]

  init?(argument: String) {
    names = argument.split(separator: ",", omittingEmptySubsequences: false).map {
      String($0.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
    }
    if names.allSatisfy(\.isEmpty) { return nil }
  }
}

/// Cells of a sheet.
struct CellAddress: ExpressibleByArgument {
  let text: String

  init?(argument: String) {
    guard ReadOptions.isRange(argument) else { return nil }
    text = argument
  }
}

/// Widths of columns, in characters.
struct ColumnWidths: ExpressibleByArgument {
  let widths: [Int]

  init?(argument: String) {
    guard let widths = ColumnCut.widths(argument) else { return nil }
    self.widths = widths
  }
}

/// Where columns stand in a line.
struct ColumnCuts: ExpressibleByArgument {
  let cuts: [ColumnCut]

  init?(argument: String) {
    guard let cuts = ColumnCut.list(argument) else { return nil }
    self.cuts = cuts
  }
}
