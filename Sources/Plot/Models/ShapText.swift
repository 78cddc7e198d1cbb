// A text with what each of its parts adds to a prediction. Under a part stand signs, the more the more it adds beside the
// part that adds most, so that without colours nothing is lost.

import Foundation
import Grid

/// A text, explained part by part.
public struct ShapText: ChartContent {
  public static let kind = "shap-text"
  public static let title = "SHAP text"

  /// A piece of the text.
  public struct Part: Codable, Sendable, Equatable {
    /// The piece, and the space that stands before it.
    public var text, before: String
    /// In the unit of the output.
    public var shap: Double

    public init(text: String, before: String = " ", shap: Double) {
      (self.text, self.before, self.shap) = (text, before, shap)
    }
  }

  /// Instead of `SHAP text`.
  public var title: String?
  /// The output without any of the parts.
  public var base: Double
  /// In the order of the text.
  public var parts: [Part]
  public var unit: String
  /// Whether outputs are log-odds, and have a probability.
  public var isLogOdds: Bool

  public init(
    title: String? = nil, base: Double, parts: [Part], unit: String = "probability", isLogOdds: Bool = false
  ) {
    (self.title, self.base, self.parts, self.unit, self.isLogOdds) = (title, base, parts, unit, isLogOdds)
  }

  /// The output for this text.
  public var output: Double { parts.reduce(base) { $0 + $1.shap } }

  /// What the part that adds most adds.
  private var most: Double { parts.map { abs($0.shap) }.filter(\.isFinite).max() ?? 0 }

  /// From this share of the most on a part has signs.
  private static let least = 0.05
  /// Signs of the part that adds most.
  private static let signs = 4

  /// How much of the most a part adds; zero for what adds next to nothing.
  private func share(_ part: Part) -> Double {
    let share = most > 0 ? abs(part.shap) / most : 0
    return share.isFinite && share >= Self.least ? share : 0
  }

  // MARK: - Lines

  /// A word, or a part of one that is longer than a line.
  private struct Piece {
    var text: String
    var part: Int
    var x = 0, line = 0
    var width: Int
  }

  /// The pieces of the text in lines of a width, broken at spaces.
  private func pieces(_ width: Int) -> (pieces: [Piece], lines: Int) {
    guard width > 0 else { return ([], 0) }
    var placed: [Piece] = []
    var (x, line) = (0, 0)
    // What stands together without a space between.
    var cluster: [Piece] = []
    func put(_ pieces: [Piece], afterSpace: Bool) {
      guard !pieces.isEmpty else { return }
      let whole = pieces.reduce(0) { $0 + $1.width }
      if afterSpace, x > 0 {
        if x + 1 + min(whole, width) <= width { x += 1 } else { (x, line) = (0, line + 1) }
      }
      for var piece in pieces {
        if x > 0, x + piece.width > width { (x, line) = (0, line + 1) }
        (piece.x, piece.line) = (x, line)
        placed.append(piece)
        x += piece.width
      }
    }
    var isAfterSpace = false
    func end() {
      put(cluster, afterSpace: isAfterSpace)
      cluster = []
    }
    for (number, part) in parts.enumerated() {
      if part.before.contains(where: \.isNewline), !placed.isEmpty || !cluster.isEmpty {
        end()
        if x > 0 { (x, line) = (0, line + 1) }
      }
      for (place, word) in part.text.split(whereSeparator: \.isWhitespace).enumerated() {
        if place > 0 || !part.before.isEmpty {
          end()
          isAfterSpace = true
        }
        cluster += Self.cut(String(word), width).map { Piece(text: $0.text, part: number, width: $0.width) }
      }
    }
    end()
    return (placed, placed.isEmpty ? 0 : line + 1)
  }

  private static func cut(_ word: String, _ width: Int) -> [(text: String, width: Int)] {
    var rest = word
    var cut: [(text: String, width: Int)] = []
    while TextWidth.of(rest) > width {
      let head = TextWidth.prefix(rest, width)
      // A wide character has no room in a single column.
      guard head.width > 0 else { return cut }
      cut.append(head)
      rest = String(rest.dropFirst(head.text.count))
    }
    let last = TextWidth.of(rest)
    return last > 0 ? cut + [(rest, last)] : cut
  }

  public func preferredRows(width: Int) -> Int { pieces(max(1, width - 2)).lines * 2 + 2 }

  // MARK: - Drawing

  public func list(size: Size, context: DrawContext, view: ChartView) -> (list: DisplayList, marks: [ChartMark]) {
    var plotter = Plotter(size: size, context: context)
    let odds = isLogOdds && output.isFinite ? ", p \(Numbers.score(1 / (1 + exp(-output))))" : ""
    let levels = "f(x) \(Numbers.short(output, digits: 3))\(odds) from \(Numbers.short(base, digits: 3)) \(unit)"
    var line = TitleLine(name: title ?? "SHAP text", notes: ["+ raises, - lowers it"])
    line.detail = levels
    let room = Rect(size).splitTop(min(size.height, size.height >= 4 ? 2 : 1)).1
    let (pieces, lines) = self.pieces(max(0, size.width - 2))
    guard !pieces.isEmpty else {
      line.draw(on: &plotter, lines: 1)
      plotter.sentence("No text.", in: room)
      return (plotter.list, [])
    }
    // Two rows each, around the cursor's line.
    let each = room.height > 1 ? 2 : 1
    let fit = max(1, room.height / each)
    let here = view.cursor.flatMap { cursor in pieces.first { $0.part == cursor }?.line } ?? 0
    let first = min(max(0, here - fit / 2), max(0, lines - fit))
    let shown = first..<min(lines, first + fit)
    if shown.count < lines {
      line.notes.insert("lines \(shown.lowerBound + 1)\(plotter.glyphs.range)\(shown.upperBound) of \(lines)", at: 0)
    }
    line.draw(on: &plotter, lines: 1)
    for piece in pieces where shown.contains(piece.line) {
      let y = room.y + (piece.line - first) * each
      guard y < room.maxY else { continue }
      draw(piece, x: 1 + piece.x, y: y, hasSigns: each > 1 && y + 1 < room.maxY, view, on: &plotter)
    }
    var places: [Int: Piece] = [:]
    for piece in pieces where places[piece.part] == nil { places[piece.part] = piece }
    let marks = parts.indices.map { number -> ChartMark in
      guard let piece = places[number] else {
        return ChartMark(rect: .zero, place: Point(x: 0, y: 0), readout: readout(number), selection: .none)
      }
      let y = room.y + (piece.line - first) * each
      let rect = shown.contains(piece.line) ? Rect(x: 1 + piece.x, y: y, width: piece.width, height: 1) : .zero
      return ChartMark(
        rect: rect.intersection(room), place: Point(x: piece.x, y: piece.line), readout: readout(number),
        selection: .none, emphasis: .cell)
    }
    return (plotter.list, marks)
  }

  private func draw(_ piece: Piece, x: Int, y: Int, hasSigns: Bool, _ view: ChartView, on plotter: inout Plotter) {
    let part = parts[piece.part]
    let share = self.share(part)
    let isHere = view.cursor == piece.part
    let role: Role = isHere ? .cursor : share == 0 ? .label : part.shap > 0 ? .positive : .negative
    let at = DisplayList.Spot(Double(x), Double(y))
    plotter.text(piece.text, at, role: role, isBold: isHere || share >= 0.5)
    guard hasSigns, share > 0 else { return }
    let count = min(piece.width, max(1, Int((share * Double(Self.signs)).rounded())))
    plotter.text(
      String(repeating: part.shap > 0 ? "+" : "-", count: count), .init(Double(x), Double(y + 1)), role: role,
      isBold: isHere || share >= 0.5)
  }

  private func readout(_ number: Int) -> String {
    let part = parts[number]
    let word = part.shap > 0 ? "raises" : part.shap < 0 ? "lowers" : "does not move"
    return "\(part.text)  \(Numbers.signed(part.shap)) \(unit), \(word) f(x)"
  }
}

extension ShapText {
  /// One row a part.
  public var table: ChartTable? {
    var lines = [["(none)", ChartTable.text(base)]]
    lines += parts.map { [$0.text, ChartTable.text($0.shap)] }
    return ChartTable(columns: ["part", "shap"], rows: lines + [["f(x)", ChartTable.text(output)]])
  }
}
