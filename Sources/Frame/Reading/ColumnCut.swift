/// Where a column of fixed-width text stands in every line: characters from 0, the end not included; `15-` goes on to the
/// end of the line.
public struct ColumnCut: Codable, Hashable, Sendable, CustomStringConvertible {
  public var start: Int
  public var end: Int?

  public init(start: Int, end: Int?) { (self.start, self.end) = (start, end) }

  /// Reads `3-15` or `15-`; nil for anything else, and where the end is not behind the start.
  public init?(_ text: String) {
    let parts = text.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2, let start = Int(parts[0].filter { $0 != " " }), start >= 0 else { return nil }
    let last = parts[1].filter { $0 != " " }
    if last.isEmpty {
      self.init(start: start, end: nil)
    } else {
      guard let end = Int(last), end > start, end <= 1 << 24 else { return nil }
      self.init(start: start, end: end)
    }
  }

  public var description: String { "\(start)-\(end.map(String.init) ?? "")" }

  /// Reads `0-3,3-15,15-`; nil where one is wrong, or there is none.
  public static func list(_ text: String) -> [ColumnCut]? {
    let parts = text.split(separator: ",", omittingEmptySubsequences: false).map { ColumnCut(String($0)) }
    let cuts = parts.compactMap { $0 }
    return cuts.isEmpty || cuts.count < parts.count ? nil : cuts
  }

  /// Reads widths such as `3,12,9`; nil where one is wrong, or there is none.
  public static func widths(_ text: String) -> [Int]? {
    let parts = text.split(separator: ",", omittingEmptySubsequences: false).map { Int($0.filter { $0 != " " }) }
    let widths = parts.compactMap { $0 }
    return widths.isEmpty || widths.count < parts.count || !widths.allSatisfy { (1...1 << 24).contains($0) }
      ? nil : widths
  }
}
