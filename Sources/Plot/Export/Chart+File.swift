// A chart becomes a file: a picture from its shapes, text from its cells, or its numbers.

import Foundation
import Grid

extension Chart {
  /// The chart as the bytes of a file. The same chart gives the same bytes.
  /// - Throws: `ChartFileError`.
  public func fileContents(_ format: ChartFileFormat, options: ChartFileOptions = .init()) throws -> Data {
    switch format {
    case .svg: try picture(.svg, options)
    case .png: try picture(.png, options)
    case .pdf: try picture(.pdf, options)
    case .txt: text(.init(theme: .mono, glyphs: .braille, colors: .mono), options)
    case .ansi: text(.init(theme: .dark, glyphs: .braille, colors: .indexed256), options)
    case .csv: Data(try table().csv.utf8)
    case .json:
      try {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        encoder.nonConformingFloatEncodingStrategy = .convertToString(
          positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
        return try encoder.encode(self) + Data("\n".utf8)
      }()
    }
  }

  /// Writes the chart in the format that the path's ending names: beside it first, then renamed, so that no half of it
  /// is ever there.
  /// - Throws: `ChartFileError`.
  public func write(to path: String, options: ChartFileOptions = .init()) throws {
    let format = try ChartFileFormat(path: path)
    try ChartFile.write(try fileContents(format, options: options), to: path)
  }

  /// Columns and rows that show it well on a page.
  public var pageSize: Size {
    switch self {
    case .histogram: Size(width: 90, height: 26)
    case .scatter: Size(width: 90, height: 30)
    case .bars(let bars):
      Size(width: 90, height: min(max(bars.items.count + (bars.others == nil ? 1 : 2), 6), 200))
    case .importance(let bars): Size(width: 90, height: min(max(bars.items.count + 2, 6), 200))
    case .heatmap(let heatmap): Chart.pageSize(heatmap)
    case .content(let content): Size(width: 90, height: max(6, content.preferredRows(width: 90)))
    }
  }

  /// Cells of three rows, wide enough for most names, unless there are very many.
  private static func pageSize(_ heatmap: Heatmap) -> Size {
    let names = heatmap.columns.map { TextWidth.of($0) + 1 }.max() ?? 0
    let gutter = (heatmap.rows.map { TextWidth.of($0) }.max() ?? 0) + 3
    let (across, down) = heatmap.rows.count > 20 || heatmap.columns.count > 20 ? (5, 1) : (min(max(names, 9), 14), 3)
    return Size(
      width: min(max(60, heatmap.columns.count * across + gutter), 300),
      height: min(max(10, heatmap.rows.count * down + 4), 200))
  }

  // MARK: - Formats

  private func text(_ context: DrawContext, _ options: ChartFileOptions) -> Data {
    let size = Size(width: options.columns ?? pageSize.width, height: options.rows ?? pageSize.height)
    return Data(render(self, size: size, context: context, view: options.view).grid.text(depth: context.colors).utf8)
  }

  private func picture(_ kind: CairoCanvas.Kind, _ options: ChartFileOptions) throws -> Data {
    let page = try PageSize(self, options, dense: kind == .png)
    let context = DrawContext(theme: options.paper.theme, glyphs: .braille, colors: .direct)
    let (list, marks) = vectorList(size: page.cells, context: context, view: options.view)
    let canvas = try CairoCanvas(kind, width: page.width, height: page.height, scale: page.scale)
    let drawing = PageDrawing(
      canvas: canvas, context: context,
      origin: .init(
        (page.width - Double(page.cells.width) * PageDrawing.cellWidth) / 2,
        (page.height - Double(page.cells.height) * PageDrawing.cellHeight) / 2))
    drawing.draw(list, width: page.width, height: page.height)
    let texts = list.items.compactMap { item -> DisplayList.Text? in
      if case .text(let text) = item.shape { text } else { nil }
    }
    let title = texts.first { $0.role == .title }?.text ?? self.kind.rawValue
    return try canvas.finish(title: title, description: description(marks))
  }

  /// What a reader without eyes for it is told: the kind, and its marks where they are few.
  private func description(_ marks: [ChartMark]) -> String {
    let what = "A chart of the kind \(kind.rawValue)"
    if marks.isEmpty || marks.count > 100 { return what + "." }
    return what + ": " + marks.map(\.readout).joined(separator: "; ") + "."
  }
}

/// The page of a picture: its size in units, the cells on it, and the pixels of a unit.
private struct PageSize {
  var cells: Size
  var width, height: Double
  var scale = 1.0

  init(_ chart: Chart, _ options: ChartFileOptions, dense: Bool) throws {
    let margins = 2 * PageDrawing.margin
    scale = dense ? 2 : 1
    if let pixels = options.pixels {
      let limit = 16_384
      guard (1...limit).contains(pixels.width), (1...limit).contains(pixels.height) else {
        throw ChartFileError.tooLarge(width: pixels.width, height: pixels.height)
      }
      // Small pictures get fewer pixels a unit rather than no room.
      if pixels.width < 640 { scale = 1 }
      (width, height) = (Double(pixels.width) / scale, Double(pixels.height) / scale)
      cells = Size(
        width: max(0, Int((width - margins) / PageDrawing.cellWidth)),
        height: max(0, Int((height - margins) / PageDrawing.cellHeight)))
      return
    }
    let suited = chart.pageSize
    cells = Size(width: options.columns ?? suited.width, height: options.rows ?? suited.height)
    width = Double(cells.width) * PageDrawing.cellWidth + margins
    height = Double(cells.height) * PageDrawing.cellHeight + margins
    if max(width, height) * scale > 16_384 {
      throw ChartFileError.tooLarge(width: Int(width * scale), height: Int(height * scale))
    }
  }
}

/// Files of charts.
public enum ChartFile {
  /// Writes beside `path` and renames.
  /// - Throws: `ChartFileError`.
  public static func write(_ data: Data, to path: String) throws {
    let url = URL(fileURLWithPath: path)
    var isFolder: ObjCBool = false
    let folder = url.deletingLastPathComponent().path
    guard FileManager.default.fileExists(atPath: folder, isDirectory: &isFolder), isFolder.boolValue else {
      throw ChartFileError.noFolder(folder)
    }
    do {
      try data.write(to: url, options: .atomic)
    } catch {
      let code = errno
      let underlying = (error as NSError).userInfo[NSUnderlyingErrorKey] as? NSError
      let known = underlying?.domain == NSPOSIXErrorDomain ? underlying.map { Int32($0.code) } : nil
      throw ChartFileError.unwritable(path, code: known ?? code)
    }
  }
}
