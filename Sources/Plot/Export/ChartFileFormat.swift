// What a chart can be written as, and what may go wrong.

import Foundation
import Grid

/// The format of a chart's file; its ending chooses it.
public enum ChartFileFormat: String, Codable, Sendable, CaseIterable {
  case svg, png, pdf
  /// Cells without and with colours.
  case txt, ansi
  /// The numbers behind the chart: all of them, or its marks as rows.
  case json, csv

  /// - Throws: `ChartFileError.unknownEnding`.
  public init(path: String) throws {
    let ending = URL(fileURLWithPath: path).pathExtension.lowercased()
    guard let format = ChartFileFormat(rawValue: ending) else { throw ChartFileError.unknownEnding(path) }
    self = format
  }

  public var isPicture: Bool { self == .svg || self == .png || self == .pdf }

  /// `.svg, .png, … or .csv`.
  public static let endings: String = {
    let names = allCases.map { "." + $0.rawValue }
    return names.dropLast().joined(separator: ", ") + " or " + (names.last ?? "")
  }()
}

/// Why a chart was not written.
public enum ChartFileError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The path.
  case unknownEnding(String)
  /// The kind of chart that has no rows.
  case noRows(String)
  case tooLarge(width: Int, height: Int)
  /// Cairo's complaint.
  case drawing(String)
  case noFolder(String)
  /// The path, and what the system says.
  case unwritable(String, code: Int32)

  public var description: String {
    switch self {
    case .unknownEnding(let path):
      "\(path): end the name in \(ChartFileFormat.endings): the ending chooses the format."
    case .noRows(let kind): "A chart of the kind \"\(kind)\" has no rows to write as .csv: .json has its numbers."
    case .tooLarge(let width, let height):
      "A picture of \(width) by \(height) pixels is too large: 16384 on a side is the most."
    case .drawing(let reason): "The picture cannot be drawn: \(reason)."
    case .noFolder(let path): "\(path): there is no such folder. Create it, or choose another place."
    case .unwritable(let path, let code) where code == ENOSPC || code == EDQUOT || code == EFBIG:
      "\(path): the disk is full. Free some space or choose another place."
    case .unwritable(let path, let code):
      "\(path): cannot be written (\(String(cString: strerror(code)))). Check the path and your rights there."
    }
  }
}

/// How large a file's chart is, in which colours, and which part of it is drawn.
public struct ChartFileOptions: Codable, Sendable, Equatable {
  /// The colours of a picture.
  public enum Paper: String, Codable, Sendable, CaseIterable {
    case light, dark

    var theme: Theme { self == .light ? .sheet : .slate }
  }

  /// Columns and rows to lay out for; nil takes what suits the chart.
  public var columns, rows: Int?
  /// Width and height of a picture in pixels (PNG) or in units of 1/96 inch (SVG) and points (PDF), in place of cells.
  public var pixels: Size?
  public var paper: Paper
  /// The part that pictures and texts show; numbers are always written whole.
  public var view: ChartView

  public init(
    columns: Int? = nil, rows: Int? = nil, pixels: Size? = nil, paper: Paper = .light, view: ChartView = .whole
  ) {
    (self.columns, self.rows, self.pixels, self.paper) = (columns, rows, pixels, paper)
    self.view = view
  }

  private enum Keys: String, CodingKey { case columns, rows, pixelWidth, pixelHeight, paper, view }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Keys.self)
    columns = try container.decodeIfPresent(Int.self, forKey: .columns)
    rows = try container.decodeIfPresent(Int.self, forKey: .rows)
    paper = try container.decodeIfPresent(Paper.self, forKey: .paper) ?? .light
    view = try container.decodeIfPresent(ChartView.self, forKey: .view) ?? .whole
    if let width = try container.decodeIfPresent(Int.self, forKey: .pixelWidth),
      let height = try container.decodeIfPresent(Int.self, forKey: .pixelHeight)
    {
      pixels = Size(width: width, height: height)
    }
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Keys.self)
    try container.encodeIfPresent(columns, forKey: .columns)
    try container.encodeIfPresent(rows, forKey: .rows)
    try container.encodeIfPresent(pixels?.width, forKey: .pixelWidth)
    try container.encodeIfPresent(pixels?.height, forKey: .pixelHeight)
    try container.encode(paper, forKey: .paper)
    if view != .whole { try container.encode(view, forKey: .view) }
  }
}

extension Theme {
  /// For files: dark ink on white.
  static let sheet: Theme = {
    var theme = Theme.light
    theme.name = "sheet"
    theme.ui.background = .rgb(0xFF, 0xFF, 0xFF)
    theme.ui.text = .rgb(0x24, 0x29, 0x2F)
    theme.ui.title = .rgb(0x11, 0x18, 0x27)
    theme.ui.muted = .rgb(0x6B, 0x72, 0x80)
    theme.chart.axis = .rgb(0x6B, 0x72, 0x80)
    theme.chart.tick = .rgb(0x4B, 0x55, 0x63)
    theme.chart.label = .rgb(0x37, 0x41, 0x51)
    theme.chart.grid = .rgb(0xE5, 0xE7, 0xEB)
    // Okabe and Ito's yellow is lost on white.
    theme.chart.series = Theme.okabeIto.map { $0 == .rgb(0xF0, 0xE4, 0x42) ? .rgb(0xB8, 0xA2, 0x00) : $0 }
    // Little fades into the paper, much stands out.
    theme.scale.sequential = Theme.viridis.reversed()
    return theme
  }()

  /// For files on dark slides.
  static let slate: Theme = {
    var theme = Theme.dark
    theme.name = "slate"
    theme.ui.background = .rgb(0x16, 0x1B, 0x22)
    theme.ui.text = .rgb(0xE6, 0xED, 0xF3)
    theme.chart.grid = .rgb(0x2A, 0x31, 0x3A)
    return theme
  }()
}
