// The first line of every chart: what it shows and of how many rows. The counts are the last thing to go when the line
// gets narrow: a chart never hides that it shows a sample, or that values are missing.

import Grid

/// How many rows a chart was made from.
struct RowCounts: Equatable {
  var total: Int?
  var sampled: Int?
  var missing: Int

  /// Rows that have a value.
  var shown: Int? {
    guard let examined = sampled ?? total else { return nil }
    return max(0, examined - missing)
  }

  /// `n=4,900, missing 100, sample 5,000 of 32,561`; empty when nothing is known.
  var text: String {
    guard let shown else { return "" }
    var text = "n=\(Numbers.grouped(shown)), missing \(Numbers.grouped(missing))"
    if let sampled, let total, sampled < total {
      text += ", sample \(Numbers.grouped(sampled)) of \(Numbers.grouped(total))"
    }
    return text
  }

  /// The same with fewer words: `n=4,900, missing 100, of 32,561`.
  var shortText: String {
    guard let shown else { return "" }
    let text = "n=\(Numbers.grouped(shown)), missing \(Numbers.grouped(missing))"
    if let sampled, let total, sampled < total { return text + ", of \(Numbers.grouped(total))" }
    return text
  }

  /// `n=4,900`, where there is room for no more.
  var shortestText: String { shown.map { "n=\(Numbers.grouped($0))" } ?? "" }

  /// A sentence for a chart with nothing to draw.
  var emptySentence: String {
    guard let total, total > 0 else { return "No rows." }
    let examined = sampled ?? total
    if missing >= examined { return "All \(Numbers.grouped(examined)) values are missing." }
    return "No finite values."
  }
}

/// Title, detail, counts and legend, as wide as they may be.
struct TitleLine {
  /// A part of a legend: a sample in its own style, then what it means.
  struct Key {
    var pieces: [(text: String, ink: TextInk)]
    var label: String
    var isLabelFirst = false

    init(pieces: [(text: String, style: Style)], label: String) {
      self.pieces = pieces.map { ($0.text, .style($0.style)) }
      self.label = label
    }

    /// A key of a display list; the sample is drawn as a shape.
    init(_ sample: DisplayList.Sample.Kind, role: Role, label: String) {
      pieces = [(String(repeating: " ", count: sample.width), .sample(sample, role))]
      self.label = label
    }

    init(sample: String, style: Style, label: String, isLabelFirst: Bool = false) {
      self.init(pieces: [(sample, style)], label: label)
      self.isLabelFirst = isLabelFirst
    }

    var sampleWidth: Int { pieces.reduce(0) { $0 + TextWidth.of($1.text) } }
    var width: Int { sampleWidth + 1 + TextWidth.of(label) }
  }

  var name: String
  var detail = ""
  var counts = RowCounts(total: nil, sampled: nil, missing: 0)
  /// Facts beside the counts, such as `2-D density`; kept before the detail.
  var notes: [String] = []
  var legend: [Key] = []

  private func bracketed(_ parts: [String]) -> String {
    let parts = parts.filter { !$0.isEmpty }
    return parts.isEmpty ? "" : "(" + parts.joined(separator: ", ") + ")"
  }

  private var legendWidth: Int { legend.reduce(0) { $0 + $1.width } + max(0, legend.count - 1) * 2 }

  private static func indent(_ width: Int) -> Int { width >= 60 ? 2 : width >= 30 ? 1 : 0 }

  /// Lines that the title takes: a second one for the counts when they do not fit beside the name and there is height
  /// for it.
  func lines(in size: Size) -> Int {
    let room = size.width - TitleLine.indent(size.width)
    let tail = bracketed([counts.text] + notes)
    return size.height >= 10 && !tail.isEmpty && TextWidth.of(name) + 2 + TextWidth.of(tail) > room ? 2 : 1
  }

  /// Draws the title from row 0, in as many lines as `lines(in:)` says unless the layout knows. Returns whether the legend fitted in it.
  @discardableResult
  func draw<Surface: TextSurface>(on painter: inout Surface, lines: Int? = nil) -> Bool {
    let width = painter.size.width
    if painter.size.isEmpty { return false }
    let y = 0
    let indent = TitleLine.indent(width)
    let room = width - indent
    if lines ?? self.lines(in: painter.size) == 2 {
      let heads = [[name, detail] + notes, [name] + notes, [name, detail]].map { parts in
        parts.filter { !$0.isEmpty }.joined(separator: " ")
      }
      let head = heads.first { TextWidth.of($0) <= room } ?? painter.glyphs.cut(name, room)
      painter.write(head, indent, 0, .title)
      let tail =
        [counts.text, counts.shortText].map { bracketed([$0]) }.first { TextWidth.of($0) <= room }
        ?? bracketed([counts.shortestText])
      painter.write(painter.glyphs.cut(tail, room), indent, 1, .muted)
      let row = TextWidth.of(head) + 2 + legendWidth < room ? 0 : 1
      let isFree = row == 0 || TextWidth.of(tail) + 2 + legendWidth < room
      if !legend.isEmpty, isFree { TitleLine.draw(legend, on: &painter, x: width - 1 - legendWidth, y: row) }
      return isFree
    }
    let bracket = bracketed([counts.text] + notes)
    let full = [name, detail].filter { !$0.isEmpty }.joined(separator: " ")
    let withLegend = !legend.isEmpty && TextWidth.of(full) + 4 + TextWidth.of(bracket) + legendWidth + 1 <= room
    let withoutDetail = !legend.isEmpty && TextWidth.of(name) + 4 + TextWidth.of(bracket) + legendWidth + 1 <= room
    if withLegend || withoutDetail {
      write(withLegend ? full : name, bracket, on: &painter, x: indent, y: y)
      TitleLine.draw(legend, on: &painter, x: width - 1 - legendWidth, y: y)
      return true
    }
    for head in [full, name] where TextWidth.of(head) + 2 + TextWidth.of(bracket) <= room {
      write(head, bracket, on: &painter, x: indent, y: y)
      return false
    }
    let least = 2 + min(8, TextWidth.of(name))
    let tails = [
      bracketed([counts.shortText] + notes), bracketed([counts.text]), bracketed([counts.shortText]),
      counts.shortText, counts.shortestText,
    ]
    for tail in tails where TextWidth.of(tail) + least <= room {
      let cut = painter.glyphs.cut(name, room - 2 - TextWidth.of(tail))
      write(cut, tail, on: &painter, x: indent, y: y)
      return false
    }
    write(painter.glyphs.cut(name, room), "", on: &painter, x: indent, y: y)
    return false
  }

  private func write<Surface: TextSurface>(
    _ head: String, _ tail: String, on painter: inout Surface, x: Int, y: Int
  ) {
    painter.write(head, x, y, .title)
    if !tail.isEmpty { painter.write(tail, x + TextWidth.of(head) + 2, y, .muted) }
  }

  /// Draws keys from `x` on, or further left where they need the room; labels are cut before keys are left out.
  static func draw<Surface: TextSurface>(
    _ keys: [Key], on painter: inout Surface, x: Int, y: Int, leftmost: Int = 0
  ) {
    func width(_ keys: [Key]) -> Int { keys.reduce(0) { $0 + $1.width } + max(0, keys.count - 1) * 2 }
    var keys = keys
    var longest = keys.map { TextWidth.of($0.label) }.max() ?? 0
    while width(keys) > painter.size.width - leftmost, longest > 3 {
      longest -= 1
      for i in keys.indices { keys[i].label = painter.glyphs.cut(keys[i].label, longest) }
    }
    var x = max(leftmost, min(x, painter.size.width - width(keys)))
    for (i, key) in keys.enumerated() {
      let isLast = i == keys.count - 1
      if x + key.width > painter.size.width - (isLast ? 0 : 3) {
        if x < painter.size.width { painter.write(painter.glyphs.ellipsis, x, y, .muted) }
        return
      }
      let labelWidth = TextWidth.of(key.label)
      var at = x + (key.isLabelFirst ? labelWidth + 1 : 0)
      for piece in key.pieces {
        painter.write(piece.text, at, y, piece.ink)
        at += TextWidth.of(piece.text)
      }
      painter.write(key.label, key.isLabelFirst ? x : at + 1, y, .muted)
      x += key.width + 2
    }
  }
}
