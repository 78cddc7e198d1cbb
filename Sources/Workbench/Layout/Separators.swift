import Grid

/// A border between panes that can be dragged, by what stands below it or at its right.
public enum SplitID: String, Hashable, Codable, CaseIterable, Sendable {
  /// The right edge of the first column of panes.
  case rail
  /// The left edge of the last column of panes.
  case side
  case table, chart, flow, analyses, jobs
}

/// Where such a border is: the two lines of cells on which the panes at its sides end.
public struct Separator: Equatable, Sendable {
  public var id: SplitID
  public var rect: Rect
  /// True where it goes from top to bottom, so that it is dragged sideways.
  public var isVertical: Bool
  /// Cells that it stands away from where the layout would put it.
  public var offset: Int
}

/// Cuts rectangles where the layout wants, moved by what the person has dragged, never making a part too small.
struct Cuts {
  let splits: [SplitID: Int]
  private(set) var separators: [Separator] = []

  static let leastColumns = 14
  static let leastRows = 4

  init(splits: [SplitID: Int]) { self.splits = splits }

  mutating func columns(of area: Rect, _ wanted: Int, _ id: SplitID) -> (Rect, Rect) {
    let width = moved(wanted, id, of: area.width, least: Self.leastColumns)
    let rect = Rect(x: area.x + width - 1, y: area.y, width: 2, height: area.height)
    separators.append(Separator(id: id, rect: rect, isVertical: true, offset: width - wanted))
    return area.splitLeft(width)
  }

  mutating func rows(of area: Rect, _ wanted: Int, _ id: SplitID) -> (Rect, Rect) {
    let height = moved(wanted, id, of: area.height, least: Self.leastRows)
    let rect = Rect(x: area.x, y: area.y + height - 1, width: area.width, height: 2)
    separators.append(Separator(id: id, rect: rect, isVertical: false, offset: height - wanted))
    return area.splitTop(height)
  }

  /// Both parts keep the least size, or what the layout gave them where that is less.
  private func moved(_ wanted: Int, _ id: SplitID, of whole: Int, least: Int) -> Int {
    guard let offset = splits[id], offset != 0 else { return wanted }
    let low = min(wanted, least)
    let high = max(wanted, whole - least)
    return min(max(wanted + offset, low), high)
  }
}
