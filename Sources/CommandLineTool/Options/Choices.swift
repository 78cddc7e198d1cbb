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
struct Delimiter {
  let text: String

  /// - Throws: `ValidationError` that says what is accepted.
  init(_ argument: String) throws {
    switch argument.lowercased() {
    case "tab", "\\t", "\t": text = "\t"
    case "space": text = " "
    case "comma": text = ","
    case "semicolon": text = ";"
    case "pipe": text = "|"
    default:
      guard argument.utf8.count == 1 else {
        throw ValidationError("one character stands between two fields, such as ';', or tab, space, comma or pipe")
      }
      text = argument
    }
  }
}

/// Names with commas between them.
struct ColumnNameList {
  let names: [String]

  /// - Throws: `ValidationError` that says what is accepted.
  init(_ argument: String) throws {
    names = argument.split(separator: ",", omittingEmptySubsequences: false).map {
      String($0.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
    }
    if names.allSatisfy(\.isEmpty) {
      throw ValidationError("it names no column: write names with commas between them, such as id,name,date")
    }
  }
}

/// Cells of a sheet.
struct CellAddress {
  let text: String

  /// - Throws: `ValidationError` that says what is accepted.
  init(_ argument: String) throws {
    guard ReadOptions.isRange(argument) else {
      throw ValidationError(
        "these are no cells: write them as a spreadsheet does, B2:F100, the columns B:F, or the rows 2:100")
    }
    text = argument
  }
}

/// Widths of columns, in characters.
struct ColumnWidths {
  let widths: [Int]

  /// - Throws: `ValidationError` that says what is accepted.
  init(_ argument: String) throws {
    guard let widths = ColumnCut.widths(argument) else {
      let hint = argument.contains("-") ? "; places from and to, such as 0-3,3-15, are for --cut" : ""
      throw ValidationError(
        "widths are whole numbers of characters, 1 or more, with commas between them, such as 3,12,9\(hint)")
    }
    self.widths = widths
  }
}

/// Where columns stand in a line.
struct ColumnCuts {
  let cuts: [ColumnCut]

  /// - Throws: `ValidationError` that says what is accepted.
  init(_ argument: String) throws {
    guard let cuts = ColumnCut.list(argument) else {
      let hint = ColumnCut.widths(argument) == nil ? "" : "; widths, such as 3,12,9, are for --widths"
      throw ValidationError(
        "each place is a first character, counted from 0, and the one after the last, such as 0-3,3-15,15-\(hint)")
    }
    self.cuts = cuts
  }
}
